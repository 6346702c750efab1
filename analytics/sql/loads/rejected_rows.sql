-- Grain: one row that a load set aside. Columns: source_sheet, source_row, cells (a JSON object).
select source_sheet, source_row, cells
from load_rejects
where load_id = $load_id
order by source_sheet nulls first, source_row
