"""The border to Sage Intacct: our words in, our records and troubles out."""

from datetime import date
from typing import Any

import pytest

import intacct
from collections_app import problems
from collections_app.ledger import Selection, SignIn, open_ledger
from collections_app.ledger.opening import trouble_of
from collections_app.problems import Mender, Trouble
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, PASSWORD, SINGLE, USER

# Each sign-in is counted in the database before it is sent.
pytestmark = pytest.mark.django_db
FREE = intacct.ProcessGate()


def sign_in(company: str = SINGLE, session: str = "", **changes: str) -> SignIn:
    return SignIn(
        **{"company_id": company, "user_id": USER, "password": PASSWORD, "session": session} | changes
    )


def leaves(kind: type[intacct.IntacctError]) -> list[type[intacct.IntacctError]]:
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [kind]


@pytest.mark.parametrize("kind", leaves(intacct.IntacctError), ids=lambda kind: kind.__name__)
def test_whoever_can_mend_a_fault_is_asked(kind: type[intacct.IntacctError]) -> None:
    trouble = trouble_of(kind("detail", errorno="XL03000006", function="query", support_id="abc"))
    expected = {"borrower": Mender.BORROWER, "later": Mender.LATER, "operator": Mender.OPERATOR}
    assert trouble.problem.mender is expected[kind.mender.value]
    assert trouble.problem in problems.PROBLEMS.values()
    assert kind.__name__ in trouble.detail
    assert "XL03000006" in trouble.detail


def test_a_single_company_offers_itself(gateway: Sandbox) -> None:
    with open_ledger(sign_in(), FREE) as opened:
        facts = opened.facts(())
    assert (facts.id, facts.name, facts.base_currency) == (SINGLE, "Birchwood Repairs", "USD")
    assert (facts.default_book, facts.first_fiscal_month) == ("ACCRUAL", 4)
    assert [(scope.kind, scope.id) for scope in facts.scopes] == [("company", "")]


def test_a_group_offers_itself_its_entities_and_its_books(gateway: Sandbox) -> None:
    with open_ledger(sign_in(GROUP), FREE) as opened:
        scopes = opened.facts(()).scopes
    assert [(scope.kind, scope.id, scope.currency, scope.basis) for scope in scopes] == [
        ("company", "", "USD", ""),
        ("entity", "E100", "USD", ""),
        ("entity", "E200", "USD", ""),
        ("book", "USDCONS", "USD", "accrual"),
    ]


@pytest.mark.parametrize(
    ("selection", "cash"),
    [
        (Selection("company", "", "", ()), "12750.50"),
        (Selection("entity", "E200", "", ()), "1900.00"),
        (Selection("book", "USDCONS", "", ()), "12750.50"),
    ],
)
def test_a_trial_balance_covers_the_scope_that_was_chosen(
    gateway: Sandbox, selection: Selection, cash: str
) -> None:
    with open_ledger(sign_in(GROUP), FREE) as opened:
        rows = {
            row.account: row for row in opened.trial_balance(date(2026, 4, 1), date(2026, 4, 30), selection)
        }
    assert str(rows["1000"].closing.quantize(rows["1000"].closing.__class__("0.01"))) == cash
    assert sum(row.closing for row in rows.values()) == 0
    assert "9000" not in rows


def test_a_kept_session_is_continued_without_a_sign_in(gateway: Sandbox) -> None:
    with open_ledger(sign_in(), FREE) as opened:
        opened.facts(())
        kept = opened.session
    before = gateway.requests["getAPISession"]
    with open_ledger(sign_in(session=kept, password="Wrong-Secret-1"), FREE) as opened:
        opened.facts(())
    assert gateway.requests["getAPISession"] == before


def test_a_fault_comes_out_as_trouble_with_its_number_and_without_the_password(gateway: Sandbox) -> None:
    with pytest.raises(Trouble) as trouble, open_ledger(sign_in(password="Wrong-Secret-1"), FREE) as opened:
        opened.facts(())
    assert trouble.value.problem is problems.SIGN_IN_REFUSED
    assert "XL03000006" in trouble.value.detail
    assert "Wrong-Secret-1" not in f"{trouble.value} {trouble.value.__cause__} {trouble.value.__cause__!r}"


def test_an_endpoint_that_is_not_trusted_is_asked_nothing(gateway: Sandbox, settings: Any) -> None:
    settings.INTACCT_SANDBOX = False
    before = sum(gateway.requests.values())
    with pytest.raises(Trouble, match="UntrustedEndpoint"), open_ledger(sign_in(), FREE) as opened:
        opened.facts(())
    assert sum(gateway.requests.values()) == before
