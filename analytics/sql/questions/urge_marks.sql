-- Where the marks of operators leave each order: the last state, who has it, and a filed delay. What was taken back, or came too
-- late, has no part in it.
-- Grain: one row a shop and order_id that was ever marked.
-- Columns:
--   shop, order_id: key
--   last_event_id: what an operator has seen who knows of all this
--   last_mark, last_actor, last_at: that event
--   state: open, taken, contacted, shipped, snoozed, dismissed
--   state_until: until when it is snoozed
--   state_reason, state_actor, state_at: of the mark that made the state; null where it is open again
--   taken_by: who has it; null when nobody does
--   delayed_until, delay_reason: of the newest delay filed
with
counted as (
    select *
    from staging.urge_events
    where has_effect and list_contains($shops, shop)
),

lasts as (
    select
        shop,
        order_id,
        max(event_id) as last_event_id,
        arg_max(mark, event_id) as last_mark,
        arg_max(actor, event_id) as last_actor,
        arg_max(happened_at, event_id) as last_at
    from counted
    group by shop, order_id
),

standing as (
    select
        *,
        max(case when mark = 'released' then event_id end) over (partition by shop, order_id) as released_id
    from counted
    where mark <> 'undone' and not is_undone
),

states as (
    select
        shop,
        order_id,
        arg_max(mark, event_id) filter (where mark <> 'delayed') as mark,
        arg_max(until_at, event_id) filter (where mark <> 'delayed' and until_at is not null) as until_at,
        arg_max(reason, event_id) filter (where mark <> 'delayed') as reason,
        arg_max(actor, event_id) filter (where mark <> 'delayed') as actor,
        arg_max(happened_at, event_id) filter (where mark <> 'delayed') as happened_at,
        coalesce(
            arg_max(actor, event_id) filter (where mark = 'taken' and event_id > coalesce(released_id, 0)),
            arg_min(actor, event_id) filter (where mark in ('contacted', 'shipped') and event_id > coalesce(released_id, 0))
        ) as taken_by,
        arg_max(until_at, event_id) filter (where mark = 'delayed') as delayed_until,
        arg_max(reason, event_id) filter (where mark = 'delayed') as delay_reason
    from standing
    group by shop, order_id
)

select
    lasts.shop,
    lasts.order_id,
    lasts.last_event_id,
    lasts.last_mark,
    lasts.last_actor,
    lasts.last_at,
    case when coalesce(states.mark, 'released') = 'released' then 'open' else states.mark end as state,
    case when states.mark = 'snoozed' then states.until_at end as state_until,
    case when states.mark <> 'released' then states.reason end as state_reason,
    case when states.mark <> 'released' then states.actor end as state_actor,
    case when states.mark <> 'released' then states.happened_at end as state_at,
    states.taken_by,
    states.delayed_until,
    states.delay_reason
from lasts
left join states on states.shop = lasts.shop and states.order_id = lasts.order_id
order by
    lasts.shop asc nulls last,
    lasts.order_id asc nulls last
