-- Grain: one row a row of the block. Columns: those of cost_settings but load_id, shop, progress, content_hash.
-- name, scope, value and state have been read by the rules of the cost settings before they get here.
select
    $sheet::varchar as source_sheet,
    source_row,
    $exported_at::timestamp as exported_at,
    null::timestamp as row_at,
    $platform::varchar as platform,
    name,
    coalesce(scope, '') as scope,
    coalesce(effective_from, date '1970-01-01') as effective_from,
    try_cast(split_part(value, chr(31), 2) as bigint) as value,
    split_part(value, chr(31), 1) as state
from typed
