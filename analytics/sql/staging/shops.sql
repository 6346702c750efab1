-- The shops of the database.
-- Grain: one row a shop.
-- Columns:
--   shop, is_sample
select shop, is_sample
from main.shops
