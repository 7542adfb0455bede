"""The collected tables in the words of an accountant."""

from django.utils.translation import gettext_lazy

TABLE_NAMES = {
    "reporting_periods": gettext_lazy("Reporting periods"),
    "entity_trial_balances": gettext_lazy("Trial balances of the entities"),
    "locations": gettext_lazy("Locations"),
    "general_ledger": gettext_lazy("General ledger"),
    "customers": gettext_lazy("Customers"),
    "receivable_invoices": gettext_lazy("Customer invoices"),
    "receivable_adjustments": gettext_lazy("Credit and debit memos to customers"),
    "receivable_advances": gettext_lazy("Advances from customers"),
    "receipts": gettext_lazy("Receipts"),
    "receipt_applications": gettext_lazy("What receipts settled"),
    "vendors": gettext_lazy("Vendors"),
    "payable_bills": gettext_lazy("Vendor bills"),
    "payable_adjustments": gettext_lazy("Credit and debit memos from vendors"),
    "payable_advances": gettext_lazy("Advances to vendors"),
    "payments": gettext_lazy("Payments"),
    "payment_applications": gettext_lazy("What payments settled"),
}
