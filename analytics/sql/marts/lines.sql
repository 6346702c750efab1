-- Order lines with the attributes they are grouped by and what they cost: acquisition, goods, freight out, insurance, fees.
-- A doubt says where a figure comes from: 0 = actual, 1 = set, 2 = assumed, 3 = unknown (the figure is null).
-- A figure ending in _ufen is millionths of a fen: exact, not yet rounded.
-- Grain: one row a shop, order_key and line_ref; the pseudo-lines of unmatched cases included.
-- Columns:
--   shop, order_key, line_ref: key
--   order_id, line_no, line_count
--   is_unmatched
--   is_paid: a line of a paid order; what orders, paid_fen and receivable_fen count
--   load_id, source_sheet, source_row
--   line_id, product_id, sku_code: what a case may name
--   order_product_id: of the order's first line
--   product, sku, price_band, channel, sales_mode, streamer, province, carrier, tool: to group by; 未知 when missing
--   province_name: null when missing
--   paid_at, shipped_at, is_shipped, is_delivered, is_order_shipped: as in numbered_lines
--   paid_fen, receivable_fen, order_receivable_fen
--   commission_fen: 预估推广佣金 of the line
--   told_refund_fen: amount of the refund that the order's own export tells; null when it tells none or no amount
--   tells_refund: the order's own export tells of a refund
--   acquisition_ufen, acquisition_doubt, goods_ufen, goods_doubt: of the line, before any share
--   freight_fen, freight_doubt, packing_fen, packing_doubt: out, of the order, at its shipment
--   premium_fen, premium_doubt: of the order; 0 where none was due
--   fees_fen, fees_doubt: technical service fee and commissions of the order
with
priced as (
    select
        lines.*,
        coalesce(
            paid_product.acquisition_rate, paid_province.acquisition_rate, paid_shop.acquisition_rate, starters.acquisition_rate
        ) as acquisition_rate,
        coalesce(
            paid_product.goods_cost_rate, paid_province.goods_cost_rate, paid_shop.goods_cost_rate, starters.goods_cost_rate
        ) as goods_cost_rate,
        coalesce(
            first_product.technical_fee_rate,
            paid_province.technical_fee_rate,
            paid_shop.technical_fee_rate,
            starters.technical_fee_rate
        ) as technical_fee_rate,
        coalesce(
            sent_product.outbound_freight, sent_province.outbound_freight, sent_shop.outbound_freight, starters.outbound_freight
        ) as outbound_freight,
        coalesce(sent_product.packing, sent_province.packing, sent_shop.packing, starters.packing) as packing,
        coalesce(
            sent_product.freight_insurance,
            sent_province.freight_insurance,
            sent_shop.freight_insurance,
            starters.freight_insurance
        ) as freight_insurance,
        case
            when lines.quantity is not null then coalesce(sku_costs.unit_cost_fen, product_costs.unit_cost_fen)
        end as unit_cost_fen
    from (
        select
            *,
            coalesce(paid_at::date, date '1970-01-01') as paid_on,
            coalesce(order_shipped_at::date, paid_at::date, date '1970-01-01') as sent_on
        from marts.numbered_lines
    ) as lines
    left join (select * from marts.settings where shop = '*') as starters on true
    left join marts.settings as paid_product
        on paid_product.shop = lines.shop
        and paid_product.product_id = lines.product_id
        and paid_product.effective_from <= lines.paid_on
        and paid_product.effective_to > lines.paid_on
    left join marts.settings as paid_province
        on paid_province.shop = lines.shop
        and paid_province.province = lines.province
        and paid_province.effective_from <= lines.paid_on
        and paid_province.effective_to > lines.paid_on
    left join marts.settings as paid_shop
        on paid_shop.shop = lines.shop
        and paid_shop.scope = ''
        and paid_shop.effective_from <= lines.paid_on
        and paid_shop.effective_to > lines.paid_on
    left join marts.settings as first_product
        on first_product.shop = lines.shop
        and first_product.product_id = lines.order_product_id
        and first_product.effective_from <= lines.paid_on
        and first_product.effective_to > lines.paid_on
    left join marts.settings as sent_product
        on sent_product.shop = lines.shop
        and sent_product.product_id = lines.order_product_id
        and sent_product.effective_from <= lines.sent_on
        and sent_product.effective_to > lines.sent_on
    left join marts.settings as sent_province
        on sent_province.shop = lines.shop
        and sent_province.province = lines.province
        and sent_province.effective_from <= lines.sent_on
        and sent_province.effective_to > lines.sent_on
    left join marts.settings as sent_shop
        on sent_shop.shop = lines.shop
        and sent_shop.scope = ''
        and sent_shop.effective_from <= lines.sent_on
        and sent_shop.effective_to > lines.sent_on
    left join staging.product_cost_ranges as sku_costs
        on sku_costs.shop = lines.shop
        and sku_costs.product_id = lines.product_id
        and sku_costs.sku = lines.sku
        and sku_costs.effective_from <= lines.paid_on
        and sku_costs.effective_to > lines.paid_on
    left join staging.product_cost_ranges as product_costs
        on product_costs.shop = lines.shop
        and product_costs.product_id = lines.product_id
        and product_costs.sku = ''
        and product_costs.effective_from <= lines.paid_on
        and product_costs.effective_to > lines.paid_on
)

