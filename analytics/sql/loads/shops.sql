-- Grain: one shop in the order of its first load. Columns: shop, is_sample.
select shop, is_sample
from shops
order by created_at, shop
