"""Which company the demo serves and which period it asks for."""

from datetime import date
from pathlib import Path

import pytest

from portal.demo.company import find_company, period_to_ask_for
from portal.demo.errors import DemoError


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        (date(2019, 10, 1), date(2021, 3, 31), (date(2020, 1, 1), date(2020, 12, 31))),
        (date(2022, 1, 4), date(2024, 12, 1), (date(2024, 1, 1), date(2024, 12, 31))),
        (date(2022, 1, 31), date(2023, 11, 30), (date(2022, 1, 1), date(2022, 12, 31))),
        (date(2023, 3, 9), date(2024, 2, 10), (date(2023, 3, 1), date(2024, 2, 29))),
    ],
    ids=["year in the middle", "last year whole", "last year cut off", "no whole year"],
)
def test_the_period_fits_the_ledger(first: date, last: date, period: tuple[date, date]) -> None:
    assert period_to_ask_for(first, last) == period


def test_a_folder_without_a_company_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match=r"is not a company folder: company\.json is missing\."):
        find_company({"DEMO_COMPANY": str(tmp_path)}, tmp_path)


def test_a_company_without_lines_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "company.json").write_text(
        '{"companyid": "A", "users": [{"userid": "u", "password": "p", "status": "active"}]}',
        encoding="utf-8",
    )
    (tmp_path / "GLDETAIL.csv").write_text("RECORDNO,ENTRY_DATE\n", encoding="utf-8")
    with pytest.raises(DemoError, match="no active user or no ledger lines"):
        find_company({"DEMO_COMPANY": str(tmp_path)}, tmp_path)


def test_the_chosen_company_gives_its_sign_in_and_its_period(tmp_path: Path) -> None:
    (tmp_path / "company.json").write_text(
        '{"companyid": "ACME", "users": [{"userid": "old", "password": "o", "status": "inactive"},'
        ' {"userid": "reader", "password": "p", "status": "active"}]}',
        encoding="utf-8",
    )
    lines = "RECORDNO,ENTRY_DATE\n1,01/02/2023\n2,12/30/2023\n"
    (tmp_path / "GLDETAIL.csv").write_text(lines, encoding="utf-8")
    company = find_company({"DEMO_COMPANY": str(tmp_path)}, tmp_path / "data")
    assert (company.company_id, company.user_id, company.password) == ("ACME", "reader", "p")
    assert (company.date_from, company.date_to) == (date(2023, 1, 1), date(2023, 12, 31))
    assert "password" not in repr(company)
