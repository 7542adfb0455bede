"""Dates and times by the user's own settings, and settings that cannot be read without guessing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intacct
from intacct.rows import Row, RowShape

SETTINGS = ["/mdY", ".dmY", "-Ymd", "/Ydm", " dmY"]


def user(dates: str = "/mdY", offset: str = "-08:00", clock: str = "24") -> intacct.UserFormatting:
    return intacct.UserFormatting("en_US", intacct.DateFormat(dates), offset, clock)


@pytest.mark.parametrize(
    ("formatting", "written"),
    [
        (user(), "02/03/2026 16:05:09"),
        (user(clock="12"), "02/03/2026 04:05:09 PM"),
        (user(clock="12"), "2/3/2026 4:05:09 pm"),
        (user(".dmY"), "03.02.2026 16:05:09"),
        (user(" dmY"), "03 02 2026 16:05:09"),
        (user("-Ymd", clock="12"), "2026-02-03 04:05:09 PM"),
    ],
)
def test_a_moment_is_read_by_date_format_clock_and_offset(
    formatting: intacct.UserFormatting, written: str
) -> None:
    moment = formatting.moment(written, "x")
    assert moment == datetime(2026, 2, 3, 16, 5, 9, tzinfo=timezone(timedelta(hours=-8)))
    assert moment.astimezone(UTC).hour == 0


def test_midnight_and_noon_of_a_twelve_hour_clock_are_told_apart() -> None:
    formatting = user(clock="12")
    assert formatting.moment("01/01/2026 12:00:00 AM", "x").hour == 0
    assert formatting.moment("01/01/2026 12:00:00 PM", "x").hour == 12


def test_a_moment_without_a_time_is_midnight_of_the_user() -> None:
    assert user().moment("02/03/2026", "x").isoformat() == "2026-02-03T00:00:00-08:00"


@pytest.mark.parametrize(
    ("clock", "written"),
    [
        ("24", "02/03/2026 04:05:09 PM"),
        ("12", "02/03/2026 16:05:09"),
        ("12", "02/03/2026 16:05:09 PM"),
        ("12", "02/03/2026 00:05:09 AM"),
        ("24", "02/03/2026 24:00:00"),
        ("24", "02/03/2026 12:60:00"),
        ("24", "02/03/2026T12:00:00"),
        ("24", "02/30/2026 12:00:00"),
        ("24", "2026-02-03 12:00:00"),
        ("24", "0000-00-00 00:00:00"),
        ("24", "٠٢/03/2026"),
        ("24", ""),
    ],
)
def test_a_moment_that_is_not_in_the_users_formats_is_refused(clock: str, written: str) -> None:
    with pytest.raises(intacct.UnreadableReply):
        user(clock=clock).moment(written, "x")


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),
    st.sampled_from(SETTINGS),
    st.sampled_from(["12", "24"]),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_moment_survives_every_setting(moment: datetime, dates: str, clock: str, minutes: int) -> None:
    moment = moment.replace(microsecond=0)
    sign = "-" if minutes < 0 else "+"
    formatting = user(dates, f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}", clock)
    at = f"{moment:%H:%M:%S}" if clock == "24" else f"{moment:%I:%M:%S %p}"
    read = formatting.moment(f"{formatting.dates.write(moment.date())} {at}", "x")
    assert read.replace(tzinfo=None) == moment
    assert read.utcoffset() == timedelta(minutes=minutes)


@pytest.mark.parametrize("offset", ["", "-8", "-08:60", "+15:00", "UTC", "-0800", "+14:01"])
def test_an_offset_that_cannot_be_read_is_the_borrowers_to_change(offset: str) -> None:
    with pytest.raises(intacct.UnreadableFormatting) as caught:
        user(offset=offset)
    assert caught.value.mender is intacct.Mender.BORROWER


@pytest.mark.parametrize("clock", ["", "13", "am"])
def test_a_clock_that_cannot_be_read_is_the_borrowers_to_change(clock: str) -> None:
    with pytest.raises(intacct.UnreadableFormatting):
        user(clock=clock)


def row(**fields: str) -> Row:
    return Row(RowShape("T", tuple(fields), user()), tuple(fields.values()))


def test_null_is_none_and_blanks_around_a_value_do_not_count() -> None:
    null = row(A="", B="  ")
    for name in ("A", "B"):
        assert null.text(name) == ""
        assert (null.amount(name), null.date(name), null.timestamp(name)) == (None, None, None)
        assert (null.boolean(name), null.whole_number(name)) == (None, None)
    padded = row(A=" 1.50 ", B="\n02/03/2026\t")
    assert padded.amount("A") == Decimal("1.50")
    assert padded.date("B") == date(2026, 2, 3)


@pytest.mark.parametrize("written", ["1,234.56", "1e5", "NaN", "1.234,56"])
def test_a_value_that_is_not_plain_names_object_and_field(written: str) -> None:
    with pytest.raises(intacct.UnreadableReply, match="T.AMOUNT"):
        row(AMOUNT=written).amount("AMOUNT")


def test_rows_are_equal_when_their_fields_are() -> None:
    assert row(A="1") == row(A=" 1 ")
    assert hash(row(A="1")) == hash(row(A=" 1 "))
    assert row(A="1") != row(A="2")
    assert row(A="1") != "1"
    assert dict(row(A="1").fields) == {"A": "1"}
    assert row(A=" 1 ", B="").texts == ["1", ""]
    assert "1" not in repr(row(A="secret 1")).replace("1 fields", "")
    assert row(A="1").object_name == "T"
