-- Every paid order with what was known of it at any time, and when each tool was used on it: what effects are worked out from.
-- Grain: one row a shop and order_id of a paid order.
-- Columns: shop, order_id, paid_at, shipped_at (null: not by then), is_shipped_untimed (shipped, and no file says when), ship_by,
--   warehouse, product, streamer, channel, province, receivable_fen, discount_fen, urged_at, urge_seen_at, urge_count, tagged_at,
--   tag_seen_at, address_at, address_seen_at, address_outcome, coupon_at, coupon_fen (after a complaint), payment_at, payment_fen;
--   what lies after $as_of is null
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
        min(case when marks.tool = 'urge_ship' then marks.used_at end) as urged_at,
        min(case when marks.tool = 'urge_ship' then marks.seen_at end) as urge_seen_at,
        max(case when marks.tool = 'urge_ship' then marks.use_count end) as urge_count,
        min(case when marks.tool = 'priority_ship' then marks.used_at end) as tagged_at,
        min(case when marks.tool = 'priority_ship' then marks.seen_at end) as tag_seen_at,
        min(case when marks.tool = 'address_change' then marks.used_at end) as address_at,
        min(case when marks.tool = 'address_change' then marks.seen_at end) as address_seen_at,
        min(case when marks.tool = 'address_change' then marks.outcome end) as address_outcome,
        min(case when marks.tool = 'coupon' then marks.used_at end) as coupon_at,
        max(case when marks.tool = 'coupon' then marks.amount_fen end) as coupon_fen,
        min(case when marks.tool = 'small_payment' then marks.used_at end) as payment_at,
        max(case when marks.tool = 'small_payment' then marks.amount_fen end) as payment_fen
    from staging.tool_marks as marks
    inner join chosen_shops on chosen_shops.shop = marks.shop
    where coalesce(marks.used_at, marks.seen_at) is null or coalesce(marks.used_at, marks.seen_at) <= chosen_shops.end_at
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
    marks.urged_at,
    marks.urge_seen_at,
    marks.urge_count,
    marks.tagged_at,
    marks.tag_seen_at,
    marks.address_at,
    marks.address_seen_at,
    marks.address_outcome,
    marks.coupon_at,
    marks.coupon_fen,
    marks.payment_at,
    marks.payment_fen
from orders
left join shipments on shipments.shop = orders.shop and shipments.order_id = orders.order_id
left join staging.order_terms as terms on terms.shop = orders.shop and terms.order_id = orders.order_id
left join marks on marks.shop = orders.shop and marks.order_id = orders.order_id
order by orders.shop asc nulls last, orders.paid_at asc nulls last, orders.order_id asc nulls last
