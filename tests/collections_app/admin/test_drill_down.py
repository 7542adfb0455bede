"""From a line of a statement to its accounts, to an account's months, to the journal lines of one of them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collections_app.models import Collection, DeskView
from collections_app.services import reporting
from tests import factories

LIST = "/admin/collections_app/collection/"


def answer(browser: Client, collection: Collection, rest: str) -> str:
    response = browser.get(f"{LIST}{collection.pk}/{rest}")
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_line_leads_to_its_accounts_and_an_account_to_its_months(
    analyst: Client, collected: Collection
) -> None:
    page = answer(analyst, collected, "change/")
    to_accounts = f"{LIST}{collected.pk}/statements/income_statement#line-revenue"
    assert f'href="{to_accounts}"' in page
    behind = answer(analyst, collected, "statements/income_statement")
    assert 'id="line-revenue"' in behind
    assert f'href="{LIST}{collected.pk}/accounts/400"' in behind
    account = answer(analyst, collected, "accounts/400")
    for amount in ("12,345.67", "(37,037.01)"):
        assert amount in account


def test_the_lines_of_a_month_add_up_to_its_trial_balance(analyst: Client, collected: Collection) -> None:
    factories.make_journal(collected)
    page = answer(analyst, collected, "accounts/100?month=2026-02")
    assert "3 lines: debits 10,000.00, credits 20,001.10." in page
    assert "They add up to the trial balance." in page


def test_an_entry_shows_both_its_sides(analyst: Client, collected: Collection) -> None:
    factories.make_journal(collected)
    page = answer(analyst, collected, "accounts/400?month=2026-02&entry=021")
    assert "All lines of entry 021" in page
    assert "Memo of 120" in page
    assert "Memo of 400" in page
    assert "The entry balances." in page


def test_many_lines_come_by_pages(analyst: Client, collected: Collection) -> None:
    factories.make_journal(collected, lines_of_each=150)
    page = answer(analyst, collected, "accounts/400?month=2026-03&page=2")
    assert "150 lines" in page
    assert "Page 2 of 2" in page
    assert page.count("Memo of 400") == 50


def test_only_the_month_that_is_shown_is_read(
    analyst: Client, collected: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections_app import tables

    factories.make_journal(collected)
    opened: list[str] = []
    read = tables.lines

    def watched(stored: Any) -> Any:
        opened.append(str(stored.start))
        return read(stored)

    monkeypatch.setattr(tables, "lines", watched)
    answer(analyst, collected, "accounts/400?month=2026-02")
    assert opened == ["2026-02-01"]


@pytest.mark.parametrize("rest", ["statements/nothing", "accounts/999", "statements/page"])
def test_what_is_not_there_is_not_found(rest: str, analyst: Client, collected: Collection) -> None:
    assert analyst.get(f"{LIST}{collected.pk}/{rest}").status_code == 404


@pytest.mark.parametrize(
    "query", ["month=x", "page=-1", "page=x", "entry=%3Cscript%3E", "month=2026-02&page=99"]
)
def test_an_odd_address_shows_what_there_is(query: str, analyst: Client, collected: Collection) -> None:
    factories.make_journal(collected)
    page = answer(analyst, collected, f"accounts/400?{query}")
    assert "<script>" not in re.sub(r"<script src", "", page)


def test_nothing_of_it_is_shown_before_it_is_shared(analyst: Client, collected: Collection) -> None:
    Collection.objects.filter(pk=collected.pk).update(status=Collection.Status.COLLECTING)
    for rest in ("statements/balance_sheet", "accounts/400"):
        assert analyst.get(f"{LIST}{collected.pk}/{rest}").status_code == 404


def test_the_page_is_kept_with_the_reports_and_made_anew_with_them(
    analyst: Client, collected: Collection
) -> None:
    kept = set(DeskView.objects.filter(collection=collected).values_list("key", flat=True))
    assert kept >= {"page", "movements", "statement:balance_sheet", "trial_balance:2026-01"}
    unit = collected.runs.latest("pk").units.get(subject=reporting.STATEMENTS)
    Collection.objects.filter(pk=collected.pk).update(reports=["balance_sheet"])
    collected.refresh_from_db()
    reporting.reports_prepare(collected, unit)()
    now = set(DeskView.objects.filter(collection=collected).values_list("key", flat=True))
    assert now == {"page", "statement:balance_sheet"}


def test_the_page_asks_as_much_of_the_database_however_many_accounts_and_months(
    analyst: Client, collected: Collection
) -> None:
    answer(analyst, collected, "change/")
    with CaptureQueriesContext(connection) as queries:
        answer(analyst, collected, "change/")
    assert len(queries) < 50
    assert not any('"collections_app_account"' in each["sql"] for each in queries)
    assert not any("trialbalance" in each["sql"] for each in queries)


def test_charts_are_drawn_with_a_text_and_their_figures(analyst: Client, collected: Collection) -> None:
    page = answer(analyst, collected, "change/")
    charts = page[page.index('id="charts"') : page.index('id="accounts"')]
    assert "<svg" in charts
    assert "Revenue and gross profit by month" in charts
    assert "Revenue went from 12,345.67 (Jan 2026) to 12,345.67 (Mar 2026)." in charts
    assert "<table" in charts
    assert "style=" not in charts
