-- Every sign that a buyer urged: a row of an urge list, of a list of tagged orders, or a column of an order export.
-- Grain: one row a sighting or order line that says so.
-- Columns:
--   shop, order_id
--   load_id
--   is_listed: a row of an urge list (催发货订单), which holds all urged orders that waited when it was drawn
--   urged_at: time of the urge; null when the file has none
--   seen_at: export time of the file; null when unknown
--   not_after: the sign is no younger than this: the export time, else when the file was loaded
--   urge_count: null when the file has none
select
    tags.shop,
    tags.order_id,
    tags.load_id,
    files.list_kind = 'urge_ship' as is_listed,
    tags.tagged_at as urged_at,
    tags.seen_at,
    coalesce(tags.seen_at, files.loaded_at) as not_after,
    tags.use_count as urge_count
from main.tag_sightings as tags
left join staging.order_files as files on files.shop = tags.shop and files.load_id = tags.load_id
where tags.tool = 'urge_ship'
union all
select
    lines.shop,
    lines.order_id,
    lines.load_id,
    false as is_listed,
    lines.last_urged_at as urged_at,
    lines.exported_at as seen_at,
    lines.exported_at as not_after,
    lines.urge_count
from main.order_lines as lines
where lines.urge_count > 0 or lines.last_urged_at is not null
