-- Orders whose waiting somebody has acknowledged when the alarm was raised.
-- Grain: one row a shop and order_id.
-- Columns:
--   shop, order_id
select shop, order_id
from main.urge_acknowledged
group by shop, order_id
