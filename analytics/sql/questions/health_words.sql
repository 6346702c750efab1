-- The words of the exports that nobody has given a meaning, and those that the operator has, with the rows that say
-- them.
-- Grain: one row a field and word.
-- Columns: field, word, meaning (the operator's; null: nobody knows the word), program_meaning (what it means without
--   the operator's, null: nothing), row_count, amount_fen (of orders the receivable, of cases the refund; null where no
--   row has money)
with
chosen_shops as (
    select shop
    from staging.shops
    where list_contains($shops, shop)
),

said as (
    select word_rows.field, word_rows.word, count(*) as row_count, sum(word_rows.amount_fen)::bigint as amount_fen
    from staging.word_rows as word_rows
    left join staging.own_words as own on own.field = word_rows.field and own.word = word_rows.word
    where (word_rows.meaning is null or own.word is not null) and word_rows.shop in (select shop from chosen_shops)
    group by word_rows.field, word_rows.word
)

select
    coalesce(said.field, own.field) as field,
    coalesce(said.word, own.word) as word,
    own.meaning,
    own.program_meaning,
    coalesce(said.row_count, 0) as row_count,
    said.amount_fen
from said
full outer join staging.own_words as own on own.field = said.field and own.word = said.word
order by row_count desc nulls last, field asc nulls last, word asc nulls last
