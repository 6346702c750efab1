-- Grain: one row a bad row of the block. Columns: cells (JSON of what may be shown), bad_fields, bad_cells (what may be shown of
-- them). A template: the reader fills in the format's columns.
select
    json_object($cells)::varchar as cells,
    list_filter([$bad_fields], lambda name: name is not null) as bad_fields,
    list_filter([$bad_cells], lambda shown: shown is not null) as bad_cells
from read_cells
