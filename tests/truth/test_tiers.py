"""Tiers of a made region of 5,000 customers, figure by figure as they are reckoned without channelctl."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from tests.conftest import Run
from tests.making import policy, report
from tests.truth import reckoning, region
from tests.truth.reckoning import Standing, is_shown
from tests.truth.region import LAST, Line, Region, number, summed

FIRST = "2023-07-01"
ALL = ("--all-time",)


class Case(NamedTuple):
    """The options of a run, and the lines that it is about."""

    words: tuple[str, ...]
    first: str = "2023-07-01"
    last: str = LAST
    of: Callable[[Region, Line], bool] = lambda _made, _line: True


CASES = {
    "twelve months": Case(()),
    "all time": Case(ALL, "", "9999"),
    "a month": Case(("--month", "2024-05"), "2024-05-01", "2024-05-31"),
    "a quarter": Case(("--quarter", "2023-Q3"), "2023-07-01", "2023-09-30"),
    "a year": Case(("--year", "2023"), "2023-01-01", "2023-12-31"),
    "as of a day": Case(("--as-of", "2024-03-15"), "2023-04-01", "2024-03-15"),
    "from to": Case(("--from", "2024-05-12", "--to", "2024-05-18"), "2024-05-12", "2024-05-18"),
    "an office": Case(("--office", "南京"), of=lambda made, line: made.office_of(line) == "南京"),
    "an office without a region": Case(("--office", "乌镇"), of=lambda made, line: made.office_of(line) == "乌镇"),
    "a region": Case(
        ("--region", "华中", *ALL), "", "9999", lambda made, line: region.OFFICES.get(made.office_of(line)) == "华中"
    ),
    "a rep": Case(("--rep", "孙丽"), of=lambda made, line: made.rep_of(line) == "孙丽"),
    "a product": Case(("--product", "M07", *ALL), "", "9999", lambda _made, line: line.product == "M07"),
}


def hold(rows: list[dict[str, Any]], truth: list[Standing]) -> None:
    """The rows of a report are the standings, figure by figure."""
    assert [(row["customer_code"], Fraction(row["net_sales"]), row["tier"]) for row in rows] == [
        one[:3] for one in truth
    ]
    for row, one in zip(rows, truth, strict=True):
        assert is_shown(one.share, row["share"]), (row, one)
        assert is_shown(one.cumulative, row["cumulative_share"]), (row, one)


def nets_of(made: Region, case: Case) -> dict[str, Fraction]:
    lines = [line for line in made.counted(case.first, case.last) if case.of(made, line)]
    return summed(iter(lines), lambda line: line.customer)


@pytest.mark.parametrize("ties", ["share", "split"])
@pytest.mark.parametrize("boundary", ["reach", "within"])
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_abc_of_every_customer(made: Region, case: Case, boundary: str, ties: str, ch: Run) -> None:
    policy(f'[tiers]\nties = "{ties}"\nboundary = "{boundary}"\n')
    found = report(ch, "tier", *case.words)
    nets = nets_of(made, case)
    hold(found["rows"], reckoning.standings(nets, reckoning.abc(nets, boundary, ties)))
    assert [row["rank"] for row in found["rows"]] == list(range(1, len(nets) + 1))


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_totals_hold_lines_without_a_customer_too(made: Region, case: Case, ch: Run) -> None:
    totals = report(ch, "tier", *case.words)["totals"]
    lines = [line for line in made.counted(case.first, case.last) if case.of(made, line)]
    assert Fraction(totals["net_sales"]) == sum(number(line.amount) for line in lines)
    assert totals["lines"] == len(lines)
    assert totals["lines_without_customer"] == sum(not line.customer for line in lines)
    assert totals["customers"] == len(nets_of(made, case))


@pytest.mark.parametrize("edge", ["include", "exclude"])
@pytest.mark.parametrize("name", ["twelve months", "a product", "from to"])
def test_share_of_every_customer(made: Region, name: str, edge: str, ch: Run) -> None:
    policy(f'[tiers]\nshare_a = "0.008"\nshare_b = "0.001"\nshare_edge = "{edge}"\n')
    nets = nets_of(made, CASES[name])
    tiers = reckoning.share(nets, Fraction(8, 1000), Fraction(1, 1000), edge)
    found = report(ch, "tier", "--method", "share", *CASES[name].words)
    hold(found["rows"], reckoning.standings(nets, tiers))
    assert {"A", "B", "C"} == {row["tier"] for row in found["rows"]}


@pytest.mark.parametrize("name", ["twelve months", "a month", "a rep"])
def test_the_curve_of_every_customer(made: Region, name: str, ch: Run) -> None:
    nets = nets_of(made, CASES[name])
    found = report(ch, "tier", "--method", "curve", *CASES[name].words)
    hold(found["rows"], reckoning.standings(nets, reckoning.curve(nets)))


@pytest.mark.parametrize("name", ["twelve months", "a month"])
def test_facts_beside_the_list(made: Region, name: str, ch: Run) -> None:
    nets = nets_of(made, CASES[name])
    order, base = reckoning.largest(nets), reckoning.whole(nets)
    rows = {row["tier"]: row for row in report(ch, "tier", *CASES[name].words)["tiers"]}
    tiers = dict(zip(order, reckoning.abc(nets), strict=True))
    for tier in "ABC":
        own = [code for code in nets if tiers.get(code, "C") == tier]
        sold = sum((nets[code] for code in own if nets[code] > 0), Fraction(0))
        assert rows[tier]["customers"] == len(own)
        assert Fraction(rows[tier]["net_sales"]) == sum((nets[code] for code in own), Fraction(0))
        assert is_shown(sold / base, rows[tier]["sales_share"])
        assert is_shown(Fraction(len(own), len(nets)), rows[tier]["customers_share"])


@pytest.mark.parametrize(
    ("words", "office"), [(("--month", "2024-05"), ""), (("--month", "2024-05", "--office", "宁波"), "宁波")]
)
def test_customers_without_sales_are_those_on_file_at_the_end(
    made: Region, words: tuple[str, ...], office: str, ch: Run
) -> None:
    case = Case(words, "2024-05-01", "2024-05-31", lambda own, line: not office or own.office_of(line) == office)
    nets = nets_of(made, case)
    on_file = {
        code for code, one in made.customers.items()
        if (not office or one.office == office) and not (one.closed and one.closed <= "2024-05-31")
    }  # fmt: skip
    others = set() if office else {planned.customer for planned in made.plan} | {"Z1", "Z2", "Z3", "Z4"}
    silent = (on_file | others - set(made.customers)) - set(nets)
    found = report(ch, "tier", *words, "--include-inactive")
    hold(found["rows"], reckoning.standings(nets, reckoning.abc(nets), silent))
    assert {row["customer_code"] for row in found["rows"] if row["reason"] == "no_sales"} == silent


def test_the_region_holds_what_is_hard(made: Region, ch: Run) -> None:
    nets = nets_of(made, CASES["twelve months"])
    assert len(made.customers) == 5000
    assert sum(net < 0 for net in nets.values()) > 50
    assert sum(net == 0 for net in nets.values()) > 10
    assert reckoning.abc(nets) != reckoning.abc(nets, ties="split")
    assert reckoning.abc(nets) != reckoning.abc(nets, "within")
    assert {row["reason"] for row in report(ch, "tier")["rows"]} == {None, "tie", "net_returns"}
    assert set(made.customers) - set(nets)


# --- by other measures and dimensions --------------------------------------------------------------------------------

KEYS: dict[str, Callable[[Region, Line], str]] = {
    "customer": lambda _made, line: line.customer,
    "product": lambda _made, line: line.product,
    "rep": lambda made, line: made.rep_of(line),
    "office": lambda made, line: made.office_of(line),
    "region": lambda made, line: region.OFFICES.get(made.office_of(line), ""),
}
MEASURES: dict[str, Callable[[Line], Fraction | None]] = {
    "amount": lambda line: number(line.amount),
    "quantity": lambda line: number(line.quantity) if line.quantity else None,
    "profit": lambda line: number(line.amount) - number(line.cost) if line.cost else None,
}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("by", KEYS)
def test_every_measure_by_every_dimension(made: Region, by: str, measure: str, ch: Run) -> None:
    key, figure = KEYS[by], MEASURES[measure]
    lines = [line for line in made.counted(FIRST, LAST) if key(made, line)]
    figures: dict[str, Fraction] = {key(made, line): Fraction(0) for line in lines}
    for line in lines:
        figures[key(made, line)] += figure(line) or 0
    order = reckoning.largest(figures)
    tiers = dict(zip(order, reckoning.abc(figures), strict=True))
    rows = report(ch, "tier", "--by", by, "--measure", measure, "--as-of", LAST)["rows"]
    name = "customer_code" if (by, measure) == ("customer", "amount") else "code" if by == "customer" else "name"
    column = {"amount": "net_sales"}.get(measure, measure)
    assert {row[name]: (Fraction(row[column] or 0), row["tier"]) for row in rows} == {
        one: (net, tiers.get(one, "C")) for one, net in figures.items()
    }
    shares = [(row[column], row["share"]) for row in rows if row["share"] is not None]
    assert [Fraction(value) for value, _share in shares] == [figures[one] for one in order]
    base = reckoning.whole(figures)
    assert all(is_shown(Fraction(value) / base, part) for value, part in shares)


def test_profit_says_how_much_of_the_turnover_has_a_cost(made: Region, ch: Run) -> None:
    rows = report(ch, "tier", "--by", "product", "--measure", "profit")["rows"]
    lines = [line for line in made.counted(FIRST, LAST) if line.product]
    for row in rows:
        own = [line for line in lines if line.product == row["name"]]
        known = sum((abs(number(line.amount)) for line in own if line.cost), Fraction(0))
        assert is_shown(known / sum(abs(number(line.amount)) for line in own), row["cost_known"])
    assert len(rows) == len(region.PRODUCTS)
