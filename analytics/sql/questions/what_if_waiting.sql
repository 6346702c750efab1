-- How long the paid orders of a period waited: from payment to shipment, and to the first urge of those that were urged; an urged
-- order without the time of its first urge is left out.
-- Grain: one row a paid order that was shipped, or urged and not shipped.
-- Columns: hours (null: not shipped), urged_after (hours; null: not urged)
with
orders as (
{orders}
),

timed as (
    select
        date_diff('second', orders.paid_at, orders.shipped_at) / 3600.0 as hours,
        date_diff('second', orders.paid_at, tags.first_at) / 3600.0 as urged_after,
        list_contains(orders.tools, 'urge_ship') as is_urged
    from orders
    left join staging.order_tags as tags
        on tags.shop = orders.shop and tags.order_id = orders.order_key and tags.tool = 'urge_ship'
)

select hours::double as hours, if(is_urged, urged_after, null)::double as urged_after
from timed
where (hours is not null or is_urged)
    and (not is_urged or urged_after is not null)
    and (hours is null or hours >= 0)
order by hours asc nulls last, urged_after asc nulls last
