-- The urged orders that can be shipped, marks aside: what the alarm counts, quick enough for every page.
-- Grain: one row a shop and order_id.
-- Columns: shop, order_id, receivable_fen
select shop, order_id, receivable_fen
from ({waiting}) as waiting
where is_urged and not is_gone and not is_refund_open and not is_refunded
order by
    shop asc nulls last,
    order_id asc nulls last
