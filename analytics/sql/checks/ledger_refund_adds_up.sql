-- What a case gives back, in parts on its lines, adds up to its refund; a case that gives nothing back has no parts. Failing: a case
-- whose parts add up to something else.
select shop, case_id, max(case_refund_fen) as case_refund_fen, sum(refund_fen)::bigint as parts_fen
from marts.ledger
group by shop, case_id
having min(case_refund_fen) is distinct from max(case_refund_fen)
    or (
        max(case_refund_fen) is distinct from sum(refund_fen)::bigint
        and (bool_or(gives_money_back) or coalesce(sum(refund_fen), 0) <> 0)
    )
