"""Scores of the made region, office by office and customer by customer as they are reckoned without channelctl."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.conftest import Run
from tests.making import policy, report
from tests.truth import reckoning
from tests.truth.reckoning import Rules, places
from tests.truth.region import CLASS_TARGETS, MONTH, Planned, Region, number

HALF = (Fraction(1, 4), Fraction(1, 10)), (Fraction(1, 2), Fraction(7, 10)), (Fraction(9, 10), Fraction(1))
CASES = {
    "ratio": ("", Rules()),
    "binary": ('mode = "binary"', Rules("binary")),
    "stepped": ('mode = "stepped"', Rules("stepped")),
    "steps of one's own": (
        'mode = "stepped"\nsteps = [["0.25", "0.1"], ["0.5", "0.7"], ["0.9", "1"]]',
        Rules("stepped", steps=HALF),
    ),
    "a floor": ('floor = "0.3"', Rules(floor=Fraction(3, 10))),
    "a floor and steps": ('mode = "stepped"\nfloor = "0.6"', Rules("stepped", Fraction(6, 10))),
    "over core only": ('core_base = "core"', Rules(core_base="core")),
    "sales of every office": ('sales_of = "customer"', Rules(sales_of="customer")),
    "all of it": (
        'mode = "binary"\ncore_base = "core"\nsales_of = "customer"\nfloor = "1"',
        Rules("binary", Fraction(1), "core", "customer"),
    ),
}


def target_of(made: Region, planned: Planned) -> Fraction | None:
    """The customer's own target, else the latest of its class that holds in the month; 0 counts as none."""
    held = {class_: number(target) for class_, month, target in sorted(CLASS_TARGETS) if month <= MONTH}
    own = number(planned.target) or held.get(made.class_of(planned), Fraction(0))
    return own or None


def sold(made: Region, sales_of: str, last: str) -> dict[tuple[str, str], Fraction]:
    """What each customer bought in the month by office, "" for lines of no office; all under "" by customer."""
    found: dict[tuple[str, str], Fraction] = {}
    for line in made.counted(f"{MONTH}-01", last):
        key = made.office_of(line) if sales_of == "office" else "", line.customer
        found[key] = found.get(key, Fraction(0)) + number(line.amount)
    return found


def points(made: Region, rules: Rules, last: str = f"{MONTH}-31") -> dict[str, dict[str, Fraction]]:
    """Each office's planned customers with their points; lines of no office count for the office that plans."""
    nets = sold(made, rules.sales_of, last)
    found: dict[str, dict[str, Fraction]] = {}
    for one in made.plan:
        keys = {(one.office, one.customer), ("", one.customer)}
        net = sum((nets.get(key, Fraction(0)) for key in keys), Fraction(0))
        found.setdefault(one.office, {})[one.customer] = rules.points(net, target_of(made, one))
    return found


def scored(made: Region, rules: Rules, last: str = f"{MONTH}-31") -> dict[str, reckoning.Scored]:
    """Each office's score."""
    core = {(one.office, one.customer): made.is_core(one) for one in made.plan}
    return {
        office: reckoning.office([(own, core[office, code]) for code, own in customers.items()], rules.core_base)
        for office, customers in points(made, rules, last).items()
    }


@pytest.mark.parametrize(("section", "rules"), CASES.values(), ids=list(CASES))
def test_every_office(made: Region, section: str, rules: Rules, ch: Run) -> None:
    policy(f"[scores]\n{section}\n")
    rows = report(ch, "score", "--month", MONTH)["rows"]
    truth = scored(made, rules)
    assert {
        row["office"]: (
            row["planned"], Decimal(row["achieved"]), Decimal(row["cooperation_rate"]),
            row["core_planned"], Decimal(row["core_achieved"]),
            None if row["core_quality"] is None else Decimal(row["core_quality"]),
        )
        for row in rows
    } == {
        office: (
            one.planned, places(one.achieved), places(one.rate), one.core_planned, places(one.core_achieved),
            None if one.quality is None else places(one.quality),
        )
        for office, one in truth.items()
    }  # fmt: skip
    assert {row["office"]: row["rank"] for row in rows} == {
        office: 1 + sum(other.rate > one.rate for other in truth.values()) for office, one in truth.items()
    }


@pytest.mark.parametrize(("section", "rules"), CASES.values(), ids=list(CASES))
def test_every_planned_customer(made: Region, section: str, rules: Rules, ch: Run) -> None:
    policy(f"[scores]\n{section}\n")
    for office, truth in points(made, rules).items():
        rows = report(ch, "score", "--month", MONTH, "--office", office, "--explain")["rows"]
        assert {row["customer_code"]: Decimal(row["achieved"]) for row in rows} == {
            code: places(one) for code, one in truth.items()
        }


@pytest.mark.parametrize("last", ["2024-05-01", "2024-05-17", "2024-05-31"])
def test_as_of_a_day_within_the_month(made: Region, last: str, ch: Run) -> None:
    rows = report(ch, "score", "--month", MONTH, "--as-of", last)["rows"]
    assert {row["office"]: Decimal(row["cooperation_rate"]) for row in rows} == {
        office: places(one.rate) for office, one in scored(made, Rules(), last).items()
    }


def test_the_plan_holds_what_is_hard(made: Region) -> None:
    truth = scored(made, Rules())
    assert truth["海口"].rate == truth["三亚"].rate == Fraction(1, 2)
    closed = {code for code, one in made.customers.items() if one.closed and one.closed < f"{MONTH}-01"}
    planned = {one.customer for one in made.plan}
    assert closed & planned
    assert planned - set(made.customers)
    assert len(made.plan) > len(planned)
    assert {target_of(made, one) is None for one in made.plan} == {True, False}
    assert scored(made, Rules()) != scored(made, Rules(sales_of="customer"))
