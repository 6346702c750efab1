-- Adds the rows that a load set aside.
insert into load_rejects by name
select $load_id as load_id, source_sheet, source_row, cells
from read_parquet($file)
