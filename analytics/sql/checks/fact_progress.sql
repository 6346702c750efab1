-- The stored progress of a row is what the words mean today. Failing: a row with another.
select {keys}, progress, ({progress})::smallint as meant_progress
from {fact}
where progress <> ({progress})::smallint
