"""A credible group of companies, written as a company folder: the same for the same arguments.

Everything starts from documents: invoices and bills with their payments, credits and advances, payroll,
assets, loans, taxes, trade between the entities. Postings follow from them, so subledgers tie to their
control accounts because they are the same events. Amounts are whole cents throughout.
"""
