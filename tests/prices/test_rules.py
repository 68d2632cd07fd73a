"""Which price holds for whom on a day, what is odd about a price list, and what its falls come to."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.prices.rules import TYPES, Book, Buyer, Listed, PricePolicy, in_force, own_types, spans, tidy
from channelctl.systems.prices.rules_audit import Holding, SoldLine, audit, falls, protect
from channelctl.systems.prices.rules_lint import Sold, lint

POLICY = PricePolicy()
DIRECT = Buyer(7, "direct", "V1")


def day(number: int) -> dt.date:
    """A day by its number from the first of May."""
    return dt.date(2024, 5, 1) + dt.timedelta(days=number - 1)


def listed(first: int = 1, last: int | None = None, **more: Any) -> Listed:
    """A row of product 1, from a day of May on, at 100 for dealers of the social channel."""
    values = {
        "product_id": 1, "product_code": "P1", "product": "X1", "channel": "", "class_": "", "customer_id": None,
        "customer_code": "", "customer": "", "valid_from": day(first), "last_day": None if last is None else day(last),
        "distribution": Decimal(100), "dealer": Decimal(101), "consignment": Decimal(102), "retail": Decimal(120),
        "announced_on": day(-30), "remark": None,
    }  # fmt: skip
    return Listed(**{**values, **more})


def book(*rows: Listed) -> Book:
    return Book(rows, POLICY)


def price(found: Book, buyer: Buyer, on: int) -> Any:
    answer = found.price(1, buyer, day(on))
    return "none" if answer is None else answer.price


@pytest.mark.parametrize(
    ("rows", "on", "holds"),
    [
        ([listed(5)], 4, "none"),
        ([listed(5)], 5, 100),
        ([listed(5)], 9999, 100),
        ([listed(1), listed(5, distribution=Decimal(90))], 4, 100),
        ([listed(1), listed(5, distribution=Decimal(90))], 5, 90),
        ([listed(5, distribution=Decimal(90)), listed(1)], 5, 90),
        ([listed(1, 3)], 3, 100),
        ([listed(1, 3)], 4, "none"),
        ([listed(1, 3), listed(6)], 5, "none"),
        ([listed(1, 31), listed(5, 7, distribution=Decimal(90))], 7, 90),
        ([listed(1, 31), listed(5, 7, distribution=Decimal(90))], 8, 100),
        ([listed(1), listed(5, 7, distribution=Decimal(90))], 8, "none"),
        ([listed(1), listed(5, distribution=None)], 5, None),
        ([listed(1, (dt.date.max - day(1)).days + 1)], 9999, 100),
    ],
)
def test_a_row_holds_through_its_last_day_else_until_the_next(rows: list[Listed], on: int, holds: Any) -> None:
    assert price(book(*rows), DIRECT, on) == holds


ANY = listed(distribution=Decimal(1), dealer=Decimal(11), consignment=Decimal(21))
SOCIAL = ANY._replace(channel="social", distribution=Decimal(2))
OWN_CHANNEL = ANY._replace(channel="direct", distribution=Decimal(3))
CLASS = ANY._replace(class_="V1", distribution=Decimal(4))
CLASS_AND_CHANNEL = CLASS._replace(channel="direct", distribution=Decimal(5))
OWN = ANY._replace(customer_id=7, distribution=Decimal(6))
OPERATORS = ANY._replace(channel="operator", dealer=Decimal(12), consignment=Decimal(22))
ALL = [ANY, SOCIAL, OWN_CHANNEL, CLASS, CLASS_AND_CHANNEL, OWN, OPERATORS]


@pytest.mark.parametrize(
    ("buyer", "found"),
    [
        (DIRECT, 6),
        (Buyer(8, "direct", "V1"), 5),
        (Buyer(8, "key_account", "V1"), 4),
        (Buyer(8, "direct", "V2"), 3),
        (Buyer(8, "terminal", None), 2),
        (Buyer(8, "operator", "V2"), 12),
        (Buyer(8, "operator_consignment", None), 22),
        (Buyer(8, "军采", "V1"), "none"),
        (Buyer(None, None, None), "none"),
    ],
)
def test_the_most_special_row_counts(buyer: Buyer, found: Any) -> None:
    assert price(book(*ALL), buyer, 1) == found
    assert price(book(*reversed(ALL)), buyer, 1) == found


def test_a_price_not_offered_to_the_customer_is_not_taken_from_a_row_for_others() -> None:
    assert price(book(ANY, OWN._replace(distribution=None)), DIRECT, 1) is None


@pytest.mark.parametrize(
    ("word", "channel"),
    [
        ("社会渠道", "social"), ("社会", "social"), ("Social Channel", "social"), ("联通渠道", "operator"),
        ("直供", "direct"), ("-", ""), ("全部", ""), ("Any", ""), ("", ""),
    ],
)  # fmt: skip
def test_words_of_the_list_become_channels(word: str, channel: str) -> None:
    values = {"channel": word}
    assert list(tidy(values)) == []
    assert values == {"channel": channel}


def test_an_unknown_channel_is_kept_with_a_remark() -> None:
    values = {"channel": "军采"}
    assert [flaw.code for flaw, _name in tidy(values)] == ["W102"]
    assert values == {"channel": "军采"}


@pytest.mark.parametrize(
    ("channel", "types"),
    [("social", ("distribution",)), ("operator", ("dealer",)), ("direct", ("distribution",)), ("", ()), ("军采", ())],
)
def test_a_rows_channel_says_which_price_it_needs(channel: str, types: tuple[str, ...]) -> None:
    assert own_types(channel, POLICY) == types


ROWS = st.lists(
    st.builds(
        listed,
        st.integers(1, 20),
        st.none(),
        channel=st.sampled_from(["", "social", "direct", "operator"]),
        class_=st.sampled_from(["", "V1"]),
        customer_id=st.sampled_from([None, 7]),
        distribution=st.one_of(st.none(), st.integers(1, 99).map(Decimal)),
    ),
    max_size=12,
    unique_by=lambda row: (row.key, row.valid_from),
)


@given(ROWS, st.integers(0, 25), st.sampled_from([DIRECT, Buyer(8, "direct", None), Buyer(9, "key_account", "V1")]))
def test_a_price_is_that_of_the_last_row_of_the_most_special_key(rows: list[Listed], on: int, buyer: Buyer) -> None:
    def rank(row: Listed) -> tuple[bool, bool, int]:
        return row.customer_id is not None, row.class_ != "", ["", "social", buyer.channel].index(row.channel)

    fitting = [
        row
        for row in rows
        if row.customer_id in (None, buyer.customer_id)
        and row.class_ in ("", buyer.class_)
        and row.channel in ("", "social", buyer.channel)
        and row.valid_from <= day(on)
    ]
    best = max(fitting, key=lambda row: (rank(row), row.valid_from), default=None)
    assert price(Book(rows, POLICY), buyer, on) == (best.distribution if best else "none")


@given(ROWS, st.integers(0, 25))
def test_of_each_key_one_row_is_in_force_at_most(rows: list[Listed], on: int) -> None:
    shown = in_force(spans(rows), day(on))
    keys = [(row.channel, row.class_, row.customer_code) for row in shown]
    assert len({row.key for row in rows if row.valid_from <= day(on)}) == len(keys)
    assert all(row.valid_from <= day(on) and (row.last_day is None or day(on) <= row.last_day) for row in shown)


def findings(*rows: Listed, sold: Iterable[Sold] = ()) -> list[tuple[str, str, int, int | None]]:
    """What, and from which day of May to which."""
    found = lint(book(*rows), sold)
    first = day(1)
    return [
        (row.check, row.said, (row.from_ - first).days + 1, None if row.to is None else (row.to - first).days + 1)
        for row in found
    ]


NOBODYS = "nobody buys at the price of “V1”, which is no channel of [prices] types in the policy"
RISEN = listed(10, distribution=Decimal(110))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([listed(1), listed(10)], []),
        ([listed(1, 9), listed(10)], []),
        ([listed(1, 6), listed(10)], [("gap", "no price holds on these days", 7, 9)]),
        ([listed(1, 6), listed(10, channel="direct")], []),
        (
            [listed(1, 12), listed(10)],
            [("overlap", "two rows hold on these days; the later one, from 2024-05-10, counts", 10, 12)],
        ),
        (
            [listed(1, 12), listed(10, 11)],
            [("overlap", "two rows hold on these days; the later one, from 2024-05-10, counts", 10, 11)],
        ),
        (
            [listed(1, 31), listed(5, 7), listed(20, 25), listed(40)],
            [
                ("overlap", "two rows hold on these days; the later one, from 2024-05-05, counts", 5, 7),
                ("overlap", "two rows hold on these days; the later one, from 2024-05-20, counts", 20, 25),
                ("gap", "no price holds on these days", 32, 39),
            ],
        ),
        ([listed(1), listed(5, 7), listed(10)], [("gap", "no price holds on these days", 8, 9)]),
        ([listed(channel="social", dealer=None, consignment=None)], []),
        ([listed(channel="social", distribution=None)], [("missing", "no distribution price", 1, None)]),
        ([listed(channel="operator", distribution=None, consignment=None)], []),
        ([listed(channel="operator", dealer=None)], [("missing", "no dealer price", 1, None)]),
        ([listed(channel="V1", distribution=None)], [("unknown", NOBODYS, 1, None)]),
        ([listed(retail=None)], [("missing", "no retail price", 1, None)]),
        ([listed(distribution=None, dealer=None, consignment=None, retail=None, channel="direct")], []),
        ([listed(retail=Decimal(100))], [
            ("inversion", "retail 100.00 is below the dealer price of 101.00", 1, None),
            ("inversion", "retail 100.00 is below the consignment price of 102.00", 1, None),
        ]),
        ([listed(1), RISEN._replace(announced_on=day(3))], []),
        ([listed(1), RISEN._replace(announced_on=day(4))], [
            ("unannounced", "distribution 100.00 → 110.00; announced 6 days before, 7 are wanted", 10, None)
        ]),
        ([listed(1), RISEN._replace(announced_on=None)], [
            ("unannounced", "distribution 100.00 → 110.00; not announced", 10, None)
        ]),
        ([listed(1), listed(10, distribution=Decimal(90), announced_on=None)], []),
        ([listed(1, distribution=None), RISEN._replace(announced_on=None)], []),
    ],
)  # fmt: skip
def test_what_is_odd_is_found(rows: list[Listed], found: list[Any]) -> None:
    assert findings(*rows) == found


def sold(buyer: Buyer, *on: int) -> list[Sold]:
    return [Sold(1, "P1", "X1", buyer, day(one), 2) for one in on]


def test_sales_without_a_price_are_told_by_product_and_channel() -> None:
    ones = [*sold(DIRECT, 3, 9, 12), *sold(Buyer(9, "terminal", None), 2), *sold(Buyer(None, None, None), 1)]
    assert findings(listed(5, 10), sold=ones) == [
        ("unlisted", "4 sale lines have no price", 3, 12),
        ("unlisted", "2 sale lines have no price", 2, 2),
    ]
    assert findings(listed(1, distribution=None), sold=sold(DIRECT, 3)) == [
        ("unlisted", "2 sale lines have no price", 3, 3)
    ]


def line(unit_price: object, quantity: object = 2, amount: object = 0, on: int = 5, of: int | None = None) -> SoldLine:
    """A line of a direct customer; `of` is the day of the document that it returns."""
    price = None if unit_price is None else Decimal(str(unit_price))
    return SoldLine(
        day(on), day(of or on), "D1", 1, "X1", 7, "C7", "甲", "direct", None, Decimal(str(quantity)), price,
        Decimal(str(amount)), None, None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (line(100), None),
        (line("100.01"), None),
        (line("100.0101"), ("0.0101", "0.02")),
        (line("99.99"), None),
        (line(95), ("-5", "-10.00")),
        (line(110, -3), ("10", "-30.00")),
        (line(None, 3, 300), None),
        (line(None, 3, 320), ("6.6667", "20.00")),
        (line(100, on=10), ("20", "40.00")),
        (line(100, -2, on=10, of=5), None),
    ],
)
def test_a_line_is_off_its_price_beyond_the_tolerance(one: SoldLine, found: tuple[str, str] | None) -> None:
    said = audit([one], book(listed(1), listed(10, distribution=Decimal(80))))
    assert [(str(row.difference), str(row.effect)) for row in said.rows] == ([found] if found else [])
    assert (said.compared, said.unlisted) == (1, 0)


def test_a_line_without_a_list_price_is_counted_and_not_compared() -> None:
    nobody = line(100)._replace(customer_id=None, channel=None)
    said = audit([line(100, on=1), nobody, line(1, on=9)], book(listed(5)))
    assert (len(said.rows), said.compared, said.unlisted, said.anonymous) == (1, 1, 1, 1)


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(-9, 9).filter(bool)), max_size=9))
def test_the_effect_is_what_was_billed_over_the_list(lines: list[tuple[int, int]]) -> None:
    said = audit([line(price, quantity) for price, quantity in lines], book(listed(1)))
    assert said.effect == sum((price - 100) * quantity for price, quantity in lines)
    assert len(said.rows) == sum(price != 100 for price, _quantity in lines)


def held(stock: object, customer: int = 7, channel: str | None = "direct") -> Holding:
    units = None if stock is None else Decimal(str(stock))
    return Holding(customer, f"C{customer}", "甲", channel, None, 1, "X1", units, None if stock is None else day(9))


def test_unsold_stock_is_worth_the_fall_of_the_customers_own_price() -> None:
    found = book(
        listed(1), listed(10, distribution=Decimal("87.5"), dealer=Decimal(101)), OWN._replace(customer_id=8)
    )  # fmt: skip
    rows = protect(
        [held(2, 5), held(None, 4), held("7.5"), held(9, 8), held(9, 9, "operator"), held(-3, 6), held(9, 3, None)],
        found,
        day(10),
    )
    assert [(row.customer_code, row.fall, row.protection) for row in rows] == [
        ("C7", Decimal("12.5"), Decimal("93.75")),
        ("C5", Decimal("12.5"), Decimal("25.00")),
        ("C6", Decimal("12.5"), Decimal("0.00")),
        ("C4", Decimal("12.5"), None),
    ]
    assert protect([held(9)], found, day(11)) == protect([held(9)], found, day(9)) == []


def test_only_products_whose_rows_begin_or_end_on_a_day_can_have_fallen() -> None:
    found = book(listed(1, 9), listed(10, product_id=2), listed(11, product_id=3))
    assert [list(falls(found, day(one))) for one in (1, 9, 10, 11)] == [[1], [], [1, 2], [3]]


def test_every_price_has_a_name_and_a_word() -> None:
    assert set(POLICY.types.values()) <= set(TYPES)
