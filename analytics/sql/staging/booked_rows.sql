-- The rows of files that book amounts to orders, by the number they carry: quick to ask for one order, since nothing is joined
-- to find whose number it is.
-- Grain: one row a row of a file.
-- Columns:
--   shop, business_no: an order id or, in the fund flow, a case id
--   books: return_freight, penalty, compensation, kept_fee (fund flow), premium (insurance), kept_fees (settlement)
--   amount_fen: a cost is positive
--   load_id, source_sheet, source_row: where the row comes from
select
    flows.shop,
    flows.business_no,
    words.meaning as books,
    flows.cost_fen as amount_fen,
    flows.load_id,
    flows.source_sheet,
    flows.source_row
from main.fund_flows as flows
inner join staging.words as words
    on words.field = 'fund_flow_remark' and words.word = flows.remark_word
where coalesce(flows.flow_type, '') <> '资金冻结' and words.meaning in ('return_freight', 'penalty', 'compensation', 'kept_fee')
union all
select
    shop,
    order_id as business_no,
    'premium' as books,
    merchant_fee_fen as amount_fen,
    load_id,
    source_sheet,
    source_row
from main.freight_insurance
union all
select
    shop,
    order_id as business_no,
    'kept_fees' as books,
    coalesce(technical_fee_fen, 0) + coalesce(commission_fen, 0) + coalesce(other_fee_fen, 0) as amount_fen,
    load_id,
    source_sheet,
    source_row
from main.settlements
