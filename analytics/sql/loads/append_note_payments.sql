-- Adds the small payments that a load read from order notes.
insert into note_payments by name
select $load_id as load_id, $shop as shop, *
from read_parquet($file)
