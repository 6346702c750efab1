-- Orders whose buyers urged, as far as any file tells.
-- Grain: one row a shop and order_id.
-- Columns:
--   shop, order_id: key
--   first_urged_at: earliest time known of an urge: its own, or the export that first shows it; null when none is
--   last_urged_at, urges: latest time and highest count; null unless a file has them
--   last_sign_at: the latest moment at which any sign of an urge can have arisen
--   last_list, listed_at: the load of the newest urge list that holds it, and when that was drawn; null when none does
select
    shop,
    order_id,
    least(min(urged_at), min(seen_at)) as first_urged_at,
    max(urged_at) as last_urged_at,
    max(urge_count) as urges,
    greatest(max(urged_at), max(not_after)) as last_sign_at,
    arg_max(load_id, not_after) filter (where is_listed) as last_list,
    max(not_after) filter (where is_listed) as listed_at
from staging.urge_signs
group by shop, order_id
