-- The lines of the orders that the what-if prices one by one, with what prices them.
-- Grain: one row a line, in order of line_at.
-- Columns: order_at, line_at, is_chosen, shop, product, product_id, order_product_id, streamer, province_name, line_no, line_count,
--   is_paid, is_order_shipped, paid_on, sent_on (the order's), paid_fen, receivable_fen, order_receivable_fen,
--   order_commission_fen, spend_fen (null: no file tells), cost_fen (null: no file tells), booked_premium_fen,
--   settled_fees_fen (both of the order, null: none), small_payment_fen, postage_payment_fen (of the order)
with
chosen as (
{chosen}
)

select
    chosen.order_at,
    chosen.line_at,
    coalesce(chosen.is_chosen, false) as is_chosen,
    chosen.shop,
    chosen.product,
    chosen.product_id,
    chosen.order_product_id,
    chosen.streamer,
    chosen.province_name,
    chosen.line_no,
    chosen.line_count,
    chosen.is_paid,
    chosen.is_order_shipped,
    coalesce(chosen.paid_at::date, date '1970-01-01') as paid_on,
    coalesce(
        case when not chosen.is_unmatched then min(chosen.shipped_at) over whole_order end::date,
        chosen.paid_at::date,
        date '1970-01-01'
    ) as sent_on,
    chosen.paid_fen,
    chosen.receivable_fen,
    chosen.order_receivable_fen,
    (sum(chosen.commission_fen) over whole_order)::bigint as order_commission_fen,
    case when chosen.acquisition_doubt = 0 then (chosen.acquisition_ufen // 1000000)::bigint end as spend_fen,
    case when chosen.goods_doubt = 0 then (chosen.goods_ufen // 1000000)::bigint end as cost_fen,
    bookings.premium_fen as booked_premium_fen,
    bookings.settled_fees_fen,
    coalesce(bookings.small_payment_fen, 0) as small_payment_fen,
    coalesce(bookings.postage_payment_fen, 0) as postage_payment_fen
from chosen
left join marts.bookings as bookings on bookings.shop = chosen.shop and bookings.order_key = chosen.order_key
window whole_order as (partition by chosen.order_at)
order by chosen.line_at asc nulls last
