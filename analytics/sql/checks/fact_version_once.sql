-- A version (key and content) is stored exactly once, and so is every version that a repeat points at. Failing: a version that is not.
with versions as (
    select {keys}, content_hash, 1 as stored_count from {fact}
    union all
    select {keys}, content_hash, 1 as stored_count from {fact}_superseded
    union all
    select {keys}, content_hash, 0 as stored_count from {fact}_repeats
)

select {keys}, content_hash, sum(stored_count) as stored_count
from versions
group by {keys}, content_hash
having sum(stored_count) <> 1
