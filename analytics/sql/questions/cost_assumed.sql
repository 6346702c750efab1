-- How much money of the account rests on each starter assumption. A part that needs two of them (minutes and wage, goods cost and
-- damage rate) stands under both, so the rows do not add up to the assumed money of the account.
-- Grain: one row a setting whose starter assumption carries money, most money first.
-- Columns: name, component, assumed_fen, case_count
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

chosen as (
    select *
    from (
        select *, {clock} as clock_at
        from marts.ledger
        where not is_open and assumed_fen <> 0 and shop in (select shop from chosen_shops)
    ) as ledger
    where ($first_day is null or clock_at >= $first_day::date)
        and ($last_day is null or clock_at < $last_day::date + interval 1 day)
        {filters}
),

-- Each part beside what it rests on: doubt 2 is a starter assumption.
parts as (
    select
        chosen.shop,
        chosen.case_id,
        chosen.stage,
        chosen.line_stage,
        chosen.acquisition_assumed_fen,
        chosen.logistics_assumed_fen,
        chosen.damage_assumed_fen,
        if(lines.freight_doubt = 2, chosen.freight_fen, 0)
        + if(chosen.again_fen <> 0 and staged.outbound_freight.doubt = 2, staged.outbound_freight.value, 0) as freight_fen,
        if(lines.packing_doubt = 2, chosen.packing_fen, 0)
        + if(chosen.again_fen <> 0 and staged.packing.doubt = 2, staged.packing.value, 0) as packing_fen,
        if(lines.premium_doubt = 2, chosen.premium_fen, 0) as premium_fen,
        if(staged.intercept_fee.doubt = 2, chosen.intercept_fen, 0) as intercept_fen,
        if(staged.inspection.doubt = 2, chosen.inspection_fen, 0) as inspection_fen,
        if(staged.fee_kept_rate.doubt = 2, chosen.fee_kept_fen, 0) as fee_kept_fen,
        if(greatest(staged.minutes.doubt, staged.hourly_wage.doubt) = 2, chosen.minutes_fen, 0) as minutes_fen,
        staged.minutes.doubt = 2 as is_minutes_assumed,
        staged.hourly_wage.doubt = 2 as is_wage_assumed,
        lines.goods_doubt = 2 as is_goods_assumed,
        chosen.line_stage in ('returned', 'exchanged') and staged.damage_rate_returned.doubt = 2 as is_returned_rate_assumed,
        chosen.line_stage = 'intercepted' and staged.damage_rate_intercepted.doubt = 2 as is_intercepted_rate_assumed
    from chosen
    inner join marts.staged_cases as staged
        on staged.shop = chosen.shop and staged.case_id = chosen.case_id and staged.line_ref = chosen.line_ref
    inner join marts.lines as lines
        on lines.shop = chosen.shop and lines.order_key = chosen.order_key and lines.line_ref = chosen.line_ref
),

resting as (
    select shop, case_id, 'acquisition_rate' as name, 'acquisition' as component, acquisition_assumed_fen as fen
    from parts
    union all
    select shop, case_id, 'outbound_freight' as name, 'logistics' as component, freight_fen as fen
    from parts
    union all
    select shop, case_id, 'packing' as name, 'logistics' as component, packing_fen as fen
    from parts
    union all
    select shop, case_id, 'freight_insurance' as name, 'logistics' as component, premium_fen as fen
    from parts
    union all
    select shop, case_id, 'intercept_fee' as name, 'logistics' as component, intercept_fen as fen
    from parts
    union all
    -- What is left of the assumed logistics is freight back.
    select
        shop,
        case_id,
        'return_freight' as name,
        'logistics' as component,
        logistics_assumed_fen - freight_fen - packing_fen - premium_fen - intercept_fen as fen
    from parts
    union all
    select shop, case_id, 'inspection' as name, 'handling' as component, inspection_fen as fen
    from parts
    union all
    select shop, case_id, 'fee_kept_rate' as name, 'handling' as component, fee_kept_fen as fen
    from parts
    union all
    select shop, case_id, 'minutes_' || stage as name, 'handling' as component, if(is_minutes_assumed, minutes_fen, 0) as fen
    from parts
    union all
    select shop, case_id, 'hourly_wage' as name, 'handling' as component, if(is_wage_assumed, minutes_fen, 0) as fen
    from parts
    union all
    select shop, case_id, 'goods_cost_rate' as name, 'damage' as component, if(is_goods_assumed, damage_assumed_fen, 0) as fen
    from parts
    union all
    select
        shop,
        case_id,
        'damage_rate_returned' as name,
        'damage' as component,
        if(is_returned_rate_assumed, damage_assumed_fen, 0) as fen
    from parts
    union all
    select
        shop,
        case_id,
        'damage_rate_intercepted' as name,
        'damage' as component,
        if(is_intercepted_rate_assumed, damage_assumed_fen, 0) as fen
    from parts
)

select
    name,
    component,
    sum(fen)::bigint as assumed_fen,
    count(distinct shop || chr(31) || case_id)::bigint as case_count
from resting
where fen <> 0
group by name, component
order by assumed_fen desc nulls last, name asc nulls last
