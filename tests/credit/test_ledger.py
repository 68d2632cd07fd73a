"""The ledger: what is open of each document at the end of any day, and what is on account."""

import datetime as dt
from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from channelctl.systems.credit import store_ledger
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_paid import Credit, Debit, paid
from channelctl.systems.credit.tables import CreditLimit
from tests.credit.books import Account, Bill, Hand, Money, Sold, by_hand, day, kept
from tests.tables import examples

D = Decimal
POLICY = CreditPolicy()
SALES = CreditPolicy(sale_documents=True, terms="30")
ENDS = (30, 60, 90)


def seen(session: Session, last: int, policy: CreditPolicy = POLICY) -> Hand:
    """What the ledger says at the end of a day."""
    items = store_ledger.open_items(session, day(last), policy)
    position = store_ledger.positions(session, day(last), policy).get(1)
    return Hand({one.number: int(one.open) for one in items}, int(position.on_account) if position else 0)


def at(account: Account, last: int, policy: CreditPolicy = POLICY) -> Hand:
    with kept(account) as session:
        return seen(session, last, policy)


A, B = Bill("A", 1, 31, 100), Bill("B", 5, 35, 200)


@pytest.mark.parametrize(
    ("account", "last", "open_", "on_account"),
    [
        (Account(), 9, {}, 0),
        (Account([A]), 1, {"A": 100}, 0),
        (Account([B]), 4, {}, 0),
        # Nothing named: what is due first, whatever the order it was written in.
        (Account([B, A], [Money("P", 9, 130)]), 9, {"B": 170}, 0),
        (Account([B, A], [Money("P", 9, 130)]), 8, {"A": 100, "B": 200}, 0),
        (Account([A._replace(due=99), B], [Money("P", 9, 130)]), 9, {"B": 70, "A": 100}, 0),
        (Account([A], [Money("P", 9, 130)]), 9, {}, 30),
        # A document of later takes what is on account.
        (Account([A, Bill("C", 20, 50, 40)], [Money("P", 9, 130)]), 20, {"C": 10}, 0),
        # Named: that one, what is over goes to the others.
        (Account([A, B], [Money("P", 9, 130, "B")]), 9, {"A": 100, "B": 70}, 0),
        (Account([A, B], [Money("P", 9, 230, "B")]), 9, {"A": 70}, 0),
        (Account([A], [Money("P", 9, 130, "nobody's")]), 9, {}, 30),
        # Paid before the document was there: on account, then it is its own.
        (Account([A, B], [Money("P", 2, 60, "B")]), 3, {"A": 40}, 0),
        (Account([A, B], [Money("P", 2, 60, "B")]), 5, {"A": 100, "B": 140}, 0),
        # By hand before by name; never more than the payment, or than the document.
        (Account([A, B], [Money("P", 9, 90, "A")], [("P", "B", 50)]), 9, {"A": 60, "B": 150}, 0),
        (Account([A, B], [Money("P", 9, 90)], [("P", "B", 500)]), 9, {"A": 100, "B": 110}, 0),
        (Account([A, B], [Money("P", 9, 500)], [("P", "A", 500)]), 9, {}, 200),
        (Account([A, B], [Money("P", 9, 90)], [("P", "B", 60), ("P", "A", 60)]), 9, {"A": 70, "B": 140}, 0),
        (Account([A, B], [Money("P", 3, 90)], [("P", "B", 90)]), 4, {"A": 10}, 0),
        (Account([A, B], [Money("P", 3, 90)], [("P", "B", 90)]), 5, {"A": 100, "B": 110}, 0),
        (Account([A], [Money("P", 9, 90)], [("Q", "A", 90), ("P", "Z", 90)]), 9, {"A": 10}, 0),
        # A settled date pays what nothing else paid; what was received counts from the document's own day.
        (Account([A._replace(settled=20)]), 19, {"A": 100}, 0),
        (Account([A._replace(settled=20)]), 20, {}, 0),
        (Account([A._replace(settled=20)], [Money("P", 9, 40, "A")]), 20, {}, 0),
        # So it does of what money for no document had come by that day, in its turn; what comes later is on account.
        (Account([A._replace(settled=20)], [Money("P", 9, 40)]), 19, {"A": 60}, 0),
        (Account([A._replace(settled=20)], [Money("P", 9, 40)]), 20, {}, 0),
        (Account([A._replace(settled=20)], [Money("P", 20, 40)]), 20, {}, 0),
        (Account([A._replace(settled=20)], [Money("P", 21, 40)]), 21, {}, 40),
        (Account([A._replace(settled=20)], [Money("P", 9, 130)]), 20, {}, 30),
        (Account([A, B._replace(settled=20)], [Money("P", 9, 130)]), 20, {}, 0),
        (Account([A, B._replace(settled=20)], [Money("P", 9, 90)]), 20, {"A": 10}, 0),
        (Account([A, B._replace(settled=20)], [Money("P", 9, 90), Money("Q", 30, 30)]), 30, {}, 20),
        (Account([A._replace(settled=20), B], [Money("P", 9, 40), Money("Q", 30, 70)]), 30, {"B": 130}, 0),
        (Account([A._replace(settled=20), B._replace(settled=22)], [Money("P", 9, 150)]), 22, {}, 0),
        (Account([A._replace(settled=20), B._replace(settled=20)], [Money("P", 9, 350)]), 22, {}, 50),
        (Account([A._replace(received=30)]), 1, {"A": 70}, 0),
        (Account([A._replace(received=130), B]), 5, {"B": 170}, 0),
        (Account([A._replace(received=30, settled=7), B]), 9, {"B": 200}, 0),
        # Credit notes, by what they correct or what is due first; an opening balance; a debt given up.
        (Account([A, B, Bill("N", 6, 6, 50, type_="credit_note", document="B")]), 9, {"A": 100, "B": 150}, 0),
        (Account([A, B, Bill("N", 6, 6, 50, type_="credit_note")]), 9, {"A": 50, "B": 200}, 0),
        (Account([Bill("N", 6, 6, 50, type_="credit_note")]), 9, {}, 50),
        (Account([Bill("N", 6, 6, 50, type_="credit_note")], [Money("P", 7, 5, "N")]), 9, {}, 55),
        (Account([A._replace(type_="opening")], [Money("P", 9, 130)]), 9, {}, 30),
        (Account([A, B], lost=[Money("W", 9, 80, "B")]), 9, {"A": 100, "B": 120}, 0),
        (Account([A, B], lost=[Money("W", 9, 80)]), 9, {"A": 20, "B": 200}, 0),
        # A cheque that came back is owed from its day on; no payment names it.
        (Account([A], [Money("P", 9, 100), Money("R", 12, -100)]), 11, {}, 0),
        (Account([A], [Money("P", 9, 100), Money("R", 12, -100)]), 12, {"A": 100}, 0),
        (Account([A], [Money("P", 9, 100, "A"), Money("R", 12, -100)]), 12, {"R": 100}, 0),
        (Account([A], [Money("A", 12, -70), Money("P", 9, 100, "A")]), 12, {"A": 70}, 0),
    ],
)
def test_what_is_open(account: Account, last: int, open_: dict[str, int], on_account: int) -> None:
    expected = Hand(open_, on_account)
    assert at(account, last) == expected
    if "A" not in [one.number for one in account.paid]:
        assert by_hand(account, last) == expected


