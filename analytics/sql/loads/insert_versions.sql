-- Keeps the rows of the staged file that have this fate, in the order in which questions read them.
insert into {stored} by name
with staged as (
    {rows}
),

kept as (
    select sighted.row_no, sighted.progress
    from sighted
    semi join (select row_no from fates where fate = $fate) as fated using (row_no)
)

select $load_id as load_id, $shop as shop, kept.progress, staged.* exclude (row_no, folded_count)
from staged
join kept using (row_no)
order by staged.{sorted_by} nulls last, staged.row_no
