-- What each word of an export means; an operator's own mapping wins.
-- Grain: one row a field and word.
-- Columns:
--   field, word, meaning
with
ranked as (
    select
        field,
        word,
        meaning,
        row_number() over (partition by field, word order by is_operators desc nulls last, meaning asc nulls last) as preference
    from main.words
)

select field, word, meaning
from ranked
where preference = 1
