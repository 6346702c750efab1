-- Every paid order with what was known of it at any time, and when each tool was used on it: what effects are worked out from.
-- Grain: one row a shop and order_id of a paid order.
-- Columns: shop, order_id, end_at (of what is known), paid_at, shipped_at (null: not by then), is_shipped_untimed (shipped, and
--   no file says when), ship_by, warehouse, product, streamer, channel, province, receivable_fen, discount_fen; of each tool
--   <tool>_at (first use, null: no file says when) and has_<tool>; urge_ship_seen_at, priority_ship_seen_at (first export that
--   shows it), address_change_outcome, coupon_fen, small_payment_fen (paid out with it); coupon: those given out by hand, not
--   the discount on the order. What came later is left out
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
        bool_or(marks.tool = 'urge_ship') as has_urge_ship,
        min(case when marks.tool = 'priority_ship' then marks.used_at end) as priority_ship_at,
        min(case when marks.tool = 'priority_ship' then marks.seen_at end) as priority_ship_seen_at,
        bool_or(marks.tool = 'priority_ship') as has_priority_ship,
        min(case when marks.tool = 'address_change' then marks.used_at end) as address_change_at,
        min(case when marks.tool = 'address_change' then marks.outcome end) as address_change_outcome,
        bool_or(marks.tool = 'address_change') as has_address_change,
        min(case when marks.tool = 'coupon' then marks.used_at end) as coupon_at,
        max(case when marks.tool = 'coupon' then marks.amount_fen end) as coupon_fen,
        bool_or(marks.tool = 'coupon') as has_coupon,
        min(case when marks.tool = 'small_payment' then marks.used_at end) as small_payment_at,
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
        lines.shipped_at as own_shipped_at,
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

-- An order of several lines leaves with its first parcel.
first_parcels as (
    select shop, order_key as order_id, min(shipped_at) as shipped_at
    from marts.lines
    where is_paid and line_count > 1 and list_contains($shops, shop)
    group by shop, order_key
),

sent as (
    select orders.*, coalesce(first_parcels.shipped_at, orders.own_shipped_at) as shipped_at
    from orders
    left join first_parcels on first_parcels.shop = orders.shop and first_parcels.order_id = orders.order_id
)

select
    sent.shop,
    sent.order_id,
    sent.end_at,
    sent.paid_at,
    case when sent.shipped_at <= sent.end_at then sent.shipped_at end as shipped_at,
    coalesce(sent.is_order_shipped, false) and sent.shipped_at is null as is_shipped_untimed,
    terms.ship_by,
    terms.warehouse,
    sent.product,
    sent.streamer,
    sent.channel,
    sent.province,
    sent.receivable_fen,
    coalesce(terms.discount_fen, 0) as discount_fen,
    marks.urge_ship_at,
    marks.urge_ship_seen_at,
    coalesce(marks.has_urge_ship, false) as has_urge_ship,
    marks.priority_ship_at,
    marks.priority_ship_seen_at,
    coalesce(marks.has_priority_ship, false) as has_priority_ship,
    marks.address_change_at,
    marks.address_change_outcome,
    coalesce(marks.has_address_change, false) as has_address_change,
    marks.coupon_at,
    marks.coupon_fen,
    coalesce(marks.has_coupon, false) as has_coupon,
    marks.small_payment_at,
    marks.small_payment_fen,
    coalesce(marks.has_small_payment, false) as has_small_payment
from sent
left join staging.order_terms as terms on terms.shop = sent.shop and terms.order_id = sent.order_id
left join marks on marks.shop = sent.shop and marks.order_id = sent.order_id
order by sent.shop asc nulls last, sent.paid_at asc nulls last, sent.order_id asc nulls last
