-- The days that the orders of some shops cover. The last day counts when the files know of its last hour; else it is still being
-- sold on, and the day before is the latest complete one.
-- Grain: one row in all.
-- Columns: first_day, last_day (null without a paid order), end_at (the last moment that the files know of)
with
covered as (
    select
        min(paid_at) as first_at,
        max(greatest(paid_at, coalesce(shipped_at, paid_at))) as last_at
    from marts.lines
    where is_paid and list_contains($shops, shop)
),

latest as (
    select
        first_at::date as first_day,
        case when hour(last_at) = 23 then last_at::date else last_at::date - 1 end as complete_day
    from covered
)

select
    first_day,
    greatest(first_day, complete_day) as last_day,
    (select max(data_end_at) from staging.data_ends where list_contains($shops, shop)) as end_at
from latest
