"""The domain: lenders ask, borrowers connect, workers collect, reports result."""