@pytest.mark.parametrize(
    ("account", "open_", "on_account"),
    [
        (Account(sold=[Sold("S1", 2, 60), Sold("S1", 2, 40), Sold("S2", 3, 50)]), {"S1": 100, "S2": 50}, 0),
        (Account(paid=[Money("P", 4, 70, "S2")], sold=[Sold("S1", 2, 60), Sold("S2", 3, 50)]), {"S1": 40}, 0),
        (Account(sold=[Sold("S1", 2, 60, "Cancelled"), Sold("S2", 2, 50, "作废"), Sold("S3", 2, 5)]), {"S3": 5}, 0),
        (Account(sold=[Sold("S1", 41, 60)]), {}, 0),
        (Account(sold=[Sold(None, 2, 60), Sold(None, 2, 5), Sold(None, 3, 7)]), {"2024-01-02": 65, "2024-01-03": 7}, 0),
        # What goes back is a credit, of the document that it names.
        (
            Account(sold=[Sold("S1", 2, 60), Sold("S2", 3, 50), Sold("R", 4, -20, original="S2")]),
            {"S1": 60, "S2": 30},
            0,
        ),
        (Account(sold=[Sold("S1", 2, 60), Sold("S2", 3, 50), Sold("R", 4, -20)]), {"S1": 40, "S2": 50}, 0),
        # Invoiced: by its own number, or by those that an invoice names.
        (Account([Bill("S1", 3, 33, 70)], sold=[Sold("S1", 2, 60)]), {"S1": 70}, 0),
        (Account([A._replace(document="S1")], sold=[Sold("S1", 2, 60), Sold("S2", 2, 50)]), {"A": 100, "S2": 50}, 0),
        (Account([A._replace(document="S1、S3")], sold=[Sold("S1", 2, 60), Sold("S3", 2, 50)]), {"A": 100}, 0),
        (Account([A._replace(document="S1, S3")], sold=[Sold("S", 2, 60), Sold("S3", 2, 50)]), {"A": 100, "S": 60}, 0),
        (Account([B._replace(date=41, document="S1")], sold=[Sold("S1", 2, 60)]), {"S1": 60}, 0),
        (Account([B._replace(type_="credit_note", document="S1", amount=9)], sold=[Sold("S1", 2, 60)]), {"S1": 51}, 0),
    ],
)
def test_sale_documents_that_nobody_invoiced(account: Account, open_: dict[str, int], on_account: int) -> None:
    assert at(account, 40, SALES) == Hand(open_, on_account)


