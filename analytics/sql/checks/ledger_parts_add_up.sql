-- What is known of the parts of logistics and handling is what is known of the component, however it is split by provenance; the
-- sales part of money given back is the refund. Failing: a row of the account where it is not.
with
summed as (
    select
        shop,
        case_id,
        line_ref,
        sales_actual_fen + sales_set_fen + sales_assumed_fen as sales_fen,
        case when gives_money_back then coalesce(refund_fen, 0) else 0 end as given_back_fen,
        logistics_actual_fen + logistics_set_fen + logistics_assumed_fen as logistics_fen,
        freight_fen + packing_fen + premium_fen + back_fen + intercept_fen + again_fen as logistics_parts_fen,
        handling_actual_fen + handling_set_fen + handling_assumed_fen as handling_fen,
        minutes_fen + fee_kept_fen + inspection_fen + penalty_fen + kept_fees_fen as handling_parts_fen
    from marts.ledger
    where not is_open
)

select *
from summed
where sales_fen <> given_back_fen or logistics_fen <> logistics_parts_fen or handling_fen <> handling_parts_fen
