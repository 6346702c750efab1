-- The last event with effect on each order of an action, in the action's order.
-- Grain: one row an order of the action. Columns: place, shop, order_id, event_id (null: never marked), mark, actor, happened_at
with
wanted as (
    select
        unnest(range(len($shops::varchar[]))) as place,
        unnest($shops::varchar[]) as shop,
        unnest($order_ids::varchar[]) as order_id
),

lasts as (
    select
        events.shop,
        events.order_id,
        max(events.event_id) as event_id,
        arg_max(events.mark, events.event_id) as mark,
        arg_max(events.actor, events.event_id) as actor,
        arg_max(events.happened_at, events.event_id) as happened_at
    from urge_events as events
    where events.clashed_with is null
    group by events.shop, events.order_id
)

select wanted.place, wanted.shop, wanted.order_id, lasts.event_id, lasts.mark, lasts.actor, lasts.happened_at
from wanted
left join lasts on lasts.shop = wanted.shop and lasts.order_id = wanted.order_id
order by wanted.place
