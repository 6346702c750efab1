-- Cases' own accounts: what each costs on each of its lines, part by part, with the inputs and the lines of the files behind it.
-- A doubt says where a figure comes from: 0 = actual, 1 = set, 2 = assumed, 3 = unknown; a part not charged is 0 with doubt 0.
-- A value ending in _ufen is millionths of a fen, in _ppm millionths, in _centiminutes hundredths of a minute.
-- Grain: one row a shop and line of a case.
-- Columns:
--   shop, case_id, order_id, line_no, line_part_count, is_lead, is_open, is_refund, is_inferred, is_unmatched
--   stage, line_stage, kind, reason, product, sku, streamer, channel, province, carrier, tool
--   paid_at, shipped_at, is_shipped, is_delivered, applied_at, finished_at, return_no, priced_on
--   order_file, order_sheet, order_row, case_file, case_sheet, case_row: order_… is null without an order's own row
--   paid_fen, receivable_fen: of the line
--   refund_fen, case_refund_fen, share_fen, booked_share_fen: as in the ledger
--   acquisition_ufen, acquisition_by (spend, order, rate), goods_ufen, goods_by (cost, rate), damage_ppm
--   minutes_centiminutes, wage_fen, fee_kept_ppm, return_freight_fen, merchant_bears_ppm: null where not known
--   back_by (booked, insured, setting; null where not charged), booked_return_fen, postage_fen
--   is_fully_refunded: the order; then what its settlement keeps is a cost
--   sales_doubt, acquisition_doubt, damage_doubt
--   freight_fen, freight_doubt, packing_fen, packing_doubt, premium_fen, premium_doubt, back_fen, back_doubt, intercept_fen,
--     intercept_doubt, again_fen, again_freight_fen, again_freight_doubt, again_packing_fen, again_packing_doubt
--   minutes_fen, minutes_doubt, fee_kept_fen, fee_kept_doubt, inspection_fen, inspection_doubt, penalty_fen, kept_fees_fen
--   relief_fen
--   sales_fen, acquisition_fen, logistics_fen, handling_fen, damage_fen, each with …_actual_fen, …_set_fen, …_assumed_fen and
--     is_…_unknown
with
charged as (
    select ledger.*
    from marts.ledger as ledger
    where list_contains($case_ids, ledger.case_id)
        and ledger.shop in (select shop from staging.shops where list_contains($shops, shop))
),

met as (
    select
        charged.*,
        staged.counts,
        staged.takes_refund,
        staged.bears_out,
        staged.bears_intercept,
        staged.bears_parcel,
        staged.bears_return_booking,
        staged.bears_bookings,
        staged.has_returned_case,
        staged.is_fully_refunded,
        staged.priced_on,
        staged.minutes,
        staged.hourly_wage,
        staged.fee_kept_rate,
        staged.return_freight,
        staged.merchant_bears_return,
        staged.intercept_fee,
        staged.inspection,
        staged.outbound_freight,
        staged.packing,
        staged.damage_rate_returned,
        staged.damage_rate_intercepted,
        parts.return_no,
        lines.shipped_at,
        lines.is_shipped,
        lines.is_delivered,
        lines.paid_fen as line_paid_fen,
        lines.acquisition_ufen,
        lines.acquisition_doubt as line_acquisition_doubt,
        lines.goods_ufen,
        lines.goods_doubt,
        lines.freight_doubt as line_freight_doubt,
        lines.packing_doubt as line_packing_doubt,
        lines.premium_doubt as line_premium_doubt,
        lines.load_id as order_load_id,
        lines.source_sheet as order_sheet,
        lines.source_row as order_row,
        bookings.premium_fen is not null as is_insured,
        case
            when bookings.return_freight_fen is not null
                or (staged.has_returned_case and bookings.postage_payment_fen is not null)
                then coalesce(bookings.return_freight_fen, 0)
                + if(staged.has_returned_case, coalesce(bookings.postage_payment_fen, 0), 0)
        end as booked_return_fen,
        if(staged.has_returned_case, coalesce(bookings.postage_payment_fen, 0), 0) as postage_fen,
        bookings.flow_kept_fees_fen is not null
        or (staged.is_fully_refunded and bookings.settled_kept_fees_fen is not null) as has_kept_fees,
        case
            when acquisition.shop is null then 'rate'
            when acquisition.doubt = 0 then 'spend'
            else 'order'
        end as acquisition_by,
        charged.stage in ('exchanged', 'reshipped') and charged.is_lead as goes_out_again
    from charged
    inner join marts.staged_cases as staged
        on staged.shop = charged.shop and staged.case_id = charged.case_id and staged.line_ref = charged.line_ref
    inner join marts.case_lines as parts
        on parts.shop = charged.shop and parts.case_id = charged.case_id and parts.line_ref = charged.line_ref
    inner join marts.lines as lines
        on lines.shop = charged.shop and lines.order_key = charged.order_key and lines.line_ref = charged.line_ref
    left join marts.bookings as bookings
        on bookings.shop = charged.shop and bookings.order_key = charged.order_key
    left join marts.acquisition as acquisition
        on acquisition.shop = charged.shop
        and acquisition.order_key = charged.order_key
        and acquisition.line_ref = charged.line_ref
),

