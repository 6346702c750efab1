select version from ledger_version
