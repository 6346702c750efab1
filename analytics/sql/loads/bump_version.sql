-- Moves the version of the data on.
update ledger_version set version = version + 1
