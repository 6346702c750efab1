-- What the paid orders of a day earned, after their refunds.
-- Grain: one row a shop and day of payment.
-- Columns:
--   shop, day: key
--   orders, unknown_orders: how many, and how many of them lack a cost
--   receivable_fen, sales_fen, fees_fen, acquisition_fen, freight_fen, premium_fen, goods_fen, other_logistics_fen: as in
--     order_profits
--   handling_fen, damage_fen, small_payments_fen, profit_fen, assumed_fen: as in order_profits
--   sales_gaps, fees_gaps, acquisition_gaps, freight_gaps, premium_gaps: orders of which part of that figure is unknown
--   goods_gaps, other_logistics_gaps, handling_gaps, damage_gaps: orders of which part of that figure is unknown
select
    shop,
    paid_at::date as day,
    count(*) as orders,
    sum(receivable_fen)::bigint as receivable_fen,
    sum(sales_fen)::bigint as sales_fen,
    sum(fees_fen)::bigint as fees_fen,
    sum(acquisition_fen)::bigint as acquisition_fen,
    sum(freight_fen)::bigint as freight_fen,
    sum(premium_fen)::bigint as premium_fen,
    sum(goods_fen)::bigint as goods_fen,
    sum(other_logistics_fen)::bigint as other_logistics_fen,
    sum(handling_fen)::bigint as handling_fen,
    sum(damage_fen)::bigint as damage_fen,
    sum(small_payments_fen)::bigint as small_payments_fen,
    sum(profit_fen)::bigint as profit_fen,
    sum(assumed_fen)::bigint as assumed_fen,
    count(case when is_sales_unknown then 1 end) as sales_gaps,
    count(case when is_fees_unknown then 1 end) as fees_gaps,
    count(case when is_acquisition_unknown then 1 end) as acquisition_gaps,
    count(case when is_freight_unknown then 1 end) as freight_gaps,
    count(case when is_premium_unknown then 1 end) as premium_gaps,
    count(case when is_goods_unknown then 1 end) as goods_gaps,
    count(case when is_other_logistics_unknown then 1 end) as other_logistics_gaps,
    count(case when is_handling_unknown then 1 end) as handling_gaps,
    count(case when is_damage_unknown then 1 end) as damage_gaps,
    count(case when has_unknown then 1 end) as unknown_orders
from marts.order_profits
group by shop, day
order by shop asc nulls last, day asc nulls last
