-- What the shops' own files call their products, specifications and streamers: the newest name of each id.
-- Grain: one row a dimension and value.
-- Columns: dimension (product, sku, streamer), value (as in marts.lines), title
with
chosen as (
    select *
    from staging.order_lines
    where list_contains($shops, shop)
),

named as (
    select
        'product' as dimension,
        nullif(product_id, '') as value,
        nullif(product_name, '') as title,
        created_at,
        order_id
    from chosen
    union all
    select
        'sku' as dimension,
        coalesce(nullif(sku, ''), nullif(spec, '')) as value,
        concat_ws(' · ', nullif(product_name, ''), nullif(spec, '')) as title,
        created_at,
        order_id
    from chosen
    union all
    select
        'streamer' as dimension,
        nullif(streamer_id, '') as value,
        nullif(streamer_name, '') as title,
        created_at,
        order_id
    from chosen
)

select
    dimension,
    value,
    max_by(title, (coalesce(created_at, timestamp '1970-01-01'), coalesce(order_id, ''))) as title
from named
where value is not null and title is not null and title <> ''
group by dimension, value
order by dimension asc, value asc
