-- Every sign that a buyer urged: a row of an urge list, of a list of tagged orders, or a column of an order export.
-- Grain: one row a sighting or order line that says so.
-- Columns:
--   shop, order_id
--   load_id
--   is_listed: a row of an urge list (催发货订单), which holds all urged orders that waited when it was drawn
--   is_platforms: the platform's own word; what a list of tagged orders says, an operator has typed
--   urged_at: time of the urge; null when the file has none
--   seen_at: export time of the file; null when unknown
--   not_after: the sign is no younger than this: the export time, else when the file was loaded; of typed ones the time typed
--   urge_count: null when the file has none
select
    tags.shop,
    tags.order_id,
    tags.load_id,
    coalesce(files.list_kind = 'urge_ship', false) as is_listed,
    coalesce(files.kind = 'orders' or files.list_kind = 'urge_ship', false) as is_platforms,
    tags.tagged_at as urged_at,
    tags.seen_at,
    case
        when files.kind = 'orders' or files.list_kind = 'urge_ship' then coalesce(tags.seen_at, files.loaded_at)
        else tags.tagged_at
    end as not_after,
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
    true as is_platforms,
    lines.last_urged_at as urged_at,
    lines.exported_at as seen_at,
    lines.exported_at as not_after,
    lines.urge_count
from main.order_lines as lines
where lines.urge_count > 0 or lines.last_urged_at is not null
