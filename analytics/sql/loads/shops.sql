-- Grain: one shop in the order of its first load; one whose every load was taken back is none. Columns: shop, is_sample.
select shop, is_sample
from shops
where exists (select 1 from loads where loads.shop = shops.shop and loads.undone_at is null)
order by created_at, shop
