"""The checks that prove the reports: what was expected, what was found, and in one sentence what it means."""
