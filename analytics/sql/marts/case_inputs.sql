-- Cases on lines with everything that prices them: their own facts, those of line and order, booked money, settings in force.
-- The ledger prices them; 假设测算 prices them again under other settings.
-- Grain: one row a shop, case_id and line_ref.
-- Columns:
--   shop, case_id, line_ref: key
--   order_key, order_id, line_no, line_part_count, order_part_count, case_rank, is_lead: as in case_lines
--   is_open, is_refund, gives_money_back, is_inferred, is_unmatched
--   load_id, source_sheet, source_row
--   product, sku, price_band, channel, sales_mode, streamer, province, carrier, tool: of the line, as in lines
--   reason, kind: 未知 when missing
--   stage, line_stage, uncut_stage, may_be_cut, priced_on: as in staged_cases
--   product_id, order_product_id, province_name, reason_word: what settings of a scope are looked up by
--   paid_at, applied_at, finished_at
--   case_refund_fen, refund_fen, receivable_fen
--   share_fen, booked_share_fen, takes_part, counts, takes_refund: as in staged_cases
--   bears_parcel, bears_return_booking, bears_bookings, is_fully_refunded: as in staged_cases
--   has_postage_back: the order's postage payments are the return freight of one of its cases
--   return_freight, merchant_bears_return, minutes, hourly_wage, fee_kept_rate: settings {value, doubt}
--   acquisition_ufen, acquisition_doubt, goods_ufen, goods_doubt: of the line, before any share
--   is_insured: a file books a premium of the order
--   booked_return_fen: of the order; null when nothing is booked
--   has_kept_fees, order_kept_fees_fen, order_penalty_fen: of the order
--   order_relief_fen: compensation of the order that is left to lower its damage
--   freight_fen, freight_doubt, packing_fen, packing_doubt, premium_fen, premium_doubt: 0 where the row bears none
--   intercept_fen, intercept_doubt, inspection_fen, inspection_doubt: 0 where the row bears none
--   again_freight_fen, again_freight_doubt, again_packing_fen, again_packing_doubt: 0 where the row bears none
--   damage_ppm, damage_rate_doubt: d of the line's stage in millionths; null where there is none
select
    parts.shop,
    parts.case_id,
    parts.line_ref,
    parts.order_key,
    lines.order_id,
    parts.line_no,
    parts.line_part_count,
    parts.order_part_count,
    parts.case_rank,
    parts.is_lead,
    staged.is_open,
    staged.is_refund,
    staged.is_refund and staged.takes_refund as gives_money_back,
    parts.is_inferred,
    parts.is_unmatched,
    parts.load_id,
    parts.source_sheet,
    parts.source_row,
    lines.product,
    lines.sku,
    lines.price_band,
    lines.channel,
    lines.sales_mode,
    lines.streamer,
    lines.province,
    lines.carrier,
    lines.tool,
    coalesce(parts.reason, '未知') as reason,
    coalesce(parts.kind, '未知') as kind,
    staged.stage,
    staged.line_stage,
    staged.uncut_stage,
    staged.may_be_cut,
    staged.priced_on,
    lines.product_id,
    lines.order_product_id,
    lines.province_name,
    parts.reason as reason_word,
    lines.paid_at,
    parts.applied_at,
    parts.finished_at,
    parts.case_refund_fen,
    parts.refund_fen,
    lines.receivable_fen,
    staged.share_fen,
    staged.booked_share_fen,
    staged.takes_part,
    staged.counts,
    staged.takes_refund,
    staged.bears_parcel,
    staged.bears_return_booking,
    staged.bears_bookings,
    staged.is_fully_refunded,
    staged.has_returned_case and bookings.postage_payment_fen is not null as has_postage_back,
    staged.return_freight,
    staged.merchant_bears_return,
    staged.minutes,
    staged.hourly_wage,
    staged.fee_kept_rate,
    lines.acquisition_ufen,
    lines.acquisition_doubt,
    lines.goods_ufen,
    lines.goods_doubt,
    bookings.premium_fen is not null as is_insured,
    case
        when bookings.return_freight_fen is not null
            or (staged.has_returned_case and bookings.postage_payment_fen is not null)
            then coalesce(bookings.return_freight_fen, 0)
            + case when staged.has_returned_case then coalesce(bookings.postage_payment_fen, 0) else 0 end
    end as booked_return_fen,
    bookings.flow_kept_fees_fen is not null
    or (staged.is_fully_refunded and bookings.settled_kept_fees_fen is not null) as has_kept_fees,
    coalesce(bookings.flow_kept_fees_fen, 0)
    + case when staged.is_fully_refunded then coalesce(bookings.settled_kept_fees_fen, 0) else 0 end as order_kept_fees_fen,
    coalesce(bookings.penalty_fen, 0)
    - least(coalesce(bookings.compensation_fen, 0), greatest(coalesce(bookings.penalty_fen, 0), 0)) as order_penalty_fen,
    coalesce(bookings.compensation_fen, 0)
    - least(coalesce(bookings.compensation_fen, 0), greatest(coalesce(bookings.penalty_fen, 0), 0)) as order_relief_fen,
    if(staged.bears_out, lines.freight_fen, 0) as freight_fen,
    if(staged.bears_out, lines.freight_doubt, 0) as freight_doubt,
    if(staged.bears_out, lines.packing_fen, 0) as packing_fen,
    if(staged.bears_out, lines.packing_doubt, 0) as packing_doubt,
    if(staged.bears_bookings, lines.premium_fen, 0) as premium_fen,
    if(staged.bears_bookings, lines.premium_doubt, 0) as premium_doubt,
    if(staged.bears_intercept, staged.intercept_fee.value, 0) as intercept_fen,
    if(staged.bears_intercept, coalesce(staged.intercept_fee.doubt, 3), 0) as intercept_doubt,
    if(parts.is_lead and staged.stage in ('exchanged', 'reshipped'), staged.outbound_freight.value, 0) as again_freight_fen,
    if(parts.is_lead and staged.stage in ('exchanged', 'reshipped'), coalesce(staged.outbound_freight.doubt, 3), 0)
        as again_freight_doubt,
    if(parts.is_lead and staged.stage in ('exchanged', 'reshipped'), staged.packing.value, 0) as again_packing_fen,
    if(parts.is_lead and staged.stage in ('exchanged', 'reshipped'), coalesce(staged.packing.doubt, 3), 0)
        as again_packing_doubt,
    if(staged.bears_parcel, staged.inspection.value, 0) as inspection_fen,
    if(staged.bears_parcel, coalesce(staged.inspection.doubt, 3), 0) as inspection_doubt,
    -- d of the line's stage in millionths: goods that stay with the buyer or go out twice are lost whole.
    case
        when staged.line_stage = 'intercepted' then staged.damage_rate_intercepted.value
        when staged.line_stage in ('returned', 'exchanged') then staged.damage_rate_returned.value
        when staged.line_stage in ('kept', 'reshipped') then 1000000
    end as damage_ppm,
    case
        when staged.line_stage = 'intercepted' then coalesce(staged.damage_rate_intercepted.doubt, 3)
        when staged.line_stage in ('returned', 'exchanged') then coalesce(staged.damage_rate_returned.doubt, 3)
        when staged.line_stage in ('kept', 'reshipped') then 0
    end as damage_rate_doubt
from marts.case_lines as parts
inner join marts.staged_cases as staged
    on staged.shop = parts.shop and staged.case_id = parts.case_id and staged.line_ref = parts.line_ref
inner join marts.lines as lines
    on lines.shop = parts.shop and lines.order_key = parts.order_key and lines.line_ref = parts.line_ref
left join marts.bookings as bookings
    on bookings.shop = parts.shop and bookings.order_key = parts.order_key
