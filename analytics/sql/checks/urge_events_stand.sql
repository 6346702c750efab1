-- Every undoing takes back one earlier mark of the same order, each mark at most once; a clash names an earlier event of its order.
-- Failing: an event that does not.
with
undoings as (
    select event_id, shop, order_id, undoes as other_id, count(*) over (partition by undoes) as times
    from urge_events
    where undoes is not null and clashed_with is null
),

clashes as (
    select event_id, shop, order_id, clashed_with as other_id, 1 as times
    from urge_events
    where clashed_with is not null
),

pairs as (
    select * from undoings
    union all
    select * from clashes
)

select pairs.event_id, pairs.shop, pairs.order_id, pairs.other_id
from pairs
left join urge_events as others
    on others.event_id = pairs.other_id
    and others.shop = pairs.shop
    and others.order_id = pairs.order_id
    and others.event_id < pairs.event_id
where others.event_id is null or pairs.times > 1
