"""What a company is: its name, set-up, entities, modules, preferences, and what its users may do."""

from __future__ import annotations

from datetime import date

from intacct.formatting import UserFormatting
from intacct.functions import (
    GetApplications,
    GetClosedBooksDate,
    GetCompanyInformation,
    GetCompanyPreferences,
    GetFinancialSetup,
    GetUserPermissions,
    ReadEntityDetails,
    ReadUserFormatting,
)
from intacct.lines import Line
from intacct.records import CompanyInformation, Entity, FinancialSetup, Grant, Preference


class SetUpReading:
    """The questions about the company itself."""

    def __init__(self, line: Line, user_id: str) -> None:
        self._line = line
        self._user_id = user_id
        self._formatting: UserFormatting | None = None

    def company_information(self) -> CompanyInformation:
        """The company's id and name."""
        return self._line.call(GetCompanyInformation())

    def financial_setup(self) -> FinancialSetup:
        """Base currency, default book, first fiscal month, and what the company is divided into."""
        return self._line.call(GetFinancialSetup())

    def formatting(self) -> UserFormatting:
        """How the signed-in user's settings write dates. Raises UnreadableFormatting; read once and kept."""
        if self._formatting is None:
            self._formatting = self._line.call(ReadUserFormatting(self._user_id))
        return self._formatting

    def entities(self) -> tuple[Entity, ...]:
        """The entities this user may enter, which can be fewer than the company has."""
        return self._line.call(ReadEntityDetails())

    def applications(self) -> tuple[str, ...]:
        """The modules the company subscribes to, such as GL, AR, AP and CS."""
        return self._line.call(GetApplications())

    def preferences(self, application: str = "GEN") -> tuple[Preference, ...]:
        """The preferences of one application; "GEN" holds the company's own."""
        return self._line.call(GetCompanyPreferences(application))

    def permissions(self, user_id: str = "") -> tuple[Grant, ...]:
        """What a user may do, the signed-in one if none is named. Takes the right to view users."""
        return self._line.call(GetUserPermissions(user_id or self._user_id))

    def closed_books_date(self) -> date | None:
        """The last day of the closed books, None if no books are closed."""
        return self._line.call(GetClosedBooksDate())
