-- Grain: one row a booking of the block. Columns: those of fund_flows but load_id, shop, progress, content_hash.
-- cost_fen: the direction gives the sign; without one the amount's own sign is that of the account (minus = cost).
select
    $sheet::varchar as source_sheet,
    source_row,
    $exported_at::timestamp as exported_at,
    booked_at as row_at,
    $platform::varchar as platform,
    flow_id,
    coalesce(business_no, '') as business_no,
    booked_at,
    flow_type,
    (
        select phrases.word
        from phrases
        where regexp_matches(regexp_replace(concat_ws('', description, remark), '[^\p{Han}]', '', 'g'), phrases.pattern)
        order by phrases.rank
        limit 1
    ) as remark_word,
    case direction when 'in' then -abs(amount_fen) when 'out' then abs(amount_fen) else -amount_fen end as cost_fen
from typed
