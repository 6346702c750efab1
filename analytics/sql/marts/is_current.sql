-- Says whether the marts are those of the facts and texts of now.
-- Grain: one row
-- Columns: is_current
select count(*) = 1 as is_current
from marts.state as state
inner join main.ledger_version as ledger_version on ledger_version.version = state.version
where state.definition = $definition
