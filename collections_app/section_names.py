"""The sections of the standard list of categories, as headings for a reader."""

from django.utils.translation import gettext_lazy

SECTION_NAMES = {
    "Cost of Revenue": gettext_lazy("Cost of Revenue"),
    "Current Assets": gettext_lazy("Current Assets"),
    "Current Assets (contra)": gettext_lazy("Current Assets (contra)"),
    "Current Liabilities": gettext_lazy("Current Liabilities"),
    "Depreciation and Amortization": gettext_lazy("Depreciation and Amortization"),
    "Equity": gettext_lazy("Equity"),
    "Equity (contra)": gettext_lazy("Equity (contra)"),
    "Fixed Assets": gettext_lazy("Fixed Assets"),
    "Fixed Assets (contra)": gettext_lazy("Fixed Assets (contra)"),
    "Income Taxes": gettext_lazy("Income Taxes"),
    "Intangible Assets": gettext_lazy("Intangible Assets"),
    "Long-Term Liabilities": gettext_lazy("Long-Term Liabilities"),
    "Operating Expenses": gettext_lazy("Operating Expenses"),
    "Operating Expenses - payroll": gettext_lazy("Operating Expenses - payroll"),
    "Other Assets": gettext_lazy("Other Assets"),
    "Other Assets or other comprehensive income (review)": gettext_lazy(
        "Other Assets or other comprehensive income (review)"
    ),
    "Other Expense": gettext_lazy("Other Expense"),
    "Other Expense (interest)": gettext_lazy("Other Expense (interest)"),
    "Other Income": gettext_lazy("Other Income"),
    "Other Income (interest)": gettext_lazy("Other Income (interest)"),
    "Other Income / Other Expense": gettext_lazy("Other Income / Other Expense"),
    "Revenue": gettext_lazy("Revenue"),
    "Revenue (intercompany)": gettext_lazy("Revenue (intercompany)"),
}
