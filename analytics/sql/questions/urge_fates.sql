-- The urged orders that waited at a moment, rebuilt from what is known now, and what became of each since.
-- What the files did not tell yet at that moment is in it; an order whose shipment or refund has no time is not.
-- Grain: one row a shop and order_id.
-- Columns:
--   shop, order_id: key
--   product, sku, product_name: of the order's first line
--   receivable_fen, paid_at, ship_by, first_urged_at
--   fate: shipped, refunded, open; whichever came first
--   fate_at: null while it is open
--   refunded_at: also of orders that were shipped first
--   refund_fen: money given back by cases finished since, price cuts aside
--   was_worked: taken, contacted or marked as shipped up to $worked_until, by an event that nobody took back
--   marked_by: who was the first of them
with
orders as (
    select
        lines.shop,
        lines.order_key,
        any_value(lines.product) filter (where lines.line_no = 1) as product,
        any_value(lines.sku) filter (where lines.line_no = 1) as sku,
        any_value(exported.product_name) filter (where lines.line_no = 1) as product_name,
        max(lines.order_receivable_fen) as receivable_fen,
        min(lines.paid_at) as paid_at,
        min(exported.ship_by) as ship_by,
        min(lines.shipped_at) as shipped_at,
        bool_or(lines.is_order_shipped) as is_shipped,
        bool_and(coalesce(exported.status = 'closed', false)) as is_closed,
        any_value(urged.first_urged_at) as first_urged_at
    from marts.lines as lines
    inner join staging.urged_orders as urged on urged.shop = lines.shop and urged.order_id = lines.order_key
    inner join staging.order_lines as exported
        on exported.shop = lines.shop and exported.order_id = lines.order_id and exported.line_ref = lines.line_ref
    where lines.is_paid
        and list_contains($shops, lines.shop)
        and lines.paid_at <= $at::timestamp
        and urged.first_urged_at <= $at::timestamp
    group by lines.shop, lines.order_key
),

worked as (
    select shop, order_id, arg_min(actor, event_id) as marked_by
    from staging.urge_events
    where has_effect and not is_undone and mark in ('taken', 'contacted', 'shipped') and happened_at <= $worked_until::timestamp
    group by shop, order_id
)

select
    orders.shop,
    orders.order_key as order_id,
    orders.product,
    orders.sku,
    orders.product_name,
    orders.receivable_fen,
    orders.paid_at,
    orders.ship_by,
    orders.first_urged_at,
    case
        when orders.shipped_at <= coalesce(refunds.refunded_at, orders.shipped_at) then 'shipped'
        when refunds.refunded_at is not null then 'refunded'
        else 'open'
    end as fate,
    least(orders.shipped_at, refunds.refunded_at) as fate_at,
    refunds.refunded_at,
    coalesce(refunds.refund_fen, 0) as refund_fen,
    worked.shop is not null as was_worked,
    worked.marked_by
from orders
left join marts.lost_sales as refunds on refunds.shop = orders.shop and refunds.order_key = orders.order_key
left join worked on worked.shop = orders.shop and worked.order_id = orders.order_key
where (orders.shipped_at > $at::timestamp or not orders.is_shipped)
    and (refunds.refunded_at > $at::timestamp or refunds.shop is null)
    and not (orders.is_closed and refunds.shop is null)
order by
    orders.shop asc nulls last,
    orders.first_urged_at asc nulls last,
    orders.order_key asc nulls last
