-- Grain: one row. How many rows of the file are new, updated, unchanged, and older among those.
select
    coalesce(sum(folded_count) filter (where counts_as = 'new'), 0)::bigint as new_count,
    coalesce(sum(folded_count) filter (where counts_as = 'updated'), 0)::bigint as updated_count,
    coalesce(sum(folded_count) filter (where counts_as = 'unchanged'), 0)::bigint as unchanged_count,
    coalesce(sum(folded_count) filter (where is_older), 0)::bigint as older_count
from fates
