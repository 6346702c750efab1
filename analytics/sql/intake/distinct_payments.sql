-- Grain: one row a small payment of the file. Columns: those of the staged file; the same order, time and amount count once.
select
    min(source_sheet) as source_sheet,
    min(source_row)::integer as source_row,
    order_id,
    paid_at,
    amount_fen,
    bool_or(is_postage) as is_postage
from read_parquet($path)
group by order_id, paid_at, amount_fen
order by source_sheet nulls first, source_row, paid_at, amount_fen
