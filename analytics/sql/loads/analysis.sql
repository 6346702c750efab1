-- The kept answer of an analysis, of whatever version of the data.
-- Grain: one row at most. Columns: revision, version, answer, worked_out_at, seconds
select revision, version, answer, worked_out_at, seconds
from analyses
where name = $name and asked = $asked
order by version desc
limit 1
