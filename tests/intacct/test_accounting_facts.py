"""What the figures that arrive mean, and what reading them costs."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import intacct
from intacct.filters import equal_to
from intacct.sandbox import Sandbox
from tests.intacct.conftest import EXCHANGES, Connect
from tests.intacct.test_collecting import opened

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def late_entry(folder: Path) -> None:
    """An expense that is posted into a year whose books are closed."""
    day, end = "03/28/2026", "0,0,L110,USD,USD,F,F,Posted,Late\n"
    line = f"90-{{0}},90,{day},90,GJ,ACCRUAL,2.GL,{{0}},{day},{{1}},{{2}},{{3}},{end}"
    with (folder / "GLDETAIL.csv").open("a", encoding="utf-8") as ledger:
        ledger.write(line.format(1, 1, "6000", "120.00") + line.format(2, -1, "2000", "-120.00"))


def test_a_late_entry_in_a_closed_year_is_in_what_is_read_afterwards(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        shutil.copytree(EXCHANGES / "company", folder)
    late_entry(after)
    found = []
    for folder in (before, after):
        with opened(folder) as company:
            assert company.closed_books_date() == MARCH[1]
            closing = {row.account_number: row.closing for row in company.trial_balance(*MARCH)}
            opening = {row.account_number: row.opening for row in company.trial_balance(*APRIL)}
            found.append((closing, opening))
    (closing_before, opening_before), (closing_after, opening_after) = found
    assert closing_after["6000"] - closing_before["6000"] == 120
    moved = {account: opening_after[account] - opening_before[account] for account in opening_before}
    assert {account: change for account, change in moved.items() if change} == {"2000": -120, "3900": 120}


def test_the_result_of_the_current_year_stands_in_no_account_of_equity(connect: Connect) -> None:
    with connect() as company:
        kinds = {account.number: account.account_type for account in company.accounts()}
        closes_to = {account.closes_to for account in company.accounts()} - {""}
        rows = list(company.trial_balance(*APRIL))
    result = sum(row.closing for row in rows if kinds[row.account_number] == "incomestatement")
    balance = sum(row.closing for row in rows if kinds[row.account_number] == "balancesheet")
    assert result == -410
    assert balance == -result
    assert closes_to == {"3900"}
    (earnings,) = (row for row in rows if row.account_number == "3900")
    # What the year before earned, and nothing of this one's.
    assert earnings.opening == earnings.closing == Decimal("-775.25")


def test_eliminations_are_lines_of_the_book_at_an_entity_of_their_own(small_company: Path) -> None:
    inner = {"1250", "2250", "4200", "5200"}
    with opened(small_company) as company:
        top = {row.account_number: row.closing for row in company.trial_balance(*APRIL)}
        book = {row.account_number: row.closing for row in company.trial_balance(*APRIL, book="HVCONS")}
        (entity,) = company.elimination_entities()
        lines = list(company.general_ledger_detail(*APRIL, book="HVCONS"))
    assert all(top[account] for account in inner)
    assert not any(book[account] for account in inner)
    eliminating = [line for line in lines if line.location_id == entity]
    assert {line.account_number for line in eliminating} == inner
    for account in inner:
        assert sum(line.movement for line in lines if line.account_number == account) == 0


def test_every_page_is_one_transaction_and_nothing_else_is_asked(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        company.formatting()
        before = sum(sandbox.requests.values())
        assert len(list(company.query("GLACCOUNT", ["RECORDNO"], page_size=4))) == 9
        assert sum(sandbox.requests.values()) == before + 3
        company.count("GLACCOUNT")
        assert sum(sandbox.requests.values()) == before + 4


def test_ids_are_sent_in_the_case_in_which_they_were_given(connect: Connect, login: intacct.Login) -> None:
    for company_id, user_id, refusal in (
        (login.company_id.lower(), login.user_id, intacct.CompanyUnknown),
        (login.company_id, login.user_id.upper(), intacct.SignInRefused),
    ):
        other = intacct.Login(company_id, user_id, login.password)
        with pytest.raises(refusal), connect(login=other):
            pass
    with connect() as company:
        assert company.count("CUSTOMER", where=equal_to("CUSTOMERID", "C-1")) == 1
        assert company.count("CUSTOMER", where=equal_to("CUSTOMERID", "c-1")) == 0
        with pytest.raises(intacct.EntityRefused):
            company.enter("e100").entities()
        assert company.enter("E100").entities()
