-- The orders that hold-outs of the shipping tools leave to their normal turn, until they end.
-- Grain: one row a shop and order. Columns: shop, order_id
select distinct holdouts.shop, orders.order_id
from holdout_orders as orders
inner join holdouts on holdouts.holdout_id = orders.holdout_id
where
    orders.is_held_out
    and holdouts.ended_at is null
    and holdouts.tool in ('urge_ship', 'priority_ship')
    and (len($shops::varchar[]) = 0 or list_contains($shops::varchar[], holdouts.shop))
order by holdouts.shop asc nulls last, orders.order_id asc nulls last