def test_without_sale_documents_only_receivables_count() -> None:
    assert at(Account([A], sold=[Sold("S1", 2, 60), Sold("S2", 2, -60)]), 9) == Hand({"A": 100}, 0)


@pytest.mark.parametrize(
    ("line", "rate", "amount"),
    [
        # As the line says, else with its tax, else at the policy's rate.
        (Sold("S", 2, 100, taxed=107, tax=9), "0.13", "107"),
        (Sold("S", 2, 100, tax=9), "0.13", "109"),
        (Sold("S", 2, 100), "0.13", "113"),
        (Sold("S", 2, 100), "0", "100"),
        (Sold("S", 2, 100), None, "100"),
        # To the last of four decimals, half of one away from 0.
        (Sold("S", 2, 1), "0.13335", "1.1334"),
        (Sold("S", 2, 1), "0.13334", "1.1333"),
    ],
)
def test_a_sale_document_counts_with_tax(line: Sold, rate: str | None, amount: str) -> None:
    policy = SALES.model_copy(update={"tax_rate": None if rate is None else D(rate)})
    with kept(Account(sold=[line])) as session:
        assert [one.amount for one in store_ledger.open_items(session, day(9), policy)] == [D(amount)]
    with kept(Account(sold=[line._replace(amount=-1)] if line.amount == 1 else [])) as session:
        owed = store_ledger.positions(session, day(9), policy)
        assert [one.on_account for one in owed.values()] == ([D(amount)] if line.amount == 1 else [])


def test_what_was_bought_leaves_balances_taken_over_out() -> None:
    bills = [
        Bill("F0", 1, 1, -40, type_="opening"), Bill("F1", 1, 1, 70, type_="opening"), Bill("F2", 2, 32, 280),
        Bill("F3", 33, 63, -30), Bill("N", 34, 34, 5, type_="credit_note"), Bill("F4", 41, 71, 999),
    ]  # fmt: skip
    account = Account(bills, [Money("P", 3, 100)], sold=[Sold("S", 3, 20), Sold("R", 35, -8), Sold("F2", 2, 280)])
    with kept(account) as session:
        found = [store_ledger.sales_by_month(session, day(33), day(40), policy) for policy in (POLICY, SALES)]
    assert found == [
        {1: (D(-35), {"2024-01": D(280), "2024-02": D(-35)})},
        {1: (D(-43), {"2024-01": D(300), "2024-02": D(-43)})},
    ]


def test_sale_documents_from_a_day_on() -> None:
    policy = SALES.model_copy(update={"sale_documents_from": day(3)})
    assert at(Account(sold=[Sold("S1", 2, 60), Sold("S2", 3, 50)]), 9, policy) == Hand({"S2": 50}, 0)


@pytest.mark.parametrize(
    ("limits", "due"),
    [
        ([], dt.date(2024, 2, 1)),
        ([(1, "60", None, "opening")], dt.date(2024, 3, 2)),
        # Taken up after it was sold: these terms are all that is known of before.
        ([(9, "60", None, "opening")], dt.date(2024, 3, 2)),
        ([(9, "60", None, "SQ1")], dt.date(2024, 2, 1)),
        ([(1, "60", None, "opening"), (2, "月结", None, "SQ1")], dt.date(2024, 1, 31)),
        ([(1, "60", None, "opening"), (3, "月结", None, "SQ1")], dt.date(2024, 3, 2)),
        ([(1, "次月25日", 1, "SQ1")], dt.date(2024, 2, 1)),
        ([(1, "次月25日", 2, "SQ1")], dt.date(2024, 2, 25)),
        ([(1, None, None, "opening")], dt.date(2024, 2, 1)),
        # What has expired is none, whatever held before it or was taken up with: as for invoices.
        ([(1, "60", None, "opening"), (2, "月结", 1, "SQ1")], dt.date(2024, 2, 1)),
        ([(1, "60", 1, "opening")], dt.date(2024, 2, 1)),
    ],
)
def test_a_sale_document_is_due_by_the_terms_of_its_day(
    limits: list[tuple[int, str | None, int | None, str]], due: dt.date
) -> None:
    with kept(Account(sold=[Sold("S", 2, 60)])) as session:
        for first, terms, last, source in limits:
            expires = None if last is None else day(last)
            session.add(
                CreditLimit(
                    batch_id=1, customer_id=1, valid_from=day(first), terms=terms, expires_on=expires, source=source
                )
            )
        session.flush()
        assert [one.due_date for one in store_ledger.open_items(session, day(9), SALES)] == [due]


