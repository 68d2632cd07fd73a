"""From the retail price down to what a unit really costs a dealer."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.money import to_fen
from channelctl.systems.rebates.rules_waterfall import Share, per_unit, waterfall
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet
from tests.rebates.regions import LINES, MONTHLY, SAMPLE, brought, region

D = Decimal
TYPES = st.sampled_from(["pickup", "volume", "contract", "other"])
MONEY = st.decimals(0, 500, places=4)
PRICE = st.decimals(1, 9999, places=4)
CHANGES = ("list_change", "off_list")


def steps(*given: object) -> list[tuple[str, Decimal | None, Decimal | None]]:
    return [(row.step, row.floor, row.estimate) for row in waterfall(*given)]  # type: ignore[arg-type]


def test_every_step_in_order() -> None:
    rebates = [Share("volume", "达量", D(20), D(80)), Share("pickup", "提货", D(30), D(30))]
    assert steps(D(2499), D(2068), D(2168), D(2160), rebates) == [
        ("retail", D(2499), D(2499)),
        ("list", D(2068), D(2068)),
        ("list_change", D(100), D(100)),
        ("off_list", D(-8), D(-8)),
        ("invoice", D(2160), D(2160)),
        ("pickup", D(-30), D(-30)),
        ("volume", D(-20), D(-80)),
        ("net", D(2110), D(2050)),
        ("margin", D(389), D(449)),
    ]


@pytest.mark.parametrize(
    ("retail", "listed", "invoice", "net", "margin", "share"),
    [
        (D(2000), D(1500), D(1500), D(1500), D(500), D("0.25")),
        (D(2000), D(1500), None, D(1500), D(500), D("0.25")),
        (D(2000), None, D(1600), D(1600), D(400), D("0.2")),
        (None, D(1500), D(1400), D(1400), None, None),
        (D(2000), None, None, None, None, None),
        (D(0), D(1500), D(1500), D(1500), D(-1500), None),
        (D(1000), D(1500), D(1500), D(1500), D(-500), D("-0.5")),
    ],
)
def test_what_is_not_known(
    retail: Decimal | None,
    listed: Decimal | None,
    invoice: Decimal | None,
    net: Decimal | None,
    margin: Decimal | None,
    share: Decimal | None,
) -> None:
    rows = waterfall(retail, listed, None, invoice, [])
    assert (rows[-2].floor, rows[-1].floor, rows[-1].floor_share) == (net, margin, share)
    assert ("off_list" in [row.step for row in rows]) is (None not in (listed, invoice) and listed != invoice)


@given(PRICE, PRICE, PRICE, PRICE, st.lists(st.builds(Share, TYPES, st.text(max_size=3), MONEY, MONEY), max_size=6))
def test_it_adds_up(retail: Decimal, listed: Decimal, then: Decimal, invoice: Decimal, rebates: list[Share]) -> None:
    rows = waterfall(retail, listed, then, invoice, rebates)
    assert all(getattr(row, side) == to_fen(getattr(row, side)) for row in rows for side in ("floor", "estimate"))
    rebates = [one._replace(floor=to_fen(one.floor), estimate=to_fen(one.estimate)) for one in rebates]
    retail, listed, then, invoice = to_fen(retail), to_fen(listed), to_fen(then), to_fen(invoice)
    for side in ("floor", "estimate"):
        by_step = {row.step: getattr(row, side) for row in rows}
        taken = sum((getattr(row, side) for row in rows if row.name or row.step in CHANGES), D(0))
        unnamed = sum((-getattr(one, side) for one in rebates if not one.name), D(0))
        assert listed + taken + unnamed == by_step["net"]
        assert by_step["margin"] + by_step["net"] == retail
    assert len(rows) == 5 + len(rebates) + (listed != then) + (then != invoice)


@given(PRICE, PRICE, PRICE)
def test_what_was_bought_at_the_list_of_its_day_is_not_off_it(retail: Decimal, listed: Decimal, then: Decimal) -> None:
    found = {row.step: row.floor for row in waterfall(retail, listed, then, then, [])}
    assert "off_list" not in found
    assert found.get("list_change", 0) == to_fen(then) - to_fen(listed)


@pytest.mark.parametrize(
    ("entitlement", "part", "whole", "quantity", "expected"),
    [
        (D(80000), D(100), D(1000), D(100), D(80)),
        (D(80000), D(100), D(1000), D(50), D(160)),
        (D(0), D(100), D(1000), D(100), D(0)),
        (D(80000), D(0), D(1000), D(0), D(0)),
        (D(80000), D(-5), D(1000), D(-5), D(0)),
        (D(80000), D(5), D(0), D(5), D(0)),
    ],
)
def test_a_products_part_a_unit(
    entitlement: Decimal, part: Decimal, whole: Decimal, quantity: Decimal, expected: Decimal
) -> None:
    assert per_unit(entitlement, part, whole, quantity) == expected


# --- the command ------------------------------------------------------------------------------------------------------

PICKUP = ("TH", 1, 1, "提货返利", "提货返利", *MONTHLY, "", "15", "K310", "", "", "", "")
PERCENT = (
    *("JD", 1, 1, "季度返利", "其他返利", "2024-04-01", "2024-06-30", "季", "净额", "全量", "百分比", "", "2%"),
    *("", "", "", "", ""),
)
PRICES = [
    ("K310", "", "2024-05-01", 2050, 2499),
    ("K310", "直供", "2024-05-01", 2010, 2499),
    ("A108", "", "2024-05-01", "-", 699),
]


def priced(ch: Run, *rules: tuple[object, ...], lines: Any = LINES) -> None:
    """The region with its customers' channels and a price list."""
    customers = [("C1", "恒达通讯", "直供"), ("C2", "信通电讯", "分销"), ("C3", "远方手机", "")]
    brought(ch, sheet("customers", "客户编码 客户名称 渠道", customers))
    region(ch, *rules, lines=lines)
    brought(ch, sheet("prices", "型号 渠道类型 生效日期 分销进店价 零售价", PRICES))


