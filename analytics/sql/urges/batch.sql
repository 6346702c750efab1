-- The marks of one action that had effect and still stand.
-- Grain: one row an order of the action. Columns: event_id, shop, order_id
select events.event_id, events.shop, events.order_id
from urge_events as events
where events.batch_id = $batch_id
    and events.clashed_with is null
    and events.undoes is null
    and not exists (
        select 1 from urge_events as undoings where undoings.undoes = events.event_id and undoings.clashed_with is null
    )
order by events.event_id
