-- Finished cases whose order is not loaded.
-- Grain: one row a case.
-- Columns: detail (''), shop, order_id, case_id, item (the product), happened_at, amount_fen, load_id, source_sheet, source_row
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
)

select
    '' as detail,
    shop,
    max(order_id) as order_id,
    case_id,
    max(case when is_lead then product end) as item,
    max(finished_at) as happened_at,
    sum(refund_fen)::bigint as amount_fen,
    max(load_id) as load_id,
    max(source_sheet) as source_sheet,
    max(source_row) as source_row
from marts.ledger
where not is_open and is_unmatched and shop in (select shop from chosen_shops)
group by shop, case_id
