-- The scenarios that were saved, by name.
-- Grain: one row a name. Columns: name, shops, scenario, promised, saved_at, saved_by
select name, shops, scenario, promised, saved_at, saved_by
from scenarios
order by name asc
