-- Take orders into a hold-out, those left out that it has already.
insert into holdout_orders
select $holdout_id, wanted.order_id, wanted.is_held_out, wanted.since_at, $assigned_at
from (
    select
        unnest($order_ids::varchar[]) as order_id,
        unnest($held_out::boolean[]) as is_held_out,
        unnest($since::timestamp[]) as since_at
) as wanted
left join holdout_orders as held on held.holdout_id = $holdout_id and held.order_id = wanted.order_id
where held.order_id is null
