-- Writes down which orders of a shop an alarm was seen for, each once.
insert into urge_acknowledged
select $shop as shop, order_id, $now as acknowledged_at, $actor as acknowledged_by
from (select unnest($order_ids::varchar[]) as order_id) as seen
where not exists (
    select 1 from urge_acknowledged as known where known.shop = $shop and known.order_id = seen.order_id
)
