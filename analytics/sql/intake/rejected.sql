-- Grain: one row a bad row of the block. Columns: source_row, cells (JSON of what may be shown), bad_fields.
-- A template: the reader fills in the format's columns.
with
read_cells as (
    select
        *,
        $reads
    from raw
)
select
    source_row,
    json_object($cells)::varchar as cells,
    list_filter([$bad_fields], field -> field is not null) as bad_fields
from read_cells
where not ($is_blank_row) and ($is_bad)
order by source_row
