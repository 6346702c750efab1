-- Retention tools that touched an order: filtered lists, tagged lists, columns of the order export, coupons, small payments.
-- Grain: one row a shop, order_id and tool.
-- Columns:
--   shop, order_id, tool: key
--   first_at, last_at: earliest and latest time seen; null when no source knows a time
--   use_count: highest count seen
with
sightings as (
    select shop, order_id, tool, least(tagged_at, seen_at) as first_at, greatest(tagged_at, seen_at) as last_at, use_count
    from main.tag_sightings
    union all
    select shop, order_id, 'priority_ship' as tool, null as first_at, null as last_at, null as use_count
    from staging.order_lines
    where is_priority_ship
    union all
    select shop, order_id, 'address_change' as tool, null as first_at, null as last_at, null as use_count
    from staging.order_lines
    where is_address_changed
    union all
    select shop, order_id, 'urge_ship' as tool, last_urged_at as first_at, last_urged_at as last_at, urge_count as use_count
    from staging.order_lines
    where is_urged
    union all
    select shop, order_id, 'coupon' as tool, paid_at as first_at, paid_at as last_at, null as use_count
    from staging.order_lines
    where has_coupon
    union all
    select shop, order_key as order_id, 'small_payment' as tool, paid_at as first_at, paid_at as last_at, null as use_count
    from staging.small_payments
)

select
    shop,
    order_id,
    tool,
    min(first_at) as first_at,
    max(last_at) as last_at,
    max(use_count) as use_count
from sightings
group by shop, order_id, tool