def test_what_a_customer_owes_in_one_line() -> None:
    account = Account([A, B], [Money("P", 9, 30)], sold=[Sold("S", 6, 60)])
    with kept(account) as session:
        now = store_ledger.positions(session, day(33), SALES)
        assert now == {1: store_ledger.Position(D(330), D(0), D(70), day(31), D(60))}
        assert store_ledger.positions(session, day(33), SALES, [1]) == now
        assert store_ledger.positions(session, day(33), SALES, [2]) == {}
        assert store_ledger.positions(session, day(33), SALES, []) == {}
        assert store_ledger.positions(session, day(33), SALES, range(1, 999)) == now
        assert store_ledger.positions(session, day(33), SALES, range(2, 999)) == {}


def test_movements_are_in_order_and_come_to_the_balance() -> None:
    account = Account(
        [A._replace(received=30, settled=20), B, Bill("N", 5, 5, 7, type_="credit_note")],
        [Money("P", 9, 90, "B"), Money("R", 12, -5)],
        [("P", "B", 10)],
        [Money("W", 13, 3)],
    )
    with kept(account) as session:
        told = [(one.date, one.what, one.number, one.debit, one.credit)
                for one in store_ledger.movements(session, 1, day(20), POLICY)]  # fmt: skip
    assert told == [
        (day(1), "invoice", "A", D(100), D(0)),
        (day(1), "received", "A", D(0), D(30)),
        (day(5), "invoice", "B", D(200), D(0)),
        (day(5), "credit_note", "N", D(0), D(7)),
        (day(9), "payment", "P", D(0), D(90)),
        (day(12), "refund", "R", D(5), D(0)),
        (day(13), "writeoff", "W", D(0), D(3)),
        (day(20), "settled", "A", D(0), D(65)),
    ]


@pytest.mark.parametrize(
    ("account", "last", "on"),
    [
        (Account([A], [Money("P", 9, 60), Money("Q", 40, 40)]), 40, {"A": (40, 9)}),
        (Account([A], [Money("P", 9, 60), Money("Q", 40, 40)]), 39, {}),
        (Account([A, B], [Money("P", 9, 200, "B"), Money("Q", 10, 100)]), 50, {"A": (10, 0), "B": (9, 0)}),
        (Account([A, B], [Money("P", 9, 250, "B"), Money("Q", 50, 50)]), 50, {"A": (50, 19), "B": (9, 0)}),
        (Account([A._replace(settled=36)]), 36, {"A": (36, 5)}),
        (Account([A._replace(settled=36)], [Money("P", 9, 40)]), 36, {"A": (36, 5)}),
        (
            Account([A._replace(settled=36), B], [Money("P", 9, 40), Money("Q", 40, 200)]),
            40,
            {"A": (36, 5), "B": (40, 5)},
        ),
        (Account([A._replace(received=100)]), 36, {"A": (1, 0)}),
        # Of P nothing is left for what is due first.
        (
            Account([A, B], [Money("P", 9, 100), Money("Q", 40, 200)], [("P", "A", 100)]),
            40,
            {"A": (9, 0), "B": (40, 5)},
        ),
        # Paid in advance: on the day of the document.
        (Account([B], [Money("P", 2, 500)]), 5, {"B": (5, 0)}),
        (Account([A], [Money("P", 9, 100), Money("R", 10, -20), Money("Q", 11, 20)]), 11, {"A": (9, 0)}),
    ],
)  # fmt: skip
def test_the_day_a_document_was_paid(account: Account, last: int, on: dict[str, tuple[int, int]]) -> None:
    with kept(account) as session:
        found = {one.number: (one.paid_on, one.days_late) for one in store_ledger.settled(session, day(last), POLICY)}
    if "R" in [one.number for one in account.paid]:
        # The refund is due before A: the first payment goes to it.
        on = {"A": (11, 0)}
    assert found == {number: (day(paid_on), late) for number, (paid_on, late) in on.items()}


def test_a_document_of_nothing_is_no_document_paid() -> None:
    assert list(paid(1, [Debit("A", "A", day(1), day(2), 0, 0, None)], [Credit(None, day(1), 5)])) == []


