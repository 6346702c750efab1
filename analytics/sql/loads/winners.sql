-- Grain: one touched key with the content that is to be current: highest (progress, newest time in the row, latest export time
-- over all its sightings, content hash).
create or replace temp table winners as
with versions as (
    select
        {keys},
        content_hash,
        max(progress) as progress,
        max(row_at) as row_at,
        max(exported_at) as exported_at
    from candidates
    group by {keys}, content_hash
)

select {keys}, content_hash as winning_hash
from versions
qualify row_number() over (
    partition by {keys}
    order by progress desc nulls last, row_at desc nulls last, exported_at desc nulls last, content_hash desc
) = 1
