-- Until when the files of each shop tell how its orders stand: the exports of all orders, and the urge lists.
-- Grain: one row a shop that was asked for.
-- Columns:
--   shop
--   data_until: newest export of all orders, or the last moment that any row tells of; null when nothing is loaded
--   list_until: newest urge list, or export with a column for urges; null when there is none
--   unknown_orders: urged orders that no order export holds
with
shops as (
    select unnest($shops::varchar[]) as shop
),

exports as (
    select
        shop,
        max(known_at) filter (where kind = 'orders' and list_kind = 'all') as data_until,
        max(known_at) filter (where list_kind = 'urge_ship') as list_until
    from staging.order_files
    group by shop
),

signs as (
    select
        signs.shop,
        max(signs.seen_at) filter (where signs.is_platforms) as seen_at,
        count(distinct case when lines.order_key is null then signs.order_id end) as unknown_orders
    from staging.urge_signs as signs
    left join marts.lines as lines
        on lines.shop = signs.shop and lines.order_key = signs.order_id and not lines.is_unmatched
    where list_contains($shops, signs.shop)
    group by signs.shop
)

select
    shops.shop,
    greatest(exports.data_until, ends.data_end_at) as data_until,
    greatest(exports.list_until, signs.seen_at) as list_until,
    coalesce(signs.unknown_orders, 0) as unknown_orders
from shops
left join exports on exports.shop = shops.shop
left join signs on signs.shop = shops.shop
left join staging.data_ends as ends on ends.shop = shops.shop
order by shops.shop asc nulls last
