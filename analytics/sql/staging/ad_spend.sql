-- Advertising spend as the newest file says.
-- Grain: one row a shop, spent_on, channel, streamer_id and spend_type.
-- Columns:
--   shop, spent_on, channel, streamer_id, spend_type: key; channel and streamer_id are '' when the row names none
--   amount_fen
--   load_id, source_sheet, source_row: where the row comes from
select shop, spent_on, channel, streamer_id, spend_type, amount_fen, load_id, source_sheet, source_row
from main.ad_spend
