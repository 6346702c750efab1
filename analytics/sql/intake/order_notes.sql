-- Grain: one row a note of the block that speaks of a small payment. Columns: source_row, order_id, note.
select
    source_row,
    order_id,
    note
from typed
where not is_bad and contains(note, '小额打款')
order by source_row
