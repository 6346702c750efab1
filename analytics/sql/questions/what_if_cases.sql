-- The finished cases of a period on their lines, with what prices them, earliest case of an order first.
-- Grain: one row a case and line.
-- Columns: line_at, order_at, case_at (places counted from 0), is_chosen, case_rank, is_lead, is_refund, gives_money_back, counts,
--   takes_refund, uncut_stage, may_be_cut, reason, reason_word, is_urged, priced_on, share_fen, refund_fen, case_refund_fen,
--   bears_parcel, bears_return_booking, bears_bookings, has_kept_fees, has_postage_back, order_kept_fees_fen, order_penalty_fen,
--   order_relief_fen, booked_return_fen
with
chosen as (
{chosen}
)

select
    chosen.line_at,
    chosen.order_at,
    dense_rank() over (order by cases.shop asc nulls last, cases.case_id asc nulls last) - 1 as case_at,
    coalesce(chosen.is_chosen, false) as is_chosen,
    cases.case_rank,
    cases.is_lead,
    cases.is_refund,
    cases.gives_money_back,
    cases.counts,
    cases.takes_refund,
    cases.uncut_stage,
    cases.may_be_cut,
    cases.reason,
    cases.reason_word,
    list_contains(string_split(cases.tool, '+'), 'urge_ship') as is_urged,
    cases.priced_on,
    cases.share_fen,
    cases.refund_fen,
    cases.case_refund_fen,
    cases.bears_parcel,
    cases.bears_return_booking,
    cases.bears_bookings,
    cases.has_kept_fees,
    coalesce(cases.has_postage_back, false) as has_postage_back,
    cases.order_kept_fees_fen,
    cases.order_penalty_fen,
    cases.order_relief_fen,
    cases.booked_return_fen
from marts.case_inputs as cases
inner join chosen on chosen.shop = cases.shop and chosen.order_key = cases.order_key and chosen.line_ref = cases.line_ref
where not cases.is_open
order by chosen.order_at asc nulls last, cases.case_rank asc nulls last, chosen.line_at asc nulls last
