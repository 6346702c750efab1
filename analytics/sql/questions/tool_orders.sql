-- Every paid order with what was known of it at any time, and when each tool was used on it: what effects are worked out from.
-- Grain: one row a shop and order_id of a paid order.
-- Columns: shop, order_id, end_at (of what is known), paid_at, shipped_at (null: not by then), is_shipped_untimed (shipped, and
--   no file says when), ship_by, warehouse, product, streamer, channel, province, receivable_fen, discount_fen; of each tool
--   <tool>_at (first use, null: no file says when), <tool>_seen_at (first export that shows it), <tool>_outcome, <tool>_fen (paid
--   out with it) and has_<tool>; coupon: those given out by hand, not the discount on the order. What came later is left out
with
chosen_shops as (
    select shop, least(coalesce($as_of::timestamp, data_end_at), data_end_at) as end_at
    from staging.data_ends
    where list_contains($shops, shop)
),

marks as (
    select
        marks.shop,
        marks.order_id,
        min(case when marks.tool = 'urge_ship' then marks.used_at end) as urge_ship_at,
        min(case when marks.tool = 'urge_ship' then marks.seen_at end) as urge_ship_seen_at,
        min(case when marks.tool = 'urge_ship' then marks.outcome end) as urge_ship_outcome,
        max(case when marks.tool = 'urge_ship' then marks.amount_fen end) as urge_ship_fen,
        bool_or(marks.tool = 'urge_ship') as has_urge_ship,
        min(case when marks.tool = 'priority_ship' then marks.used_at end) as priority_ship_at,
        min(case when marks.tool = 'priority_ship' then marks.seen_at end) as priority_ship_seen_at,
        min(case when marks.tool = 'priority_ship' then marks.outcome end) as priority_ship_outcome,
        max(case when marks.tool = 'priority_ship' then marks.amount_fen end) as priority_ship_fen,
        bool_or(marks.tool = 'priority_ship') as has_priority_ship,
        min(case when marks.tool = 'address_change' then marks.used_at end) as address_change_at,
        min(case when marks.tool = 'address_change' then marks.seen_at end) as address_change_seen_at,
        min(case when marks.tool = 'address_change' then marks.outcome end) as address_change_outcome,
        max(case when marks.tool = 'address_change' then marks.amount_fen end) as address_change_fen,
        bool_or(marks.tool = 'address_change') as has_address_change,
        min(case when marks.tool = 'coupon' then marks.used_at end) as coupon_at,
        min(case when marks.tool = 'coupon' then marks.seen_at end) as coupon_seen_at,
        min(case when marks.tool = 'coupon' then marks.outcome end) as coupon_outcome,
        max(case when marks.tool = 'coupon' then marks.amount_fen end) as coupon_fen,
        bool_or(marks.tool = 'coupon') as has_coupon,
        min(case when marks.tool = 'small_payment' then marks.used_at end) as small_payment_at,
        min(case when marks.tool = 'small_payment' then marks.seen_at end) as small_payment_seen_at,
        min(case when marks.tool = 'small_payment' then marks.outcome end) as small_payment_outcome,
        max(case when marks.tool = 'small_payment' then marks.amount_fen end) as small_payment_fen,
        bool_or(marks.tool = 'small_payment') as has_small_payment
    from staging.tool_marks as marks
    inner join chosen_shops on chosen_shops.shop = marks.shop
    -- A list is exported after the last event that any file tells of: only an earlier moment asked for leaves uses out.
    where $as_of is null
        or coalesce(marks.used_at, marks.seen_at) is null
        or coalesce(marks.used_at, marks.seen_at) <= $as_of::timestamp
    group by marks.shop, marks.order_id
),

orders as (
    select
        lines.shop,
        lines.order_key as order_id,
        chosen_shops.end_at,
        lines.paid_at,
        lines.is_order_shipped,
        lines.order_receivable_fen as receivable_fen,
        lines.product,
        lines.streamer,
        lines.channel,
        lines.province
    from marts.lines as lines
    inner join chosen_shops on chosen_shops.shop = lines.shop
    where lines.is_paid and lines.line_no = 1 and lines.paid_at <= chosen_shops.end_at
),

-- An order leaves with its first parcel.
shipments as (
    select shop, order_key as order_id, min(shipped_at) as shipped_at
    from marts.lines
    where is_paid and shipped_at is not null and list_contains($shops, shop)
    group by shop, order_key
)

select
    orders.shop,
    orders.order_id,
    orders.end_at,
    orders.paid_at,
    case when shipments.shipped_at <= orders.end_at then shipments.shipped_at end as shipped_at,
    orders.is_order_shipped and shipments.shipped_at is null as is_shipped_untimed,
    terms.ship_by,
    terms.warehouse,
    orders.product,
    orders.streamer,
    orders.channel,
    orders.province,
    orders.receivable_fen,
    coalesce(terms.discount_fen, 0) as discount_fen,
    marks.urge_ship_at,
    marks.urge_ship_seen_at,
    marks.urge_ship_outcome,
    marks.urge_ship_fen,
    coalesce(marks.has_urge_ship, false) as has_urge_ship,
    marks.priority_ship_at,
    marks.priority_ship_seen_at,
    marks.priority_ship_outcome,
    marks.priority_ship_fen,
    coalesce(marks.has_priority_ship, false) as has_priority_ship,
    marks.address_change_at,
    marks.address_change_seen_at,
    marks.address_change_outcome,
    marks.address_change_fen,
    coalesce(marks.has_address_change, false) as has_address_change,
    marks.coupon_at,
    marks.coupon_seen_at,
    marks.coupon_outcome,
    marks.coupon_fen,
    coalesce(marks.has_coupon, false) as has_coupon,
    marks.small_payment_at,
    marks.small_payment_seen_at,
    marks.small_payment_outcome,
    marks.small_payment_fen,
    coalesce(marks.has_small_payment, false) as has_small_payment
from orders
left join shipments on shipments.shop = orders.shop and shipments.order_id = orders.order_id
left join staging.order_terms as terms on terms.shop = orders.shop and terms.order_id = orders.order_id
left join marks on marks.shop = orders.shop and marks.order_id = orders.order_id
order by orders.shop asc nulls last, orders.paid_at asc nulls last, orders.order_id asc nulls last
