-- What an order was promised and granted, which no part of the account needs: the promise, the warehouse, the shop's discount.
-- Grain: one row a shop and order_id.
-- Columns:
--   shop, order_id: key
--   ship_by: earliest promise; null where no file has one
--   warehouse: null where no file names one
--   discount_fen: 店铺优惠; 0 without one
select
    shop,
    order_id,
    min(ship_by) as ship_by,
    min(nullif(warehouse, '')) as warehouse,
    coalesce(sum(shop_discount_fen), 0)::bigint as discount_fen
from main.order_lines
group by shop, order_id
