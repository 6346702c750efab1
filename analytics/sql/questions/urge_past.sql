-- Every order that was urged at a known time while it waited, with what has become of it: what the ranking is fitted to.
-- Grain: one row a shop and order_id.
-- Columns:
--   shop, order_id: key
--   product, streamer: as the account groups them
--   receivable_fen, paid_at, ship_by
--   urges: highest count known; null unless a file has it
--   first_urged_at, last_urged_at: the last is null unless a file has it
--   shipped_at: null while it waits, or when the file tells no time
--   refunded_at: finish of the first successful case that gives money back, price cuts aside
--   known_until: end of what the shop's files tell
--   day_orders, day_shipped: the other orders of its product paid on its day, and how many of them had left by the first urge
--   loss_fen: what a refund of all of it would cost, see urge_losses
with
orders as (
    select
        lines.shop,
        lines.order_key,
        any_value(lines.product) filter (where lines.line_no = 1) as product,
        any_value(lines.streamer) filter (where lines.line_no = 1) as streamer,
        max(lines.order_receivable_fen) as receivable_fen,
        min(lines.paid_at) as paid_at,
        min(lines.shipped_at) as shipped_at,
        bool_or(lines.is_order_shipped) as is_shipped,
        min(exported.ship_by) as ship_by,
        any_value(urged.urges) as urges,
        any_value(urged.first_urged_at) as first_urged_at,
        any_value(urged.last_urged_at) as last_urged_at
    from marts.lines as lines
    inner join staging.urged_orders as urged on urged.shop = lines.shop and urged.order_id = lines.order_key
    inner join staging.order_lines as exported
        on exported.shop = lines.shop and exported.order_id = lines.order_id and exported.line_ref = lines.line_ref
    where lines.is_paid and list_contains($shops, lines.shop) and urged.first_urged_at is not null
    group by lines.shop, lines.order_key
),

days as (
    select shop, product, paid_at::date as day, shipped_at, order_key
    from marts.lines
    where is_paid and line_no = 1 and list_contains($shops, shop)
),

-- Counted at the moment of each urge, the order itself left out.
filled as (
    select
        orders.shop,
        orders.order_key,
        count(days.shop) as day_orders,
        count(days.shop) filter (where days.shipped_at <= orders.first_urged_at) as day_shipped
    from orders
    left join days
        on days.shop = orders.shop
        and days.product = orders.product
        and days.day = orders.paid_at::date
        and days.order_key <> orders.order_key
    group by orders.shop, orders.order_key
)

select
    orders.shop,
    orders.order_key as order_id,
    orders.product,
    orders.streamer,
    orders.receivable_fen,
    orders.paid_at,
    orders.ship_by,
    orders.urges,
    orders.first_urged_at,
    orders.last_urged_at,
    orders.shipped_at,
    refunds.refunded_at,
    ends.data_end_at as known_until,
    filled.day_orders,
    filled.day_shipped,
    losses.loss_fen
from orders
inner join filled on filled.shop = orders.shop and filled.order_key = orders.order_key
left join marts.lost_sales as refunds on refunds.shop = orders.shop and refunds.order_key = orders.order_key
left join staging.data_ends as ends on ends.shop = orders.shop
left join ({losses}) as losses on losses.shop = orders.shop and losses.order_key = orders.order_key
-- A shipment or a refund whose time nobody knows would count as waiting for ever.
where not (orders.is_shipped and orders.shipped_at is null) and not coalesce(refunds.is_undated, false)
order by
    orders.shop asc nulls last,
    orders.first_urged_at asc nulls last,
    orders.order_key asc nulls last
