-- The starter assumptions, which hold where no setting does.
-- Grain: one row a setting name.
-- Columns:
--   name, unit
--   starter_value: null when there is none
select name, unit, starter_value
from main.cost_names
