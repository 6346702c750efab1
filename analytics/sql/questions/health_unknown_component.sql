-- Refunds with a component that nothing tells: no file, no setting, and its starter assumption switched off.
-- Grain: one row a component, case and line.
-- Columns: detail (the component), shop, order_id, case_id, item (the product), happened_at (finish), amount_fen (null:
--   it is unknown), load_id, source_sheet, source_row
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

refunds as (
    select *
    from marts.ledger
    where not is_open and is_refund and has_unknown and shop in (select shop from chosen_shops)
),

unknowns as (
    select 'sales' as detail, shop, order_id, case_id, product, finished_at, load_id, source_sheet, source_row
    from refunds
    where is_sales_unknown
    union all
    select 'acquisition' as detail, shop, order_id, case_id, product, finished_at, load_id, source_sheet, source_row
    from refunds
    where is_acquisition_unknown
    union all
    select 'logistics' as detail, shop, order_id, case_id, product, finished_at, load_id, source_sheet, source_row
    from refunds
    where is_logistics_unknown
    union all
    select 'handling' as detail, shop, order_id, case_id, product, finished_at, load_id, source_sheet, source_row
    from refunds
    where is_handling_unknown
    union all
    select 'damage' as detail, shop, order_id, case_id, product, finished_at, load_id, source_sheet, source_row
    from refunds
    where is_damage_unknown
)

select
    detail,
    shop,
    order_id,
    case_id,
    product as item,
    finished_at as happened_at,
    null::bigint as amount_fen,
    load_id,
    source_sheet,
    source_row
from unknowns
