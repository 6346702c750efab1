-- Grain: one row a row of the block. Columns: those of ad_spend but load_id, shop, progress, content_hash.
select
    $sheet::varchar as source_sheet,
    source_row,
    $exported_at::timestamp as exported_at,
    spent_on::timestamp as row_at,
    $platform::varchar as platform,
    spent_on,
    coalesce(channel, '') as channel,
    coalesce(streamer_id, '') as streamer_id,
    coalesce(spend_type, '') as spend_type,
    amount_fen
from typed
