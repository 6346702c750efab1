-- The views that were saved, by name.
-- Grain: one row a name. Columns: name, page, query
select name, page, query
from saved_views
order by name asc
