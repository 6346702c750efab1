-- Grain: one row. The money of a staged file, in fen.
select coalesce(sum({money}), 0)::bigint as money_staged_fen
from read_parquet($file)
