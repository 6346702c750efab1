-- The shops of a question that names none: all real ones; the sample's shop when there is no other.
-- Grain: one row a shop.
-- Columns: shop
select shop
from staging.shops
where not is_sample or not exists (select 1 from staging.shops as others where not others.is_sample)
order by shop asc nulls last
