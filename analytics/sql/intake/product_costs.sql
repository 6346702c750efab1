-- Grain: one row a row of the block. Columns: those of product_costs but load_id, shop, progress, content_hash.
-- A cost without a date holds always. row_at is null: what was typed later wins by the time of the workbook, not by its date.
select
    $sheet::varchar as source_sheet,
    source_row,
    $exported_at::timestamp as exported_at,
    null::timestamp as row_at,
    $platform::varchar as platform,
    product_id,
    coalesce(sku, '') as sku,
    coalesce(effective_from, date '1970-01-01') as effective_from,
    unit_cost_fen
from typed
