-- The operator's settings of one scope side by side, for every period in which none of them changes. Each setting is a struct
-- {value, doubt}: doubt 1 = set, 2 = starter assumption, 3 = switched off (value null); what the scope does not set is null.
-- The starter assumptions stand under shop '*' from the first day to the last.
-- Grain: one row a shop, scope and effective_from.
-- Columns:
--   shop, scope, effective_from: key; scope is '' for the whole shop
--   effective_to: first day of the next period
--   product_id, province, reason: what the scope names, the others null
--   acquisition_per_order, acquisition_rate, outbound_freight, packing, freight_insurance, return_freight,
--   merchant_bears_return, intercept_fee, minutes_before_shipment, minutes_intercepted, minutes_returned, minutes_kept,
--   minutes_exchanged, minutes_reshipped, minutes_price_cut, minutes_closed, minutes_unknown, hourly_wage, fee_kept_rate,
--   inspection, goods_cost_rate, damage_rate_returned, damage_rate_intercepted, price_cut_below, technical_fee_rate
with
periods as (
    select
        shop,
        scope,
        effective_from,
        coalesce(
            lead(effective_from) over (partition by shop, scope order by effective_from asc nulls last),
            date '9999-12-31'
        ) as effective_to
    from (select distinct shop, scope, effective_from from staging.cost_ranges) as starts
),

in_force as (
    select
        periods.shop,
        periods.scope,
        periods.effective_from,
        periods.effective_to,
        ranges.name,
        ranges.value,
        case when ranges.value is null then 3 else 1 end as doubt
    from periods
    inner join staging.cost_ranges as ranges
        on ranges.shop = periods.shop
        and ranges.scope = periods.scope
        and ranges.effective_from <= periods.effective_from
        and ranges.effective_to > periods.effective_from
    union all
    select
        '*' as shop,
        '' as scope,
        date '1970-01-01' as effective_from,
        date '9999-12-31' as effective_to,
        name,
        starter_value as value,
        2 as doubt
    from staging.cost_starters
    where starter_value is not null
)

select
    shop,
    scope,
    effective_from,
    effective_to,
    case when scope like 'product:%' then substr(scope, 9) end as product_id,
    case when scope like 'province:%' then substr(scope, 10) end as province,
    case when scope like 'reason:%' then substr(scope, 8) end as reason,
    max(case when name = 'acquisition_per_order' then {'value': value, 'doubt': doubt} end) as acquisition_per_order,
    max(case when name = 'acquisition_rate' then {'value': value, 'doubt': doubt} end) as acquisition_rate,
    max(case when name = 'outbound_freight' then {'value': value, 'doubt': doubt} end) as outbound_freight,
    max(case when name = 'packing' then {'value': value, 'doubt': doubt} end) as packing,
    max(case when name = 'freight_insurance' then {'value': value, 'doubt': doubt} end) as freight_insurance,
    max(case when name = 'return_freight' then {'value': value, 'doubt': doubt} end) as return_freight,
    max(case when name = 'merchant_bears_return' then {'value': value, 'doubt': doubt} end) as merchant_bears_return,
    max(case when name = 'intercept_fee' then {'value': value, 'doubt': doubt} end) as intercept_fee,
    max(case when name = 'minutes_before_shipment' then {'value': value, 'doubt': doubt} end) as minutes_before_shipment,
    max(case when name = 'minutes_intercepted' then {'value': value, 'doubt': doubt} end) as minutes_intercepted,
    max(case when name = 'minutes_returned' then {'value': value, 'doubt': doubt} end) as minutes_returned,
    max(case when name = 'minutes_kept' then {'value': value, 'doubt': doubt} end) as minutes_kept,
    max(case when name = 'minutes_exchanged' then {'value': value, 'doubt': doubt} end) as minutes_exchanged,
    max(case when name = 'minutes_reshipped' then {'value': value, 'doubt': doubt} end) as minutes_reshipped,
    max(case when name = 'minutes_price_cut' then {'value': value, 'doubt': doubt} end) as minutes_price_cut,
    max(case when name = 'minutes_closed' then {'value': value, 'doubt': doubt} end) as minutes_closed,
    max(case when name = 'minutes_unknown' then {'value': value, 'doubt': doubt} end) as minutes_unknown,
    max(case when name = 'hourly_wage' then {'value': value, 'doubt': doubt} end) as hourly_wage,
    max(case when name = 'fee_kept_rate' then {'value': value, 'doubt': doubt} end) as fee_kept_rate,
    max(case when name = 'inspection' then {'value': value, 'doubt': doubt} end) as inspection,
    max(case when name = 'goods_cost_rate' then {'value': value, 'doubt': doubt} end) as goods_cost_rate,
    max(case when name = 'damage_rate_returned' then {'value': value, 'doubt': doubt} end) as damage_rate_returned,
    max(case when name = 'damage_rate_intercepted' then {'value': value, 'doubt': doubt} end) as damage_rate_intercepted,
    max(case when name = 'price_cut_below' then {'value': value, 'doubt': doubt} end) as price_cut_below,
    max(case when name = 'technical_fee_rate' then {'value': value, 'doubt': doubt} end) as technical_fee_rate
from in_force
group by shop, scope, effective_from, effective_to
