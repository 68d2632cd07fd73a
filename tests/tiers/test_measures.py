"""Tiers by quantity and profit, of products, reps, offices and regions, and those raised by a customer's own share."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.tiers import rules
from channelctl.systems.tiers.rules import TierPolicy, abc, grade
from channelctl.systems.tiers.rules_measures import (
    MEASURES,
    Measured,
    graded,
    known_part,
    measured_rows,
    summed,
    total,
)
from tests.conftest import Run
from tests.making import holds_to_schema, policy, report, sheet
from tests.tiers.test_rules import letters, sales

D = Decimal
RAISED = TierPolicy(share_raises=True)
HEADINGS = "日期 客户编码 客户名称 办事处 区域 业务员 型号 数量 金额 成本 状态"


def lines(*rows: tuple[object, ...]) -> Path:
    return sheet("sales", HEADINGS, [("2024-05-03", *row, *[""] * (10 - len(row))) for row in rows])


# --- raised by the share ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nets", "plain", "raised"),
    [
        ([80, 20], "AB", "AA"),
        ([95, 5], "AC", "AC"),
        ([60, 25, 15], "AAB", "AAB"),
        ([85, 15], "AB", "AB"),
        ([100], "A", "A"),
        ([-5], "C", "C"),
    ],
)
def test_a_customers_own_share_can_only_raise_its_tier(nets: list[int], plain: str, raised: str) -> None:
    assert letters(grade("abc", sales(*nets), TierPolicy())) == plain
    assert letters(grade("abc", sales(*nets), RAISED)) == raised


def test_a_raised_tier_says_so() -> None:
    within = RAISED.model_copy(update={"boundary": "within"})
    rows = grade("abc", sales(70, 20, 8, 2), within)
    assert [(row.tier, row.reason) for row in rows] == [("A", None), ("A", "raised"), ("C", None), ("C", None)]
    assert letters(abc(sales(70, 20, 8, 2), within)) == "ABCC"
    edge = within.model_copy(update={"share_edge": "exclude"})
    assert letters(grade("abc", sales(70, 20, 8, 2), edge)) == "ABCC"


@given(
    st.lists(st.integers(-20, 300), max_size=25),
    st.sampled_from(["abc", "curve"]),
    st.sampled_from(["reach", "within"]),
)
def test_raising_never_lowers_and_never_breaks_the_order(nets: list[int], method: str, boundary: str) -> None:
    limits = TierPolicy.model_validate({"boundary": boundary})
    customers = sales(*nets)
    plain = {row.customer_code: row.tier for row in grade(method, customers, limits)}
    by_share = {row.customer_code: row.tier for row in grade("share", customers, limits)}
    found = grade(method, customers, limits.model_copy(update={"share_raises": True}))
    assert [row.tier for row in found] == [min(plain[row.customer_code], by_share[row.customer_code]) for row in found]
    assert letters(found) == "".join(sorted(letters(found)))
    assert all((row.reason == "raised") == (row.tier < plain[row.customer_code]) for row in found)


def test_the_command_and_the_policy_raise_alike(ch: Run) -> None:
    nets = [70, 20, 8, 2]
    assert (
        ch("import", lines(*((f"K{n}", f"客户{n}", "", "", "", "", "", net) for n, net in enumerate(nets)))).code == 0
    )
    words = ["tier", "--month", "2024-05", "--boundary", "within"]
    asked = report(ch, *words, "--raise-by-share")
    policy("[tiers]\nshare_raises = true\n")
    assert report(ch, *words) == asked
    assert "".join(row["tier"] for row in asked["rows"]) == "AACC"
    assert asked["params"]["share_raises"] is True
    text = ch("tier", "explain", "K1", "--month", "2024-05", "--boundary", "within").out.splitlines()[-1]
    assert text == "K1 is A: it makes 20.0% of sales alone, which raises it"
    assert "raised by its share" in ch(*words).out
    assert "".join(row["tier"] for row in report(ch, *words, "--method", "share")["rows"]) == "AACC"
    refused = ch(*words, "--method", "share", "--raise-by-share")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "channelctl: error: --raise-by-share does not go with --method share\nIt raises tiers of: abc, curve.\n"
    )


# --- measures and dimensions -----------------------------------------------------------------------------------------


def entry(code: str, net: int, quantity: int | None = None, profit: int | None = None, lines: int = 1) -> Measured:
    counted = lines if quantity is not None else 0
    given = None if quantity is None else D(quantity), counted, None if profit is None else D(profit)
    costed = D(0) if profit is None else D(abs(net))
    return Measured(code, code, lines, D(net), *given, D(abs(net)), costed)


def test_the_measure_decides_and_says_why_somebody_is_outside() -> None:
    entries = [entry("A", 10, 90, 1), entry("B", 80, 10, -4), entry("C", 10), entry("D", 0, lines=0)]
    by = {
        measure: [
            (row.code, row.tier, row.reason)
            for row in measured_rows(graded("abc", entries, measure, TierPolicy()), entries)
        ]
        for measure in MEASURES
    }
    assert by == {
        "amount": [("B", "A", None), ("A", "B", None), ("C", "B", None), ("D", "C", "no_sales")],
        "quantity": [("A", "A", None), ("B", "B", None), ("C", "C", "unknown"), ("D", "C", "no_sales")],
        "profit": [("A", "A", None), ("C", "C", "unknown"), ("B", "C", "no_profit"), ("D", "C", "no_sales")],
    }  # fmt: skip
    assert known_part(entries) == D("0.9")
    assert known_part([]) is None
    assert (total(entries, "profit"), total(entries[2:], "profit")) == (D(-3), None)


entries_of = st.lists(
    st.tuples(st.integers(-50, 90), st.none() | st.integers(-5, 50), st.none() | st.integers(-30, 60)), max_size=20
).map(lambda found: [entry(f"K{place:02d}", *one) for place, one in enumerate(found)])


@given(entries_of)
def test_the_summary_of_a_measure_holds_the_whole_list(entries: list[Measured]) -> None:
    rows = graded("abc", entries, "amount", TierPolicy())
    assert [row[:8] for row in rows] == [
        row[:8]
        for row in abc([rules.CustomerSales(one.code, one.name, one.net_sales, 1) for one in entries], TierPolicy())
    ]
    found = summed(rows, entries, TierPolicy())
    assert sum(row.entries for row in found) == len(entries)
    assert sum(row.net_sales for row in found) == sum(one.net_sales for one in entries)
    for measure in ("quantity", "profit"):
        known = [value for row in found if (value := getattr(row, measure)) is not None]
        assert (sum(known) if known else None) == total(entries, measure)
    if any(one.net_sales > 0 for one in entries):
        assert abs(sum((row.measure_share or D(0) for row in found), D(-1))) < D("1e-12")


ROWS = [
    ("K1", "甲", "杭州", "江东", "王伟", "X1", 3, 300, 200),
    ("K1", "甲", "", "", "", "X2", 1, 50, ""),
    ("K2", "乙", "南京", "江东", "李敏", "X1", 2, 200, 150),
    ("K2", "乙", "南京", "江东", "李敏", "X2", -1, -60, -40),
    ("K3", "丙", "上海", "江南", "", "", "", 40, 10),
    ("", "", "", "", "", "X3", 5, 7, 1),
    ("K1", "甲", "杭州", "江东", "王伟", "X1", 9, 999, 1, "作废"),
]


@pytest.fixture
def region(ch: Run) -> Run:
    org = sheet(
        "offices", "办事处编码 办事处 区域", [("HZ", "杭州", "江东"), ("NJ", "南京", "江东"), ("SH", "上海", "江南")]
    )
    customers = sheet(
        "customers", "客户编码 客户名称 办事处 客户经理", [("K1", "甲", "杭州", "王伟"), ("K3", "丙", "上海", "")]
    )
    assert ch("import", org, customers, lines(*ROWS)).code == 0
    return ch


@pytest.mark.parametrize(
    ("by", "figures", "without"),
    [
        ("customer", {"甲": (350, 4, 100), "乙": (140, 1, 30), "丙": (40, None, 30)}, 1),
        ("product", {"X1": (500, 5, 150), "X2": (-10, 0, -20), "X3": (7, 5, 6)}, 1),
        ("rep", {"王伟": (350, 4, 100), "李敏": (140, 1, 30)}, 2),
        ("office", {"杭州": (350, 4, 100), "南京": (140, 1, 30), "上海": (40, None, 30)}, 1),
        ("region", {"江东": (490, 5, 130), "江南": (40, None, 30)}, 1),
    ],
)
def test_every_dimension_sums_its_own_lines(
    by: str, figures: dict[str, tuple[object, ...]], without: int, region: Run
) -> None:
    for measure in MEASURES:
        data = holds_to_schema(region, "tier", "tier", "--month", "2024-05", "--by", by, "--measure", measure)
        if (by, measure) == ("customer", "amount"):
            assert {row["customer"]: row["net_sales"] for row in data["rows"]} == {
                name: net for name, (net, *_more) in figures.items()
            }
            continue
        assert {row["name"]: (row["net_sales"], row["quantity"], row["profit"]) for row in data["rows"]} == figures
        totals = data["totals"]
        assert (totals["net_sales"], totals["quantity"], totals["profit"]) == (537, 10, 166)
        assert (totals["lines"], totals["lines_without"]) == (6, without)
        assert totals["cost_known"] == pytest.approx(607 / 657)
        assert (data["params"]["by"], data["params"]["measure"]) == (by, measure)


def test_the_screen_of_profit_says_what_is_known_and_what_is_in_no_tier(region: Run) -> None:
    found = region("tier", "--month", "2024-05", "--by", "product", "--measure", "profit")
    assert found.err == (
        "1 line names no product: 30.00 that counts in the total, in no tier\n"
        "costs are known of 92.4% of the turnover; the profit is of that part\n"
    )
    assert found.out == (
        "ABC by profit · May 2024 · 3 products with sales · cut-offs 80 % and 95 %\n"
        "\n"
        "Tier   Count   Share of the count   Net sales, CNY   Quantity   Profit, CNY   Share                      "
        "Rule of thumb\n"
        "─────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "─────────────\n"
        "A          1                33.3%           500.00          5        150.00   96.2%   ████████████████   "
        "20 / 80\n"
        "B          0                 0.0%             0.00                             0.0%                      "
        "30 / 15\n"
        "C          2                66.7%            -3.00          5        -14.00    3.8%   ▋                  "
        "50 / 5\n"
        "\n"
        "#   Code     Name   Net sales, CNY   Profit, CNY   Cost known   Share                      Cumulative   Tier"
        "   Reason\n"
        "──────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "──────────────\n"
        "1   N00001   X1             500.00        150.00       100.0%   96.2%   ████████████████        96.2%   A\n"
        "2   N00003   X3               7.00          6.00       100.0%    3.8%   ▋                      100.0%   C\n"
        "3   N00002   X2             -10.00        -20.00        54.5%                                           C"
        "      no profit\n"
        "    total                   537.00        166.00        92.4%\n"
        "\n"
        "1 of 3 (33.3%) reach 80.0% of the profit; the top 20.0% (1) come to 96.2%.\n"
        "The first alone makes 96.2%; concentration (HHI) 9,260.\n"
    )


def test_lines_without_a_quantity_are_said(region: Run) -> None:
    found = region("tier", "--month", "2024-05", "--measure", "quantity")
    assert found.err == (
        "1 line names no customer: 5 that counts in the total, in no tier\n"
        "1 line has no quantity; the quantity is that of the others\n"
    )
    row = next(line for line in found.out.splitlines() if "丙" in line)
    assert row.split() == ["3", "K3", "丙", "40.00", "C", "not", "known"]


def test_without_any_cost_there_is_no_profit_to_grade_by(ch: Run) -> None:
    assert ch("import", lines(("K1", "甲", "", "", "", "", "", 10))).code == 0
    assert ch("tier", "--measure", "profit") == (
        3,
        "",
        "channelctl: error: no sale line of this period has a cost: profit is not known\n"
        "Import sheets that have the column, or take --measure amount.\n",
    )
    assert "no sale line of this period has a quantity" in ch("tier", "--measure", "quantity").err
    empty = ch("tier", "--measure", "profit", "--month", "2023-01")
    assert (empty.code, empty.err) == (0, "no sales in this period (2023-01-01 to 2023-01-31)\n")


def test_idle_customers_are_c_by_any_measure(region: Run) -> None:
    assert region("import", sheet("customers", "客户编码 客户名称", [("K9", "没买的")])).code == 0
    rows = report(region, "tier", "--month", "2024-05", "--measure", "profit", "--include-inactive")["rows"]
    assert (rows[-1]["code"], rows[-1]["tier"], rows[-1]["reason"]) == ("K9", "C", "no_sales")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--measure", "sum"], "“sum” is not a measure\nOne of: amount, quantity, profit."),
        (["--by", "city"], "“city” is nothing to grade by\nOne of: customer, product, rep, office, region."),
        (["--by", "rep", "--include-inactive"], "--include-inactive is for customers only\n"),
        (["--by", "rep", "--apply"], "--apply keeps the tiers of customers by amount only\n"),
        (["--measure", "profit", "--apply"], "--apply keeps the tiers of customers by amount only\n"),
    ],
)
def test_what_cannot_be_graded_by_is_refused(words: list[str], said: str, ch: Run) -> None:
    assert ch("init").code == 0
    found = ch("tier", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("by", ["customer", "product", "rep", "office", "region"])
def test_the_figures_are_those_of_each_scope(by: str, ch: Run) -> None:
    """The sales of an office by --by office are those that --office gives, and so for every dimension but customers."""
    data = report(ch, "tier", "--month", "2024-05", "--by", by, "--measure", "quantity")
    assert data["totals"]["net_sales"] == D("10118190.725")
    if by == "customer":
        listed = report(ch, "tier", "--month", "2024-05")["rows"]
        assert {row["code"]: row["net_sales"] for row in data["rows"]} == {
            row["customer_code"]: row["net_sales"] for row in listed
        }
        return
    for row in data["rows"]:
        own = report(ch, "tier", "--month", "2024-05", f"--{by}", row["code"])["totals"]
        assert own["net_sales"] == row["net_sales"]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("scope", [["--office", "杭州"], ["--region", "JD"], ["--channel", "直供"], ["--rep", "HZ01"]])
def test_scopes_and_dimensions_go_together(scope: list[str], ch: Run) -> None:
    whole = report(ch, "tier", "--month", "2024-05", *scope)["totals"]["net_sales"]
    found: dict[str, Decimal] = defaultdict(Decimal)
    for by in ("customer", "product", "rep", "office", "region"):
        found[by] = report(ch, "tier", "--month", "2024-05", "--by", by, "--measure", "quantity", *scope)["totals"][
            "net_sales"
        ]
    assert set(found.values()) == {whole}
