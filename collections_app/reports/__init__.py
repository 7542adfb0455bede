"""Financial statements from collected figures: pure arithmetic, no database, no network."""
