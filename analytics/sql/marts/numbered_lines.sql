-- Order lines with their number in the order and what they share with the other lines of it; an unmatched case (its order is
-- not loaded) stands as a pseudo-line of its own row.
-- Grain: one row a shop, order_key and line_ref.
-- Columns:
--   shop, order_key, line_ref: key; order_key is the order id, or 'case:' and the case id where there is none
--   order_id, line_no, line_count
--   is_unmatched: a pseudo-line
--   load_id, source_sheet, source_row: where the row comes from
--   line_id, product_id, product_name, sku, spec, quantity, unit_price_fen: the line's own
--   paid_at: of the order, earliest of its lines; creation time of an unmatched one
--   shipped_at, is_shipped, is_delivered: the line's own
--   order_shipped_at, is_order_shipped: earliest, any
--   paid_fen, receivable_fen, commission_fen, carried_refund_fen: the line's own
--   order_receivable_fen, order_commission_fen: sums of the order
--   status, after_sales: meanings of the line's words
--   order_product_id, channel, sales_mode, streamer_id, province, carrier: of the order's first line
--   is_priority_ship, is_address_changed, is_urged, has_coupon: any line's columns say so
with
single_lines as (
    select
        lines.shop,
        lines.order_id as order_key,
        lines.line_ref,
        lines.order_id,
        1 as line_no,
        1 as line_count,
        false as is_unmatched,
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
        lines.paid_at,
        lines.shipped_at,
        lines.is_shipped,
        lines.is_delivered,
        lines.shipped_at as order_shipped_at,
        lines.is_shipped as is_order_shipped,
        lines.paid_fen,
        lines.receivable_fen,
        lines.commission_fen,
        lines.carried_refund_fen,
        lines.receivable_fen as order_receivable_fen,
        lines.commission_fen as order_commission_fen,
        lines.status,
        lines.after_sales,
        lines.product_id as order_product_id,
        lines.channel,
        lines.sales_mode,
        lines.streamer_id,
        lines.province,
        lines.carrier,
        lines.is_priority_ship,
        lines.is_address_changed,
        lines.is_urged,
        lines.has_coupon
    from staging.order_lines as lines
    left join marts.several_orders as several on several.shop = lines.shop and several.order_id = lines.order_id
    where several.shop is null
),

lines_of_several as (
    select
        lines.shop,
        lines.order_id as order_key,
        lines.line_ref,
        lines.order_id,
        row_number() over by_line as line_no,
        several.line_count,
        false as is_unmatched,
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
        min(lines.paid_at) over whole_order as paid_at,
        lines.shipped_at,
        lines.is_shipped,
        lines.is_delivered,
        min(lines.shipped_at) over whole_order as order_shipped_at,
        bool_or(lines.is_shipped) over whole_order as is_order_shipped,
        lines.paid_fen,
        lines.receivable_fen,
        lines.commission_fen,
        lines.carried_refund_fen,
        (sum(lines.receivable_fen) over whole_order)::bigint as order_receivable_fen,
        (sum(lines.commission_fen) over whole_order)::bigint as order_commission_fen,
        lines.status,
        lines.after_sales,
        first_value(lines.product_id) over by_line as order_product_id,
        first_value(lines.channel) over by_line as channel,
        first_value(lines.sales_mode) over by_line as sales_mode,
        first_value(lines.streamer_id) over by_line as streamer_id,
        first_value(lines.province) over by_line as province,
        first_value(lines.carrier) over by_line as carrier,
        bool_or(lines.is_priority_ship) over whole_order as is_priority_ship,
        bool_or(lines.is_address_changed) over whole_order as is_address_changed,
        bool_or(lines.is_urged) over whole_order as is_urged,
        bool_or(lines.has_coupon) over whole_order as has_coupon
    from staging.order_lines as lines
    inner join marts.several_orders as several on several.shop = lines.shop and several.order_id = lines.order_id
    window
        whole_order as (partition by lines.shop, lines.order_id),
        by_line as (partition by lines.shop, lines.order_id order by lines.line_ref asc nulls last)
),

orders_of_cases as (
    select distinct cases.shop, cases.order_id
    from staging.cases as cases
    inner join staging.order_lines as lines on lines.shop = cases.shop and lines.order_id = cases.order_id
),

unmatched_lines as (
    select
        cases.shop,
        cases.order_key,
        'case:' || cases.case_id as line_ref,
        cases.order_id,
        1 as line_no,
        1 as line_count,
        true as is_unmatched,
        cases.load_id,
        cases.source_sheet,
        cases.source_row,
        cases.line_id,
        cases.product_id,
        cases.product_name,
        cases.sku,
        cases.spec,
        null as quantity,
        null as unit_price_fen,
        cases.order_created_at as paid_at,
        null as shipped_at,
        case
            when coalesce(cases.out_tracking_no, '') <> '' then true
            when cases.order_status in ('shipped', 'received', 'succeeded') then true
            when cases.tells_shipment then false
        end as is_shipped,
        coalesce(cases.order_status in ('received', 'succeeded'), false) as is_delivered,
        null as order_shipped_at,
        case
            when coalesce(cases.out_tracking_no, '') <> '' then true
            when cases.order_status in ('shipped', 'received', 'succeeded') then true
            when cases.tells_shipment then false
        end as is_order_shipped,
        coalesce(cases.order_paid_fen, 0) as paid_fen,
        coalesce(cases.order_paid_fen, 0) as receivable_fen,
        0 as commission_fen,
        null as carried_refund_fen,
        coalesce(cases.order_paid_fen, 0) as order_receivable_fen,
        0 as order_commission_fen,
        cases.order_status as status,
        null as after_sales,
        cases.product_id as order_product_id,
        null as channel,
        null as sales_mode,
        null as streamer_id,
        null as province,
        null as carrier,
        false as is_priority_ship,
        false as is_address_changed,
        false as is_urged,
        false as has_coupon
    from staging.cases as cases
    left join orders_of_cases on orders_of_cases.shop = cases.shop and orders_of_cases.order_id = cases.order_id
    where orders_of_cases.shop is null
)

select * from single_lines
union all
select * from lines_of_several
union all
select * from unmatched_lines
