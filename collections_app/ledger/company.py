"""The open company."""

import json
from collections.abc import Iterable, Iterator
from datetime import date

import intacct
from collections_app.datasets import Dataset
from collections_app.ledger import balances, setup, tables
from collections_app.ledger.facts import AccountFact, CompanyFacts, Extent, Selection, Slice
from collections_app.reports.figures import TrialBalanceRow


class Ledger:
    """An open company, in our words. Made by `open_ledger`."""

    def __init__(self, company: intacct.Company, company_id: str) -> None:
        self._company = company
        self._company_id = company_id

    @property
    def session(self) -> str:
        """The session to continue next time, as text for the vault."""
        session = self._company.session
        return json.dumps(
            {"id": session.id, "endpoint": session.endpoint, "expires_at": session.expires_at.isoformat()}
        )

    def facts(self, wanted: Iterable[Dataset]) -> CompanyFacts:
        """Raises Trouble when this sign-in cannot read anything that a report could be about, or lacks a
        permission that a wanted table needs.
        """
        return setup.facts(self._company, self._company_id, wanted)

    def chart(self) -> Iterator[AccountFact]:
        return setup.chart(self._company)

    def trial_balance(self, start: date, end: date, selection: Selection) -> Iterator[TrialBalanceRow]:
        """The rows of one window, debit positive, accounts without balance or activity included."""
        return balances.trial_balance(self._company, start, end, selection)

    def entity_balances(self, start: date, end: date, selection: Selection) -> Iterator[tuple[str, ...]]:
        """The trial balances of the entities behind a consolidation book, as rows of ENTITY_BALANCES."""
        return balances.entity_balances(self._company, start, end, selection)

    def extent(self, dataset: Dataset, part: Slice, selection: Selection) -> Extent | None:
        """How many records of a table there are to read; None when the company does not have such records.

        Raises Trouble when it has and this user may not read them, unless the table is optional.
        """
        return tables.extent(self._company, dataset, part, selection)

    def rows(self, dataset: Dataset, part: Slice, selection: Selection) -> Iterator[tuple[str, ...]]:
        """The rows of one part of a table in the order of its fields: dates as ISO, amounts as plain
        decimals, true and false, null as an empty text.

        Raises IncompleteRead, as Trouble, when the rows cannot be proved complete.
        """
        return tables.rows(self._company, dataset, part, selection)
