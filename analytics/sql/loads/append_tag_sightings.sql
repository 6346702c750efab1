-- Adds the tags that a load brings.
insert into tag_sightings by name
select $load_id as load_id, $shop as shop, *
from read_parquet($file)
