-- Rows that say a word which nobody has given a meaning.
-- Grain: one row an order line or case and field.
-- Columns: detail (field and word), shop, order_id, case_id, item (the product), happened_at, amount_fen, load_id,
--   source_sheet, source_row
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
)

select
    field || ' ' || word as detail,
    shop,
    order_id,
    case_id,
    product_id as item,
    happened_at,
    amount_fen,
    load_id,
    source_sheet,
    source_row
from staging.word_rows
where meaning is null and shop in (select shop from chosen_shops)
