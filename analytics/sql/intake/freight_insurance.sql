-- Grain: one row a charge of the block. Columns: those of freight_insurance but load_id, shop, progress, content_hash.
select
    $sheet::varchar as source_sheet,
    source_row,
    $exported_at::timestamp as exported_at,
    effective_at as row_at,
    $platform::varchar as platform,
    charge_id,
    order_id,
    effective_at,
    merchant_fee_fen
from typed
