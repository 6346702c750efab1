-- The shops there are, real ones first.
-- Grain: one row a shop.
-- Columns: shop, is_sample
select shop, is_sample
from staging.shops
order by is_sample, shop
