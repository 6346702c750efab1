-- Grain: one key that has more than one version.
create or replace temp table touched as
select distinct {keys}
from {fact}_superseded
