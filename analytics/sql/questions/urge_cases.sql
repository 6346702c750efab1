-- The after-sales cases of one order.
-- Grain: one row a case.
-- Columns: case_id, is_open
select case_id, bool_or(is_open) as is_open
from marts.ledger
where shop = $shop and order_id = $order_id and case_id is not null
group by case_id
order by max(applied_at) desc nulls last, case_id asc nulls last
