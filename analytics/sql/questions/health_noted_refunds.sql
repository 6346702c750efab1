-- Order lines whose hand-written note speaks of a refund: counted, never read further.
-- Grain: one row an order line.
-- Columns: detail (''), shop, order_id, case_id (null), item (the product), happened_at (payment), amount_fen (null:
--   nobody knows), load_id, source_sheet, source_row
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
)

select
    '' as detail,
    shop,
    order_id,
    null::varchar as case_id,
    product_id as item,
    paid_at as happened_at,
    null::bigint as amount_fen,
    load_id,
    source_sheet,
    source_row
from staging.order_lines
where is_refund_noted and shop in (select shop from chosen_shops)
