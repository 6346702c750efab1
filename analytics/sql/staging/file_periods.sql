-- The days that each loaded file covers, from the first to the last date in it.
-- Grain: one row a load that is not undone.
-- Columns:
--   shop, load_id: key
--   kind: orders, cases, fund_flow …; a filtered list of orders is a list of tagged orders, whatever its layout
--   first_day, last_day: null where the file has no dates
select
    shop,
    load_id,
    case when kind = 'orders' and list_kind not in ('', 'all') then 'tagged_orders' else kind end as kind,
    first_at::date as first_day,
    last_at::date as last_day
from main.loads
where undone_at is null
