-- A shop for measuring: one line an order, at most two cases an order, each parcel its own, every chance drawn from the order's number.
-- Grain: one row an order. $row_count orders over a year; with $is_later a part of the shipped ones has since been completed.
create or replace table shop as
with
draws as (
    select
        i,
        1 + floor(draw(i, 'product') * 40)::bigint as product_no,
        draw(i, 'fate') as fate_draw,
        draw(i, 'late') < 0.139 as is_late,
        draw(i, 'paid') < 0.97 as is_paid,
        if(draw(i, 'quantity') < 0.9, 1, 2) as quantity,
        timestamp '2025-01-01' + to_seconds(floor(i * 31536000.0 / $row_count)::bigint) as created_at
    from range($row_count) as numbers(i)
),

fated as (
    select
        *,
        2511000000000000 + i * 7 + 1 as order_id,
        900 + product_no * product_no * 17 + product_no * 90 as unit_price_fen,
        if(is_paid, created_at + to_seconds(5 + floor(draw(i, 'pay') * 300)::bigint), null) as paid_at,
        case
            when not is_paid then 'unpaid'
            when fate_draw < 0.70 then 'none'
            when fate_draw < 0.78 then 'before'
            when fate_draw < 0.81 then 'intercepted'
            when fate_draw < 0.90 then 'returned'
            when fate_draw < 0.92 then 'kept'
            when fate_draw < 0.94 then 'price_cut'
            when fate_draw < 0.946 then 'exchanged'
            when fate_draw < 0.95 then 'reshipped'
            when fate_draw < 0.965 then 'failed'
            when fate_draw < 0.97 then 'open'
            when fate_draw < 0.975 then 'cut_then_returned'
            when fate_draw < 0.98 then 'kept_twice'
            else 'none'
        end as fate
    from draws
),

shipped as (
    select
        *,
        fate = 'before' and draw(i, 'shipped_anyway') < 0.05 as is_shipped_anyway,
        case
            when fate = 'unpaid' then null
            when fate <> 'before' then paid_at + to_seconds(14400 + floor(draw(i, 'ship') * 129600)::bigint)
            when draw(i, 'shipped_anyway') < 0.05 then paid_at + interval 3 day
        end as shipped_at,
        unit_price_fen * quantity - if(draw(i, 'coupon') < 0.2, 300, 0) as paid_fen,
        if(draw(i, 'coupon') < 0.2, 300, 0) as coupon_fen,
        if(draw(i, 'subsidy') < 0.3, unit_price_fen // 20, 0) as subsidy_fen
    from fated
)

select
    *,
    paid_fen + subsidy_fen as receivable_fen,
    case
        when fate in ('unpaid', 'returned', 'cut_then_returned') then '交易关闭'
        when fate = 'before' then if(is_shipped_anyway, '已发货', '交易关闭')
        when fate = 'intercepted' then '已发货'
        when fate = 'none' and is_late and not $is_later then '已发货'
        else '交易成功'
    end as order_status,
    case
        when fate in ('unpaid', 'none', 'failed', 'exchanged', 'reshipped') then ''
        when fate = 'open' then '售后处理中'
        else '退款成功'
    end as after_sales,
    shipped_at is not null and fate <> 'intercepted' and not is_shipped_anyway and not (is_late and not $is_later) as is_signed
from shipped
