-- Grain: one row. How many rows of the file are new, updated, unchanged, and older among those.
select
    count(*) filter (where counts_as = 'new') as new_count,
    count(*) filter (where counts_as = 'updated') as updated_count,
    count(*) filter (where counts_as = 'unchanged') as unchanged_count,
    count(*) filter (where is_older) as older_count
from fates
