"""`invite`"""

import json
from collections.abc import Callable
from datetime import date
from smtplib import SMTPException

import pytest
import time_machine
from django.core import mail

from collections_app import links
from collections_app.models import Collection, Lender
from collections_app.services import erasing
from tests import factories
from tests.collecting import OPERATOR
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence

ASKED = {
    "--lender": "harbor",
    "--borrower": "Acme Ltd",
    "--email": "owner@acme.example",
    "--from": "2026-01-01",
    "--to": "2026-03-31",
}


def arguments(**changes: str) -> list[str]:
    merged = ASKED | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return [part for pair in merged.items() for part in pair]


def test_its_last_line_is_the_secure_link_and_the_mail_holds_the_same(manage: Manage, lender: Lender) -> None:
    finished = manage("invite", *arguments())
    assert (finished.code, finished.error) == (0, "")
    link = links.find(finished.last.rstrip("/").rpartition("/")[2])
    assert link
    assert link.collection.borrower_name == "Acme Ltd"
    assert finished.last in str(mail.outbox[0].body)


def test_it_mails_nothing_when_told(manage: Manage, lender: Lender) -> None:
    assert manage("invite", *arguments(), "--no-email").code == 0
    assert mail.outbox == []


def test_it_takes_every_option(manage: Manage, lender: Lender) -> None:
    options = arguments(
        reference="L-77",
        expires_days="3",
        basis="cash",
        adjustment_books="GAAP, TAX,",
        reports="balance-sheet,trial-balance",
    )
    assert manage("invite", *options, "--no-email").code == 0
    collection = Collection.objects.get()
    assert (collection.lender_reference, collection.basis) == ("L-77", "cash")
    assert collection.adjustment_books == ["GAAP", "TAX"]
    assert set(collection.reports) == {"balance_sheet", "trial_balance"}
    lives = collection.links.get()
    assert round((lives.expires_at - lives.issued_at).total_seconds() / 86400) == 3


def test_it_prints_the_link_and_says_so_when_the_mail_server_is_away(
    manage: Manage,
    lender: Lender,
    broken_mail: Callable[[Exception], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken_mail(SMTPException("away"))
    finished = manage("invite", *arguments())
    assert finished.code == 0
    assert finished.last.startswith("http://127.0.0.1:8000/c/clk_")
    assert "could not be mailed" in caplog.text


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"lender": "nobody"}, "There is no lender “nobody”"),
        ({"from": "2026-05-01"}, "must begin before it ends"),
        ({"to": "2099-01-01", "from": "2098-01-01"}, "must not end in the future"),
        ({"expires_days": "0"}, "between 1 and 365 days"),
        ({"reports": "profit"}, "There is no report profit"),
        ({"borrower": " "}, "Borrower name: "),
        ({"email": "owner"}, "Borrower email: "),
    ],
)
def test_it_refuses_in_words_and_stores_nothing(
    manage: Manage, lender: Lender, changes: dict[str, str], part: str
) -> None:
    finished = manage("invite", *arguments(**changes))
    assert finished.code == 1
    assert finished.out == ""
    assert part in finished.error
    assert "Traceback" not in finished.error
    assert not Collection.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"from": "01/01/2026"}, "“01/01/2026” is not a date. Write it as YYYY-MM-DD."),
        ({"to": "2026-02-30"}, "“2026-02-30” is not a date"),
        ({"basis": "tax"}, "invalid choice: 'tax'"),
        ({"expires_days": "soon"}, "invalid int value: 'soon'"),
    ],
)
def test_it_refuses_arguments_that_cannot_be_read(
    manage: Manage, lender: Lender, changes: dict[str, str], part: str
) -> None:
    finished = manage("invite", *arguments(**changes))
    assert finished.code != 0
    assert part in finished.error
    assert not Collection.objects.exists()


def test_one_sentence_is_all_that_is_said(manage: Manage, lender: Lender) -> None:
    assert is_one_sentence(manage("invite", *arguments(expires_days="0")))


def test_it_asks_for_documents_by_name(manage: Manage, lender: Lender) -> None:
    asked = ["--document", "2025 tax return: All pages, as filed", "--document", "Insurance (optional)"]
    assert manage("invite", *arguments(), *asked, "--other-documents").code == 0
    collection = Collection.objects.get()
    assert collection.allows_other_documents
    assert list(collection.document_requests.values_list("name", "explanation", "is_required")) == [
        ("2025 tax return", "All pages, as filed", True),
        ("Insurance", "", False),
    ]


@pytest.mark.parametrize("names", [["a", "A"], ["x" * 101], [": a sentence"], [str(n) for n in range(21)]])
def test_it_refuses_documents_that_cannot_be_asked_for(
    manage: Manage, lender: Lender, names: list[str]
) -> None:
    finished = manage("invite", *arguments(), *[part for name in names for part in ("--document", name)])
    assert is_one_sentence(finished), finished
    assert not Collection.objects.exists()


