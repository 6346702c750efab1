-- Freight out, insurance and intercept are charged on one finished case of an order. Failing: an order that is charged on several.
select
    shop,
    order_key,
    count(*) filter (where freight_fen + packing_fen <> 0) as freight_count,
    count(*) filter (where premium_fen <> 0) as premium_count,
    count(*) filter (where intercept_fen <> 0) as intercept_count
from marts.ledger
where not is_open
group by shop, order_key
having count(*) filter (where freight_fen + packing_fen <> 0) > 1
    or count(*) filter (where premium_fen <> 0) > 1
    or count(*) filter (where intercept_fen <> 0) > 1
