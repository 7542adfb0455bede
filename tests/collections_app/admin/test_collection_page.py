import re

import pytest
from django.test import Client

from collections_app import events
from collections_app.events import Who
from collections_app.models import CheckResult, Collection, Connection, Lender, Run, TrialBalance
from tests import factories

LIST = "/admin/collections_app/collection/"


def page_of(browser: Client, collection: Collection, query: str = "") -> str:
    response = browser.get(f"/admin/collections_app/collection/{collection.pk}/change/{query}")
    assert response.status_code == 200
    return response.content.decode()


def cells(page: str, statement: str, label: str) -> list[str]:
    """The cells of the row of that statement whose label ends so."""
    page = page[page.index(f'id="{statement}"') :]
    row = re.search(rf"<tr[^>]*>\s*<th[^>]*>(?:(?!</th>).)*{re.escape(label)}<.*?</tr>", page, re.DOTALL)
    assert row, label
    return re.findall(r"<td>(.*?)</td>", row.group())


def test_the_income_statement_is_there_by_month_with_a_total(analyst: Client, collected: Collection) -> None:
    page = page_of(analyst, collected)
    assert cells(page, "income_statement", "Revenue") == ["12,345.67", "12,345.67", "12,345.67", "37,037.01"]
    assert cells(page, "income_statement", "Payroll") == ["20,000.00", "20,000.00", "20,000.00", "60,000.00"]


def test_a_negative_amount_is_in_brackets(analyst: Client, collected: Collection) -> None:
    assert cells(page_of(analyst, collected), "income_statement", "Net income") == [
        "(7,804.38)",
        "(7,804.38)",
        "(7,804.38)",
        "(23,413.14)",
    ]


def test_the_balance_sheet_is_there_with_the_accounts_of_each_line(
    analyst: Client, collected: Collection
) -> None:
    page = page_of(analyst, collected)
    assert cells(page, "balance_sheet", "Total assets") == cells(
        page, "balance_sheet", "Total liabilities and equity"
    )
    behind = analyst.get(f"{LIST}{collected.pk}/statements/balance_sheet").content.decode()
    assert cells(behind, "balance_sheet", "120 Customers") == ["2,345.67", "4,691.34", "7,037.01"]


def test_the_trial_balance_shows_the_last_month_and_any_other(analyst: Client, collected: Collection) -> None:
    assert "Trial balance, Mar 2026" in page_of(analyst, collected)
    january = page_of(analyst, collected, "?month=2026-01")
    assert "Trial balance, Jan 2026" in january
    assert cells(january, "trial_balance", "Bank")[0] == "5,000.00"


def test_a_month_that_is_not_there_shows_the_last_one(analyst: Client, collected: Collection) -> None:
    assert "Trial balance, Mar 2026" in page_of(analyst, collected, "?month=<script>")


def test_accounts_without_a_category_and_with_one_given_here_are_named(
    analyst: Client, collected: Collection
) -> None:
    page = page_of(analyst, collected)
    accounts = page[page.index('id="accounts"') :]
    assert re.search(r"150</span> Old suspense.*It has no category", accounts, re.DOTALL)
    assert re.search(r"500</span> Wages.*Payroll Expense", accounts, re.DOTALL)


def test_statements_that_cannot_be_made_are_refused_in_words(analyst: Client, collected: Collection) -> None:
    collected.desk_views.all().delete()
    TrialBalance.objects.filter(collection=collected, start__month=2).delete()
    assert "The trial balance for 2026-02 is missing" in page_of(analyst, collected)


def test_reports_that_were_not_asked_for_are_not_shown(analyst: Client, collected: Collection) -> None:
    Collection.objects.filter(pk=collected.pk).update(reports=["balance_sheet"])
    collected.desk_views.all().delete()
    page = page_of(analyst, collected)
    assert 'id="balance_sheet"' in page
    assert 'id="income_statement"' not in page
    assert 'id="trial_balance"' not in page


