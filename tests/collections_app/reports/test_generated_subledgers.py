"""Subledgers that nobody would think of, and books that are wrong in one place only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from collections_app.reports.aging import BY_DUE_DATE, BY_INVOICE_DATE, AgingMethod, age_position
from collections_app.reports.books import Books
from collections_app.reports.figures import Account
from collections_app.reports.journal import JournalLine
from collections_app.reports.open_items import history
from collections_app.reports.subledger import Application, Document, Party, Payment, Subledger
from collections_app.reports.tie_out import TieOut, tie_out
from tests.collections_app.reports.cast import HEADING, SALES
from tests.collections_app.reports.checks.proving import prove
from tests.collections_app.reports.integer_ledger import IntegerLedger, money, months_between
from tests.collections_app.reports.listed_journal import ListedJournal

FIRST, LAST = date(2024, 1, 1), date(2024, 6, 30)
MONTHS = months_between(FIRST, LAST)
RECEIVABLE = Account("1200", "Receivables", "balancesheet", "debit", control="receivables")
BANK = Account("1000", "Bank", "balancesheet", "debit")
EARNED = Account("3000", "Earned", "balancesheet", "credit", "closed to account")
CHART = (BANK, RECEIVABLE, EARNED, replace(SALES, closes_to="3000"))

days = st.dates(FIRST, LAST)
cents = st.integers(-(10**9), 10**9).filter(bool)
parties = st.sampled_from(["C1", "C2", "C3"])


@st.composite
def documents(draw: st.DrawFn, place: int) -> Document:
    amount = money(draw(cents))
    created = draw(days)
    return Document(
        key=f"invoice:{place}",
        kind="invoice",
        party=draw(parties),
        number=f"I{place}",
        document_date=created,
        posting_date=min(LAST, created + timedelta(draw(st.integers(0, 40)))),
        due_date=draw(st.one_of(st.none(), st.dates(FIRST, date(2024, 9, 30)))),
        amount=amount,
        transaction_amount=amount,
        state=draw(st.sampled_from(["Posted", "Paid", "Selected", "Partially Paid", "Draft", "No Value"])),
    )


@st.composite
def subledgers(draw: st.DrawFn) -> Subledger:
    made = [draw(documents(place)) for place in range(draw(st.integers(0, 12)))]
    receipts = []
    for place in range(draw(st.integers(0, 8))):
        amount = money(draw(st.integers(1, 10**9)))
        receipts.append(
            Payment(f"payment:{place}", "payment", draw(parties), "", draw(days), amount, "", amount)
        )
    applications = []
    if made:
        sources = st.sampled_from(["", *(receipt.key for receipt in receipts)])
        targets = st.sampled_from([document.key for document in made])
        for place in range(draw(st.integers(0, 15))):
            amount, discount = money(draw(st.integers(1, 10**6))), money(draw(st.integers(0, 10**4)))
            source = draw(sources)
            paid = amount if source else money(0)
            applications.append(
                Application(
                    str(place),
                    draw(targets),
                    draw(days),
                    payment=source,
                    payment_amount=paid,
                    discount=discount,
                    transaction_amount=paid + discount,
                )
            )
    names = {party: Party(party, party) for party in ("C1", "C2", "C3")}
    return Subledger("receivable", names, tuple(made), tuple(receipts), tuple(applications))


def total_by_hand(books: Subledger, day: date) -> int:
    """What is open in cents: invoices less receipts less discounts, each from the day it counts."""
    posted = {d.key: d for d in books.documents if d.state not in ("Draft", "No Value")}
    receipts = {p.key: p for p in books.payments}
    total = sum(int(d.amount * 100) for d in posted.values() if d.posting_date <= day)
    total -= sum(int(p.amount * 100) for p in receipts.values() if p.posting_date <= day)
    for each in books.applications:
        document = posted.get(each.document)
        if document is None:
            continue
        dates = [each.date, document.posting_date]
        if each.payment:
            dates.append(receipts[each.payment].posting_date)
        if max(dates) <= day:
            sign = -1 if document.amount < 0 else 1
            total -= sign * int(each.discount * 100)
            # A receipt and the document it settles move against each other, unless both lower what is owed.
            if sign < 0 and each.payment:
                total += 2 * int(each.payment_amount * 100)
    return total


@given(subledgers(), st.lists(days, min_size=1, max_size=4))
@settings(max_examples=25)
def test_the_total_is_what_was_invoiced_less_what_was_settled(books: Subledger, when: list[date]) -> None:
    for position in history(books).positions(when):
        assert position.total == money(total_by_hand(books, position.as_of))


@given(subledgers(), days, st.lists(st.integers(0, 200), min_size=1, max_size=6, unique=True))
@settings(max_examples=25)
def test_an_aging_is_the_sum_of_its_parts_whatever_its_buckets(
    books: Subledger, day: date, limits: list[int]
) -> None:
    position = history(books).position(day)
    for method in (BY_DUE_DATE, BY_INVOICE_DATE, AgingMethod("due_date", tuple(sorted(limits)))):
        aging = age_position(position, method)
        assert aging.total == position.total == sum(aging.totals) + aging.unapplied
        assert sum(row.total for row in aging.rows) == aging.total
        for row in aging.rows:
            assert row.total == sum(row.amounts) + row.unapplied
        assert sum(row.documents for row in aging.rows) == aging.documents


@given(subledgers(), st.lists(days, min_size=1, max_size=6))
@settings(max_examples=15)
def test_many_days_at_once_are_each_day_by_itself(books: Subledger, when: list[date]) -> None:
    known = history(books)
    for position in known.positions(when):
        assert position == known.position(position.as_of)


@dataclass(frozen=True)
class Sale:
    """An invoice, and how it is paid: with what discount and after how many days, if at all."""

    day: date
    cents: int
    discount: int
    paid_after: int | None


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    amount = draw(st.integers(10_000, 10**8))
    after = draw(st.one_of(st.none(), st.integers(0, 90)))
    return Sale(draw(days), amount, draw(st.integers(0, 5_000)), after)


def rightly_kept(made: list[Sale]) -> Books:
    """Books in which every document and every receipt has its line on the control account."""
    invoices, receipts, applications, lines = [], [], [], []
    for place, sale in enumerate(made):
        amount = money(sale.cents)
        invoices.append(
            Document(
                f"invoice:{place}", "invoice", "C1", "", sale.day, sale.day, sale.day, amount, "", amount
            )
        )
        lines.append((sale.day, f"{place}", sale.cents))
        if sale.paid_after is None:
            continue
        day, paid = sale.day + timedelta(sale.paid_after), money(sale.cents - sale.discount)
        receipts.append(Payment(f"payment:{place}", "payment", "C1", "", day, paid, "", paid))
        applications.append(
            Application(
                f"{place}",
                f"invoice:{place}",
                day,
                payment=f"payment:{place}",
                payment_amount=paid,
                discount=money(sale.discount),
                transaction_amount=amount,
            )
        )
        lines += [(day, f"{place}p", sale.discount - sale.cents), (day, f"{place}d", -sale.discount)]
    known = Subledger(
        "receivable", {"C1": Party("C1", "C1")}, tuple(invoices), tuple(receipts), tuple(applications)
    )
    return with_lines(known, [(day, key, "4.AR", amount) for day, key, amount in lines])


def with_lines(known: Subledger, lines: list[tuple[date, str, str, int]]) -> Books:
    ledger = IntegerLedger(1)
    ledger.add_accounts([(number, False, "") for number in ("1000", "1200", "3000")])
    ledger.add_accounts([("4000", True, "3000")])
    ledger.add_lines(
        (day, account, sign * amount)
        for day, _, _, amount in lines
        for account, sign in (("1200", 1), ("4000", -1))
    )
    months = tuple(ledger.trial_balance(start, end, "never") for start, end in MONTHS)
    ledger.close()
    journal = [
        JournalLine(
            key, key, day, key, "J", "ACCRUAL", module, "1", day, account,
            money(max(sign * amount, 0)), money(max(-sign * amount, 0)),
        )
        for day, key, module, amount in lines
        for account, sign in (("1200", 1), ("4000", -1))
    ]  # fmt: skip
    heading = replace(HEADING, date_from=FIRST, date_to=LAST)
    return Books(heading, CHART, months, journal=ListedJournal(journal), receivables=known)


def shows_exactly(result: TieOut, expected: Callable[[date], int], causes: set[str]) -> None:
    for month in result.months:
        assert month.difference == money(expected(month.as_of)), month.as_of
        assert month.unexplained == 0
        assert {each.cause for each in month.explanations} <= causes
        if month.difference:
            assert sum(each.amount for each in month.explanations) == month.difference


@given(st.lists(sales(), max_size=8))
@settings(max_examples=15)
def test_rightly_kept_books_tie_in_every_month(made: list[Sale]) -> None:
    shows_exactly(tie_out(rightly_kept(made), "receivable"), lambda day: 0, set())


@given(st.lists(sales(), min_size=1, max_size=8))
@settings(max_examples=15)
def test_a_settlement_that_was_lost_is_the_difference_from_its_day_on(made: list[Sale]) -> None:
    books = rightly_kept(made)
    known = books.receivables
    assert known is not None
    assume(known.applications)
    lost, kept = known.applications[0], known.applications[1:]
    receipts = tuple(each for each in known.payments if each.key != lost.payment)
    broken = replace(books, receivables=replace(known, applications=kept, payments=receipts))
    amount = int((lost.payment_amount + lost.discount) * 100)
    causes = {"only_in_ledger", "only_in_subledger", "different_month"}
    shows_exactly(tie_out(broken, "receivable"), lambda day: amount if lost.date <= day else 0, causes)


@given(st.lists(sales(), min_size=1, max_size=8))
@settings(max_examples=10)
def test_the_check_of_receivables_fails_by_the_settlement_that_was_lost(made: list[Sale]) -> None:
    books = rightly_kept(made)
    assert prove(books)["R10"].difference == 0
    known = books.receivables
    assert known is not None
    assume(known.applications)
    lost, kept = known.applications[0], known.applications[1:]
    assume(lost.date <= LAST)
    receipts = tuple(each for each in known.payments if each.key != lost.payment)
    broken = replace(books, receivables=replace(known, applications=kept, payments=receipts))
    assert prove(broken)["R10"].difference == lost.payment_amount + lost.discount


@given(st.lists(sales(), min_size=1, max_size=8), st.integers(-80, 80))
@settings(max_examples=15)
def test_an_invoice_in_the_wrong_month_is_the_difference_in_between(made: list[Sale], shift: int) -> None:
    made = [replace(made[0], paid_after=None), *made[1:]]
    books = rightly_kept(made)
    known = books.receivables
    assert known is not None
    right = known.documents[0]
    moved = replace(right, posting_date=right.posting_date + timedelta(shift))
    assume(moved.posting_date >= FIRST)
    broken = replace(books, receivables=replace(known, documents=(moved, *known.documents[1:])))

    def expected(day: date) -> int:
        return int(right.amount * 100) * ((moved.posting_date <= day) - (right.posting_date <= day))

    # Beyond the last month the ledger's line has no partner.
    causes = {"different_month", "only_in_ledger", "only_in_subledger"}
    shows_exactly(tie_out(broken, "receivable"), expected, causes)


@given(st.lists(sales(), min_size=1, max_size=8))
@settings(max_examples=15)
def test_an_invoice_with_the_wrong_sign_is_twice_the_difference(made: list[Sale]) -> None:
    made = [replace(made[0], paid_after=None), *made[1:]]
    books = rightly_kept(made)
    known = books.receivables
    assert known is not None
    right = known.documents[0]
    wrong = replace(right, amount=-right.amount, transaction_amount=-right.amount)
    broken = replace(books, receivables=replace(known, documents=(wrong, *known.documents[1:])))
    amount = int(right.amount * 100)
    causes = {"only_in_ledger", "only_in_subledger", "different_month"}
    shows_exactly(
        tie_out(broken, "receivable"), lambda day: -2 * amount if right.posting_date <= day else 0, causes
    )


@given(st.lists(sales(), max_size=6), days, st.integers(1, 10**8), st.booleans())
@settings(max_examples=15)
def test_a_journal_posted_straight_to_the_control_account_is_named(
    made: list[Sale], day: date, amount: int, revaluation: bool
) -> None:
    right = rightly_kept(made)
    assert right.receivables is not None
    assert right.journal is not None
    own = [
        (line.entry_date, line.record, line.module, int(line.movement * 100))
        for line in right.journal.lines(FIRST, date.max)
        if line.account == "1200"
    ]
    key = "Revaluation" if revaluation else "Plug"
    broken = with_lines(right.receivables, [*own, (day, key, "2.GL", amount)])
    cause = "revaluation" if revaluation else "direct_posting"
    result = tie_out(broken, "receivable")
    shows_exactly(result, lambda end: -amount if day <= end else 0, {cause})
    (explanation,) = result.months[-1].explanations
    assert [found.line.record for found in explanation.evidence if found.line] == [key]
