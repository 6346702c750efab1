-- Grain: one row a settlement of the block. Columns: those of settlements but load_id, shop, progress, content_hash.
-- The bill has no id of its own: order, product, time and the three totals name a row.
select
    $sheet::varchar as source_sheet,
    source_row,
    $exported_at::timestamp as exported_at,
    settled_at as row_at,
    $platform::varchar as platform,
    concat_ws(
        chr(31), order_id, coalesce(product_id, ''), coalesce(settled_at::varchar, ''), coalesce(settled_fen::varchar, ''),
        coalesce(income_fen::varchar, ''), coalesce(expense_fen::varchar, '')
    ) as settlement_ref,
    order_id,
    coalesce(product_id, '') as product_id,
    settled_at,
    paid_fen,
    refund_fen,
    case when technical_fee_fen is not null or presale_fee_fen is not null
        then coalesce(technical_fee_fen, 0) + coalesce(presale_fee_fen, 0) end as technical_fee_fen,
    case when coalesce(streamer_fee_fen, leader_fee_fen, affiliate_fee_fen, agency_fee_fen) is not null
        then coalesce(streamer_fee_fen, 0) + coalesce(leader_fee_fen, 0) + coalesce(affiliate_fee_fen, 0) + coalesce(agency_fee_fen, 0)
    end as commission_fen,
    other_fee_fen,
    settled_fen
from typed
