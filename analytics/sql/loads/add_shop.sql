-- Remembers a shop, unless it is known.
insert into shops
select $shop, $is_sample, $now
where not exists (select 1 from shops where shop = $shop)
