-- Grain: one row. Columns: has_repeats (some order id may stand in more than one row; equal hashes are enough to look closer).
select
    count(*) > count(distinct hash(order_id)) as has_repeats
from read_parquet($path)
