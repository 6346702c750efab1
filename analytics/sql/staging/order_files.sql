-- The loaded exports and lists of orders, and until when each knows how they stand.
-- Grain: one row a load that is not undone.
-- Columns:
--   shop, load_id: key
--   kind: orders, or tagged_orders (no order export: it tells nothing but the tags)
--   list_kind: all, or the filter: priority_ship, urge_ship, address_change
--   exported_at: null when neither the file's name nor the operator says
--   known_at: the export time, else the last moment in the file
--   loaded_at
select
    shop,
    load_id,
    kind,
    coalesce(nullif(list_kind, ''), 'all') as list_kind,
    exported_at,
    coalesce(exported_at, last_at) as known_at,
    loaded_at
from main.loads
where undone_at is null and kind in ('orders', 'tagged_orders')
