"""`invite`"""

from collections.abc import Callable
from smtplib import SMTPException

import pytest
from django.core import mail

from collections_app import links
from collections_app.models import Collection, Lender
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
