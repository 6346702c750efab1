-- Grain: one row. Columns: version of the data.
select version from ledger_version
