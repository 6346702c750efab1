-- Until which complete day the files of each shop know its orders and its cases, and how many cases it has a day.
-- The last day counts when the files know of its last hour; the day of an export is not complete.
-- Grain: one row a shop with paid orders.
-- Columns: shop, first_day, last_order_day, last_case_day (null without cases), cases_a_day (over 28 days before last_case_day,
--   in hundredths)
with
ordered as (
    select
        shop,
        min(paid_at)::date as first_day,
        max(greatest(paid_at, coalesce(shipped_at, paid_at))) as last_at
    from marts.lines
    where is_paid and list_contains($shops, shop)
    group by shop
),

case_times as (
    select shop, case_id, max(greatest(applied_at, finished_at)) as last_at
    from marts.ledger
    where not is_inferred and list_contains($shops, shop)
    group by shop, case_id
),

case_ends as (
    select shop, max(last_at) as last_at
    from case_times
    group by shop
),

case_counts as (
    select case_times.shop, count(*) as case_count
    from case_times
    inner join case_ends on case_ends.shop = case_times.shop
    where case_times.last_at > case_ends.last_at - interval 28 day
    group by case_times.shop
)

select
    ordered.shop,
    ordered.first_day,
    greatest(
        ordered.first_day,
        if(hour(ordered.last_at) = 23, ordered.last_at::date, ordered.last_at::date - 1)
    ) as last_order_day,
    if(hour(case_ends.last_at) = 23, case_ends.last_at::date, case_ends.last_at::date - 1) as last_case_day,
    (coalesce(case_counts.case_count, 0) * 100 // 28)::bigint as cases_a_day
from ordered
left join case_ends on case_ends.shop = ordered.shop
left join case_counts on case_counts.shop = ordered.shop
order by ordered.shop asc nulls last
