-- A line that is refunded in full books exactly its acquisition. Failing: a line that books more or less.
with
booked as (
    select
        shop,
        order_key,
        line_ref,
        max(share_fen) as share_fen,
        max(receivable_fen) as receivable_fen,
        sum(acquisition_actual_fen + acquisition_set_fen + acquisition_assumed_fen)::bigint as booked_fen
    from marts.ledger
    where is_refund and takes_part
    group by shop, order_key, line_ref
    having not bool_or(is_acquisition_unknown)
)

select shop, order_key, line_ref, booked.booked_fen, round(lines.acquisition_ufen / 1000000.0)::bigint as acquisition_fen
from booked
inner join marts.lines as lines using (shop, order_key, line_ref)
where booked.receivable_fen > 0
    and booked.share_fen >= booked.receivable_fen
    and lines.acquisition_doubt < 3
    and abs(booked.booked_fen * 1000000 - lines.acquisition_ufen) > 500000
