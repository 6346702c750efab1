-- What the paid orders of a period earned, after their refunds, step by step.
-- Grain: one row
-- Columns: orders, receivable_fen, sales_fen, fees_fen, acquisition_fen, freight_fen, premium_fen, goods_fen,
--   other_logistics_fen, handling_fen, damage_fen, small_payments_fen, profit_fen, assumed_fen, unknown_orders
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
    coalesce(sum(unknown_orders), 0)::bigint as unknown_orders
from marts.daily_profits
where list_contains($shops, shop)
    and ($first_day is null or day >= $first_day::date)
    and ($last_day is null or day <= $last_day::date)
