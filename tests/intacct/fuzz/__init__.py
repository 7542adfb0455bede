"""Fuzzing of everything that reads what the gateway sends: ``python -m tests.intacct.fuzz``."""
