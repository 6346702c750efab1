-- Grain: one load, newest first. Columns: the table loads. No shop given: all of them.
select *
from loads
where len($shops::varchar[]) = 0 or list_contains($shops::varchar[], shop)
order by load_id desc
