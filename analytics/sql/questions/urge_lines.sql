-- What has to be packed for some orders: every line of theirs that has not left.
-- Grain: one row an order line.
-- Columns:
--   shop, order_id, product_id, product_name, sku, spec, quantity (1 where unknown), warehouse
with
wanted as (
    select unnest($wanted_shops::varchar[]) as shop, unnest($order_ids::varchar[]) as order_id
)

select
    lines.shop,
    lines.order_id,
    lines.product_id,
    lines.product_name,
    lines.sku,
    lines.spec,
    coalesce(lines.quantity, 1) as quantity,
    lines.warehouse
from staging.order_lines as lines
inner join wanted on wanted.shop = lines.shop and wanted.order_id = lines.order_id
where not coalesce(lines.is_shipped, false) and lines.status is distinct from 'closed'
order by
    lines.product_id asc nulls last,
    lines.sku asc nulls last,
    lines.shop asc nulls last,
    lines.order_id asc nulls last,
    lines.line_ref asc nulls last
