-- What an order of some shops usually looks like, as far as their files tell: price, commission, ad spend, insurance, goods.
-- With a product, an order is what it holds of that product.
-- Grain: one row in all.
-- Columns:
--   orders: paid ones in the period
--   price_fen, subsidy_fen: the median order's 实付款 and 平台补贴; null without orders
--   commission_ppm: estimated commissions of what was paid, in millionths, to the hundredth of a percent
--   spend_orders, acquisition_fen: orders in the period of the spend files, and their mean spend
--   shipped_orders, insured_orders, premium_fen: orders with a freight insurance row of their own, and its mean price
--   costed_orders, goods_fen, goods_ppm: orders whose goods all have a product cost; the median of it, and its share of what was paid
with
orders as (
    select
        lines.shop,
        lines.order_key,
        sum(lines.paid_fen) as paid_fen,
        sum(lines.receivable_fen) as receivable_fen,
        sum(lines.commission_fen) as commission_fen,
        sum(lines.acquisition_ufen) as acquisition_ufen,
        max(lines.acquisition_doubt) as acquisition_doubt,
        sum(lines.goods_ufen) as goods_ufen,
        max(lines.goods_doubt) as goods_doubt,
        bool_or(lines.is_order_shipped) as is_shipped,
        max(case when lines.premium_doubt = 0 then lines.premium_fen end) as premium_fen
    from marts.lines as lines
    where lines.is_paid
        and list_contains($shops, lines.shop)
        and ($first_day is null or lines.paid_at >= $first_day::date)
        and ($last_day is null or lines.paid_at < $last_day::date + interval 1 day)
        and ($product = '' or lines.product = $product)
    group by lines.shop, lines.order_key
)

select
    count(*) as orders,
    quantile_disc(paid_fen, 0.5)::bigint as price_fen,
    quantile_disc(receivable_fen - paid_fen, 0.5)::bigint as subsidy_fen,
    round(sum(commission_fen) * 10000 / nullif(sum(paid_fen), 0))::bigint * 100 as commission_ppm,
    count(case when acquisition_doubt = 0 then 1 end) as spend_orders,
    round(avg(case when acquisition_doubt = 0 then acquisition_ufen end) / 1000000)::bigint as acquisition_fen,
    count(case when is_shipped then 1 end) as shipped_orders,
    count(case when is_shipped and premium_fen > 0 then 1 end) as insured_orders,
    round(avg(case when is_shipped and premium_fen > 0 then premium_fen end))::bigint as premium_fen,
    count(case when goods_doubt = 0 then 1 end) as costed_orders,
    round(quantile_disc(case when goods_doubt = 0 then goods_ufen end, 0.5) / 1000000)::bigint as goods_fen,
    round(
        sum(case when goods_doubt = 0 then goods_ufen end) / 100
        / nullif(sum(case when goods_doubt = 0 then paid_fen end), 0)
    )::bigint * 100 as goods_ppm
from orders
