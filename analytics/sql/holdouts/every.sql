-- All hold-outs, the newest first, with the orders they have.
-- Grain: one row a hold-out. Columns: those of holdouts, order_count, held_out_count
select
    holdouts.*,
    count(orders.order_id) as order_count,
    count(case when orders.is_held_out then 1 end) as held_out_count
from holdouts
left join holdout_orders as orders on orders.holdout_id = holdouts.holdout_id
group by all
order by holdouts.holdout_id desc
