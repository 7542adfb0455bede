"""What the company is, what a report can be about, what this user may read, and the chart of accounts."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import intacct
from collections_app import problems
from collections_app.datasets import Dataset
from collections_app.ledger.facts import AccountFact, CompanyFacts, Findings, ScopeFact
from collections_app.problems import Trouble


def facts(company: intacct.Company, company_id: str, wanted: Iterable[Dataset]) -> CompanyFacts:
    """See Ledger.facts."""
    setup = company.financial_setup()
    name = company.company_information().name
    scopes = tuple(_scopes(company, setup, name))
    if not scopes:
        raise Trouble(
            problems.PERMISSION_MISSING, "no entity, no book and no company-wide ledger can be read"
        )
    findings = _findings(company, wanted)
    closed = company.closed_books_date()
    return CompanyFacts(
        id=company_id,
        name=name,
        base_currency=setup.base_currency,
        default_book=setup.default_book,
        first_fiscal_month=setup.first_fiscal_month,
        gateway_host=urlsplit(company.session.endpoint).hostname or "",
        scopes=scopes,
        applications=company.applications(),
        closed_through=closed.isoformat() if closed else "",
        findings=findings,
    )


def _findings(company: intacct.Company, wanted: Iterable[Dataset]) -> Findings:
    """One row of each wanted table is asked for, because definitions are given to everybody."""
    asked = ("GLACCOUNT", *(dataset.object_name for dataset in wanted if not dataset.optional))
    found = company.probe(asked)
    if found.missing:
        refused = " ".join(refusal.object_name for refusal in found.refused)
        raise Trouble(problems.PERMISSION_MISSING, f"probe refused {refused}", names=found.missing)
    return Findings(
        unavailable=tuple(dict.fromkeys(refusal.permission for refusal in found.unavailable)),
        hidden_entities=found.hidden_entities,
        excessive=None
        if found.excessive is None
        else tuple(f"{permission}: {', '.join(rights)}" for permission, rights in found.excessive),
    )


def _scopes(company: intacct.Company, setup: intacct.FinancialSetup, name: str) -> Iterator[ScopeFact]:
    # In a company with several base currencies the gateway adds nothing up over entities.
    if not setup.multi_base_currency:
        yield ScopeFact("company", "", name, setup.base_currency, setup.first_fiscal_month)
    if not setup.multi_entity:
        return
    for entity in company.entities():
        month = entity.first_fiscal_month or setup.first_fiscal_month
        yield ScopeFact("entity", entity.id, entity.name, entity.currency or setup.base_currency, month)
    for book in _books(company):
        yield ScopeFact(
            kind="book",
            id=book.id,
            name=book.name or book.id,
            currency=book.currency,
            first_fiscal_month=setup.first_fiscal_month,
            basis=book.source_book.lower(),
        )


def _books(company: intacct.Company) -> tuple[intacct.ConsolidationBook, ...]:
    try:
        return company.consolidation_books()
    except (intacct.PermissionDenied, intacct.NotSubscribed, intacct.ObjectUnknown):
        # A company without the consolidation module has no books to offer; that is no fault of anybody's.
        return ()


def chart(company: intacct.Company) -> Iterator[AccountFact]:
    for account in company.accounts():
        yield AccountFact(
            number=account.number,
            title=account.title,
            account_type=account.account_type,
            normal_balance=account.normal_balance,
            closing_type=account.closing_type,
            closes_to=account.closes_to,
            active=account.status == "active",
            category=account.category.strip(),
            control=account.alternative_account,
        )
