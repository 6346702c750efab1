-- Every cost setting as it holds over time: the starter assumption, then what the operator set, switched-off periods included.
-- Grain: one row a shop, name, scope and effective_from; the starter assumption once a name, without shop and dates.
-- Columns:
--   shop: null for a starter assumption
--   name, scope
--   effective_from: null when it holds always
--   effective_to: first day of the next value; null when none follows
--   value: in the setting's unit; null when switched off
--   source: assumed, set or off
--   load_id: the load that set it; null for a starter assumption
with
starters as (
    select
        null as shop,
        name,
        '' as scope,
        null as effective_from,
        null as effective_to,
        starter_value as value,
        'assumed' as source,
        null::bigint as load_id
    from staging.cost_starters
    where starter_value is not null
),

settings as (
    select
        shop,
        name,
        scope,
        case when effective_from > date '1970-01-01' then effective_from end as effective_from,
        case when effective_to < date '9999-12-31' then effective_to end as effective_to,
        value,
        case when value is null then 'off' else 'set' end as source,
        load_id
    from staging.cost_ranges
    where list_contains($shops, shop)
)

select * from starters
union all
select * from settings
order by name asc nulls last, source asc nulls last, shop asc nulls first, scope asc nulls last, effective_from asc nulls first
