-- Shares only grow and never exceed the whole: what a case refunds so far lies between what was booked before it and P. Failing: a
-- row of the account outside.
select shop, case_id, line_ref, booked_share_fen, share_fen, receivable_fen
from marts.ledger
where (receivable_fen > 0 and share_fen > receivable_fen)
    or share_fen < 0
    or booked_share_fen < 0
    or (takes_part and booked_share_fen > share_fen)
