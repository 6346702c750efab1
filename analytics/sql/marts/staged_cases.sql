-- Cases on lines with their shares and stages, the settings of their finish date, and what each bears of the charges that
-- arise once an order or once a parcel. An open case stands as if it succeeded at the end of the data, after all finished ones.
-- Grain: one row a shop, case_id and line_ref.
-- Columns:
--   shop, case_id, line_ref: key
--   is_open, is_refund: open; finished with success
--   counts: open or finished with success: takes part in charges
--   takes_refund: gives money back: counts and is neither exchange nor reship
--   priced_on: the date at which the settings of the case are taken
--   share_fen: refunds so far on the line, this case included, at most its receivable; S_k = share_fen / receivable_fen
--   booked_share_fen: the same of the last case that took part in A and C; S_b; 0 at first
--   takes_part: takes part in A and C
--   line_stage, stage: by the line's own state; by that of the lead line
--   uncut_stage, may_be_cut: the line's stage if the refund is no price cut; whether the setting price_cut_below decides that
--   bears_out, bears_intercept, bears_parcel, bears_return_booking, bears_bookings: on the lead line only
--   is_fully_refunded, has_returned_case: of the order, by finished cases, else by open ones
--   minutes: setting of the case's stage
--   outbound_freight, packing, return_freight, merchant_bears_return, intercept_fee, hourly_wage, fee_kept_rate,
--   inspection, damage_rate_returned, damage_rate_intercepted
with
met as (
    select
        parts.shop,
        parts.case_id,
        parts.line_ref,
        parts.order_key,
        parts.case_rank,
        parts.order_part_count,
        parts.is_lead,
        parts.is_inferred,
        parts.kind,
        parts.state,
        parts.reason,
        parts.applied_at,
        parts.finished_at,
        parts.return_no,
        parts.refund_fen,
        parts.case_refund_fen,
        lines.product_id,
        lines.order_product_id,
        lines.province_name,
        lines.receivable_fen,
        lines.order_receivable_fen,
        lines.shipped_at,
        lines.is_shipped,
        lines.is_delivered,
        parts.state = 'open' as is_open,
        parts.state = 'succeeded' as is_refund,
        parts.state in ('succeeded', 'open') as counts,
        parts.takes_refund,
        case when parts.state = 'open' then ends.data_end_at else parts.finished_at end as ended_at,
        coalesce(
            case when parts.state = 'open' then ends.data_end_at else parts.finished_at end::date,
            lines.paid_at::date,
            date '1970-01-01'
        ) as priced_on
    from marts.case_lines as parts
    inner join marts.lines as lines
        on lines.shop = parts.shop and lines.order_key = parts.order_key and lines.line_ref = parts.line_ref
    left join staging.data_ends as ends on ends.shop = parts.shop
),

