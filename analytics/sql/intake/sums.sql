-- Grain: one row. Columns: money_in_fen, first_at, last_at.
select
    coalesce(sum($money_fen), 0)::bigint as money_in_fen,
    min($period) as first_at,
    max($period) as last_at
from read_parquet($path)
