-- Which shops hold these orders.
-- Grain: one row a shop and order_id.
-- Columns: shop, order_id
with
wanted as (
    select distinct unnest($order_ids::varchar[]) as order_id
)

select distinct lines.shop, lines.order_id
from staging.order_lines as lines
inner join wanted on wanted.order_id = lines.order_id
where list_contains($shops, lines.shop)
order by
    lines.shop asc nulls last,
    lines.order_id asc nulls last
