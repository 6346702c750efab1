-- Who has done a deed of this kind, in the order of the first time.
-- Grain: one row a name. Columns: actor
select actor
from audit_log
where action = $action
group by actor
order by min(happened_at) asc, actor asc
