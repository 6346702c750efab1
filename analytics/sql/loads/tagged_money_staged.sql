-- Grain: one row. The money of a staged list of tagged orders, in fen.
select coalesce(sum(amount_fen), 0)::bigint as money_staged_fen
from read_parquet($file)
