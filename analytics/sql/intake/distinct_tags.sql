-- Grain: one row an order and tool of the file. Columns: those of the staged file; an order's lines say the same thing once.
select
    min(source_sheet) as source_sheet,
    min(source_row)::integer as source_row,
    order_id,
    tool,
    min(tagged_at) as tagged_at,
    min(seen_at) as seen_at,
    max(use_count) as use_count,
    any_value(outcome) as outcome,
    any_value(amount_fen) as amount_fen
from read_parquet($path)
group by order_id, tool
order by source_sheet nulls first, source_row, tool
