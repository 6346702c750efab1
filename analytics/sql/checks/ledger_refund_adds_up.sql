-- The parts of a refund on the lines of its case add up to it. Failing: a case whose parts do not.
select shop, case_id, max(case_refund_fen) as case_refund_fen, sum(refund_fen)::bigint as parts_fen
from marts.ledger
group by shop, case_id
having min(case_refund_fen) is distinct from max(case_refund_fen)
    or max(case_refund_fen) is distinct from sum(refund_fen)::bigint
