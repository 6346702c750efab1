-- What each component rests on, by the month in which the orders were paid: money from files, settings and starter
-- assumptions, and how many refunds have it unknown.
-- Grain: one row a month and component.
-- Columns: month (null: the payment date is unknown), component, actual_fen, set_fen, assumed_fen, unknown_count (refunds with
--   the component unknown, by case and line), refund_count
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

cases as (
    select *
    from marts.ledger
    where not is_open and shop in (select shop from chosen_shops)
),

parts as (
    select
        1 as place, 'sales' as component, paid_at, is_refund, sales_actual_fen as actual_fen,
        sales_set_fen as set_fen, sales_assumed_fen as assumed_fen, is_sales_unknown as is_unknown
    from cases
    union all
    select
        2 as place, 'acquisition' as component, paid_at, is_refund, acquisition_actual_fen as actual_fen,
        acquisition_set_fen as set_fen, acquisition_assumed_fen as assumed_fen, is_acquisition_unknown as is_unknown
    from cases
    union all
    select
        3 as place, 'logistics' as component, paid_at, is_refund, logistics_actual_fen as actual_fen,
        logistics_set_fen as set_fen, logistics_assumed_fen as assumed_fen, is_logistics_unknown as is_unknown
    from cases
    union all
    select
        4 as place, 'handling' as component, paid_at, is_refund, handling_actual_fen as actual_fen,
        handling_set_fen as set_fen, handling_assumed_fen as assumed_fen, is_handling_unknown as is_unknown
    from cases
    union all
    select
        5 as place, 'damage' as component, paid_at, is_refund, damage_actual_fen as actual_fen,
        damage_set_fen as set_fen, damage_assumed_fen as assumed_fen, is_damage_unknown as is_unknown
    from cases
)

select
    date_trunc('month', paid_at)::date as month,
    component,
    coalesce(sum(actual_fen), 0)::bigint as actual_fen,
    coalesce(sum(set_fen), 0)::bigint as set_fen,
    coalesce(sum(assumed_fen), 0)::bigint as assumed_fen,
    count(case when is_refund and is_unknown then 1 end) as unknown_count,
    count(case when is_refund then 1 end) as refund_count
from parts
group by place, component, date_trunc('month', paid_at)::date
order by place asc nulls last, month asc nulls last