select
    priced.shop,
    priced.order_key,
    priced.line_ref,
    priced.order_id,
    priced.line_no,
    priced.line_count,
    priced.is_unmatched,
    not priced.is_unmatched and priced.paid_at is not null as is_paid,
    priced.load_id,
    priced.source_sheet,
    priced.source_row,
    priced.line_id,
    priced.product_id,
    priced.sku as sku_code,
    priced.order_product_id,
    coalesce(nullif(priced.product_id, ''), nullif(priced.product_name, ''), '未知') as product,
    coalesce(nullif(priced.sku, ''), nullif(priced.spec, ''), '未知') as sku,
    case
        when priced.unit_price_fen is null then '未知'
        when priced.unit_price_fen < 1000 then '¥0–10'
        when priced.unit_price_fen < 2000 then '¥10–20'
        when priced.unit_price_fen < 5000 then '¥20–50'
        when priced.unit_price_fen < 10000 then '¥50–100'
        when priced.unit_price_fen < 20000 then '¥100–200'
        when priced.unit_price_fen < 50000 then '¥200–500'
        else '¥500+'
    end as price_band,
    coalesce(nullif(priced.channel, ''), '未知') as channel,
    coalesce(nullif(priced.sales_mode, ''), '未知') as sales_mode,
    coalesce(nullif(priced.streamer_id, ''), '未知') as streamer,
    coalesce(priced.province, '未知') as province,
    coalesce(nullif(priced.carrier, ''), '未知') as carrier,
    coalesce(
        nullif(
            concat_ws(
                '+',
                case when priced.is_address_changed or tags.is_address_changed then 'address_change' end,
                case when priced.has_coupon or tags.has_coupon then 'coupon' end,
                case when priced.is_priority_ship or tags.is_priority_ship then 'priority_ship' end,
                case when tags.has_small_payment then 'small_payment' end,
                case when priced.is_urged or tags.is_urged then 'urge_ship' end
            ),
            ''
        ),
        'none'
    ) as tool,
    priced.province as province_name,
    priced.paid_at,
    priced.shipped_at,
    priced.is_shipped,
    priced.is_delivered,
    coalesce(priced.is_order_shipped, false) as is_order_shipped,
    priced.paid_fen,
    priced.receivable_fen,
    priced.order_receivable_fen,
    priced.commission_fen,
    case
        when priced.carried_refund_fen > 0 then priced.carried_refund_fen
        when priced.after_sales = 'refunded' and priced.status = 'closed' then priced.receivable_fen
    end as told_refund_fen,
    coalesce(priced.after_sales = 'refunded', false) or coalesce(priced.carried_refund_fen > 0, false) as tells_refund,
    case
        when acquisition.shop is not null then acquisition.acquisition_fen * 1000000
        else priced.paid_fen * priced.acquisition_rate.value
    end as acquisition_ufen,
    coalesce(acquisition.doubt, priced.acquisition_rate.doubt, 3) as acquisition_doubt,
    case
        when priced.unit_cost_fen is not null then priced.unit_cost_fen * priced.quantity * 1000000
        else priced.paid_fen * priced.goods_cost_rate.value
    end as goods_ufen,
    case when priced.unit_cost_fen is not null then 0 else coalesce(priced.goods_cost_rate.doubt, 3) end as goods_doubt,
    priced.outbound_freight.value as freight_fen,
    coalesce(priced.outbound_freight.doubt, 3) as freight_doubt,
    priced.packing.value as packing_fen,
    coalesce(priced.packing.doubt, 3) as packing_doubt,
    case
        when bookings.premium_fen is not null then bookings.premium_fen
        when coalesce(priced.is_order_shipped, false) then priced.freight_insurance.value
        else 0
    end as premium_fen,
    case
        when bookings.premium_fen is not null then 0
        when coalesce(priced.is_order_shipped, false) then coalesce(priced.freight_insurance.doubt, 3)
        else 0
    end as premium_doubt,
    case
        when bookings.settled_fees_fen is not null then bookings.settled_fees_fen
        else priced.order_commission_fen
            + coalesce((priced.order_receivable_fen * priced.technical_fee_rate.value * 2 + 1000000) // 2000000, 0)
    end as fees_fen,
    case
        when bookings.settled_fees_fen is not null then 0
        when priced.technical_fee_rate.value is null then 3
        else 2
    end as fees_doubt
from priced
left join marts.bookings as bookings
    on bookings.shop = priced.shop and bookings.order_key = priced.order_key
left join staging.listed_tags as tags
    on tags.shop = priced.shop and tags.order_key = priced.order_key
left join marts.acquisition as acquisition
    on acquisition.shop = priced.shop and acquisition.order_key = priced.order_key and acquisition.line_ref = priced.line_ref
order by
    priced.shop asc nulls last,
    priced.paid_at asc nulls last,
    priced.order_key asc nulls last,
    priced.line_ref asc nulls last
