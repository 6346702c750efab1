-- Grain: one sighting of a version of a touched key. Repeats carry no rank of their own but their export time.
create or replace temp table candidates as
select {keys}, content_hash, progress, row_at, exported_at, true as is_stored
from {fact}
semi join touched using ({keys})
union all
select {keys}, content_hash, progress, row_at, exported_at, true as is_stored
from {fact}_superseded
semi join touched using ({keys})
union all
select {keys}, content_hash, null as progress, null as row_at, exported_at, true as is_stored
from {fact}_repeats
semi join touched using ({keys})