priced as (
    select
        met.*,
        coalesce(
            of_first_product.outbound_freight, of_province.outbound_freight, of_shop.outbound_freight, starters.outbound_freight
        ) as outbound_freight,
        coalesce(of_first_product.packing, of_province.packing, of_shop.packing, starters.packing) as packing,
        coalesce(
            of_product.return_freight, of_reason.return_freight, of_province.return_freight,
            of_shop.return_freight, starters.return_freight
        ) as return_freight,
        coalesce(
            of_product.merchant_bears_return, of_reason.merchant_bears_return, of_province.merchant_bears_return,
            of_shop.merchant_bears_return, starters.merchant_bears_return
        ) as merchant_bears_return,
        coalesce(
            of_product.intercept_fee, of_reason.intercept_fee, of_province.intercept_fee,
            of_shop.intercept_fee, starters.intercept_fee
        ) as intercept_fee,
        coalesce(
            of_product.minutes_before_shipment, of_reason.minutes_before_shipment, of_province.minutes_before_shipment,
            of_shop.minutes_before_shipment, starters.minutes_before_shipment
        ) as minutes_before_shipment,
        coalesce(
            of_product.minutes_intercepted, of_reason.minutes_intercepted, of_province.minutes_intercepted,
            of_shop.minutes_intercepted, starters.minutes_intercepted
        ) as minutes_intercepted,
        coalesce(
            of_product.minutes_returned, of_reason.minutes_returned, of_province.minutes_returned,
            of_shop.minutes_returned, starters.minutes_returned
        ) as minutes_returned,
        coalesce(
            of_product.minutes_kept, of_reason.minutes_kept, of_province.minutes_kept,
            of_shop.minutes_kept, starters.minutes_kept
        ) as minutes_kept,
        coalesce(
            of_product.minutes_exchanged, of_reason.minutes_exchanged, of_province.minutes_exchanged,
            of_shop.minutes_exchanged, starters.minutes_exchanged
        ) as minutes_exchanged,
        coalesce(
            of_product.minutes_reshipped, of_reason.minutes_reshipped, of_province.minutes_reshipped,
            of_shop.minutes_reshipped, starters.minutes_reshipped
        ) as minutes_reshipped,
        coalesce(
            of_product.minutes_price_cut, of_reason.minutes_price_cut, of_province.minutes_price_cut,
            of_shop.minutes_price_cut, starters.minutes_price_cut
        ) as minutes_price_cut,
        coalesce(
            of_product.minutes_closed, of_reason.minutes_closed, of_province.minutes_closed,
            of_shop.minutes_closed, starters.minutes_closed
        ) as minutes_closed,
        coalesce(
            of_product.minutes_unknown, of_reason.minutes_unknown, of_province.minutes_unknown,
            of_shop.minutes_unknown, starters.minutes_unknown
        ) as minutes_unknown,
        coalesce(
            of_product.hourly_wage, of_reason.hourly_wage, of_province.hourly_wage, of_shop.hourly_wage, starters.hourly_wage
        ) as hourly_wage,
        coalesce(
            of_product.fee_kept_rate, of_reason.fee_kept_rate, of_province.fee_kept_rate,
            of_shop.fee_kept_rate, starters.fee_kept_rate
        ) as fee_kept_rate,
        coalesce(
            of_product.inspection, of_reason.inspection, of_province.inspection, of_shop.inspection, starters.inspection
        ) as inspection,
        coalesce(
            of_product.damage_rate_returned, of_reason.damage_rate_returned, of_province.damage_rate_returned,
            of_shop.damage_rate_returned, starters.damage_rate_returned
        ) as damage_rate_returned,
        coalesce(
            of_product.damage_rate_intercepted, of_reason.damage_rate_intercepted, of_province.damage_rate_intercepted,
            of_shop.damage_rate_intercepted, starters.damage_rate_intercepted
        ) as damage_rate_intercepted,
        coalesce(
            of_product.price_cut_below, of_reason.price_cut_below, of_province.price_cut_below,
            of_shop.price_cut_below, starters.price_cut_below
        ) as price_cut_below
    from met
    left join (select * from marts.settings where shop = '*') as starters on true
    left join marts.settings as of_product
        on of_product.shop = met.shop
        and of_product.product_id = met.product_id
        and of_product.effective_from <= met.priced_on
        and of_product.effective_to > met.priced_on
    left join marts.settings as of_first_product
        on of_first_product.shop = met.shop
        and of_first_product.product_id = met.order_product_id
        and of_first_product.effective_from <= met.priced_on
        and of_first_product.effective_to > met.priced_on
    left join marts.settings as of_reason
        on of_reason.shop = met.shop
        and of_reason.reason = met.reason
        and of_reason.effective_from <= met.priced_on
        and of_reason.effective_to > met.priced_on
    left join marts.settings as of_province
        on of_province.shop = met.shop
        and of_province.province = met.province_name
        and of_province.effective_from <= met.priced_on
        and of_province.effective_to > met.priced_on
    left join marts.settings as of_shop
        on of_shop.shop = met.shop
        and of_shop.scope = ''
        and of_shop.effective_from <= met.priced_on
        and of_shop.effective_to > met.priced_on
),

-- Only orders with several parts of cases need looking back; elsewhere the part stands alone.
looked_back as (
    select
        shop,
        case_id,
        line_ref,
        (
            sum(if(takes_refund, coalesce(refund_fen, 0), 0)) over (
                partition by shop, order_key, line_ref
                order by case_rank asc nulls last
                rows between unbounded preceding and current row
            )
        )::bigint as refunds_so_far_fen
    from met
    where order_part_count > 1
),

summed as (
    select
        priced.*,
        coalesce(looked_back.refunds_so_far_fen, if(priced.takes_refund, coalesce(priced.refund_fen, 0), 0)) as refunds_so_far_fen
    from priced
    left join looked_back
        on looked_back.shop = priced.shop and looked_back.case_id = priced.case_id and looked_back.line_ref = priced.line_ref
),

shared as (
    select
        *,
        case when receivable_fen > 0 then least(refunds_so_far_fen, receivable_fen) else 0 end as share_fen
    from summed
),

-- The stage of a refund that is no price cut, and whether it may be one: that hangs on the setting price_cut_below.
uncut as (
    select
        *,
        counts and kind = 'refund_only' and coalesce(return_no, '') = '' and refund_fen is not null as may_be_cut,
        case
            when not counts then 'closed'
            when kind = 'exchange' then 'exchanged'
            when kind = 'reship' then 'reshipped'
            when kind = 'price_protection' then 'price_cut'
            when (not is_shipped or ended_at < shipped_at) and coalesce(return_no, '') = '' then 'before_shipment'
            when return_no <> '' or (kind = 'return_refund' and return_no is null) then 'returned'
            when is_inferred then 'unknown'
            when (is_shipped and is_delivered) or kind = 'return_refund' then 'kept'
            when is_shipped and kind = 'refund_only' then 'intercepted'
            else 'unknown'
        end as uncut_stage
    from shared
),

staged as (
    select
        *,
        case
            when may_be_cut and share_fen::hugeint * 1000000 < price_cut_below.value::hugeint * greatest(receivable_fen, 1)
                then 'price_cut'
            else uncut_stage
        end as line_stage
    from uncut
),

