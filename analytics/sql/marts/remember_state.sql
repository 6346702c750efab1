-- Remembers of which version of the facts, and by which texts, the marts were built.
insert into marts.state (version, definition)
select version, $definition
from main.ledger_version
