-- Grain: one row an order of the action, in its order. Columns: shop, order_id, event_id, clashed_with
select shop, order_id, event_id, clashed_with from urge_events where batch_id = $batch_id order by event_id