def test_it_prints_the_request_and_its_link_as_json(manage: Manage, lender: Lender) -> None:
    told = json.loads(manage("invite", *arguments(), "--json").out)
    collection = Collection.objects.get()
    assert links.find(told.pop("url").rstrip("/").rpartition("/")[2])
    assert told == {
        "reference": collection.reference,
        "lender": "harbor",
        "borrower": "Acme Ltd",
        "from": "2026-01-01",
        "to": "2026-03-31",
        "refreshes": None,
        "mailed": True,
    }
    assert json.loads(manage("invite", *arguments(), "--json", "--no-email").out)["mailed"] is False


@pytest.mark.parametrize("left_out", ["--lender", "--borrower", "--email", "--from", "--to"])
def test_it_names_what_is_left_out(left_out: str, manage: Manage, lender: Lender) -> None:
    told = [part for pair in ASKED.items() if pair[0] != left_out for part in pair]
    finished = manage("invite", *told)
    assert is_one_sentence(finished), finished
    assert left_out in finished.error


WHOM = ("--lender", "harbor", "--borrower", "Acme Ltd", "--email", "owner@acme.example")


@time_machine.travel("2026-11-26 12:00", tick=False)
def test_a_template_says_what_is_not_said_here(manage: Manage, lender: Lender) -> None:
    template = factories.make_request_template(
        lender,
        name="Yearly review",
        reports=["balance_sheet"],
        date_rule="years_to_date",
        documents="Tax return\nInsurance (optional)",
        purpose="For the yearly review.",
        link_days=21,
    )
    assert manage("invite", *WHOM, "--template", "Yearly review", "--purpose", "Because.").code == 0
    collection = Collection.objects.get()
    assert (collection.date_from, collection.date_to) == (date(2023, 1, 1), date(2026, 10, 31))
    assert (collection.reports, collection.purpose) == (["balance_sheet"], "Because.")
    assert [each.is_required for each in collection.document_requests.all()] == [True, False]
    lives = collection.links.get()
    assert (lives.expires_at - lives.issued_at).days == 21
    assert collection.template == template


def test_a_template_without_a_rule_leaves_the_dates_to_be_said(manage: Manage, lender: Lender) -> None:
    factories.make_request_template(lender, name="Review")
    finished = manage("invite", *WHOM, "--template", "Review")
    assert finished.code == 1 and "Give --from and --to." in finished.error
    assert manage("invite", *arguments(), "--template", "Review").code == 0


def test_another_lenders_template_is_none(manage: Manage, lender: Lender) -> None:
    factories.make_request_template(factories.make_lender(), name="Review")
    factories.make_request_template(lender, name="Loans")
    finished = manage("invite", *arguments(), "--template", "Review")
    assert finished.code == 1 and not Collection.objects.exists()
    assert "has no request template “Review”. There are: “Loans”." in finished.error


@time_machine.travel("2026-11-26 12:00")
def test_it_refreshes_a_request_for_the_period_that_follows(manage: Manage, lender: Lender) -> None:
    earlier = factories.collected_collection(lender, lender_reference="L-77")
    told = json.loads(manage("invite", "--refresh", earlier.reference.lower(), "--json").out)
    assert (told["from"], told["to"], told["refreshes"]) == ("2026-04-01", "2026-06-30", earlier.reference)
    later = Collection.objects.get(refreshes=earlier)
    assert (later.borrower_email, later.lender_reference) == (earlier.borrower_email, "L-77")
    options = ("--to", "2026-09-30", "--email", "new@acme.example", "--reports", "balance-sheet")
    assert manage("invite", "--refresh", earlier.reference, *options).code == 0
    newest = Collection.objects.latest("pk")
    assert (newest.date_from, newest.date_to) == (date(2026, 4, 1), date(2026, 9, 30))
    assert (newest.borrower_email, newest.reports) == ("new@acme.example", ["balance_sheet"])


@time_machine.travel("2026-11-26 12:00")
def test_it_refuses_a_refresh_that_cannot_be(manage: Manage, lender: Lender) -> None:
    earlier = factories.collected_collection(lender)
    refresh = ("invite", "--refresh", earlier.reference)
    other = factories.make_lender()
    for more, why in (
        (("--lender", other.slug), "belongs to another lender"),
        (("--borrower", "Somebody"), "Leave --borrower out"),
        (("--template", "Review"), "Give --refresh or --template"),
        (("--to", "2027-01-31"), "must not end in the future"),
    ):
        finished = manage(*refresh, *more)
        assert is_one_sentence(finished) and why in finished.error, finished
    Collection.objects.filter(pk=earlier.pk).update(date_to=date(2026, 10, 31))
    assert "No month has ended since" in manage(*refresh).error
    assert "There is no collection ZZZZ-ZZZZ" in manage("invite", "--refresh", "ZZZZ-ZZZZ").error
    erasing.collection_erase(collection=earlier, by=OPERATOR, why="asked for")
    assert "What was collected was erased" in manage(*refresh).error
    assert Collection.objects.count() == 1
