-- Rows in = new + updated + unchanged + rejected, money in = money stored. Failing: a receipt that does not add up.
select load_id, row_count, new_count, updated_count, unchanged_count, rejected_count, money_in_fen, money_stored_fen
from loads
where row_count <> new_count + updated_count + unchanged_count + rejected_count
    or older_count > unchanged_count
    or least(new_count, updated_count, unchanged_count, older_count, rejected_count) < 0
    or money_in_fen <> money_stored_fen
