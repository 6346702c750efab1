-- Grain: one row a row of the block. Columns: those of tag_sightings but load_id, shop.
-- A plain list of orders has no tool column: its list kind names the tool. An order on which no tool was used (无) leaves no row.
select
    $sheet::varchar as source_sheet,
    source_row,
    order_id,
    coalesce(tool, $list_kind::varchar) as tool,
    tagged_at,
    $exported_at::timestamp as seen_at,
    use_count,
    outcome,
    amount_fen
from typed
where tool is distinct from 'none'
