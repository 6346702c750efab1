-- Where a fact comes from: the file of its load.
-- Grain: one row a load.
-- Columns:
--   load_id, file_name
select load_id, file_name
from main.loads
