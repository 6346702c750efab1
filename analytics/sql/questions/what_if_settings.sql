-- The operator's dated settings and the starter assumptions, as the what-if looks them up.
-- Grain: one row a shop, name, scope and since; the starter assumptions stand under shop '*'.
-- Columns: shop, name, scope, since, value (null: switched off)
select shop, name, scope, effective_from as since, value
from staging.cost_ranges
where list_contains($shops, shop)
union all
select '*' as shop, name, '' as scope, date '1970-01-01' as since, starter_value as value
from staging.cost_starters
where starter_value is not null
order by shop asc nulls last, name asc nulls last, scope asc nulls last, since asc nulls last
