insert into {fact} by name
select * from promoted
