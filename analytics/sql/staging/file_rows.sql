-- How many rows of each kind of file there are, by the day on which the kind's files are cut.
-- Grain: one row a shop, kind and day.
-- Columns:
--   shop, kind, day: key; the day is that of the order where a tag has none of its own, null where nothing tells it
--   row_count
with
ordered as (
    select lines.shop, lines.order_id, min(coalesce(lines.created_at, lines.paid_at))::date as day
    from (select distinct shop, order_id from main.tag_sightings) as tagged
    inner join main.order_lines as lines on lines.shop = tagged.shop and lines.order_id = tagged.order_id
    group by lines.shop, lines.order_id
),

tags as (
    select shop, order_id, coalesce(tagged_at, seen_at)::date as tagged_on
    from main.tag_sightings
),

dated as (
    select shop, 'orders' as kind, coalesce(created_at, paid_at)::date as day
    from main.order_lines
    union all
    select shop, 'cases' as kind, coalesce(applied_at, finished_at, order_created_at)::date as day
    from main.cases
    union all
    select shop, 'fund_flow' as kind, booked_at::date as day
    from main.fund_flows
    union all
    select shop, 'settlement' as kind, settled_at::date as day
    from main.settlements
    union all
    select shop, 'freight_insurance' as kind, effective_at::date as day
    from main.freight_insurance
    union all
    select shop, 'ad_spend' as kind, spent_on as day
    from main.ad_spend
    union all
    select tags.shop, 'tagged_orders' as kind, coalesce(ordered.day, tags.tagged_on) as day
    from tags
    left join ordered on ordered.shop = tags.shop and ordered.order_id = tags.order_id
)

select shop, kind, day, count(*) as row_count
from dated
group by shop, kind, day
