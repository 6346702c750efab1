-- There is one version of the data, and one row for each shop. Failing: another number of versions, a shop that is there twice.
select 'ledger_version' as what, count(*) as row_count
from ledger_version
having count(*) <> 1
union all
select shop as what, count(*) as row_count
from shops
group by shop
having count(*) > 1
