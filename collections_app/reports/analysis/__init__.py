"""What a credit analyst works out from the statements: ratios, cash flows, comparisons, spread, covenants."""
