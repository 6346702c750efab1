-- The ledger: what every case costs on every line it belongs to, in five components, to the fen, each split by provenance.
-- Everything charged once a case, parcel or order stands on the case's lead line. Closed cases cost handling only. Open cases
-- (is_open) show what they would cost if they succeeded, and belong to no other figure.
-- A part (freight_fen … kept_fees_fen) is what is known of it, 0 where it is not charged.
-- Grain: one row a shop, case_id and line_ref.
-- Columns:
--   shop, case_id, line_ref: key
--   order_key, order_id, line_no, line_part_count, order_part_count, is_lead: counts as in case_lines
--   is_open, is_refund, gives_money_back, is_inferred, is_unmatched: is_refund = finished with success
--   loses_sale: money went back and the goods do not stay sold: no price cut
--   load_id, source_sheet, source_row: where the case comes from
--   product, sku, price_band, channel, sales_mode, streamer, province, carrier, tool: of the line, as in lines
--   reason, kind: 未知 when missing
--   stage, line_stage: of the case's lead line; of this line
--   paid_at, applied_at, finished_at
--   case_refund_fen, refund_fen: of the case, and its part on this line; null when unknown
--   receivable_fen, share_fen, booked_share_fen, takes_part: P of the line; S_k and S_b in fen of P
--   freight_fen, packing_fen, premium_fen, back_fen, intercept_fen, again_fen: parts of logistics
--   minutes_fen, fee_kept_fen, inspection_fen, penalty_fen, kept_fees_fen: parts of handling
--   relief_fen: compensation that lowered the damage
--   has_postage_back: the order's postage payments are in back_fen of one of its cases
--   sales_actual_fen, sales_set_fen, sales_assumed_fen, is_sales_unknown
--   acquisition_actual_fen, acquisition_set_fen, acquisition_assumed_fen, is_acquisition_unknown
--   logistics_actual_fen, logistics_set_fen, logistics_assumed_fen, is_logistics_unknown
--   handling_actual_fen, handling_set_fen, handling_assumed_fen, is_handling_unknown
--   damage_actual_fen, damage_set_fen, damage_assumed_fen, is_damage_unknown
--   sales_fen, acquisition_fen, logistics_fen, handling_fen, damage_fen: what is known of each
--   actual_fen, set_fen, assumed_fen: of all five
--   has_unknown: a component of the five is unknown
with
charged as (
    select
        *,
        case
            when bears_return_booking and booked_return_fen is not null then booked_return_fen
            when bears_parcel and is_insured then 0
            when bears_parcel
                then ((return_freight.value::hugeint * merchant_bears_return.value * 2 + 1000000) // 2000000)::bigint
            else 0
        end as back_fen,
        case
            when bears_return_booking and booked_return_fen is not null then 0
            when bears_parcel and is_insured then 0
            -- That the merchant bears all of it, unless told otherwise, takes nothing from what is known of the freight.
            when bears_parcel and merchant_bears_return.doubt = 2 and merchant_bears_return.value = 1000000
                then coalesce(return_freight.doubt, 3)
            when bears_parcel then greatest(coalesce(return_freight.doubt, 3), coalesce(merchant_bears_return.doubt, 3))
            else 0
        end as back_doubt,
        -- Hundredths of a minute times fen an hour: 6,000 of them are a fen.
        if(is_lead, ((minutes.value::hugeint * hourly_wage.value * 2 + 6000) // 12000)::bigint, 0) as minutes_fen,
        if(is_lead, greatest(coalesce(minutes.doubt, 3), coalesce(hourly_wage.doubt, 3)), 0) as minutes_doubt,
        if(
            is_lead and takes_refund and not has_kept_fees,
            ((case_refund_fen::hugeint * fee_kept_rate.value * 2 + 1000000) // 2000000)::bigint,
            0
        ) as fee_kept_fen,
        case
            when not (is_lead and takes_refund and not has_kept_fees) then 0
            when case_refund_fen is null and coalesce(fee_kept_rate.value, 1) <> 0 then 3
            else coalesce(fee_kept_rate.doubt, 3)
        end as fee_kept_doubt,
        if(bears_bookings, order_penalty_fen, 0) as penalty_fen,
        0 as penalty_doubt,
        if(bears_bookings, order_kept_fees_fen, 0) as kept_fees_fen,
        0 as kept_fees_doubt,
        if(takes_refund, refund_fen, 0) as sales_fen,
        if(takes_refund and refund_fen is null, 3, 0) as sales_doubt,
        case
            when not counts or line_stage not in ('before_shipment', 'intercepted', 'returned', 'kept', 'unknown') then 0
            when receivable_fen <= 0 then 0
            else (
                sign(acquisition_ufen) * (
                    (abs(acquisition_ufen)::hugeint * share_fen * 2 + receivable_fen::hugeint * 1000000)
                    // nullif(receivable_fen::hugeint * 2000000, 0)
                    - (abs(acquisition_ufen)::hugeint * booked_share_fen * 2 + receivable_fen::hugeint * 1000000)
                    // nullif(receivable_fen::hugeint * 2000000, 0)
                )
            )::bigint
        end as acquisition_fen,
        case
            when not counts or line_stage not in ('before_shipment', 'intercepted', 'returned', 'kept', 'unknown') then 0
            when refund_fen is null then 3
            else acquisition_doubt
        end as acquisition_part_doubt,
        case
            when not counts or line_stage in ('before_shipment', 'price_cut') then 0
            when line_stage in ('exchanged', 'reshipped')
                then ((goods_ufen::hugeint * damage_ppm * 2 + 1000000000000) // 2000000000000)::bigint
            when line_stage = 'unknown' or receivable_fen <= 0 then 0
            else (
                (goods_ufen::hugeint * damage_ppm * share_fen * 2 + receivable_fen::hugeint * 1000000000000)
                // nullif(receivable_fen::hugeint * 2000000000000, 0)
                - (goods_ufen::hugeint * damage_ppm * booked_share_fen * 2 + receivable_fen::hugeint * 1000000000000)
                // nullif(receivable_fen::hugeint * 2000000000000, 0)
            )::bigint
        end as raw_damage_fen,
        case
            when not counts or line_stage in ('before_shipment', 'price_cut') then 0
            when line_stage = 'unknown' then 3
            when line_stage in ('intercepted', 'returned', 'kept') and refund_fen is null then 3
            else greatest(goods_doubt, damage_rate_doubt)
        end as damage_doubt
    from marts.case_inputs
),

reliefs as (
    select
        shop,
        case_id,
        line_ref,
        greatest(least(raw_damage_fen, order_relief_fen - damage_before_fen), 0) as relief_fen
    from (
        select
            shop,
            case_id,
            line_ref,
            raw_damage_fen,
            order_relief_fen,
            coalesce(
                sum(raw_damage_fen) over (
                    partition by shop, order_key
                    order by case_rank asc nulls last, line_no asc nulls last
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )::bigint as damage_before_fen
        from charged
        where order_relief_fen > 0 and damage_doubt < 3
    ) as in_order
),

relieved as (
    select
        charged.*,
        coalesce(reliefs.relief_fen, 0) as relief_fen,
        charged.raw_damage_fen - coalesce(reliefs.relief_fen, 0) as damage_fen
    from charged
    left join reliefs
        on reliefs.shop = charged.shop and reliefs.case_id = charged.case_id and reliefs.line_ref = charged.line_ref
),

split as (
    select
        shop,
        case_id,
        line_ref,
        order_key,
        order_id,
        line_no,
        line_part_count,
        order_part_count,
        is_lead,
        is_open,
        is_refund,
        gives_money_back,
        is_inferred,
        is_unmatched,
        load_id,
        source_sheet,
        source_row,
        product,
        sku,
        price_band,
        channel,
        sales_mode,
        streamer,
        province,
        carrier,
        tool,
        reason,
        kind,
        stage,
        line_stage,
        paid_at,
        applied_at,
        finished_at,
        case_refund_fen,
        refund_fen,
        receivable_fen,
        share_fen,
        booked_share_fen,
        takes_part,
        coalesce(freight_fen, 0) as freight_fen,
        coalesce(packing_fen, 0) as packing_fen,
        coalesce(premium_fen, 0) as premium_fen,
        coalesce(back_fen, 0) as back_fen,
        coalesce(intercept_fen, 0) as intercept_fen,
        coalesce(again_freight_fen, 0) + coalesce(again_packing_fen, 0) as again_fen,
        coalesce(minutes_fen, 0) as minutes_fen,
        coalesce(fee_kept_fen, 0) as fee_kept_fen,
        coalesce(inspection_fen, 0) as inspection_fen,
        penalty_fen,
        kept_fees_fen,
        relief_fen,
        coalesce(has_postage_back, false) as has_postage_back,
        if(sales_doubt = 0, coalesce(sales_fen, 0), 0) as sales_actual_fen,
        if(sales_doubt = 1, coalesce(sales_fen, 0), 0) as sales_set_fen,
        if(sales_doubt = 2, coalesce(sales_fen, 0), 0) as sales_assumed_fen,
        sales_doubt = 3 as is_sales_unknown,
        if(acquisition_part_doubt = 0, coalesce(acquisition_fen, 0), 0) as acquisition_actual_fen,
        if(acquisition_part_doubt = 1, coalesce(acquisition_fen, 0), 0) as acquisition_set_fen,
        if(acquisition_part_doubt = 2, coalesce(acquisition_fen, 0), 0) as acquisition_assumed_fen,
        acquisition_part_doubt = 3 as is_acquisition_unknown,
        if(freight_doubt = 0, coalesce(freight_fen, 0), 0)
        + if(packing_doubt = 0, coalesce(packing_fen, 0), 0)
        + if(premium_doubt = 0, coalesce(premium_fen, 0), 0)
        + if(back_doubt = 0, coalesce(back_fen, 0), 0)
        + if(intercept_doubt = 0, coalesce(intercept_fen, 0), 0)
        + if(again_freight_doubt = 0, coalesce(again_freight_fen, 0), 0)
        + if(again_packing_doubt = 0, coalesce(again_packing_fen, 0), 0) as logistics_actual_fen,
        if(freight_doubt = 1, coalesce(freight_fen, 0), 0)
        + if(packing_doubt = 1, coalesce(packing_fen, 0), 0)
        + if(premium_doubt = 1, coalesce(premium_fen, 0), 0)
        + if(back_doubt = 1, coalesce(back_fen, 0), 0)
        + if(intercept_doubt = 1, coalesce(intercept_fen, 0), 0)
        + if(again_freight_doubt = 1, coalesce(again_freight_fen, 0), 0)
        + if(again_packing_doubt = 1, coalesce(again_packing_fen, 0), 0) as logistics_set_fen,
        if(freight_doubt = 2, coalesce(freight_fen, 0), 0)
        + if(packing_doubt = 2, coalesce(packing_fen, 0), 0)
        + if(premium_doubt = 2, coalesce(premium_fen, 0), 0)
        + if(back_doubt = 2, coalesce(back_fen, 0), 0)
        + if(intercept_doubt = 2, coalesce(intercept_fen, 0), 0)
        + if(again_freight_doubt = 2, coalesce(again_freight_fen, 0), 0)
        + if(again_packing_doubt = 2, coalesce(again_packing_fen, 0), 0) as logistics_assumed_fen,
        (is_lead and counts and stage = 'unknown')
        or greatest(freight_doubt, packing_doubt, premium_doubt, back_doubt, intercept_doubt) = 3
        or greatest(again_freight_doubt, again_packing_doubt) = 3 as is_logistics_unknown,
        if(minutes_doubt = 0, coalesce(minutes_fen, 0), 0)
        + if(fee_kept_doubt = 0, coalesce(fee_kept_fen, 0), 0)
        + if(inspection_doubt = 0, coalesce(inspection_fen, 0), 0)
        + if(penalty_doubt = 0, coalesce(penalty_fen, 0), 0)
        + if(kept_fees_doubt = 0, coalesce(kept_fees_fen, 0), 0) as handling_actual_fen,
        if(minutes_doubt = 1, coalesce(minutes_fen, 0), 0)
        + if(fee_kept_doubt = 1, coalesce(fee_kept_fen, 0), 0)
        + if(inspection_doubt = 1, coalesce(inspection_fen, 0), 0)
        + if(penalty_doubt = 1, coalesce(penalty_fen, 0), 0)
        + if(kept_fees_doubt = 1, coalesce(kept_fees_fen, 0), 0) as handling_set_fen,
        if(minutes_doubt = 2, coalesce(minutes_fen, 0), 0)
        + if(fee_kept_doubt = 2, coalesce(fee_kept_fen, 0), 0)
        + if(inspection_doubt = 2, coalesce(inspection_fen, 0), 0)
        + if(penalty_doubt = 2, coalesce(penalty_fen, 0), 0)
        + if(kept_fees_doubt = 2, coalesce(kept_fees_fen, 0), 0) as handling_assumed_fen,
        greatest(minutes_doubt, fee_kept_doubt, inspection_doubt) = 3 as is_handling_unknown,
        if(damage_doubt = 0, coalesce(damage_fen, 0), 0) as damage_actual_fen,
        if(damage_doubt = 1, coalesce(damage_fen, 0), 0) as damage_set_fen,
        if(damage_doubt = 2, coalesce(damage_fen, 0), 0) as damage_assumed_fen,
        damage_doubt = 3 as is_damage_unknown
    from relieved
)

select
    *,
    gives_money_back and stage <> 'price_cut' as loses_sale,
    sales_actual_fen + sales_set_fen + sales_assumed_fen as sales_fen,
    acquisition_actual_fen + acquisition_set_fen + acquisition_assumed_fen as acquisition_fen,
    logistics_actual_fen + logistics_set_fen + logistics_assumed_fen as logistics_fen,
    handling_actual_fen + handling_set_fen + handling_assumed_fen as handling_fen,
    damage_actual_fen + damage_set_fen + damage_assumed_fen as damage_fen,
    sales_actual_fen + acquisition_actual_fen + logistics_actual_fen + handling_actual_fen + damage_actual_fen as actual_fen,
    sales_set_fen + acquisition_set_fen + logistics_set_fen + handling_set_fen + damage_set_fen as set_fen,
    sales_assumed_fen + acquisition_assumed_fen + logistics_assumed_fen + handling_assumed_fen + damage_assumed_fen
        as assumed_fen,
    is_sales_unknown or is_acquisition_unknown or is_logistics_unknown or is_handling_unknown or is_damage_unknown as has_unknown
from split
order by shop asc nulls last, paid_at asc nulls last, order_key asc nulls last, case_id asc nulls last, line_ref asc nulls last
