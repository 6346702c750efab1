-- The rows behind one finding, most money first, with the line of the file that each comes from.
-- Grain: that of the finding.
-- Columns: shop, order_id, case_id, item, happened_at, amount_fen, source_file, source_row
with
items as (
{items}
)

select
    items.shop,
    items.order_id,
    items.case_id,
    items.item,
    items.happened_at,
    items.amount_fen,
    files.file_name || coalesce(' [' || items.source_sheet || ']', '') as source_file,
    items.source_row
from items
left join staging.source_files as files on files.load_id = items.load_id
where items.detail = $detail
order by
    abs(items.amount_fen) desc nulls last,
    items.happened_at desc nulls last,
    items.shop asc nulls last,
    items.order_id asc nulls last,
    items.case_id asc nulls last,
    items.load_id asc nulls last,
    items.source_sheet asc nulls last,
    items.source_row asc nulls last,
    items.amount_fen asc nulls last,
    items.item asc nulls last
limit $most