-- The same tests as in the ledger; the parts must bear its provenance.
doubted as (
    select
        *,
        case
            when bears_return_booking and booked_return_fen is not null then 'booked'
            when bears_parcel and is_insured then 'insured'
            when bears_parcel then 'setting'
        end as back_by,
        counts and line_stage in ('before_shipment', 'intercepted', 'returned', 'kept', 'unknown') as may_share,
        case
            when line_stage = 'intercepted' then damage_rate_intercepted.value
            when line_stage in ('returned', 'exchanged') then damage_rate_returned.value
            when line_stage in ('kept', 'reshipped') then 1000000
        end as damage_ppm,
        case
            when line_stage = 'intercepted' then coalesce(damage_rate_intercepted.doubt, 3)
            when line_stage in ('returned', 'exchanged') then coalesce(damage_rate_returned.doubt, 3)
            else 0
        end as damage_rate_doubt
    from met
)

select
    doubted.shop,
    doubted.case_id,
    doubted.order_id,
    doubted.line_no,
    doubted.line_part_count,
    doubted.is_lead,
    doubted.is_open,
    doubted.is_refund,
    doubted.is_inferred,
    doubted.is_unmatched,
    doubted.stage,
    doubted.line_stage,
    doubted.kind,
    doubted.reason,
    doubted.product,
    doubted.sku,
    doubted.streamer,
    doubted.channel,
    doubted.province,
    doubted.carrier,
    doubted.tool,
    doubted.paid_at,
    doubted.shipped_at,
    doubted.is_shipped,
    doubted.is_delivered,
    doubted.applied_at,
    doubted.finished_at,
    doubted.return_no,
    doubted.priced_on,
    if(doubted.is_unmatched, null, order_files.file_name) as order_file,
    if(doubted.is_unmatched, null, doubted.order_sheet) as order_sheet,
    if(doubted.is_unmatched, null, doubted.order_row) as order_row,
    if(doubted.is_inferred, null, case_files.file_name) as case_file,
    if(doubted.is_inferred, null, doubted.source_sheet) as case_sheet,
    if(doubted.is_inferred, null, doubted.source_row) as case_row,
    doubted.line_paid_fen as paid_fen,
    doubted.receivable_fen,
    doubted.refund_fen,
    doubted.case_refund_fen,
    doubted.share_fen,
    doubted.booked_share_fen,
    doubted.acquisition_ufen,
    doubted.acquisition_by,
    doubted.goods_ufen,
    if(doubted.goods_doubt = 0, 'cost', 'rate') as goods_by,
    doubted.damage_ppm,
    doubted.minutes.value as minutes_centiminutes,
    doubted.hourly_wage.value as wage_fen,
    doubted.fee_kept_rate.value as fee_kept_ppm,
    doubted.return_freight.value as return_freight_fen,
    doubted.merchant_bears_return.value as merchant_bears_ppm,
    doubted.back_by,
    doubted.booked_return_fen,
    doubted.postage_fen,
    coalesce(doubted.is_fully_refunded, false) as is_fully_refunded,
    if(doubted.takes_refund and doubted.refund_fen is null, 3, 0) as sales_doubt,
    case
        when not doubted.may_share then 0
        when doubted.refund_fen is null then 3
        else doubted.line_acquisition_doubt
    end as acquisition_doubt,
    case
        when not doubted.counts or doubted.line_stage in ('before_shipment', 'price_cut') then 0
        when doubted.line_stage = 'unknown' then 3
        when doubted.line_stage in ('intercepted', 'returned', 'kept') and doubted.refund_fen is null then 3
        else greatest(doubted.goods_doubt, doubted.damage_rate_doubt)
    end as damage_doubt,
    doubted.freight_fen,
    if(doubted.bears_out, doubted.line_freight_doubt, 0) as freight_doubt,
    doubted.packing_fen,
    if(doubted.bears_out, doubted.line_packing_doubt, 0) as packing_doubt,
    doubted.premium_fen,
    if(doubted.bears_bookings, doubted.line_premium_doubt, 0) as premium_doubt,
    doubted.back_fen,
    case
        when doubted.back_by = 'setting'
            and doubted.merchant_bears_return.doubt = 2
            and doubted.merchant_bears_return.value = 1000000
            then coalesce(doubted.return_freight.doubt, 3)
        when doubted.back_by = 'setting'
            then greatest(coalesce(doubted.return_freight.doubt, 3), coalesce(doubted.merchant_bears_return.doubt, 3))
        else 0
    end as back_doubt,
    doubted.intercept_fen,
    if(doubted.bears_intercept, coalesce(doubted.intercept_fee.doubt, 3), 0) as intercept_doubt,
    doubted.again_fen,
    if(doubted.goes_out_again, coalesce(doubted.outbound_freight.value, 0), 0) as again_freight_fen,
    if(doubted.goes_out_again, coalesce(doubted.outbound_freight.doubt, 3), 0) as again_freight_doubt,
    if(doubted.goes_out_again, coalesce(doubted.packing.value, 0), 0) as again_packing_fen,
    if(doubted.goes_out_again, coalesce(doubted.packing.doubt, 3), 0) as again_packing_doubt,
    doubted.minutes_fen,
    if(doubted.is_lead, greatest(coalesce(doubted.minutes.doubt, 3), coalesce(doubted.hourly_wage.doubt, 3)), 0) as minutes_doubt,
    doubted.fee_kept_fen,
    case
        when not (doubted.is_lead and doubted.takes_refund and not doubted.has_kept_fees) then 0
        when doubted.case_refund_fen is null and coalesce(doubted.fee_kept_rate.value, 1) <> 0 then 3
        else coalesce(doubted.fee_kept_rate.doubt, 3)
    end as fee_kept_doubt,
    doubted.inspection_fen,
    if(doubted.bears_parcel, coalesce(doubted.inspection.doubt, 3), 0) as inspection_doubt,
    doubted.penalty_fen,
    doubted.kept_fees_fen,
    doubted.relief_fen,
    doubted.sales_fen,
    doubted.sales_actual_fen,
    doubted.sales_set_fen,
    doubted.sales_assumed_fen,
    doubted.is_sales_unknown,
    doubted.acquisition_fen,
    doubted.acquisition_actual_fen,
    doubted.acquisition_set_fen,
    doubted.acquisition_assumed_fen,
    doubted.is_acquisition_unknown,
    doubted.logistics_fen,
    doubted.logistics_actual_fen,
    doubted.logistics_set_fen,
    doubted.logistics_assumed_fen,
    doubted.is_logistics_unknown,
    doubted.handling_fen,
    doubted.handling_actual_fen,
    doubted.handling_set_fen,
    doubted.handling_assumed_fen,
    doubted.is_handling_unknown,
    doubted.damage_fen,
    doubted.damage_actual_fen,
    doubted.damage_set_fen,
    doubted.damage_assumed_fen,
    doubted.is_damage_unknown
from doubted
left join staging.source_files as order_files on order_files.load_id = doubted.order_load_id
left join staging.source_files as case_files on case_files.load_id = doubted.load_id
order by doubted.shop asc nulls last, doubted.case_id asc nulls last, doubted.line_no asc nulls last
