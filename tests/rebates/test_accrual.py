"""What customers have earned, as commands tell it and as it is counted apart from the sheets' own rows."""

import datetime as dt
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from channelctl import db
from channelctl.systems.rebates import store_accrual
from tests.conftest import SAMPLE as SHEETS
from tests.conftest import Run
from tests.making import report, sheet
from tests.rebates import ledger
from tests.rebates.ledger import rules, sold, take

D = Decimal
MAY = ("--month", "2024-05")
MAY_END = ("--as-of", "2024-05-31")


def rows(ch: Run, *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report(ch, "rebate", "accrue", *MAY, *words)["rows"]
    return found


def told(ch: Run, *words: object) -> list[tuple[Any, ...]]:
    """By customer, policy and window: the base, what is sure, and what pays instead."""
    names = ("customer_code", "policy", "from", "base", "floor", "instead")
    return [tuple(row[name] for name in names) for row in rows(ch, *words)]


# The sample region


def test_the_sample_region_earns_what_was_counted_when_it_was_made(ch: Run, sample: Path) -> None:
    expected = json.loads((SHEETS / "expected.json").read_text(encoding="utf-8"))["rebates"]["2024-05"]["policies"]
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows(ch):
        found[row["policy"]][row["customer_code"]] = (row["quantity"], row["net_sales"], row["floor"])
    for policy, customers in expected.items():
        assert found[policy].keys() == customers.keys(), policy
        for code, own in customers.items():
            quantity, net, earns = found[policy][code]
            assert earns == D(own["rebate"]), (policy, code)
            if policy != "HY2024":
                assert (quantity, net) == (own["quantity"], D(own["amount"])), (policy, code)


def test_the_sample_region_line_by_line_comes_to_the_same(ch: Run, sample: Path) -> None:
    whole, lines = rows(ch), rows(ch, "--lines")
    for figure, name in (("floor", "entitlement"), ("base", "counted")):
        sums: dict[tuple[str, str], Decimal] = defaultdict(D)
        for line in lines:
            sums[line["policy"], line["customer_code"]] += D(line[name])
        assert sums == {(row["policy"], row["customer_code"]): row[figure] for row in whole}
    assert all(line["file"] and line["row"] for line in lines)


def test_what_a_person_sees(ch: Run, sample: Path) -> None:
    done = ch("rebate", "accrue", *MAY, "--customer", "C00001", "--as-of", "2024-05-20")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "Rebates earned · May 2024 to 2024-05-20 · C00001 南京汀澜电器连锁有限公司"
    assert done.out.splitlines()[-1] == (
        "1 customer has earned 21,275.01 by the brackets reached; at the brackets that the run rate leads to it is"
        " 36,559.63."
    )


# Counted apart: sale by sale, without a sum in sight


class Sale(NamedTuple):
    day: dt.date
    document: str
    original: str
    customer: str
    product: str
    units: int
    amount: Decimal
    status: str


class Term(NamedTuple):
    """A rule as the reckoning below understands it."""

    policy: str
    window: str
    basis: str
    method: str
    brackets: tuple[tuple[int, str], ...]
    products: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    paid: bool = False
    meeting: str = ""
    priority: str = ""
    plan: str = ""


TERMS = (
    Term("A", "月", "台数", "全量", ((0, "15"),), ("K310", "X980")),
    Term("B", "月", "台数", "全量", ((60, "20"), (150, "80"))),
    Term("C", "季", "净额", "超额", ((50000, "1%"), (200000, "2%"))),
    Term("D", "月", "台数", "全量", ((0, "3"),), paid=True),
    Term("E", "月", "台数", "全量", ((0, "25"),), ("K310",), meeting="取高"),
    Term("F", "月", "净额", "全量", ((1000, "0.4%"),), ("K310", "A108"), meeting="取高"),
    Term("G", "季", "台数", "全量", ((10, "5"),), ("X980",), meeting="按优先级", priority="2"),
    Term("H", "月", "台数", "全量", ((0, "9"),), customers=("C1", "C3"), meeting="按优先级", priority="1"),
    Term("I", "月", "合约办理数", "全量", ((0, "100"),), ("K310",), plan="合约甲"),
)  # fmt: skip
WINDOWS = {"月": ("2024-05-01", "2024-05-31"), "季": ("2024-04-01", "2024-06-30")}
HEADS = "政策 返利类型 开始日期 结束日期 周期 计量 计算 达量门槛 返利 型号 客户 仅已付款 叠加 优先级 合约计划"
LAST = dt.date(2024, 5, 31)


@pytest.fixture(scope="module")
def sales() -> list[Sale]:
    """Half a year of three customers: every fifth line a return, most of them of a document, some months later."""
    chance = random.Random(20240531)
    made: list[Sale] = []
    first = dt.date(2024, 1, 1)
    for number in range(420):
        day = first + dt.timedelta(days=number * 181 // 420)
        customer, product = chance.choice(("C1", "C2", "C3")), chance.choice(("K310", "X980", "A108"))
        units, original = chance.randrange(1, 14), ""
        if number % 5 == 4:
            units = -chance.randrange(1, 6)
            own = [one.document for one in made if one.customer == customer and one.units > 0]
            original = chance.choice([*own[-60:], "", "lost"]) if own else ""
        amount = D(units * chance.randrange(40000, 400000)) / 100
        status = chance.choice(("", "", "已付款", "作废" if number % 3 == 0 else ""))
        made.append(Sale(day, f"S{number}", original, customer, product, units, amount, status))
    return made


ACTS = [
    ("2024-03-05", "C1", "K310", "合约甲", 200),
    ("2024-05-02", "C2", "K310", "合约甲", 4),
    ("2024-05-09", "C2", "K310", "合约乙", 90),
    ("2024-05-21", "C2", "X980", "合约甲", 30),
    ("2024-05-23", "C3", "K310", "合约 甲", 9),
    ("2024-06-02", "C2", "K310", "合约甲", 500),
]


def counts_on(sale: Sale, sales: Sequence[Sale]) -> dt.date:
    own = [one.day for one in sales if one.customer == sale.customer and one.document == sale.original]
    return min(own) if sale.original and own else sale.day


def in_scope(term: Term, sale: Sale) -> bool:
    return (
        (not term.products or sale.product in term.products)
        and (not term.customers or sale.customer in term.customers)
        and (not term.paid or sale.status == "已付款")
    )


def earns(term: Term, units: Decimal, amount: Decimal) -> Decimal:
    figure = amount if term.basis == "净额" else units
    steps = [(D(at), D(rate.rstrip("%")) / (100 if "%" in rate else 1)) for at, rate in term.brackets]
    pays = D(0)
    if term.method == "超额":
        ends = [*(at for at, _rate in steps[1:]), figure]
        pays = sum((max(D(0), min(figure, end) - at) * rate for (at, rate), end in zip(steps, ends, strict=True)), D(0))
    else:
        reached = [rate for at, rate in steps if figure >= at]
        pays = reached[-1] * (amount if "%" in term.brackets[0][1] else units) if reached else D(0)
    return max(D(0), pays).quantize(D("0.01"), ROUND_HALF_UP)


def reckoned(sales: Sequence[Sale]) -> Iterator[tuple[str, str, Decimal, str]]:
    """Customer, policy, what it pays, and which policy pays instead, as of the end of May."""
    known = [one for one in sales if one.day <= LAST and one.status != "作废"]
    days = {one: counts_on(one, sales) for one in known}
    for customer in ("C1", "C2", "C3"):
        own = [one for one in known if one.customer == customer]
        pays: dict[str, Decimal] = {}
        taken: dict[str, set[Sale]] = {}
        for term in TERMS:
            if term.plan:
                pays |= contract(term, customer, own, days)
                continue
            start, end = map(dt.date.fromisoformat, WINDOWS[term.window])
            lines = [one for one in own if start <= days[one] <= end and in_scope(term, one)]
            if term.policy == "G":
                higher = next(other for other in TERMS if other.policy == "H")
                lines = [one for one in lines if not in_scope(higher, one)]
            if lines:
                taken[term.policy] = {*lines}
                pays[term.policy] = earns(
                    term, D(sum(one.units for one in lines)), sum((one.amount for one in lines), D(0))
                )
        meet = bool(taken.get("E", set()) & taken.get("F", set()))
        worse = min(("E", "F"), key=lambda name: (pays.get(name, D(0)), -ord(name))) if meet else ""
        better = {"E": "F", "F": "E"}.get(worse, "")
        for policy, sum_ in pays.items():
            yield customer, policy, sum_, better if policy == worse and pays[better] else ""


def contract(term: Term, customer: str, own: Sequence[Sale], days: dict[Sale, dt.date]) -> dict[str, Decimal]:
    """What registrations matched in May pay: those up to its end less those up to its beginning."""

    def matched(until: str) -> int:
        end = dt.date.fromisoformat(until)
        picked = sum(one.units for one in own if one.product == "K310" and days[one] <= end)
        acts = sum(
            units
            for day, whose, product, plan, units in ACTS
            if (whose, product) == (customer, "K310") and plan.replace(" ", "") == "合约甲" and day <= until
        )
        return max(0, min(acts, picked))

    return {term.policy: max(D(0), D(100 * (matched("2024-05-31") - matched("2024-04-30"))))}


@pytest.fixture
def region(ch: Run, sales: list[Sale]) -> None:
    lines = [
        (
            one.day,
            one.document,
            one.original,
            one.customer,
            f"客户{one.customer}",
            one.product,
            one.units,
            one.amount,
            one.status,
        )
        for one in sales
    ]
    take(ch, sheet("sold", "日期 单据编号 原单号 客户编码 客户名称 型号 数量 金额 状态", lines))
    terms = [
        (
            one.policy, "合约返利" if one.plan else "达量返利", "2024-01-01", "2024-12-31", one.window, one.basis,
            one.method,
            "/".join(str(at) for at, _rate in one.brackets), "/".join(rate for _at, rate in one.brackets),
            "、".join(one.products), "、".join(one.customers), "是" if one.paid else "", one.meeting, one.priority,
            one.plan,
        )
        for one in TERMS
    ]  # fmt: skip
    take(ch, sheet("terms", HEADS, terms))
    take(
        ch,
        sheet(
            "acts", "办理日期 客户编码 客户名称 型号 合约计划 办理数量", [(d, c, f"客户{c}", *r) for d, c, *r in ACTS]
        ),
    )


def test_every_rule_comes_to_what_is_reckoned_sale_by_sale(ch: Run, region: None, sales: list[Sale]) -> None:
    found = {
        (row["customer_code"], row["policy"]): (row["floor"], row["instead"] or "") for row in rows(ch, "--as-of", LAST)
    }
    expected = {(customer, policy): (pays, instead) for customer, policy, pays, instead in reckoned(sales)}
    assert found == expected
    assert {instead for _pays, instead in expected.values()} == {"", "E", "F"}


def test_of_every_rule_the_lines_add_up_and_hold_each_sale_once(ch: Run, region: None) -> None:
    whole, lines = rows(ch, "--as-of", LAST), rows(ch, "--lines", "--as-of", LAST)
    seen: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for line in lines:
        seen[line["customer_code"], line["policy"]].append(line)
    for row in whole:
        own = seen.pop((row["customer_code"], row["policy"]))
        assert sum(line["counted"] for line in own) == row["base"], row
        assert sum(line["entitlement"] for line in own) == (0 if row["instead"] else row["floor"]), row
        assert len({(line["file"], line["row"]) for line in own}) == len(own)
    assert not seen


def test_one_customer_is_counted_as_it_is_among_all(ch: Run, region: None) -> None:
    whole = rows(ch)
    assert rows(ch, "--customer", "C2") == [row for row in whole if row["customer_code"] == "C2"]


def test_the_days_a_month_is_asked_by_do_not_change_which_policy_pays(region: None) -> None:
    """A month's rows are the same whatever other months are asked for with it."""
    with db.session() as session:
        known = store_accrual.in_force(session)
        year = store_accrual.earned(session, known, dt.date(2024, 1, 1), LAST)
        may = store_accrual.earned(session, known, dt.date(2024, 5, 1), LAST)
    assert may == [row for row in year if row.window.end >= dt.date(2024, 5, 1)]


# One thing each


@pytest.mark.parametrize(
    ("last", "units"),
    [("2024-05-31", 1000), ("2024-06-30", 850)],
)
def test_a_return_counts_on_the_day_of_the_document_it_names_once_it_is_there(ch: Run, last: str, units: int) -> None:
    take(ch, rules())
    take(ch, sold("may", ("2024-05-02", "S1", "C1", 1000), ("2024-06-05", "R1", "C1", -150, "S1")))
    with db.session() as session:
        known = store_accrual.in_force(session)
        found = store_accrual.earned(session, known, dt.date(2024, 5, 1), dt.date.fromisoformat(last))
    assert [(row.base.quantity, row.entitlement) for row in found] == [(D(units), D(80000 if units == 1000 else 17000))]


def test_a_month_is_counted_through_a_day_after_its_end(ch: Run) -> None:
    take(ch, rules())
    take(ch, sold("may", ("2024-05-02", "S1", "C1", 1000), ("2024-06-05", "R1", "C1", -150, "S1")))
    for words, units, earned in (((), 850, 17000), (("--as-of", "2024-06-30"), 850, 17000), (MAY_END, 1000, 80000)):
        found = report(ch, "rebate", "accrue", *MAY, *words)
        assert [(row["base"], row["floor"], row["estimate"]) for row in found["rows"]] == [(units, earned, earned)]
        assert sum(line["counted"] for line in rows(ch, "--lines", *words)) == units
        assert report(ch, "rebate", "cost", *MAY, *words)["totals"]["rebate"] == earned
    said = ch("rebate", "accrue", *MAY, "--as-of", "2024-06-30").out
    assert said.startswith("Rebates earned · May 2024 · counted to 2024-06-30\n")
    assert said.endswith("\n1 customer has earned 17,000.00 by the brackets reached.\n")


def test_what_is_due_adds_up_to_the_totals(ch: Run, region: None) -> None:
    found = report(ch, "rebate", "accrue", *MAY, "--as-of", LAST)
    assert {row["instead"] for row in found["rows"]} == {None, "E", "F"}
    assert all((row["due"], row["estimate"]) == (0, 0) for row in found["rows"] if row["instead"])
    assert all(row["due"] == row["floor"] for row in found["rows"] if not row["instead"])
    for name in ("due", "estimate"):
        assert sum(row[name] for row in found["rows"]) == found["totals"][name]
    assert found["totals"].keys() == {"due", "estimate"}


@pytest.mark.parametrize("original", ["", "lost", "S9"])
def test_a_return_of_no_document_of_the_customer_counts_on_its_own_day(ch: Run, original: str) -> None:
    take(ch, rules())
    take(
        ch,
        sold(
            "may",
            ("2024-04-02", "S1", "C1", 500),
            ("2024-05-05", "R1", "C1", -50, original),
            ("2024-04-03", "S9", "C2", 9),
        ),
    )
    assert told(ch, "--customer", "C1") == [("C1", "DL", "2024-05-01", -50, 0, None)]


def test_returns_of_documents_that_are_not_there_are_said_at_import(ch: Run) -> None:
    lost = sold("lost", ("2024-05-05", "R1", "C1", -1, "S1"), ("2024-05-06", "R2", "C2", -1, "S1"))
    there = sold("there", ("2024-05-02", "S1", "C1", 9), ("2024-05-07", "R3", "C1", -1, "S1"))
    said = ch("import", lost, "--dry-run").out
    assert "W122" in said
    assert "2 lines name documents that their customers do not have (rows 2 (S1), 3 (S1)): a rebate counts" in said
    assert "W122" not in ch("import", there).out
    said = ch("import", lost).out
    assert "1 line names a document that its customer does not have (row 3 (S1)): a rebate counts it" in said


def test_versions_cut_a_window_and_each_part_has_thresholds_of_its_own(ch: Run) -> None:
    second = ("DL", "2", "1", "达量返利", "2024-05-16", "2024-12-31", "月", "台数", "元/台", "300", "30")
    take(ch, rules(ledger.SAMPLE, second))
    take(ch, sold("may", ("2024-05-02", "S1", "C1", 399), ("2024-05-20", "S2", "C1", 300)))
    assert told(ch) == [("C1", "DL", "2024-05-01", 399, 0, None), ("C1", "DL", "2024-05-16", 300, 9000, None)]


def test_unmatched_registrations_are_shown_and_not_paid(ch: Run) -> None:
    contract = ("HY", "1", "1", "合约返利", "2024-05-01", "2024-12-31", "月", "合约办理数", "元/台", "", "100")
    take(ch, rules(contract))
    take(ch, sold("may", ("2024-04-02", "S1", "C1", 3), ("2024-05-20", "S2", "C1", 2)))
    take(ch, sheet("acts", "办理日期 客户 型号 合约计划 办理数量", [("2024-05-18", "C1", "X980", "合约", 7)]))
    found = rows(ch)
    assert [(row["base"], row["floor"], row["unmatched"]) for row in found] == [(5, 500, 2)]
    done = ch("rebate", "accrue", *MAY)
    assert "2 registrations are unmatched: no unit picked up stands against them, and nothing is paid." in done.out
    lines = rows(ch, "--lines")
    assert [(line["quantity"], line["counted"], line["entitlement"]) for line in lines] == [(7, 5, 500)]


UNITS = "激活时间 客户 型号 套餐 串号 办理数量"
CONTRACT = ("HY", "1", "1", "合约返利", "2024-05-01", "2024-12-31", "月", "合约办理数", "元/台", "", "10")


def units(name: str, *quantities: int, moment: str = "2024-05-18 13:22") -> Path:
    """A row for each phone, as operators send them: all of one day, customer, product and plan."""
    return sheet(name, UNITS, [(moment, "C1", "X980", "甲", f"8601{n}", each) for n, each in enumerate(quantities)])


def test_registrations_in_a_row_for_each_unit_add_up(ch: Run) -> None:
    take(ch, rules(CONTRACT), sold("may", ("2024-05-31", "S1", "C1", 9)))
    done = ch("import", units("acts", 1, 1, 1, 1, 2))
    assert done.code == 0
    assert (
        "W134  办理数量: 4 rows (rows 3, 4, 5 …) were added to others of the same day, customer, product and plan"
    ) in done.out
    assert [(row["base"], row["floor"]) for row in rows(ch)] == [(6, 60)]
    again = ch("import", units("again", 2, 1, 1, 1, 1))
    assert "everything in it is there already" in again.out + again.err
    assert [(row["base"], row["floor"]) for row in rows(ch)] == [(6, 60)]
    alone = ch("import", units("more", 1, 1))
    assert "W134  办理数量: 1 row (row 3) was added to one of the same day" in alone.out
    assert [(row["base"], row["floor"]) for row in rows(ch)] == [(2, 20)]
    other = ch("import", units("other", 3, moment="2024-05-19 08:00"))
    assert (other.code, "W134" in other.out) == (0, False)
    assert [(row["base"], row["floor"]) for row in rows(ch)] == [(5, 50)]


PAID_LINES = [
    ("2024-05-02", "S1", "", 20, "已付款"),
    ("2024-05-03", "S2", "", 10, "未付款"),
    ("2024-05-10", "R1", "S1", -5, "正常"),
    ("2024-05-11", "R2", "S2", -3, "已付款"),
    ("2024-05-12", "R3", "", -1, "已付款"),
    ("2024-05-13", "R4", "lost", -2, ""),
]


def test_a_return_that_names_a_document_is_paid_where_that_is(ch: Run) -> None:
    take(
        ch,
        sheet("sales", "日期 单据编号 原单号 客户编码 客户名称 型号 数量 金额 状态", [
            (day, document, original, "C1", "甲店", "X980", quantity, quantity * 1000, status)
            for day, document, original, quantity, status in PAID_LINES
        ]),
        sheet("rules", "政策 返利类型 开始日期 返利 仅已付款", [("PD", "提货返利", "2024-05-01", 7, "是")]),
    )  # fmt: skip
    assert [(row["base"], row["floor"]) for row in rows(ch)] == [(14, 98)]
    assert [(line["document"], line["counted"]) for line in rows(ch, "--lines")] == [("S1", 20), ("R1", -5), ("R3", -1)]
    found = report(ch, "rebate", "explain", "C1", *MAY)
    assert [(line["document"], line["reason"]) for line in found["not_counted"]] == [
        ("S2", "unpaid"),
        ("R2", "unpaid"),
        ("R4", "unpaid"),
    ]
    assert found["totals"]["entitlement"] == 98


def test_words_that_mean_nothing_are_said(ch: Run) -> None:
    take(ch, sold("may", ("2024-05-02", "S1", "C1", 400)))
    take(ch, sheet("rules", "政策 返利类型 开始日期 返利 型号", [("P", "提货返利", "2024-05-01", 5, "X980、Y1")]))
    done = ch("rebate", "accrue", *MAY)
    assert done.err == "P, rule 1: nothing is called Y1 here (channelctl rebate policy lint)\n"
    assert told(ch) == [("C1", "P", "2024-05-01", 400, 2000, None)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--month", "2024-05"), "there are no rebate rules yet: channelctl rebate policy import FILE"),
        (("--month", "2024-13"), "“2024-13” is not a month"),
        (("--month", "2024-05", "--customer", "C9"), "no customer “C9”"),
        (
            ("--month", "2024-05", "--as-of", "2024-04-30"),
            "--as-of 2024-04-30 is before the period begins (2024-05-01)",
        ),
    ],
)
def test_what_cannot_be_counted_is_said(ch: Run, words: Sequence[str], said: str) -> None:
    take(ch, sold("may", ("2024-05-02", "S1", "C1", 400)))
    done = ch("rebate", "accrue", *words)
    assert said in done.err
    assert done.code == (0 if "yet" in said else 2)
