-- Costs of one unit as dated ranges.
-- Grain: one row a shop, product_id, sku and effective_from.
-- Columns:
--   shop, product_id, sku, effective_from: key; sku is '' for all SKUs of the product
--   effective_to: first day on which the next cost holds
--   unit_cost_fen
--   load_id, source_sheet, source_row: where the row comes from
select
    shop,
    product_id,
    sku,
    effective_from,
    coalesce(
        lead(effective_from) over (partition by shop, product_id, sku order by effective_from asc nulls last),
        date '9999-12-31'
    ) as effective_to,
    unit_cost_fen,
    load_id,
    source_sheet,
    source_row
from main.product_costs
