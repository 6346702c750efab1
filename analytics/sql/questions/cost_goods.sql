-- Which products were sold, and how much of it without a cost of their own.
-- Grain: one row a product_id, those with most money without a cost first; lines without a product id as ''.
-- Columns: product_id, sold_count (order lines), sold_fen, uncosted_count, uncosted_fen, uncosted_skus, uncosted_first_day,
--   uncosted_last_day; money is what buyers paid
with
sold as (
    select
        product_id,
        sku_code,
        paid_at::date as paid_on,
        paid_fen,
        goods_doubt <> 0 as is_uncosted
    from marts.lines
    where is_paid and list_contains($shops, shop)
)

select
    coalesce(product_id, '') as product_id,
    count(*)::bigint as sold_count,
    coalesce(sum(paid_fen), 0)::bigint as sold_fen,
    count(case when is_uncosted then 1 end)::bigint as uncosted_count,
    coalesce(sum(if(is_uncosted, paid_fen, 0)), 0)::bigint as uncosted_fen,
    count(distinct case when is_uncosted then coalesce(sku_code, '') end)::bigint as uncosted_skus,
    min(if(is_uncosted, paid_on, null)) as uncosted_first_day,
    max(if(is_uncosted, paid_on, null)) as uncosted_last_day
from sold
group by coalesce(product_id, '')
order by uncosted_fen desc nulls last, sold_fen desc nulls last, product_id asc nulls last