# Properties

DAYS = st.integers(1, 60)
SUMS = st.integers(1, 40)
NAMES = st.sampled_from(["D0", "D1", "D2", "D3", "none", None])


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    bills = []
    for place in range(draw(st.integers(0, 4))):
        date = draw(DAYS)
        settled = draw(st.none() | st.integers(date, 60))
        received = draw(st.none() | SUMS)
        bills.append(Bill(f"D{place}", date, date + draw(st.integers(0, 20)), draw(SUMS), received, settled))
    for place in range(draw(st.integers(0, 2))):
        bills.append(Bill(f"N{place}", draw(DAYS), 60, draw(SUMS), type_="credit_note", document=draw(NAMES)))
    paid = []
    for place in range(draw(st.integers(0, 5))):
        back = draw(st.integers(0, 5)) == 0
        amount = draw(SUMS)
        paid.append(Money(f"P{place}", draw(DAYS), -amount if back else amount, None if back else draw(NAMES)))
    lost = [Money(f"W{place}", draw(DAYS), draw(SUMS), draw(NAMES)) for place in range(draw(st.integers(0, 1)))]
    places = st.sampled_from([f"P{place}" for place in range(5)]), st.sampled_from(["D0", "D1", "D2", "none"])
    chosen = draw(st.lists(st.tuples(*places, SUMS), max_size=3, unique_by=lambda one: one[:2]))
    return Account(bills, paid, chosen, lost)


MORE = settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))


@MORE
@given(accounts(), DAYS)
def test_the_ledger_is_what_a_bookkeeper_finds(account: Account, last: int) -> None:
    with kept(account) as session:
        found = seen(session, last)
        assert found == by_hand(account, last)
        amounts = {one.number: one.amount for one in store_ledger.open_items(session, day(last), POLICY)}
        assert all(0 < units <= amounts[number] for number, units in found.open.items())
        assert not (found.open and found.on_account)
        moved = store_ledger.movements(session, 1, day(last), POLICY)
        assert sum(one.debit - one.credit for one in moved) == sum(found.open.values()) - found.on_account
        done = {one.number: one.paid_on for one in store_ledger.settled(session, day(last), POLICY)}
        debits = {one.number: day(one.date) for one in account.until(last).bills if one.type_ != "credit_note"}
        assert done.keys() == debits.keys() - found.open.keys()
        late = [one.days_late for one in store_ledger.settled(session, day(last), POLICY)]
        told = len(late), sum(map(bool, late)), sum(late), max(late, default=0)
        assert store_ledger.tallies(session, day(last), POLICY) == ({1: told} if late else {})
        assert all(debits[number] <= paid_on <= day(last) for number, paid_on in done.items())


@MORE
@given(accounts(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_payments_are_written_does_not_matter(account: Account, last: int, order: object) -> None:
    shuffled = list(account.paid)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert at(account, last) == at(Account(account.bills, shuffled, account.chosen, account.lost), last)


@MORE
@given(accounts(), DAYS)
def test_a_day_sees_nothing_of_later_ones(account: Account, last: int) -> None:
    assert at(account, last) == at(account.until(last), last)


@MORE
@given(accounts(), st.lists(st.integers(1, 90), min_size=1, max_size=4), st.sampled_from([ENDS, (1,), (7, 14, 21, 28)]))
def test_the_ageing_adds_up_to_what_is_outstanding_on_every_day(
    account: Account, days: list[int], ends: tuple[int, ...]
) -> None:
    with kept(account) as session:
        for last in days:
            items = store_ledger.open_items(session, day(last), POLICY)
            on_account = seen(session, last).on_account
            for by_due in (True, False):
                found = store_ledger.aged(session, day(last), POLICY, ends, by_due).get(1)
                if found is None:
                    assert not items
                    assert not on_account
                    continue
                assert found.outstanding == sum(one.open for one in items) - on_account
                assert found.unapplied == on_account
                ages = [(day(last) - (one.due_date if by_due else one.date)).days for one in items]
                parts = [sum(age > end for end in (0, *ends)) for age in ages]
                by_part = dict.fromkeys(range(len(ends) + 2), D(0))
                for part, own in groupby(
                    sorted(zip(parts, [one.open for one in items], strict=True)), lambda one: one[0]
                ):
                    by_part[part] = sum((amount for _part, amount in own), D(0))
                assert [found.not_due, *found.parts] == list(by_part.values())


def test_the_first_day_there_is_has_no_days_before_it() -> None:
    with kept(Account([A])) as session:
        assert store_ledger.aged(session, dt.date.min, POLICY, ENDS, True) == {}
