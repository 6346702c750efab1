-- Grain: that of read_cells. Columns: value and tests of every column.
-- A template: the reader fills in the format's columns.
select
    $columns
from read_cells
