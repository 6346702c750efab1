-- Grain: one fate that rows of the staged file have. Columns: fate, row_count.
select fate, count(*) as row_count
from fates
group by fate
order by fate
