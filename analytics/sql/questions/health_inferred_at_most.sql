-- Refunds that only the order's own export tells of, and not how much was given back: at most the whole order.
-- Grain: one row a line of such a refund.
-- Columns: detail (''), shop, order_id, case_id (null: there is none), item (the product), happened_at (payment),
--   amount_fen (at most), load_id, source_sheet, source_row
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
    product as item,
    paid_at as happened_at,
    receivable_fen as amount_fen,
    load_id,
    source_sheet,
    source_row
from marts.ledger
where not is_open and is_inferred and refund_fen is null and shop in (select shop from chosen_shops)
