"""The chain that events are links of: its key, its digests, and the proof that nothing was changed."""
