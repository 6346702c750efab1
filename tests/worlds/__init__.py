"""Invented worlds of known truth, for tests and benchmarks of methods."""
