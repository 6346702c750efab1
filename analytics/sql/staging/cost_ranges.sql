-- The operator's dated settings as ranges without gaps; a switched-off setting stands with a null value.
-- Grain: one row a shop, name, scope and effective_from.
-- Columns:
--   shop, name, scope, effective_from: key; scope is '' for the whole shop
--   effective_to: first day on which the next value holds
--   value: in the setting's own unit; null when switched off
--   load_id, source_sheet, source_row: where the row comes from
select
    shop,
    name,
    scope,
    effective_from,
    coalesce(
        lead(effective_from) over (partition by shop, name, scope order by effective_from asc nulls last),
        date '9999-12-31'
    ) as effective_to,
    case when state = 'off' then null else value end as value,
    load_id,
    source_sheet,
    source_row
from main.cost_settings
