-- Grain: one row a word of the column. Columns: word.
select distinct
    $column as word
from read_parquet($path)
where $column is not null
order by word
