-- Grain: one row a day, channel, streamer and type of spend. Columns: those of the staged file; a report's lines add up.
select
    min(source_sheet) as source_sheet,
    min(source_row)::integer as source_row,
    any_value(exported_at) as exported_at,
    max(row_at) as row_at,
    any_value(platform) as platform,
    spent_on,
    channel,
    streamer_id,
    spend_type,
    sum(amount_fen)::bigint as amount_fen,
    md5_number_lower(concat_ws(chr(31), spent_on, channel, streamer_id, spend_type, sum(amount_fen))) as content_hash
from read_parquet($path)
group by spent_on, channel, streamer_id, spend_type
order by source_row
