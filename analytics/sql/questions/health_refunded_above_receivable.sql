-- Orders that gave back more than they brought in.
-- Grain: one row an order.
-- Columns: detail (''), shop, order_id, case_id (null: all of the order's), item (the product), happened_at (payment),
--   amount_fen (the excess), load_id, source_sheet, source_row
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

refunded as (
    select shop, order_key, sum(sales_actual_fen)::bigint as refunded_fen
    from marts.ledger
    where not is_open and gives_money_back and not is_unmatched and shop in (select shop from chosen_shops)
    group by shop, order_key
)

select
    '' as detail,
    orders.shop,
    orders.order_id,
    null::varchar as case_id,
    orders.product as item,
    orders.paid_at as happened_at,
    refunded.refunded_fen - orders.order_receivable_fen as amount_fen,
    orders.load_id,
    orders.source_sheet,
    orders.source_row
from refunded
inner join marts.lines as orders
    on orders.shop = refunded.shop and orders.order_key = refunded.order_key and orders.line_no = 1 and not orders.is_unmatched
where refunded.refunded_fen > orders.order_receivable_fen
