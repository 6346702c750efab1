-- Finished cases of loaded orders and files without a finish date. Unmatched and inferred ones stand under their own
-- finding.
-- Grain: one row a case.
-- Columns: detail (''), shop, order_id, case_id, item (the product), happened_at (application), amount_fen, load_id,
--   source_sheet, source_row
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
    max(applied_at) as happened_at,
    sum(refund_fen)::bigint as amount_fen,
    max(load_id) as load_id,
    max(source_sheet) as source_sheet,
    max(source_row) as source_row
from marts.ledger
where not is_open
    and finished_at is null
    and not is_inferred
    and not is_unmatched
    and shop in (select shop from chosen_shops)
group by shop, case_id
