-- The orders of a hold-out, in the order in which they came.
-- Grain: one row an order. Columns: order_id, is_held_out, since_at, assigned_at
select order_id, is_held_out, since_at, assigned_at
from holdout_orders
where holdout_id = $holdout_id
order by assigned_at asc nulls last, order_id asc nulls last
