-- Grain: one row a key that stands in the file with different values. Columns: rows (where it stands), setting (the key, dates left out).
-- A template: the kind fills in its keys and its value.
select
    list(concat_ws('', '「' || source_sheet || '」', '第 ' || source_row || ' 行') order by source_sheet, source_row) as rows,
    any_value(concat_ws(' ', $shown)) as setting
from read_parquet($path)
group by $keys
having count(distinct $value) > 1
order by min(source_row)
