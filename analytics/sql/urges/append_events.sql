-- Writes the events of one action down, in its order; those that came too late name the mark they met.
insert into urge_events
select
    nextval('urge_event_ids') as event_id,
    $batch_id as batch_id,
    shop,
    order_id,
    $mark as mark,
    $actor as actor,
    $now as happened_at,
    $until as until_at,
    $reason as reason,
    undoes,
    clashed_with
from (
    select
        unnest($shops::varchar[]) as shop,
        unnest($order_ids::varchar[]) as order_id,
        unnest($undoes::bigint[]) as undoes,
        unnest($clashes::bigint[]) as clashed_with
) as events
