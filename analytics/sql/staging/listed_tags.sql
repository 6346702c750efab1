-- Tags that do not come from columns of the order export: lists and small payments, one flag a tool.
-- Grain: one row a shop and order_key.
-- Columns:
--   shop, order_key: key
--   is_priority_ship, is_address_changed, is_urged, has_coupon, has_small_payment
with
tags as (
    select shop, order_id as order_key, tool
    from main.tag_sightings
    union all
    select shop, order_key, 'small_payment' as tool
    from staging.small_payments
)

select
    shop,
    order_key,
    bool_or(tool = 'priority_ship') as is_priority_ship,
    bool_or(tool = 'address_change') as is_address_changed,
    bool_or(tool = 'urge_ship') as is_urged,
    bool_or(tool = 'coupon') as has_coupon,
    bool_or(tool = 'small_payment') as has_small_payment
from tags
group by shop, order_key
