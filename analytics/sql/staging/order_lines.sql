-- Order lines as the newest file says, with their words understood and what the merchant receives for them.
-- Grain: one row a shop, order_id and line_ref.
-- Columns:
--   shop, order_id, line_ref: key
--   load_id, source_sheet, source_row: where the row comes from
--   line_id, product_id, product_name, sku, spec, quantity, unit_price_fen: as exported
--   created_at, paid_at, ship_by, shipped_at, completed_at: times; ship_by is the promise
--   paid_fen, receivable_fen: 实付款, and with 平台补贴; missing money is 0
--   commission_fen: 预估推广佣金, missing is 0
--   carried_refund_fen: refunded amount that the row itself carries
--   status, after_sales: meanings of both words
--   is_after_sales_unknown: the word of after-sales has no meaning yet
--   is_shipped, is_delivered: shipped is null when the file tells nothing of shipment
--   channel, sales_mode, streamer_id, streamer_name, province, carrier, warehouse: as exported
--   is_priority_ship, is_address_changed, is_urged, has_coupon: tags that columns of the row give
--   urge_count, last_urged_at
--   is_refund_noted: the note, by hand, speaks of a refund
select
    lines.shop,
    lines.order_id,
    lines.line_ref,
    lines.load_id,
    lines.source_sheet,
    lines.source_row,
    lines.line_id,
    lines.product_id,
    lines.product_name,
    lines.sku,
    lines.spec,
    lines.quantity,
    lines.unit_price_fen,
    lines.created_at,
    lines.paid_at,
    lines.ship_by,
    lines.shipped_at,
    lines.completed_at,
    coalesce(lines.paid_fen, 0) as paid_fen,
    coalesce(lines.paid_fen, 0) + coalesce(lines.subsidy_fen, 0) as receivable_fen,
    coalesce(lines.commission_fen, 0) as commission_fen,
    lines.refund_fen as carried_refund_fen,
    status.meaning as status,
    after_sales.meaning as after_sales,
    after_sales.meaning is null and coalesce(lines.after_sales_status, '') <> '' as is_after_sales_unknown,
    case
        when lines.shipped_at is not null or status.meaning in ('shipped', 'received', 'succeeded') then true
        when lines.tells_shipment then false
    end as is_shipped,
    coalesce(lines.is_signed, false) or coalesce(status.meaning in ('received', 'succeeded'), false) as is_delivered,
    lines.channel,
    lines.sales_mode,
    lines.streamer_id,
    lines.streamer_name,
    lines.province,
    lines.carrier,
    lines.warehouse,
    coalesce(lines.is_priority_ship, false) as is_priority_ship,
    coalesce(lines.is_address_changed, false) as is_address_changed,
    coalesce(lines.urge_count, 0) > 0 or lines.last_urged_at is not null as is_urged,
    coalesce(lines.shop_discount_fen, 0) > 0 as has_coupon,
    lines.urge_count,
    lines.last_urged_at,
    coalesce(lines.is_refund_noted, false) as is_refund_noted
from main.order_lines as lines
left join staging.words as status
    on status.field = 'order_status' and status.word = lines.order_status
left join staging.words as after_sales
    on after_sales.field = 'order_after_sales' and after_sales.word = lines.after_sales_status
