"""Refund Ledger: what refunds really cost a shop, to the fen."""
