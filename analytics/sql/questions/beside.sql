-- Figures that stand beside the five components and never in them: by the payment date of their order, else by their own date.
-- Grain: one row a figure.
-- Columns: figure, item_count, amount_fen
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

orders as (
    select shop, order_key, min(paid_at) as paid_at, max(premium_fen) as premium_fen
    from marts.lines
    where shop in (select shop from chosen_shops)
    group by shop, order_key
),

refunded_orders as (
    select shop, order_key, bool_or(has_postage_back) as has_postage_back
    from marts.ledger
    where is_refund
    group by shop, order_key
),

unrefunded as (
    select orders.*, bookings.penalty_fen, bookings.compensation_fen, bookings.return_freight_fen, bookings.flow_kept_fees_fen
    from orders
    left join refunded_orders on refunded_orders.shop = orders.shop and refunded_orders.order_key = orders.order_key
    left join marts.bookings as bookings on bookings.shop = orders.shop and bookings.order_key = orders.order_key
    where refunded_orders.shop is null
),

payments as (
    select
        coalesce(orders.paid_at, payments.paid_at) as clock_at,
        payments.amount_fen
    from staging.small_payments as payments
    left join orders on orders.shop = payments.shop and orders.order_key = payments.order_key
    left join refunded_orders
        on refunded_orders.shop = payments.shop and refunded_orders.order_key = payments.order_key
    where payments.shop in (select shop from chosen_shops)
        and not (payments.is_postage and coalesce(refunded_orders.has_postage_back, false))
),

spread_spend as (
    select acquisition.shop, lines.paid_at::date as spent_on, sum(acquisition.acquisition_fen) as amount_fen
    from marts.acquisition as acquisition
    inner join marts.lines as lines
        on lines.shop = acquisition.shop and lines.order_key = acquisition.order_key and lines.line_ref = acquisition.line_ref
    where acquisition.doubt = 0
    group by acquisition.shop, lines.paid_at::date
),

spend as (
    select shop, spent_on, sum(amount_fen) as amount_fen
    from staging.ad_spend
    where shop in (select shop from chosen_shops)
    group by shop, spent_on
),

figures as (
    select 'premium_unrefunded' as figure, paid_at as clock_at, premium_fen as amount_fen
    from unrefunded
    where premium_fen <> 0
    union all
    select
        'penalties_without_case' as figure,
        paid_at as clock_at,
        penalty_fen - least(compensation_fen, greatest(penalty_fen, 0)) as amount_fen
    from unrefunded
    where penalty_fen is not null
    union all
    select 'return_freight_without_case' as figure, paid_at as clock_at, return_freight_fen as amount_fen
    from unrefunded
    where return_freight_fen is not null
    union all
    select 'kept_fees_without_case' as figure, paid_at as clock_at, flow_kept_fees_fen as amount_fen
    from unrefunded
    where flow_kept_fees_fen is not null
    union all
    select 'small_payments' as figure, clock_at, amount_fen
    from payments
    union all
    select
        'unallocated_ad_spend' as figure,
        spend.spent_on::timestamp as clock_at,
        (spend.amount_fen - coalesce(spread_spend.amount_fen, 0))::bigint as amount_fen
    from spend
    left join spread_spend on spread_spend.shop = spend.shop and spread_spend.spent_on = spend.spent_on
    where spend.amount_fen <> coalesce(spread_spend.amount_fen, 0)
    union all
    select 'flows_not_booked' as figure, booked_at as clock_at, cost_fen as amount_fen
    from staging.fund_flows
    where (order_key is null or books is null) and shop in (select shop from chosen_shops)
),

names as (
    select *
    from (
        values
        (1, 'premium_unrefunded'),
        (2, 'penalties_without_case'),
        (3, 'return_freight_without_case'),
        (4, 'kept_fees_without_case'),
        (5, 'small_payments'),
        (6, 'unallocated_ad_spend'),
        (7, 'flows_not_booked')
    ) as listed (place, figure)
),

chosen as (
    select figure, amount_fen
    from figures
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
)

select
    names.figure,
    count(chosen.figure) as item_count,
    coalesce(sum(chosen.amount_fen), 0)::bigint as amount_fen
from names
left join chosen on chosen.figure = names.figure
group by names.place, names.figure
order by names.place asc nulls last
