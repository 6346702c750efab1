-- Grain: one row a good row of the block. Columns: source_row, every field of the kind, has_<field> (the file has the column).
-- A template: the reader fills in what the kind has beside the columns of the sheet.
create or replace temp view typed as
select
    *,
    $beside
from good
