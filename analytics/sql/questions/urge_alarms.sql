-- From how many urged orders on the alarm of each shop is raised, and which orders it was raised for and seen.
-- Grain: one row a shop that was asked for.
-- Columns:
--   shop
--   threshold: null where the shop has set none
--   acknowledged: ids of the orders, in text order
with
shops as (
    select unnest($shops::varchar[]) as shop
),

seen as (
    select shop, list(order_id order by order_id) as acknowledged
    from staging.urge_acknowledged
    group by shop
)

select shops.shop, alarms.threshold, coalesce(seen.acknowledged, []::varchar[]) as acknowledged
from shops
left join staging.urge_alarms as alarms on alarms.shop = shops.shop
left join seen on seen.shop = shops.shop
order by shops.shop asc nulls last
