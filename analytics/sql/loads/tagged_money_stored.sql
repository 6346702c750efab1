-- Grain: one row. What the ledger holds of a list of tagged orders, in fen.
select coalesce(sum(amount_fen), 0)::bigint as money_stored_fen
from tag_sightings
where load_id = $load_id
