-- Orders given back in full before shipment and shipped all the same, with the freight that wastes.
-- Grain: one row an order.
-- Columns: detail (''), shop, order_id, case_id (null: the order's), item (the product), happened_at (shipment),
--   amount_fen (freight and packing), load_id, source_sheet, source_row
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

shipped_afterwards as (
    select chosen.shop, chosen.order_key, max(lines.shipped_at) as shipped_at
    from marts.ledger as chosen
    inner join marts.lines as lines
        on lines.shop = chosen.shop and lines.order_key = chosen.order_key and lines.line_ref = chosen.line_ref
    where not chosen.is_open
        and chosen.is_refund
        and chosen.line_stage = 'before_shipment'
        and chosen.share_fen = chosen.receivable_fen
        and chosen.receivable_fen > 0
        and lines.shipped_at > chosen.finished_at
        and chosen.shop in (select shop from chosen_shops)
    group by chosen.shop, chosen.order_key
)

select
    '' as detail,
    orders.shop,
    orders.order_id,
    null::varchar as case_id,
    orders.product as item,
    shipped_afterwards.shipped_at as happened_at,
    coalesce(orders.freight_fen, 0) + coalesce(orders.packing_fen, 0) as amount_fen,
    orders.load_id,
    orders.source_sheet,
    orders.source_row
from shipped_afterwards
inner join marts.lines as orders
    on orders.shop = shipped_afterwards.shop
    and orders.order_key = shipped_afterwards.order_key
    and orders.line_no = 1
    and not orders.is_unmatched
