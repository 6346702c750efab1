-- A load has one receipt, and a file is held once by a shop for a list. Failing: a load_id or a file that is there twice.
select load_id::varchar as twice, count(*) as load_count
from loads
group by load_id
having count(*) > 1
union all
select sha256 as twice, count(*) as load_count
from loads
where undone_at is null
group by sha256, shop, list_kind
having count(*) > 1
