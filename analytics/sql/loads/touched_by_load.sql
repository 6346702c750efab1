-- Grain: one key of the staged file whose current row has to be chosen: its content is not the current one, or it comes twice.
create or replace temp table touched as
with changed as (
    select {keys}
    from sighted
    where content_hash <> current_hash
),

repeated as (
    select {keys}
    from sighted
    group by {keys}
    having count(*) > 1
)

select distinct {keys}
from (
    select {keys} from changed
    union all
    select {keys} from repeated
) as both_kinds
