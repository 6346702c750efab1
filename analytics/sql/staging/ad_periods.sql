-- The days that the spend files cover: inside them a day without spend is a real 0.
-- Grain: one row a shop that has spend files.
-- Columns:
--   shop, first_day, last_day
select shop, min(spent_on) as first_day, max(spent_on) as last_day
from staging.ad_spend
group by shop
