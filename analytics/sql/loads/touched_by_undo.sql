-- Grain: one key that the load has shown and that has more than one version: its current row may be another without the load.
create or replace temp table touched as
with shown as (
    select {keys} from {fact} where load_id = $load_id
    union all
    select {keys} from {fact}_superseded where load_id = $load_id
    union all
    select {keys} from {fact}_repeats where load_id = $load_id
)

select distinct {keys}
from {fact}_superseded
semi join shown using ({keys})
