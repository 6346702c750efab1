-- The last moment that the files of a shop know of.
-- Grain: one row a shop.
-- Columns:
--   shop, data_end_at
with
times as (
    select shop, max(greatest(created_at, paid_at, shipped_at, completed_at)) as last_at
    from main.order_lines
    group by shop
    union all
    select shop, max(greatest(order_created_at, applied_at, finished_at)) as last_at
    from main.cases
    group by shop
)

select shop, max(last_at) as data_end_at
from times
group by shop
