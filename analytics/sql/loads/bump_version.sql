update ledger_version set version = version + 1
