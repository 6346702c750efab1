-- Every amount that a file books to an order, whatever the file.
-- Grain: one row a booked amount.
-- Columns:
--   shop, order_key
--   books: return_freight, penalty, compensation, kept_fee (fund flow), premium (insurance), fees, kept_fees (settlement),
--       small_payment, postage_payment (a small payment that its note calls postage)
--   amount_fen: a cost is positive
select shop, order_key, books, cost_fen as amount_fen
from staging.fund_flows
where order_key is not null and books in ('return_freight', 'penalty', 'compensation', 'kept_fee')
union all
select shop, order_key, case when is_postage then 'postage_payment' else 'small_payment' end as books, amount_fen
from staging.small_payments
union all
select shop, order_id as order_key, 'premium' as books, merchant_fee_fen as amount_fen
from main.freight_insurance
union all
select shop, order_id as order_key, 'fees' as books, coalesce(technical_fee_fen, 0) + coalesce(commission_fen, 0) as amount_fen
from main.settlements
union all
select
    shop,
    order_id as order_key,
    'kept_fees' as books,
    coalesce(technical_fee_fen, 0) + coalesce(commission_fen, 0) + coalesce(other_fee_fen, 0) as amount_fen
from main.settlements