taking_part as (
    select
        *,
        counts
        and refund_fen is not null
        and line_stage in ('before_shipment', 'intercepted', 'returned', 'kept', 'unknown') as takes_part
    from staged
),

earlier_shares as (
    select
        shop,
        case_id,
        line_ref,
        max(if(takes_part, share_fen, null)) over (
            partition by shop, order_key, line_ref
            order by case_rank asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as booked_share_fen
    from taking_part
    where order_part_count > 1
),

booked as (
    select
        taking_part.*,
        coalesce(earlier_shares.booked_share_fen, 0) as booked_share_fen
    from taking_part
    left join earlier_shares
        on earlier_shares.shop = taking_part.shop
        and earlier_shares.case_id = taking_part.case_id
        and earlier_shares.line_ref = taking_part.line_ref
),

-- One row a case from here on: what is charged once stands on the lead line.
parcels as (
    select
        shop,
        case_id,
        row_number() over (
            partition by shop, coalesce(return_no, ''), case when coalesce(return_no, '') = '' then case_id else '' end
            order by
                is_open asc nulls last,
                case when is_open then applied_at else finished_at end asc nulls last,
                case_id asc nulls last
        ) as place
    from booked
    where is_lead and counts and line_stage in ('returned', 'exchanged')
),

leads as (
    select
        booked.shop,
        booked.case_id,
        booked.order_key,
        booked.case_rank,
        booked.order_part_count,
        booked.counts,
        booked.takes_refund,
        booked.is_open,
        booked.is_refund,
        booked.line_stage,
        booked.order_receivable_fen,
        booked.case_refund_fen,
        coalesce(parcels.place = 1, false) as bears_parcel,
        if(booked.counts, booked.case_rank, null) as counting_rank,
        if(booked.is_refund, booked.case_rank, null) as refund_rank
    from booked
    left join parcels on parcels.shop = booked.shop and parcels.case_id = booked.case_id
    where booked.is_lead
),

orders as (
    select
        shop,
        order_key,
        min(counting_rank) as first_rank,
        min(if(line_stage in ('intercepted', 'returned', 'kept'), counting_rank, null)) as out_rank,
        min(if(line_stage = 'intercepted', counting_rank, null)) as intercept_rank,
        coalesce(
            min(if(bears_parcel, refund_rank, null)),
            min(refund_rank),
            min(if(bears_parcel, counting_rank, null)),
            min(counting_rank)
        ) as return_booking_rank,
        bool_or(is_refund) as has_refund,
        bool_or(is_refund and line_stage = 'returned') as has_returned,
        bool_or(is_open and line_stage = 'returned') as has_open_returned,
        sum(if(is_refund and takes_refund, coalesce(case_refund_fen, 0), 0)) as refunded_fen,
        sum(if(is_open and takes_refund, coalesce(case_refund_fen, 0), 0)) as open_refund_fen,
        max(order_receivable_fen) as receivable_fen
    from leads
    group by shop, order_key
)

select
    booked.shop,
    booked.case_id,
    booked.line_ref,
    booked.is_open,
    booked.is_refund,
    booked.counts,
    booked.takes_refund,
    booked.priced_on,
    booked.share_fen,
    booked.booked_share_fen,
    booked.takes_part,
    booked.line_stage,
    booked.uncut_stage,
    coalesce(booked.may_be_cut, false) as may_be_cut,
    leads.line_stage as stage,
    booked.is_lead and booked.counts and coalesce(booked.case_rank = orders.out_rank, false) as bears_out,
    booked.is_lead and booked.counts and coalesce(booked.case_rank = orders.intercept_rank, false) as bears_intercept,
    booked.is_lead and leads.bears_parcel as bears_parcel,
    booked.is_lead and booked.counts and coalesce(booked.case_rank = orders.return_booking_rank, false) as bears_return_booking,
    booked.is_lead and booked.counts and coalesce(booked.case_rank = orders.first_rank, false) as bears_bookings,
    orders.receivable_fen > 0
    and case when orders.has_refund then orders.refunded_fen else orders.open_refund_fen end >= orders.receivable_fen
        as is_fully_refunded,
    case when orders.has_refund then orders.has_returned else orders.has_open_returned end as has_returned_case,
    case leads.line_stage
        when 'before_shipment' then booked.minutes_before_shipment
        when 'intercepted' then booked.minutes_intercepted
        when 'returned' then booked.minutes_returned
        when 'kept' then booked.minutes_kept
        when 'exchanged' then booked.minutes_exchanged
        when 'reshipped' then booked.minutes_reshipped
        when 'price_cut' then booked.minutes_price_cut
        when 'closed' then booked.minutes_closed
        else booked.minutes_unknown
    end as minutes,
    booked.outbound_freight,
    booked.packing,
    booked.return_freight,
    booked.merchant_bears_return,
    booked.intercept_fee,
    booked.hourly_wage,
    booked.fee_kept_rate,
    booked.inspection,
    booked.damage_rate_returned,
    booked.damage_rate_intercepted
from booked
inner join leads on leads.shop = booked.shop and leads.case_id = booked.case_id
inner join orders on orders.shop = booked.shop and orders.order_key = booked.order_key