def test_request_consent_and_connection_are_stated(analyst: Client, collected: Collection) -> None:
    page = page_of(analyst, collected)
    for words in (
        "1 Jan 2026 to 31 Mar 2026",
        "Whole company: Acme Incorporated",
        "Robin Birch, Controller, on the page",
        "Basis of the borrower&#x27;s own statements",
        "xml_reader",
        "api.intacct.com",
        "Role-based permissions",
    ):
        assert words in page


def test_consent_recorded_by_an_operator_says_so(analyst: Client, collected: Collection) -> None:
    Collection.objects.filter(pk=collected.pk).update(consent_given_by="Robin Operator")
    assert "Robin Operator, recorded by the operator for the borrower" in page_of(analyst, collected)


def test_the_page_says_when_the_password_was_destroyed_or_that_it_is_kept(
    analyst: Client, collected: Collection
) -> None:
    assert "Still kept, encrypted" not in page_of(analyst, collected)
    Connection.objects.filter(collection=collected).update(destroyed_at=None)
    assert "Still kept, encrypted" in page_of(analyst, collected)


def test_the_timeline_tells_events_in_words_and_the_lenders_time(
    analyst: Client, collected: Collection
) -> None:
    events.record(collected, "credentials.saved", by=Who.borrower(), company="ACME", user="xml_reader")
    page = page_of(analyst, collected)
    timeline = page[page.index('id="timeline"') :]
    assert "Gave the sign-in of company ACME, user xml_reader." in timeline
    assert re.search(r"\d{2}:\d{2} E[SD]T", timeline)


def test_each_run_shows_its_parts_and_rows(analyst: Client, collected: Collection) -> None:
    page = page_of(analyst, collected)
    assert "Trial balance, 1 Jan 2026 to 31 Jan 2026" in page
    assert "5 of 5 parts" in page


def test_technical_detail_of_a_problem_is_for_operators(
    analyst: Client, operator: Client, collected: Collection
) -> None:
    Run.objects.filter(collection=collected).update(problem="our_fault", problem_detail="XL03000006 readView")
    assert "XL03000006" not in page_of(analyst, collected)
    assert "XL03000006" in page_of(operator, collected)


def test_a_download_gives_the_file_and_is_recorded(analyst: Client, collected: Collection) -> None:
    response = analyst.get(f"/admin/collections_app/collection/{collected.pk}/files/report.xlsx")
    assert response.getvalue().startswith(b"PK")
    assert f'filename="{collected.reference}-report.xlsx"' in response.headers["Content-Disposition"]
    event = collected.events.get(action="report.downloaded")
    assert (event.actor_kind, event.data) == ("staff", {"file": "report.xlsx"})


def test_a_file_that_is_not_there_is_not_found(analyst: Client, collected: Collection) -> None:
    assert analyst.get(f"/admin/collections_app/collection/{collected.pk}/files/passwords").status_code == 404


def test_the_history_is_the_timeline(analyst: Client, collected: Collection) -> None:
    page = f"/admin/collections_app/collection/{collected.pk}/change/"
    response = analyst.get(page.replace("change", "history"))
    assert response.headers["Location"] == f"{page}#timeline"


@pytest.mark.parametrize("status", Collection.Status.values)
def test_the_page_opens_in_every_status(status: str, manager: Client, lender: Lender) -> None:
    collection = factories.make_collection(lender, status=status, linked=status != "invited")
    if status == "submitted":
        collection = factories.collected_collection(lender)
    assert collection.borrower_name in page_of(manager, collection)


def test_the_checks_are_told_failures_first(analyst: Client, collected: Collection) -> None:
    CheckResult.objects.filter(collection=collected, check_id="R3").update(outcome="fail")
    page = page_of(analyst, collected)
    checks = page[page.index('id="checks"') :]
    assert "1 failed" in checks
    first = checks[checks.index("<tbody>") :].split("</tr>")[0]
    assert "R3" in first
    assert "Failed" in first
