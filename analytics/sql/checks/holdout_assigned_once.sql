-- A hold-out takes an order once, after it was made and before it ended.
-- Failing: an order that is in twice, in no hold-out, or out of its time.
with
taken as (
    select holdout_id, order_id, count(*) as times, min(assigned_at) as first_at, max(assigned_at) as last_at
    from holdout_orders
    group by holdout_id, order_id
)

select taken.holdout_id, taken.order_id, taken.times
from taken
left join holdouts on holdouts.holdout_id = taken.holdout_id
where
    taken.times > 1
    or holdouts.holdout_id is null
    or taken.first_at < holdouts.created_at
    or taken.last_at > holdouts.ended_at
