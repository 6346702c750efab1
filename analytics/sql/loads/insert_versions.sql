-- Keeps the rows of one part of the staged file that have this fate, in the order in which questions read them.
insert into {stored} by name
with staged as (
    select file_row_number as row_no, * exclude (file_row_number)
    from read_parquet($file, file_row_number = true)
    where file_row_number >= $part * $part_rows and file_row_number < ($part + 1) * $part_rows
),

fated as (
    select row_no
    from fates
    where fate = $fate and row_no >= $part * $part_rows and row_no < ($part + 1) * $part_rows
),

kept as (
    select row_no, progress
    from sighted
    semi join fated using (row_no)
    where row_no >= $part * $part_rows and row_no < ($part + 1) * $part_rows
)

select $load_id as load_id, $shop as shop, kept.progress, staged.* exclude (row_no)
from staged
join kept using (row_no)
order by staged.{sorted_by} nulls last, staged.row_no
