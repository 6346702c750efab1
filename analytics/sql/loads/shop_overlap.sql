-- Grain: one shop that holds orders of the staged file. Columns: shop, overlap_share of the file's order ids (0 to 1).
with staged_orders as (
    select distinct order_id
    from read_parquet($file)
    where order_id <> ''
),

known_orders as (
    select shop, order_id from order_lines
    union
    select shop, order_id from cases
)

select
    known_orders.shop,
    count(*) / nullif((select count(*) from staged_orders), 0) as overlap_share
from staged_orders
join known_orders using (order_id)
group by known_orders.shop
order by overlap_share desc, known_orders.shop
