"""Every component in every state on one page, while debugging: to look at, and for the tests of the look."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from collections_app.models import Account, Collection, Lender, Run, WorkUnit
from collections_app.permissions import applications_for
from collections_app.problems import OUR_FAULT, PERMISSION_MISSING
from collections_app.progress import Progress, Unit
from collections_app.reports import categories
from collections_app.reports.figures import REPORT_TITLES
from collections_app.reports.sentences import Sentence
from collections_app.reports.suggestion_evidence import ONE_WORD, Confidence
from collections_app.reports.suggestions import Suggestion
from portal.signing_in import SignInForm
from portal.steps.account_questions import Group, Row
from portal.steps.categories import CategoriesForm
from portal.styleguide_samples import more_samples
from portal.templatetags.portal_ui import Position, StepMark

LONG_NAME = (
    "The Farmers’ and Merchants’ Agricultural Cooperative Savings and Loan Association of Saskatchewan"
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The style guide; without DEBUG there is none."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "portal/styleguide.html", samples())


def samples() -> dict[str, Any]:
    """Made-up rows that no database knows."""
    lender = Lender(
        slug="sample",
        name=LONG_NAME,
        contact_name="Maximiliane Featherstonehaugh-Cholmondeley",
        contact_email="maximiliane.featherstonehaugh-cholmondeley@farmers-and-merchants.example",
        contact_phone="+1 306 555 0100",
        welcome_en="Thank you for your time.\nWe look at your reports within two working days.",
    )
    collection = Collection(
        pk=0,
        lender=lender,
        reference="ABCD-2345",
        borrower_name="Birchwood Bicycle Works",
        date_from=date(2025, 1, 1),
        date_to=date(2025, 12, 31),
    )
    account_rows = _account_rows(collection)
    return {
        **more_samples(lender, collection),
        "surfaces": ("canvas", "surface", "quiet"),
        "sample_lender": lender,
        "sample_collection": collection,
        "positions": [_position(number) for number in (1, 3, 7)],
        "form": SignInForm({"company_id": "ACME-INC", "user_id": "", "password": ""}),
        "fresh_form": SignInForm(prefix="fresh"),
        "reports": list(REPORT_TITLES.values()),
        "applications": applications_for(["balance_sheet"]),
        "problem": PERMISSION_MISSING,
        "operators_problem": OUR_FAULT,
        "group": Group("Rent Expense", True, Decimal("1234567.89"), account_rows[:2]),
        "rows": account_rows[2:],
        "progresses": [_progress(collection, status) for status in ("queued", "running", "waiting", "done")],
    }


def _position(number: int) -> Position:
    titles = ("System", "Review", "Connect", "Sign in", "Entity", "Categories", "Progress")
    states = ["done"] * (number - 1) + ["current"] + ["to come"] * (len(titles) - number)
    return Position(number, len(titles), None, tuple(map(StepMark, titles, states)))


def _account_rows(collection: Collection) -> tuple[Row, ...]:
    accounts = [
        _account(collection, "6010", "Office rent", Decimal("48000")),
        _account(
            collection, "6020", "Rent of the warehouse behind the old railway station", Decimal("-1250.5")
        ),
        _account(collection, "6030", "Nothing chosen and nothing typed", Decimal(0)),
    ]
    choices = [("", "Choose a category"), *((each.name, each.name) for each in categories.STANDARD)]
    form = CategoriesForm({"category-6030": "Piggy bank"}, accounts=accounts, choices=choices)
    category = categories.STANDARD[0]
    suggestions = tuple(
        Suggestion(category, confidence, Sentence(ONE_WORD, word="“rent”"), 1) for confidence in Confidence
    )
    return tuple(Row(account, field, suggestions) for account, field in form.rows())


def _account(collection: Collection, number: str, title: str, closing: Decimal) -> Account:
    account = Account.holding(collection=collection, number=number, title=title)
    account.account_type, account.normal_balance = "incomestatement", "debit"
    account.closing, account.debits = closing, abs(closing)
    return account


def _progress(collection: Collection, status: str) -> dict[str, Any]:
    now = timezone.now()
    run = Run(
        pk=0,
        collection=collection,
        status=status,
        created_at=now,
        problem="gateway_unavailable" if status == "waiting" else "",
        retry_at=now + timedelta(minutes=5),
        waiting_since=now,
    )
    done = {"queued": 0, "running": 5, "waiting": 5, "done": 13}[status]
    kinds = [WorkUnit.Kind.COMPANY, *[WorkUnit.Kind.TRIAL_BALANCE] * 11, WorkUnit.Kind.REPORTS]
    units = tuple(
        Unit(
            position,
            kind,
            start=date(2025, position, 1) if kind == WorkUnit.Kind.TRIAL_BALANCE else None,
            is_done=position <= done,
            rows=1234 if position <= done else 0,
            seconds=15.0 if position <= done else None,
        )
        for position, kind in enumerate(kinds, start=1)
    )
    return {"run": run, "progress": Progress(units, is_running=status == "running")}
