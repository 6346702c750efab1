-- Profit of every paid order, after its refunds. What is unknown is left out of the figures, and the order is marked.
-- Grain: one row a shop and order_key of a paid order.
-- Columns:
--   shop, order_key: key
--   paid_at
--   receivable_fen: P
--   sales_fen: money given back
--   fees_fen: technical service fee and commissions on what was not given back
--   acquisition_fen, freight_fen, premium_fen: spent whatever the buyer does; freight out with packing, where it was shipped
--   goods_fen: cost of the goods that stayed sold
--   other_logistics_fen, handling_fen, damage_fen: of its cases, freight out and premium left aside
--   small_payments_fen: those that are no return freight
--   profit_fen
--   assumed_fen: the costs among these that rest on starter assumptions
--   is_sales_unknown, is_fees_unknown, is_acquisition_unknown, is_freight_unknown, is_premium_unknown: so is part of that figure
--   is_goods_unknown, is_other_logistics_unknown, is_handling_unknown, is_damage_unknown: so is part of that figure
--   has_unknown: an input of the order is unknown
with
final_shares as (
    select shop, order_key, line_ref, max(share_fen) as share_fen
    from marts.ledger
    where takes_part and not is_open
    group by shop, order_key, line_ref
),

line_figures as (
    select
        lines.shop,
        lines.order_key,
        lines.paid_at,
        lines.receivable_fen,
        lines.order_receivable_fen,
        coalesce(shares.share_fen, 0) as share_fen,
        sign(lines.acquisition_ufen) * ((abs(lines.acquisition_ufen) + 500000) // 1000000) as acquisition_fen,
        lines.acquisition_doubt,
        case
            when lines.receivable_fen > 0 and shares.share_fen is not null
                then (
                    (
                        lines.goods_ufen::hugeint * (lines.receivable_fen - shares.share_fen) * 2
                        + lines.receivable_fen::hugeint * 1000000
                    )
                    // nullif(lines.receivable_fen::hugeint * 2000000, 0)
                )::bigint
            else (lines.goods_ufen + 500000) // 1000000
        end as goods_fen,
        lines.goods_doubt,
        lines.fees_fen,
        lines.fees_doubt,
        lines.premium_fen,
        lines.premium_doubt,
        lines.is_order_shipped,
        lines.freight_fen,
        lines.freight_doubt,
        lines.packing_fen,
        lines.packing_doubt
    from marts.lines as lines
    left join final_shares as shares
        on shares.shop = lines.shop and shares.order_key = lines.order_key and shares.line_ref = lines.line_ref
    where lines.is_paid
),

orders as (
    select
        shop,
        order_key,
        max(paid_at) as paid_at,
        max(order_receivable_fen) as receivable_fen,
        sum(share_fen)::bigint as share_fen,
        coalesce(sum(acquisition_fen), 0)::bigint as acquisition_fen,
        coalesce(sum(case when acquisition_doubt = 2 then acquisition_fen end), 0)::bigint as acquisition_assumed_fen,
        coalesce(sum(goods_fen), 0)::bigint as goods_fen,
        coalesce(sum(case when goods_doubt = 2 then goods_fen end), 0)::bigint as goods_assumed_fen,
        coalesce(max(fees_fen), 0) as fees_fen,
        max(fees_doubt) as fees_doubt,
        coalesce(max(premium_fen), 0) as premium_fen,
        max(premium_doubt) as premium_doubt,
        bool_or(is_order_shipped) as is_shipped,
        coalesce(max(freight_fen), 0) as freight_fen,
        max(freight_doubt) as freight_doubt,
        coalesce(max(packing_fen), 0) as packing_fen,
        max(packing_doubt) as packing_doubt,
        coalesce(max(acquisition_doubt) = 3, false) as is_acquisition_unknown,
        coalesce(max(goods_doubt) = 3, false) as is_goods_unknown,
        max(greatest(acquisition_doubt, goods_doubt, fees_doubt, premium_doubt)) = 3 as has_unknown
    from line_figures
    group by shop, order_key
),

refunded as (
    select
        shop,
        order_key,
        sum(sales_actual_fen)::bigint as sales_fen,
        sum(freight_fen)::bigint as freight_fen,
        sum(packing_fen)::bigint as packing_fen,
        sum(premium_fen)::bigint as premium_fen,
        sum(logistics_fen - freight_fen - packing_fen - premium_fen)::bigint as other_logistics_fen,
        sum(handling_fen)::bigint as handling_fen,
        sum(damage_fen)::bigint as damage_fen,
        sum(logistics_assumed_fen + handling_assumed_fen + damage_assumed_fen)::bigint as assumed_fen,
        bool_or(is_sales_unknown) as is_sales_unknown,
        bool_or(is_logistics_unknown) as is_other_logistics_unknown,
        bool_or(is_handling_unknown) as is_handling_unknown,
        bool_or(is_damage_unknown) as is_damage_unknown,
        bool_or(has_unknown) as has_unknown,
        bool_or(has_postage_back) as has_postage_back
    from marts.ledger
    where not is_open
    group by shop, order_key
),

figures as (
    select
        orders.shop,
        orders.order_key,
        orders.paid_at,
        orders.receivable_fen,
        coalesce(refunded.sales_fen, 0) as sales_fen,
        case
            when orders.receivable_fen > 0
                then (
                    (orders.fees_fen::hugeint * (orders.receivable_fen - orders.share_fen) * 2 + orders.receivable_fen)
                    // nullif(orders.receivable_fen::hugeint * 2, 0)
                )::bigint
            else orders.fees_fen
        end as fees_fen,
        orders.fees_doubt,
        orders.acquisition_fen,
        case when orders.is_shipped then orders.freight_fen else coalesce(refunded.freight_fen, 0) end as freight_fen,
        case when orders.is_shipped then orders.packing_fen else coalesce(refunded.packing_fen, 0) end as packing_fen,
        orders.freight_doubt,
        orders.packing_doubt,
        orders.premium_fen,
        orders.premium_doubt,
        orders.goods_fen,
        coalesce(refunded.other_logistics_fen, 0) as other_logistics_fen,
        coalesce(refunded.handling_fen, 0) as handling_fen,
        coalesce(refunded.damage_fen, 0) as damage_fen,
        coalesce(bookings.small_payment_fen, 0)
        + case when coalesce(refunded.has_postage_back, false) then 0 else coalesce(bookings.postage_payment_fen, 0) end
            as small_payments_fen,
        orders.acquisition_assumed_fen + orders.goods_assumed_fen as bought_assumed_fen,
        -- Of the cases' assumed costs without freight out and premium, which every shipped order has.
        coalesce(refunded.assumed_fen, 0)
        - if(orders.freight_doubt = 2, coalesce(refunded.freight_fen, 0), 0)
        - if(orders.packing_doubt = 2, coalesce(refunded.packing_fen, 0), 0)
        - if(orders.premium_doubt = 2, coalesce(refunded.premium_fen, 0), 0) as case_assumed_fen,
        coalesce(refunded.is_sales_unknown, false) as is_sales_unknown,
        coalesce(orders.fees_doubt = 3, false) as is_fees_unknown,
        orders.is_acquisition_unknown,
        coalesce(orders.is_shipped and greatest(orders.freight_doubt, orders.packing_doubt) = 3, false) as is_freight_unknown,
        coalesce(orders.premium_doubt = 3, false) as is_premium_unknown,
        orders.is_goods_unknown,
        coalesce(refunded.is_other_logistics_unknown, false) as is_other_logistics_unknown,
        coalesce(refunded.is_handling_unknown, false) as is_handling_unknown,
        coalesce(refunded.is_damage_unknown, false) as is_damage_unknown,
        orders.has_unknown
        or coalesce(refunded.has_unknown, false)
        or (orders.is_shipped and greatest(orders.freight_doubt, orders.packing_doubt) = 3) as has_unknown
    from orders
    left join refunded on refunded.shop = orders.shop and refunded.order_key = orders.order_key
    left join marts.bookings as bookings on bookings.shop = orders.shop and bookings.order_key = orders.order_key
)

select
    shop,
    order_key,
    paid_at,
    receivable_fen,
    sales_fen,
    fees_fen,
    acquisition_fen,
    freight_fen + packing_fen as freight_fen,
    premium_fen,
    goods_fen,
    other_logistics_fen,
    handling_fen,
    damage_fen,
    small_payments_fen,
    receivable_fen - sales_fen - fees_fen - acquisition_fen - freight_fen - packing_fen - premium_fen - goods_fen
    - other_logistics_fen - handling_fen - damage_fen - small_payments_fen as profit_fen,
    bought_assumed_fen
    + case_assumed_fen
    + if(fees_doubt = 2, fees_fen, 0)
    + if(freight_doubt = 2, freight_fen, 0)
    + if(packing_doubt = 2, packing_fen, 0)
    + if(premium_doubt = 2, premium_fen, 0) as assumed_fen,
    is_sales_unknown,
    is_fees_unknown,
    is_acquisition_unknown,
    is_freight_unknown,
    is_premium_unknown,
    is_goods_unknown,
    is_other_logistics_unknown,
    is_handling_unknown,
    is_damage_unknown,
    has_unknown
from figures
