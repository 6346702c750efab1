-- Money and times are possible ones: at most a thousand million yuan, below zero only where the fact knows it, from 2000 to 2100.
-- Failing: a row with another.
select load_id, source_row, {keys}, {money} as money_fen, {earliest} as earliest_at, {latest} as latest_at
from {fact}
where abs({money}) > 100000000000
    or ({money} < 0 and not {may_be_negative})
    or {earliest} < timestamp '2000-01-01'
    or {latest} >= timestamp '2101-01-01'