def fell(ch: Run, *words: str) -> dict[str, tuple[Any, Any]]:
    found = report(ch, "price", "waterfall", *words)
    return {row["name"] or row["step"]: (row["floor"], row["estimate"]) for row in found["rows"]}


def test_on_the_screen(ch: Run) -> None:
    priced(ch, SAMPLE, PICKUP)
    said = ch("price", "waterfall", "K310", "--customer", "C1", "--as-of", "2024-05-20")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "K310 · C1 恒达通讯 · May 2024 to 2024-05-20 · distribution price\n"
        "\n"
        "Step                 Policy     A unit, floor, CNY   Of retail   A unit, estimate, CNY\n"
        "──────────────────────────────────────────────────────────────────────────────────────\n"
        "retail price                              2,499.00      100.0%                2,499.00\n"
        "list price                                2,010.00       80.4%                2,010.00\n"
        "off the list price                          -10.00       -0.4%                  -10.00\n"
        "invoice price                             2,000.00       80.0%                2,000.00\n"
        "pick-up rebate       提货返利               -15.00       -0.6%                  -15.00\n"
        "volume rebate        达量返利               -20.00       -0.8%                  -80.00\n"
        "net price                                 1,965.00       78.6%                1,905.00\n"
        "dealer's margin                             534.00       21.4%                  594.00\n"
        "\n"
        "999 units invoiced.\n"
        "A unit costs 1,965.00 net, by the estimate 1,905.00.\n"
        "At the retail price that leaves 534.00 (21.4%).\n"
    )


def test_floor_and_estimate(ch: Run) -> None:
    priced(ch, SAMPLE, PICKUP, PERCENT)
    found = fell(ch, "K310", "--customer", "C2", "--as-of", "2024-05-09")
    # 360 units in 9 of 31 days lead to 1,240: 80 a unit by the estimate. 2 % of 2,000 are 40.
    assert found == {
        "retail": (2499, 2499),
        "list": (2050, 2050),
        "off_list": (-50, -50),
        "invoice": (2000, 2000),
        "提货返利": (-15, -15),
        "达量返利": (0, -80),
        "季度返利": (-40, -40),
        "net": (1945, 1865),
        "margin": (554, 634),
    }


def test_prices_of_the_lines_are_averaged_without_returns(ch: Run) -> None:
    more = [
        ("2024-05-10", "S7", "", "C1", "恒达通讯", "杭州", "K310", 999, 1900, 1_898_100, ""),
        ("2024-05-11", "S8", "S1", "C1", "恒达通讯", "杭州", "K310", -500, 2000, -1_000_000, ""),
        ("2024-06-01", "S9", "", "C1", "恒达通讯", "杭州", "K310", 10, 1000, 10_000, ""),
    ]
    priced(ch, PICKUP, lines=[*LINES, *more])
    assert fell(ch, "K310", "--customer", "C1", "--as-of", "2024-05-31")["invoice"] == (1950, 1950)


def test_what_the_list_moved_is_not_off_the_list(ch: Run) -> None:
    priced(ch)
    prices = [("K310", "直供", "2024-05-18", 1900, 2399), ("K310", "分销", "2024-05-06", 1900, 2399)]
    brought(ch, sheet("fallen", "型号 渠道类型 生效日期 分销进店价 零售价", prices))
    # C1 paid 2,000 for 999 units on 3 May, when the list said 2,010, before it fell by 110.
    found = fell(ch, "K310", "--customer", "C1", "--as-of", "2024-05-20")
    assert {step: found[step][0] for step in ("list", "list_change", "off_list", "invoice")} == {
        "list": 1900,
        "list_change": 110,
        "off_list": -10,
        "invoice": 2000,
    }
    said = ch("price", "waterfall", "K310", "--customer", "C1", "--as-of", "2024-05-20")
    assert "change of the list price" in said.out


@pytest.mark.parametrize(
    ("words", "note", "net"),
    [
        ("A108 --customer C2", "A108 is not offered to C2\n", 500),
        ("A108 --customer C3", "no row of the price list holds for C3 on 2024-05-31\n", 500),
        (
            "A108 --customer C1",
            "A108 is not offered to C1\nC1 bought none in May 2024\n",
            None,
        ),
        (
            "K310 --customer C3",
            "no row of the price list holds for C3 on 2024-05-31\nC3 bought none in May 2024\n",
            None,
        ),
        ("K310 --customer 恒达通讯", "", 1980),
    ],
)
def test_what_is_missing_is_said(words: str, note: str, net: int | None, ch: Run) -> None:
    priced(ch)
    done = ch("price", "waterfall", *words.split(), "--as-of", "2024-05-31")
    assert done.code == 0
    assert done.err.startswith(note)
    assert bool(done.err) is bool(note)
    assert fell(ch, *words.split())["net"][0] == net


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("K999 --customer C1", 2),
        ("K310 --customer C9", 2),
        ("K310", 2),
        ("K310 --customer C1 --as-of morgen", 2),
    ],
)
def test_what_there_is_not(words: str, code: int, ch: Run) -> None:
    priced(ch)
    assert ch("price", "waterfall", *words.split()).code == code


def test_json_holds_to_its_schema(ch: Run) -> None:
    priced(ch, SAMPLE, PICKUP)
    holds_to_schema(ch, "price_waterfall", "price", "waterfall", "K310", "--customer", "C1")
