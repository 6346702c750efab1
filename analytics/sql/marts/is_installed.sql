-- Says whether the views are installed by the texts of now.
-- Grain: one row
-- Columns: is_installed
select count(*) = 1 as is_installed
from marts.installed
where definition = $definition
