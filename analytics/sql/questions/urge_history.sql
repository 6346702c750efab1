-- Everything that was ever marked on an order, oldest first.
-- Grain: one row an event.
-- Columns: event_id, batch_id, mark, actor, happened_at, until_at, reason, has_effect, is_undone
select event_id, batch_id, mark, actor, happened_at, until_at, reason, has_effect, is_undone
from staging.urge_events
where shop = $shop and order_id = $order_id
order by event_id asc nulls last
