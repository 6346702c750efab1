-- Grain: one cost setting's name with its unit and starter assumption.
select name, unit, starter_value
from cost_names
order by name
