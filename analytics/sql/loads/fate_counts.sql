-- Grain: one fate of rows of one part of the staged file. Columns: fate, part (parts of $part_rows rows, from 0), row_count.
select fate, row_no // $part_rows as part, count(*) as row_count
from fates
group by fate, row_no // $part_rows
order by fate, part
