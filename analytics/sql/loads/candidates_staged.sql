-- Adds the sightings of touched keys in the staged file to those that are stored.
insert into candidates
select {keys}, content_hash, progress, row_at, exported_at, false as is_stored
from sighted
semi join touched using ({keys})
