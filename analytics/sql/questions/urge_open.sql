-- The urge-to-ship list with what the ranking looks at: the waiting orders, how far their product's day has left the warehouse, and
-- what a refund of each would cost.
-- Grain: one row a shop and order_id.
-- Columns:
--   those of urge_waiting, and
--   day_orders, day_shipped: the other orders of its product paid on its day, and how many of them had left by $now
--   loss_before_fen, loss_after_fen, loss_fen: what a refund of all of it would cost, see urge_losses
with
waiting as ({waiting}),

-- How far a product's orders of a day have left the warehouse.
days as (
    select
        shop,
        product,
        paid_at::date as day,
        count(*) as order_count,
        count(*) filter (where shipped_at <= $now::timestamp) as shipped_count
    from marts.lines
    where is_paid and line_no = 1 and list_contains($shops, shop)
    group by shop, product, paid_at::date
)

select
    waiting.*,
    days.order_count - 1 as day_orders,
    days.shipped_count as day_shipped,
    losses.loss_before_fen,
    losses.loss_after_fen,
    losses.loss_fen
from waiting
left join days on days.shop = waiting.shop and days.product = waiting.product and days.day = waiting.paid_at::date
left join ({losses}) as losses on losses.shop = waiting.shop and losses.order_key = waiting.order_id
order by
    waiting.shop asc nulls last,
    waiting.order_id asc nulls last
