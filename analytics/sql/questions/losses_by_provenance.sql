-- What refunds cost, by where each fen comes from and the other chosen dimensions. Money only: nothing else has a provenance.
-- Grain: one row a combination of the chosen dimensions that has money.
-- Columns: as losses_by; paid_fen, receivable_fen and all counts are null
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

case_money as (
    select
        *,
        {clock} as clock_at
    from marts.ledger
    where not is_open and shop in (select shop from chosen_shops)
),

split as (
    select
        *,
        'actual' as provenance,
        sales_actual_fen as sales_part_fen,
        acquisition_actual_fen as acquisition_part_fen,
        logistics_actual_fen as logistics_part_fen,
        handling_actual_fen as handling_part_fen,
        damage_actual_fen as damage_part_fen,
        actual_fen as part_fen
    from case_money
    union all
    select
        *,
        'set' as provenance,
        sales_set_fen as sales_part_fen,
        acquisition_set_fen as acquisition_part_fen,
        logistics_set_fen as logistics_part_fen,
        handling_set_fen as handling_part_fen,
        damage_set_fen as damage_part_fen,
        set_fen as part_fen
    from case_money
    union all
    select
        *,
        'assumed' as provenance,
        sales_assumed_fen as sales_part_fen,
        acquisition_assumed_fen as acquisition_part_fen,
        logistics_assumed_fen as logistics_part_fen,
        handling_assumed_fen as handling_part_fen,
        damage_assumed_fen as damage_part_fen,
        assumed_fen as part_fen
    from case_money
),

grouped as (
    select
        {keys}
        coalesce(sum(sales_part_fen), 0)::bigint as sales_fen,
        coalesce(sum(acquisition_part_fen), 0)::bigint as acquisition_fen,
        coalesce(sum(logistics_part_fen), 0)::bigint as logistics_fen,
        coalesce(sum(handling_part_fen), 0)::bigint as handling_fen,
        coalesce(sum(damage_part_fen), 0)::bigint as damage_fen,
        coalesce(sum(if(provenance = 'actual', part_fen, 0)), 0)::bigint as actual_fen,
        coalesce(sum(if(provenance = 'set', part_fen, 0)), 0)::bigint as set_fen,
        coalesce(sum(if(provenance = 'assumed', part_fen, 0)), 0)::bigint as assumed_fen,
        count(
            case
                when sales_part_fen <> 0
                    or acquisition_part_fen <> 0
                    or logistics_part_fen <> 0
                    or handling_part_fen <> 0
                    or damage_part_fen <> 0 then 1
            end
        ) as money_rows
    from split
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
    {group_by}
),

shown as (
    select
        *,
        acquisition_fen + logistics_fen + handling_fen + damage_fen as hidden_known_fen,
        sales_fen + acquisition_fen + logistics_fen + handling_fen + damage_fen as total_known_fen
    from grouped
    where money_rows > 0 or {is_total}
)

select
    {labels}
    null::bigint as paid_fen,
    null::bigint as orders,
    null::bigint as refunded_orders,
    null::bigint as refunds,
    sales_fen,
    acquisition_fen,
    logistics_fen,
    handling_fen,
    damage_fen,
    hidden_known_fen as hidden_fen,
    total_known_fen as total_fen,
    actual_fen,
    set_fen,
    assumed_fen,
    null::bigint as unknown_refunds,
    null::bigint as receivable_fen
from shown
order by {order_by}
