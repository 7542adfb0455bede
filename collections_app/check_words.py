"""The checks in the words of the borrower, whose figures they are.

The reports have their own sentences, for lenders and in English alone. Here each check has its title and, for
when it has failed, what that means and what usually explains it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class CheckWords:
    title: Promise
    meaning: Promise


CHECK_WORDS = {
    "C1": CheckWords(
        _("Months present"),
        _(
            "A month of the period has no trial balance, or has activity but no journal lines. A month "
            "that was opened again while the reports were read would explain it."
        ),
    ),
    "C2": CheckWords(
        _("Accounts known"),
        _(
            "An account has figures but is not in the chart of accounts. An account that was deleted or "
            "made while the reports were read would explain it."
        ),
    ),
    "C3": CheckWords(
        _("Accounts categorized"),
        _(
            "An account with figures has no category, so its amount stands on a line of its own. You can "
            "say what kind of account it is."
        ),
    ),
    "C4": CheckWords(
        _("Transfers complete"),
        _(
            "Sage Intacct sent more or fewer rows than it had announced. Entries that were posted while "
            "the reports were read would explain it."
        ),
    ),
    "C5": CheckWords(
        _("Entities covered"),
        _(
            "The entities do not add up to the book, or one of them has no figures. You can say which "
            "entities belong to the book and which are not in use."
        ),
    ),
    "R1": CheckWords(
        _("Trial balance in balance"),
        _(
            "In a month, debits and credits are not equal. That is rare in Sage Intacct; if you know the "
            "reason, say it."
        ),
    ),
    "R2": CheckWords(
        _("Trial balance rows add up"),
        _(
            "The movements of an account do not lead from its opening to its closing balance. An entry "
            "that was posted while the reports were read would explain it."
        ),
    ),
    "R3": CheckWords(
        _("Accounting equation"),
        _(
            "At the end of a month, assets are not equal to liabilities plus equity. An account that is "
            "missing from the reports would explain it."
        ),
    ),
    "R4": CheckWords(
        _("Balances carried forward"),
        _(
            "An account opens a month with another balance than it closed the month before with. An entry "
            "made in an earlier month while the reports were read would explain it."
        ),
    ),
    "R6": CheckWords(
        _("Net income ties to equity"),
        _(
            "Net income is not the change of equity. An entry that was posted straight to retained "
            "earnings would explain it: say what it was for."
        ),
    ),
    "R7": CheckWords(
        _("Retained earnings roll forward"),
        _(
            "A fiscal year does not open with the retained earnings of the year before, plus its net "
            "income, less distributions. A distribution or a restatement would explain it."
        ),
    ),
    "R8": CheckWords(
        _("Journal lines add up to the trial balance"),
        _(
            "The journal lines of an account are not its movement in a month. Entries that were made or "
            "deleted while the reports were read would explain it."
        ),
    ),
    "R9": CheckWords(
        _("Journal entries balance"),
        _(
            "A journal entry does not add up to zero. An entry between entities that lacks its other side "
            "would explain it."
        ),
    ),
    "R10": CheckWords(
        _("Receivables aging ties to the ledger"),
        _(
            "What your customers owe, invoice by invoice, is not what the general ledger has as "
            "receivables. A journal entry made by hand to the receivables account is the usual reason: "
            "say what it was for."
        ),
    ),
    "R11": CheckWords(
        _("Payables aging ties to the ledger"),
        _(
            "What you owe your vendors, bill by bill, is not what the general ledger has as payables. A "
            "journal entry made by hand to the payables account is the usual reason: say what it was for."
        ),
    ),
    "R12": CheckWords(
        _("Cash flow ties to the balance sheet"),
        _(
            "The cash flow does not lead to the cash on the balance sheet. A bank account whose category "
            "is not cash would explain it."
        ),
    ),
    "R16": CheckWords(
        _("Balances on their normal side"),
        _(
            "A balance stands on the side where it usually does not, such as a bank account with a credit "
            "balance. An overdraft or a payment in advance would explain it."
        ),
    ),
    "R17": CheckWords(
        _("Suspense and clearing accounts"),
        _(
            "A suspense or clearing account still has a balance at the end of the period. You can say "
            "what it is made of."
        ),
    ),
    "R19": CheckWords(
        _("Account types and categories agree"),
        _(
            "The type and the category of an account belong to different statements. You can say which is "
            "right."
        ),
    ),
    "R20": CheckWords(
        _("Dates of journal lines"),
        _("A journal line is dated outside the month of its entry, or in the future. You can say why."),
    ),
}
