-- Grain: one problem of one of the loads, in the order of the file.
select load_id, source_row, column_name, found, expected, remedy, source_sheet
from load_problems
where list_contains($load_ids::bigint[], load_id)
order by load_id, source_sheet nulls first, source_row nulls first, column_name nulls first
