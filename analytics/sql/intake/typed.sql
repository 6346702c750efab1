-- Grain: one row a row of the block. Columns: source_row, every field of the kind, has_<field> (the file has the column), is_bad.
-- A template: the reader fills in the fields of the format (reads), the rest of the kind (absent) and the problem test (is_bad).
create or replace temp view typed as
with
read_cells as (
    select
        source_row,
        $reads
    from raw
),
present as (
    select * from read_cells
    where not ($is_blank_row)
)
select
    source_row,
    $fields,
    $is_bad as is_bad
from present
