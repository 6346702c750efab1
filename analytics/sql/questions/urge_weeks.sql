-- How long urged orders waited for their parcel, and what late shipment cost, week by week.
-- Grain: one row a week.
-- Columns:
--   week: its Monday; that of the first urge, of a penalty that of its booking
--   urged: orders first urged in it, at a known time and before they were shipped
--   shipped: of them, shipped by now
--   hours_median: from first urge to shipment, of those shipped; null when none is
--   refunded: of them, money given back (price cuts aside) before they were shipped
--   penalty_count, penalty_fen: penalties booked in the fund flow (late shipment, late pick-up, failed fulfilment), not counting
--       what the platform gave back
with
orders as (
    select
        lines.shop,
        lines.order_key,
        any_value(urged.first_urged_at) as first_urged_at,
        min(lines.shipped_at) as shipped_at,
        bool_or(lines.is_order_shipped) as is_shipped
    from marts.lines as lines
    inner join staging.urged_orders as urged on urged.shop = lines.shop and urged.order_id = lines.order_key
    where lines.is_paid and list_contains($shops, lines.shop) and urged.first_urged_at is not null
    group by lines.shop, lines.order_key
),

urged_weeks as (
    select
        date_trunc('week', orders.first_urged_at)::date as week,
        count(*) as urged,
        count(orders.shipped_at) as shipped,
        median(date_diff('second', orders.first_urged_at, orders.shipped_at)) / 3600.0 as hours_median,
        count(*) filter (
            where refunds.refunded_at is not null
                and (orders.shipped_at is null or refunds.refunded_at < orders.shipped_at)
        ) as refunded
    from orders
    left join marts.lost_sales as refunds on refunds.shop = orders.shop and refunds.order_key = orders.order_key
    where (orders.shipped_at is null and not orders.is_shipped) or orders.shipped_at >= orders.first_urged_at
    group by date_trunc('week', orders.first_urged_at)::date
),

penalty_weeks as (
    select
        date_trunc('week', booked_at)::date as week,
        count(*) filter (where cost_fen > 0) as penalty_count,
        sum(cost_fen)::bigint as penalty_fen
    from staging.fund_flows
    where books = 'penalty' and booked_at is not null and list_contains($shops, shop)
    group by date_trunc('week', booked_at)::date
)

select
    coalesce(urged_weeks.week, penalty_weeks.week) as week,
    coalesce(urged_weeks.urged, 0) as urged,
    coalesce(urged_weeks.shipped, 0) as shipped,
    urged_weeks.hours_median,
    coalesce(urged_weeks.refunded, 0) as refunded,
    coalesce(penalty_weeks.penalty_count, 0) as penalty_count,
    coalesce(penalty_weeks.penalty_fen, 0) as penalty_fen
from urged_weeks
full outer join penalty_weeks on penalty_weeks.week = urged_weeks.week
order by week asc nulls last
