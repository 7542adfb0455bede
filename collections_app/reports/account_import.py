"""The categories chosen here as a CSV for Sage Intacct's import of the chart of accounts.

How sure the layout is:

- The import matches columns by their headings; their order is free; a heading that differs from the template
  is refused, and each company's template is made for it, to be downloaded from its setup checklist (Sage's
  help on CSV imports). So the exact headings cannot be known from outside.
- The default headings are the names of the account object's fields. Of these ACCOUNTNO, TITLE, ACCOUNTTYPE,
  NORMALBALANCE, CLOSINGTYPE, CLOSINGACCOUNTNO, STATUS and CATEGORY with their values are certain as fields (a
  recorded definition of the object); that the template spells its headings so is not.
- With the headings of the borrower's own template, the table has exactly those, in their order. Columns that
  we hold nothing for stay empty, and the borrower should look at them before importing.

The account's own data are repeated as the gateway gave them, because an import replaces what it names. A text
that a spreadsheet would run as a formula gets an apostrophe in front, which must go again before the import.
A spreadsheet also drops the leading zeros of account numbers unless the column is read as text.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from collections_app.reports.csv_tables import Table
from collections_app.reports.figures import Account

HEADINGS = (
    "ACCOUNTNO",
    "TITLE",
    "ACCOUNTTYPE",
    "NORMALBALANCE",
    "CLOSINGTYPE",
    "CLOSINGACCOUNTNO",
    "STATUS",
    "CATEGORY",
)
# Other spellings of the same fields that Sage's templates and interfaces use, compared by letters alone.
_FIELDS: dict[str, Callable[[Account], str]] = {
    "accountno": lambda account: account.number,
    "title": lambda account: account.title,
    "accounttype": lambda account: account.account_type,
    "normalbalance": lambda account: account.normal_balance,
    "closingtype": lambda account: account.closing_type,
    "closingaccountno": lambda account: account.closes_to,
    "status": lambda account: "active" if account.active else "inactive",
    "category": lambda account: account.category,
}
_SPELLINGS = {
    "acctno": "accountno",
    "accountnumber": "accountno",
    "glaccountno": "accountno",
    "accounttitle": "title",
    "accttitle": "title",
    "accttype": "accounttype",
    "closingaccount": "closingaccountno",
    "closetoaccount": "closingaccountno",
    "closetoacctno": "closingaccountno",
    "quickstartcategory": "category",
    "reportingcategory": "category",
    "accountcategory": "category",
}


class HeadingMissing(ValueError):
    """The template has no column that we know for the account's number or for its category."""


def assignments(accounts: Iterable[Account], headings: Sequence[str] = HEADINGS) -> Table:
    """The accounts whose category was chosen here, in order of number, under these headings.

    ``headings`` may be the first row of the template that the borrower downloaded. Raises HeadingMissing,
    with one plain sentence, when it names no account number or no category.
    """
    fields = [_field_of(heading) for heading in headings]
    for field, meaning in (("accountno", "the account number"), ("category", "the category")):
        if field not in fields:
            raise HeadingMissing(f"The template has no column for {meaning}: give its first row as it is.")
    chosen = sorted(
        (
            account
            for account in accounts
            if account.category_source == "borrower" and account.category.strip()
        ),
        key=lambda account: account.number,
    )
    rows = (tuple(_FIELDS[field](account) if field else "" for field in fields) for account in chosen)
    return Table("category_assignments", tuple(headings), rows)


def _field_of(heading: str) -> str | None:
    letters = re.sub("[^a-z]", "", heading.casefold())
    field = _SPELLINGS.get(letters, letters)
    return field if field in _FIELDS else None
