"""What the lender's page shows of the reports, as texts that are kept and shown without arithmetic."""
