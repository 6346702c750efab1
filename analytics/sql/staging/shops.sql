-- The shops of the database; one whose every load was taken back is none.
-- Grain: one row a shop.
-- Columns:
--   shop, is_sample
select shops.shop, shops.is_sample
from main.shops
where exists (select 1 from main.loads where loads.shop = shops.shop and loads.undone_at is null)
