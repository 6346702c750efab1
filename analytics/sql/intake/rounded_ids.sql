-- Grain: one row of the first `rows` rows. Columns: is_rounded (five and more different ids of 16 digits and more, every one of them ending in 0).
select
    coalesce(bool_and(ends_with($column, '0')), false) and count(distinct $column) >= 5 as is_rounded
from (select $column from read_parquet($path) limit $rows)
where length($column) >= 16 and regexp_full_match($column, '[0-9]+')
