-- Makes the winners current that were superseded.
insert into {fact} by name
select * from promoted
