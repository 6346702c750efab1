-- Orders that have more than one line.
-- Grain: one row a shop and order_id.
-- Columns:
--   shop, order_id: key
--   line_count
select shop, order_id, count(*) as line_count
from staging.order_lines
group by shop, order_id
having count(*) > 1
