-- What one unit of a product costs over time, as the files of product costs say.
-- Grain: one row a shop, product_id, sku and effective_from.
-- Columns: shop, product_id, sku ('' for all of the product's), effective_from (null: always), effective_to (null: none follows),
--   unit_cost_fen
select
    shop,
    product_id,
    sku,
    case when effective_from > date '1970-01-01' then effective_from end as effective_from,
    case when effective_to < date '9999-12-31' then effective_to end as effective_to,
    unit_cost_fen
from staging.product_cost_ranges
where list_contains($shops, shop)
order by shop asc nulls last, product_id asc nulls last, sku asc nulls last, effective_from asc nulls first
