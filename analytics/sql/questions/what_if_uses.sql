-- On how many paid orders of a period each tool could have been used, on how many it was, and what that cost.
-- Grain: one row a tool.
-- Columns: tool, eligible (small_payment: shipped; coupon: all; the others: those tagged), used (small_payment, coupon,
--   address_change: those tagged; urge_ship, priority_ship: shipped within a day of the first time they were seen), cost_fen
with
orders as (
{orders}
),

tagged as (
    select
        orders.tools,
        orders.is_shipped,
        coalesce(terms.discount_fen, 0) as discount_fen,
        coalesce(bookings.small_payment_fen, 0) + coalesce(bookings.postage_payment_fen, 0) as payment_fen,
        coalesce(date_diff('second', urges.first_at, orders.shipped_at) <= 86400, false) as is_urge_met,
        coalesce(date_diff('second', priorities.first_at, orders.shipped_at) <= 86400, false) as is_priority_met
    from orders
    left join staging.order_terms as terms on terms.shop = orders.shop and terms.order_id = orders.order_key
    left join marts.bookings as bookings on bookings.shop = orders.shop and bookings.order_key = orders.order_key
    left join staging.order_tags as urges
        on urges.shop = orders.shop and urges.order_id = orders.order_key and urges.tool = 'urge_ship'
    left join staging.order_tags as priorities
        on priorities.shop = orders.shop and priorities.order_id = orders.order_key and priorities.tool = 'priority_ship'
)

select
    'small_payment' as tool,
    count(case when is_shipped then 1 end) as eligible,
    count(case when is_shipped and list_contains(tools, 'small_payment') then 1 end) as used,
    coalesce(sum(if(is_shipped and list_contains(tools, 'small_payment'), payment_fen, 0)), 0)::bigint as cost_fen
from tagged
union all
select
    'coupon' as tool,
    count(*) as eligible,
    count(case when list_contains(tools, 'coupon') then 1 end) as used,
    coalesce(sum(if(list_contains(tools, 'coupon'), discount_fen, 0)), 0)::bigint as cost_fen
from tagged
union all
select
    'urge_ship' as tool,
    count(case when list_contains(tools, 'urge_ship') then 1 end) as eligible,
    count(case when list_contains(tools, 'urge_ship') and is_urge_met then 1 end) as used,
    0::bigint as cost_fen
from tagged
union all
select
    'priority_ship' as tool,
    count(case when list_contains(tools, 'priority_ship') then 1 end) as eligible,
    count(case when list_contains(tools, 'priority_ship') and is_priority_met then 1 end) as used,
    0::bigint as cost_fen
from tagged
union all
select
    'address_change' as tool,
    count(case when list_contains(tools, 'address_change') then 1 end) as eligible,
    count(case when list_contains(tools, 'address_change') then 1 end) as used,
    0::bigint as cost_fen
from tagged
