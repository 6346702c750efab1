-- Words of the exports that nobody has given a meaning yet.
-- Grain: one row a shop, field and word.
-- Columns:
--   shop, field, word: key
--   row_count: rows that say it
with
said as (
    select shop, 'order_status' as field, order_status as word, count(*) as row_count
    from main.order_lines
    group by shop, order_status
    union all
    select shop, 'order_after_sales' as field, after_sales_status as word, count(*) as row_count
    from main.order_lines
    group by shop, after_sales_status
    union all
    select shop, 'case_status' as field, status_word as word, count(*) as row_count
    from main.cases
    group by shop, status_word
    union all
    select shop, 'case_kind' as field, kind_word as word, count(*) as row_count
    from main.cases
    group by shop, kind_word
)

select said.shop, said.field, said.word, said.row_count
from said
left join staging.words as words on words.field = said.field and words.word = said.word
where coalesce(said.word, '') <> '' and words.word is null
