-- Grain: one load. Columns: the table loads.
select *
from loads
where load_id = $load_id
