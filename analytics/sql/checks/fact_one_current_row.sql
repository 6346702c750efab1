-- A key has exactly one current row, also where it has superseded ones. Failing: a key with another number of them.
with keyed as (
    select {keys}, 1 as current_count from {fact}
    union all
    select {keys}, 0 as current_count from {fact}_superseded
)

select {keys}, sum(current_count) as current_count
from keyed
group by {keys}
having sum(current_count) <> 1
