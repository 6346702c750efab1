-- Fund flow with what its remark books and the order it belongs to; frozen money (资金冻结) is left out.
-- Grain: one row a shop and flow_id.
-- Columns:
--   shop, flow_id: key
--   order_key: the order; null when the business number finds none
--   books: return_freight, penalty, compensation, small_payment, kept_fee; null when the remark means nothing
--   business_no, flow_type, remark_word, booked_at, cost_fen: as exported, a cost being positive
--   load_id, source_sheet, source_row: where the row comes from
with
flows as (
    select
        flows.shop,
        flows.flow_id,
        flows.business_no,
        flows.flow_type,
        flows.remark_word,
        flows.booked_at,
        flows.cost_fen,
        flows.load_id,
        flows.source_sheet,
        flows.source_row,
        words.meaning as books
    from main.fund_flows as flows
    left join staging.words as words
        on words.field = 'fund_flow_remark' and words.word = flows.remark_word
    where coalesce(flows.flow_type, '') <> '资金冻结'
),

numbers as (
    select distinct shop, business_no
    from flows
    where business_no <> ''
),

order_numbers as (
    select distinct numbers.shop, numbers.business_no
    from numbers
    inner join main.order_lines as lines
        on lines.shop = numbers.shop and lines.order_id = numbers.business_no
),

case_order_numbers as (
    select distinct numbers.shop, numbers.business_no
    from numbers
    inner join staging.cases as cases
        on cases.shop = numbers.shop and cases.order_id = numbers.business_no
),

case_numbers as (
    select numbers.shop, numbers.business_no, cases.order_key
    from numbers
    inner join staging.cases as cases
        on cases.shop = numbers.shop and cases.case_id = numbers.business_no
)

select
    flows.shop,
    flows.flow_id,
    case
        when order_numbers.business_no is not null or case_order_numbers.business_no is not null then flows.business_no
        else case_numbers.order_key
    end as order_key,
    flows.books,
    flows.business_no,
    flows.flow_type,
    flows.remark_word,
    flows.booked_at,
    flows.cost_fen,
    flows.load_id,
    flows.source_sheet,
    flows.source_row
from flows
left join order_numbers
    on order_numbers.shop = flows.shop and order_numbers.business_no = flows.business_no
left join case_order_numbers
    on case_order_numbers.shop = flows.shop and case_order_numbers.business_no = flows.business_no
left join case_numbers
    on case_numbers.shop = flows.shop and case_numbers.business_no = flows.business_no
