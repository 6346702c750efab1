-- Every small payment with what the platform's limits look at: the days since the order was paid, how many and how much the
-- order had by then, and how much the shop had paid out that day by then.
-- Grain: one row a shop, order_id, paid_out_at and amount_fen.
-- Columns: shop, order_id, order_paid_at (null where the order is not loaded), paid_out_at, amount_fen, is_postage,
--   days_since_paid, order_count, order_fen, day (of the payment), day_fen
with
payments as (
    select shop, order_key, paid_at as paid_out_at, amount_fen, is_postage
    from staging.small_payments
    where list_contains($shops, shop) and ($as_of is null or paid_at <= $as_of::timestamp)
),

orders as (
    select shop, order_key, min(paid_at) as order_paid_at
    from marts.lines
    where is_paid and list_contains($shops, shop)
    group by shop, order_key
)

select
    payments.shop,
    payments.order_key as order_id,
    orders.order_paid_at,
    payments.paid_out_at,
    payments.amount_fen,
    payments.is_postage,
    date_diff('day', orders.order_paid_at::date, payments.paid_out_at::date) as days_since_paid,
    count(*) over of_order as order_count,
    (sum(payments.amount_fen) over of_order)::bigint as order_fen,
    payments.paid_out_at::date as day,
    (sum(payments.amount_fen) over of_day)::bigint as day_fen
from payments
left join orders on orders.shop = payments.shop and orders.order_key = payments.order_key
window
    of_order as (
        partition by payments.shop, payments.order_key
        order by payments.paid_out_at asc nulls last, payments.amount_fen asc nulls last
        rows between unbounded preceding and current row
    ),
    of_day as (
        partition by payments.shop, payments.paid_out_at::date
        order by payments.paid_out_at asc nulls last, payments.order_key asc nulls last, payments.amount_fen asc nulls last
        rows between unbounded preceding and current row
    )
order by payments.paid_out_at asc nulls last, payments.shop asc nulls last, payments.order_key asc nulls last
