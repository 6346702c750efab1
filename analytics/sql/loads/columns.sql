-- Grain: none. Columns: those that a staged file of this fact has.
select * exclude (load_id, shop, progress)
from {fact}
limit 0
