-- Which months of a shop's sales each kind of file covers. A day counts when it lies between the first and the last date
-- of a loaded file; goods costs have no days of their own: there, order lines with a cost count.
-- Grain: one row a shop, month and kind, from the first month with a sale to the last.
-- Columns: shop, month, kind, wanted_count (days of the month between the shop's first and last sale; for product_costs
--   order lines), covered_count (those that are covered), row_count (rows of the month; for product_costs as
--   covered_count)
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

sold as (
    select shop, paid_at::date as day, count(*) as line_count, count(case when goods_doubt = 0 then 1 end) as costed_count
    from marts.lines
    where is_paid and not is_unmatched and shop in (select shop from chosen_shops)
    group by shop, paid_at::date
),

spans as (
    select shop, min(day) as first_day, max(day) as last_day
    from sold
    group by shop
),

days as (
    select shop, unnest(generate_series(first_day, last_day, interval 1 day))::date as day
    from spans
),

kinds as (
    select *
    from (
        values
        (1, 'orders'),
        (2, 'cases'),
        (3, 'fund_flow'),
        (4, 'settlement'),
        (5, 'freight_insurance'),
        (6, 'ad_spend'),
        (8, 'tagged_orders')
    ) as listed (place, kind)
),

covered as (
    select distinct days.shop, days.day, periods.kind
    from days
    inner join staging.file_periods as periods
        on periods.shop = days.shop and days.day between periods.first_day and periods.last_day
),

by_day as (
    select
        kinds.place,
        kinds.kind,
        days.shop,
        date_trunc('month', days.day)::date as month,
        case when covered.kind is null then 0 else 1 end as is_covered,
        coalesce(file_rows.row_count, 0) as row_count
    from days
    cross join kinds
    left join covered on covered.shop = days.shop and covered.day = days.day and covered.kind = kinds.kind
    left join staging.file_rows as file_rows
        on file_rows.shop = days.shop and file_rows.day = days.day and file_rows.kind = kinds.kind
),

counted as (
    select place, kind, shop, month, count(*) as wanted_count, sum(is_covered) as covered_count, sum(row_count) as row_count
    from by_day
    group by place, kind, shop, month
    union all
    select
        7 as place,
        'product_costs' as kind,
        shop,
        date_trunc('month', day)::date as month,
        sum(line_count) as wanted_count,
        sum(costed_count) as covered_count,
        sum(costed_count) as row_count
    from sold
    group by shop, date_trunc('month', day)::date
)

select
    shop,
    month,
    kind,
    wanted_count::bigint as wanted_count,
    covered_count::bigint as covered_count,
    row_count::bigint as row_count
from counted
order by shop asc nulls last, place asc nulls last, month asc nulls last
