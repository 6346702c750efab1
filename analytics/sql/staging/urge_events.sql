-- What operators have marked on orders of the urge-to-ship list, and what of it counts.
-- Grain: one row an event.
-- Columns:
--   event_id: key, in the order of the events
--   batch_id: events of one action
--   shop, order_id, mark, actor, happened_at
--   until_at: until when it is snoozed, or to when the delay is filed; null for other marks
--   reason
--   undoes: the event that this one takes back; null for a mark
--   has_effect: it came in time (nobody else had marked the order meanwhile)
--   is_undone: another event took it back
select
    events.event_id,
    events.batch_id,
    events.shop,
    events.order_id,
    events.mark,
    events.actor,
    events.happened_at,
    events.until_at,
    events.reason,
    events.undoes,
    events.clashed_with is null as has_effect,
    undoings.undoes is not null as is_undone
from main.urge_events as events
left join (select undoes from main.urge_events where undoes is not null and clashed_with is null group by undoes) as undoings
    on undoings.undoes = events.event_id
