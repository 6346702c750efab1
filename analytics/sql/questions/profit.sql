-- What the paid orders of a period earned, after their refunds, step by step. What is unknown and known to the extent of nothing
-- is not 0.
-- Grain: one row
-- Columns: orders, receivable_fen, sales_fen, fees_fen, acquisition_fen, freight_fen, premium_fen, goods_fen,
--   other_logistics_fen, handling_fen, damage_fen, small_payments_fen, profit_fen, assumed_fen, unknown_orders
with
summed as (
    select
        coalesce(sum(orders), 0)::bigint as orders,
        coalesce(sum(receivable_fen), 0)::bigint as receivable_fen,
        coalesce(sum(sales_fen), 0)::bigint as sales_fen,
        coalesce(sum(fees_fen), 0)::bigint as fees_fen,
        coalesce(sum(acquisition_fen), 0)::bigint as acquisition_fen,
        coalesce(sum(freight_fen), 0)::bigint as freight_fen,
        coalesce(sum(premium_fen), 0)::bigint as premium_fen,
        coalesce(sum(goods_fen), 0)::bigint as goods_fen,
        coalesce(sum(other_logistics_fen), 0)::bigint as other_logistics_fen,
        coalesce(sum(handling_fen), 0)::bigint as handling_fen,
        coalesce(sum(damage_fen), 0)::bigint as damage_fen,
        coalesce(sum(small_payments_fen), 0)::bigint as small_payments_fen,
        coalesce(sum(profit_fen), 0)::bigint as profit_fen,
        coalesce(sum(assumed_fen), 0)::bigint as assumed_fen,
        coalesce(sum(sales_gaps), 0) as sales_gaps,
        coalesce(sum(fees_gaps), 0) as fees_gaps,
        coalesce(sum(acquisition_gaps), 0) as acquisition_gaps,
        coalesce(sum(freight_gaps), 0) as freight_gaps,
        coalesce(sum(premium_gaps), 0) as premium_gaps,
        coalesce(sum(goods_gaps), 0) as goods_gaps,
        coalesce(sum(other_logistics_gaps), 0) as other_logistics_gaps,
        coalesce(sum(handling_gaps), 0) as handling_gaps,
        coalesce(sum(damage_gaps), 0) as damage_gaps,
        coalesce(sum(unknown_orders), 0)::bigint as unknown_orders
    from marts.daily_profits
    where list_contains($shops, shop)
        and ($first_day is null or day >= $first_day::date)
        and ($last_day is null or day <= $last_day::date)
)

select
    orders,
    receivable_fen,
    if(sales_gaps > 0 and sales_fen = 0, null, sales_fen) as sales_fen,
    if(fees_gaps > 0 and fees_fen = 0, null, fees_fen) as fees_fen,
    if(acquisition_gaps > 0 and acquisition_fen = 0, null, acquisition_fen) as acquisition_fen,
    if(freight_gaps > 0 and freight_fen = 0, null, freight_fen) as freight_fen,
    if(premium_gaps > 0 and premium_fen = 0, null, premium_fen) as premium_fen,
    if(goods_gaps > 0 and goods_fen = 0, null, goods_fen) as goods_fen,
    if(other_logistics_gaps > 0 and other_logistics_fen = 0, null, other_logistics_fen) as other_logistics_fen,
    if(handling_gaps > 0 and handling_fen = 0, null, handling_fen) as handling_fen,
    if(damage_gaps > 0 and damage_fen = 0, null, damage_fen) as damage_fen,
    small_payments_fen,
    if(unknown_orders > 0 and profit_fen = receivable_fen, null, profit_fen) as profit_fen,
    assumed_fen,
    unknown_orders
from summed
