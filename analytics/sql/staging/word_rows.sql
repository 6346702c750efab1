-- Every row that says a word of the exports which needs a meaning, with the money that hangs on it.
-- Grain: one row an order line or case and field.
-- Columns:
--   shop, field, word
--   meaning: null when nobody has given the word one
--   order_id, case_id: case_id is null of an order's own words
--   product_id, happened_at
--   amount_fen: of an order its receivable, of a case its refund
--   load_id, source_sheet, source_row: where the row comes from
with
said as (
    select
        shop, 'order_status' as field, order_status as word, order_id, null::varchar as case_id, product_id,
        paid_at as happened_at, coalesce(paid_fen, 0) + coalesce(subsidy_fen, 0) as amount_fen, load_id, source_sheet, source_row
    from main.order_lines
    union all
    select
        shop, 'order_after_sales' as field, after_sales_status as word, order_id, null::varchar as case_id, product_id,
        paid_at as happened_at, coalesce(paid_fen, 0) + coalesce(subsidy_fen, 0) as amount_fen, load_id, source_sheet, source_row
    from main.order_lines
    union all
    select
        shop, 'case_status' as field, status_word as word, order_id, case_id, product_id,
        coalesce(finished_at, applied_at) as happened_at, refund_fen as amount_fen, load_id, source_sheet, source_row
    from main.cases
    union all
    select
        shop, 'case_kind' as field, kind_word as word, order_id, case_id, product_id,
        coalesce(finished_at, applied_at) as happened_at, refund_fen as amount_fen, load_id, source_sheet, source_row
    from main.cases
)

select
    said.shop,
    said.field,
    said.word,
    words.meaning,
    said.order_id,
    said.case_id,
    nullif(said.product_id, '') as product_id,
    said.happened_at,
    said.amount_fen,
    said.load_id,
    said.source_sheet,
    said.source_row
from said
left join staging.words as words on words.field = said.field and words.word = said.word
where coalesce(said.word, '') <> ''
