-- What has to be packed for some orders: every line of theirs that has not left.
-- Grain: one row an order line.
-- Columns:
--   shop, order_id
--   product, sku: as the account groups them; product_name, spec: as exported
--   quantity: 1 where no file tells
with
wanted as (
    select unnest($wanted_shops::varchar[]) as shop, unnest($order_ids::varchar[]) as order_id
)

select
    lines.shop,
    lines.order_id,
    coalesce(nullif(lines.product_id, ''), nullif(lines.product_name, ''), '未知') as product,
    lines.product_name,
    coalesce(nullif(lines.sku, ''), nullif(lines.spec, ''), '未知') as sku,
    lines.spec,
    coalesce(lines.quantity, 1) as quantity
from staging.order_lines as lines
inner join wanted on wanted.shop = lines.shop and wanted.order_id = lines.order_id
where not coalesce(lines.is_shipped, false) and lines.status is distinct from 'closed'
order by
    lines.shop asc nulls last,
    lines.order_id asc nulls last,
    lines.line_ref asc nulls last
