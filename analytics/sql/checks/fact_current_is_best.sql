-- The current row of a key is its version with the highest (progress, newest time, latest export time over all sightings, content
-- hash). Failing: a key whose current row is another.
with sightings as (
    select {keys}, content_hash, progress, row_at, exported_at, true as is_current from {fact}
    union all
    select {keys}, content_hash, progress, row_at, exported_at, false as is_current from {fact}_superseded
    union all
    select {keys}, content_hash, null as progress, null as row_at, exported_at, false as is_current
    from {fact}_repeats
    semi join {fact}_superseded using ({keys})
),

versions as (
    select
        {keys},
        content_hash,
        max(progress) as progress,
        max(row_at) as row_at,
        max(exported_at) as exported_at,
        bool_or(is_current) as is_current
    from sightings
    group by {keys}, content_hash
),

ranked as (
    select
        {keys},
        content_hash,
        is_current,
        row_number() over (
            partition by {keys}
            order by progress desc nulls last, row_at desc nulls last, exported_at desc nulls last, content_hash desc
        ) as place
    from versions
)

select {keys}, content_hash
from ranked
where place = 1 and not is_current
