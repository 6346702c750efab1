-- Keeps the rows of the staged file that have this fate, in the order in which questions read them.
insert into {stored} by name
with staged as (
    select file_row_number as row_no, * exclude (file_row_number)
    from read_parquet($file, file_row_number = true)
),

kept as (
    select sighted.row_no, sighted.progress
    from sighted
    semi join (select row_no from fates where fate = $fate) as fated using (row_no)
)

select $load_id as load_id, $shop as shop, kept.progress, staged.* exclude (row_no)
from staged
join kept using (row_no)
order by staged.{sorted_by} nulls last, staged.row_no
