import csv
import json
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channelctl.columns import columns
from channelctl.errors import UsageError
from channelctl.systems.tiers import rules
from channelctl.systems.tiers.rules import CustomerSales, TierPolicy, TierRow, abc, facts, grade, share, summary

D = Decimal
DATA = Path(__file__).parents[3] / "shared" / "data"
DEFAULT = TierPolicy()


def sales(*nets: int | str, silent: tuple[int, ...] = ()) -> list[CustomerSales]:
    """Customers K01, K02 … in the order given; those at the places `silent` have no line."""
    return [CustomerSales(f"K{n:02d}", f"客户{n}", D(net), 0 if n in silent else 1) for n, net in enumerate(nets, 1)]


def letters(rows: list[TierRow]) -> str:
    return "".join(row.tier for row in rows)


def counts(rows: list[TierRow]) -> tuple[int, ...]:
    found = Counter(row.tier for row in rows)
    return found["A"], found["B"], found["C"]


def published(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is kept outside the project and is not here")
    return path


# --- abc -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nets", "tiers"),
    [
        ([100], "A"),
        ([85, 10, 5], "ABC"),
        ([50, 30, 15, 4, 1], "AABCC"),
        ([40, 20, 20, 20], "AAAA"),
        ([60, 30, 20, -10], "AABC"),
        ([1, 79, 20], "CAA"),
        ([80, 20], "AB"),
        ([94, 6], "AB"),
        ([95, 5], "AC"),
        (["0.0001"], "A"),
        ([1, 1, 1, 1, 1], "AAAAA"),
    ],
)
def test_a_is_the_smallest_set_that_reaches_the_cut(nets: list[int | str], tiers: str) -> None:
    rows = abc(sales(*nets), DEFAULT)
    by_code = {row.customer_code: row.tier for row in rows}
    assert "".join(by_code[f"K{n:02d}"] for n in range(1, len(nets) + 1)) == tiers


@pytest.mark.parametrize(
    ("nets", "tiers"),
    [
        ([100], "A"),
        ([85, 10, 5], "ABC"),
        ([50, 30, 15, 5], "AABC"),
        ([80, 20], "AC"),
        ([96, 4], "AC"),
        ([50, 50], "AA"),
    ],
)
def test_within_counts_the_share_including_the_customer_and_the_first_is_always_a(nets: list[int], tiers: str) -> None:
    assert letters(abc(sales(*nets), TierPolicy(boundary="within"))) == tiers


def test_a_cut_is_judged_exactly() -> None:
    at_the_cut = sales("0.2667", "0.2667", "0.2666", "0.2000")
    assert letters(abc(at_the_cut, DEFAULT)) == "AAAB"
    just_below = sales("0.2667", "0.2667", "0.2665", "0.2001")
    assert letters(abc(just_below, DEFAULT)) == "AAAA"
    assert letters(abc(sales("80000000000000.0000", "20000000000000.0000"), DEFAULT)) == "AB"
    assert letters(abc(sales("79999999999999.9999", "20000000000000.0001"), DEFAULT)) == "AA"


def test_equal_customers_share_the_better_tier_and_say_so() -> None:
    rows = abc(sales(40, 20, 20, 20), DEFAULT)
    assert [row.reason for row in rows] == [None, None, None, "tie"]
    split = abc(sales(40, 20, 20, 20), TierPolicy(ties="split"))
    assert letters(split) == "AAAB"
    assert {row.reason for row in split} == {None}
    equal_within = abc(sales(50, 50), TierPolicy(boundary="within"))
    assert [row.reason for row in equal_within] == [None, "tie"]


def test_split_ties_go_by_code() -> None:
    customers = [CustomerSales(code, code, D(20), 1) for code in ("D", "B", "A", "E", "C")]
    rows = abc(customers, TierPolicy(ties="split"))
    assert [(row.customer_code, row.tier) for row in rows] == [
        ("A", "A"),
        ("B", "A"),
        ("C", "A"),
        ("D", "A"),
        ("E", "B"),
    ]


def test_customers_outside_the_base_come_last_with_a_reason_and_no_shares() -> None:
    rows = abc(sales(60, 0, -10, 30, 0, 20, 0, -5, silent=(2, 7)), DEFAULT)
    assert [(row.rank, row.customer_code, row.tier, row.reason) for row in rows] == [
        (1, "K01", "A", None),
        (2, "K04", "A", None),
        (3, "K06", "B", None),
        (4, "K05", "C", "net_returns"),
        (5, "K08", "C", "net_returns"),
        (6, "K03", "C", "net_returns"),
        (7, "K02", "C", "no_sales"),
        (8, "K07", "C", "no_sales"),
    ]
    assert all(row.share is None and row.cumulative_share is None for row in rows[3:])
    assert rows[2].cumulative_share == 1


def test_a_customer_without_a_line_is_c_for_no_sales() -> None:
    rows = abc(sales(80, 15, 5, 0, silent=(4,)), DEFAULT)
    assert letters(rows) == "ABCC"
    assert rows[3].reason == "no_sales"


def test_without_positive_sales_all_are_c() -> None:
    rows = abc(sales(0, 0, -3), DEFAULT)
    assert letters(rows) == "CCC"
    assert {row.share for row in rows} == {None}
    assert abc([], DEFAULT) == []


def test_shares_are_shown_to_sixteen_decimals_and_the_cumulative_one_includes_the_customer() -> None:
    rows = abc(sales(2, 1, 3), DEFAULT)
    assert [str(row.share) for row in rows] == ["0.5000000000000000", "0.3333333333333333", "0.1666666666666667"]
    assert [row.cumulative_share for row in rows] == [D("0.5"), D("0.8333333333333333"), D(1)]


# --- share -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "include", "exclude"),
    [("20.00", "A", "B"), ("19.99", "B", "B"), ("10.00", "B", "C"), ("9.99", "C", "C"), ("20.01", "A", "A")],
)
def test_share_tiers_at_the_edges(net: str, include: str, exclude: str) -> None:
    rest = (D(100) - D(net)) / 4
    customers = [CustomerSales("X", "X", D(net), 1), *(CustomerSales(f"R{n}", "", rest, 1) for n in range(4))]
    for edge, tier in (("include", include), ("exclude", exclude)):
        rows = share(customers, TierPolicy.model_validate({"share_edge": edge}))
        assert next(row.tier for row in rows if row.customer_code == "X") == tier


def test_share_leaves_returns_out_of_the_base() -> None:
    rows = share(sales(80, 20, -50, 0, silent=(4,)), DEFAULT)
    assert [(row.tier, row.reason) for row in rows] == [
        ("A", None),
        ("A", None),
        ("C", "net_returns"),
        ("C", "no_sales"),
    ]
    assert rows[1].share == D("0.2")


def test_at_most_five_customers_are_a_by_share() -> None:
    assert letters(share(sales(1, 1, 1, 1, 1), DEFAULT)) == "AAAAA"
    assert letters(share(sales(1, 1, 1, 1, 1, 1), DEFAULT)) == "BBBBBB"


def test_a_method_is_chosen_by_name() -> None:
    customers = sales(50, 30, 15, 4, 1)
    assert grade("abc", customers, DEFAULT) == abc(customers, DEFAULT)
    assert grade("share", customers, DEFAULT) == share(customers, DEFAULT)
    assert grade("curve", customers, DEFAULT) == rules.curve(customers, DEFAULT)
    assert grade("rfm", customers, DEFAULT) == rules.rfm(customers, DEFAULT)
    with pytest.raises(UsageError, match="rfm2") as error:
        grade("rfm2", customers, DEFAULT)
    assert "abc, share, rfm, curve" in error.value.hint


# --- the policy ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"a_until": "0.95"}, "a_until (0.95) and b_until (0.95)"),
        ({"a_until": "0"}, "a_until (0)"),
        ({"b_until": "1.01"}, "b_until (1.01)"),
        ({"share_a": "0.1"}, "share_b (0.10) and share_a (0.1)"),
        ({"share_b": "0"}, "share_b (0)"),
        ({"share_a": "1.5"}, "share_a (1.5)"),
        ({"rule_of_thumb": {"customers": ["0.2", "0.3", "0.4"]}}, "shares of customers must add up to 1"),
        ({"rule_of_thumb": {"sales": ["0.8", "0.3", "0.4"]}}, "shares of sales must add up to 1"),
        ({"boundary": "beside"}, "boundary"),
        ({"ties": "lots"}, "ties"),
        ({"cut": "0.8"}, "cut"),
    ],
)
def test_an_impossible_policy_is_refused(section: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        TierPolicy.model_validate(section)
    assert said in str(error.value)


def test_cuts_may_end_at_one() -> None:
    assert letters(abc(sales(80, 19, 1), TierPolicy(b_until=D(1)))) == "ABB"


# --- what the list says ----------------------------------------------------------------------------------------------


def test_the_summary_adds_up_to_the_list() -> None:
    policy = DEFAULT
    found = summary(abc(sales(60, 30, 20, -10, 0, silent=(5,)), policy), policy)
    assert [(row.tier, row.customers, row.net_sales, row.rule_of_thumb) for row in found] == [
        ("A", 2, D(90), "20 / 80"),
        ("B", 1, D(20), "30 / 15"),
        ("C", 1, D(-10), "50 / 5"),
    ]
    assert [row.customers_share for row in found] == [D("0.5"), D("0.25"), D("0.25")]
    assert [row.sales_share for row in found] == [D("0.8181818181818182"), D("0.1818181818181818"), D(0)]


def test_the_summary_of_nothing_has_no_shares() -> None:
    for row in summary([], DEFAULT):
        assert (row.customers, row.customers_share, row.net_sales, row.sales_share) == (0, None, D(0), None)


def test_facts_of_a_list() -> None:
    found = facts(abc(sales(50, 30, 15, 4, 1, -20, 0, silent=(7,)), DEFAULT))
    assert (found.customers, found.net_returns, found.no_sales, found.base) == (6, 1, 1, D(100))
    assert (found.cut, found.customers_to_cut) == (D("0.80"), 2)
    assert found.customers_to_cut_share == D("0.3333333333333333")
    assert found.first_share == D("0.5")
    assert found.hhi == D("3642.0000")
    assert (found.top_customers, found.top_share) == (2, D("0.8"))


def test_one_customer_is_the_greatest_concentration() -> None:
    found = facts(abc(sales(7), DEFAULT))
    assert (found.hhi, found.first_share, found.top_customers, found.top_share) == (D(10_000), D(1), 1, D(1))


def test_facts_of_a_list_without_positive_sales() -> None:
    found = facts(abc(sales(0, -1), DEFAULT))
    assert (found.customers, found.base, found.top_customers) == (2, D(0), 1)
    assert found[5:9] == (None, None, None, None)
    assert found.top_share is None


def test_the_columns_are_the_contract() -> None:
    assert list(columns(TierRow)) == [
        "rank",
        "customer_code",
        "customer",
        "net_sales",
        "share",
        "cumulative_share",
        "tier",
        "reason",
        "set_tier",
    ]
    for row_class in (TierRow, rules.TierSummary, rules.Facts):
        assert tuple(columns(row_class)) == row_class._fields


@pytest.mark.parametrize("reason", ["tie", "net_returns", "no_sales", "raised", "no_profit", "unknown", "win_back"])
def test_every_reason_has_a_text(reason: str) -> None:
    assert rules.reason_text(reason) not in ("", reason)
    assert rules.reason_text(None) == ""


# --- other people's answers ------------------------------------------------------------------------------------------


def test_the_published_table_of_sixteen_items() -> None:
    truth = json.loads(published("worked_examples/truth.json").read_text("utf-8"))["abc_16_items"]
    customers = [CustomerSales(f"{int(code):02d}", code, D(net), 1) for code, net in truth["usage"].items()]
    within = abc(customers, TierPolicy(boundary="within"))
    assert counts(within) == (3, 6, 7)
    assert {row.customer: row.tier for row in within} == truth["published_class(80/95, cumulative INCLUDING the item)"]
    reach = abc(customers, DEFAULT)
    assert counts(reach) == (4, 6, 6)
    assert {row.customer_code: row.tier for row in reach} == truth["ours"]["before_tiers"]


@pytest.mark.parametrize(
    ("boundary", "ties", "expected"),
    [
        ("within", "split", (12, 15, 16)),
        ("reach", "split", (13, 15, 15)),
        ("within", "share", (12, 16, 15)),
        ("reach", "share", (14, 14, 15)),
    ],
)
def test_the_published_table_of_43_customers(boundary: str, ties: str, expected: tuple[int, ...]) -> None:
    truth = json.loads(published("worked_examples/truth.json").read_text("utf-8"))["abc_43_customers_zh"]
    policy = TierPolicy.model_validate({"a_until": "0.55", "b_until": "0.85", "boundary": boundary, "ties": ties})
    rows = abc(sales(*truth["amounts"]), policy)
    assert counts(rows) == expected
    if (boundary, ties) == ("within", "split"):
        assert letters(rows) == truth["published_class"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("superstore_zh/truth_customers.csv", (436, 199, 155)),
        ("superstore_zh/truth_customers_by_name.csv", None),
        ("classicmodels/truth_customers.csv", None),
        ("ar_ibm/truth_customers.csv", None),
    ],
)
def test_an_independent_computation_agrees_customer_by_customer(name: str, expected: tuple[int, ...] | None) -> None:
    with published(name).open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    customers = [CustomerSales(row["customer"], row["name"], D(row["net"]), 1) for row in truth]
    random.Random(7).shuffle(customers)
    rows = abc(customers, DEFAULT)
    if expected:
        assert counts(rows) == expected
    assert [(row.customer_code, row.tier) for row in rows] == [(row["customer"], row["abc"]) for row in truth]
    shown = [f"{row.cumulative_share:.8f}" for row in rows if row.cumulative_share is not None]
    assert shown == [row["share_after"] for row in truth if D(row["net"]) > 0]


def test_the_top_fifth_of_the_superstore() -> None:
    truth = json.loads(published("superstore_zh/truth.json").read_text("utf-8"))["pareto_top20pct_customers"]
    with published("superstore_zh/truth_customers.csv").open(encoding="utf-8", newline="") as file:
        customers = [CustomerSales(row["customer"], row["name"], D(row["net"]), 1) for row in csv.DictReader(file)]
    found = facts(abc(customers, DEFAULT))
    assert found.top_customers == truth["customers"]
    assert f"{found.top_share:.6f}" == truth["share_of_positive_net"]
    assert found.base == D("16117548.237")


def test_the_swiss_towns() -> None:
    with published("worked_examples/SwissInhabitants.csv").open(encoding="utf-8", newline="") as file:
        towns = [CustomerSales(row["code"], row["code"], D(row["Year1900"]), 1) for row in csv.DictReader(file)]
    assert counts(abc(towns, TierPolicy(ties="split"))) == (1030, 1019, 847)
    assert counts(abc(towns, TierPolicy(ties="split", boundary="within"))) == (1029, 1019, 848)


# --- what always holds -----------------------------------------------------------------------------------------------

money = st.integers(-3_000_000, 9_000_000).map(lambda units: D(units).scaleb(-4))
few_values = st.sampled_from([D(0), D(1), D(2), D(5), D(-1), D("0.0001")])
lists = st.lists(money | few_values, max_size=40).map(lambda nets: sales(*(str(net) for net in nets)))
policies = st.builds(
    TierPolicy,
    a_until=st.sampled_from([D("0.5"), D("0.8")]),
    b_until=st.sampled_from([D("0.85"), D("0.95"), D(1)]),
    boundary=st.sampled_from(["reach", "within"]),
    ties=st.sampled_from(["share", "split"]),
    share_edge=st.sampled_from(["include", "exclude"]),
    share_raises=st.booleans(),
)
# Those by the figure alone; rfm has its own tests.
methods = st.sampled_from([method for method in rules.METHODS if method != "rfm"])


@given(lists, policies, methods)
def test_shares_add_up_to_one(customers: list[CustomerSales], policy: TierPolicy, method: str) -> None:
    rows = [row for row in grade(method, customers, policy) if row.share is not None]
    assert len(rows) == sum(one.net_sales > 0 for one in customers)
    if rows:
        assert abs(sum((row.share or D(0) for row in rows), D(-1))) < D("1e-12")
        assert rows[-1].cumulative_share == 1


@given(lists, policies, methods, st.randoms())
def test_the_order_of_input_does_not_matter(
    customers: list[CustomerSales], policy: TierPolicy, method: str, chance: random.Random
) -> None:
    shuffled = chance.sample(customers, len(customers))
    assert grade(method, shuffled, policy) == grade(method, customers, policy)


@given(lists, policies, methods, st.sampled_from([D("0.0001"), D("0.37"), D(3), D(10_000)]))
def test_another_currency_changes_no_tier(
    customers: list[CustomerSales], policy: TierPolicy, method: str, factor: Decimal
) -> None:
    scaled = [one._replace(net_sales=one.net_sales * factor) for one in customers]
    before, after = grade(method, customers, policy), grade(method, scaled, policy)
    assert [row[:3] + row[4:] for row in after] == [row[:3] + row[4:] for row in before]


@given(lists, policies)
def test_equal_customers_share_a_tier(customers: list[CustomerSales], policy: TierPolicy) -> None:
    tiers: dict[Decimal, set[str]] = {}
    for row in abc(customers, policy.model_copy(update={"ties": "share"})):
        tiers.setdefault(row.net_sales, set()).add(row.tier)
    assert all(len(found) == 1 for found in tiers.values())


@given(lists, policies)
def test_reached_and_split_a_is_the_smallest_set_that_reaches_the_cut(
    customers: list[CustomerSales], policy: TierPolicy
) -> None:
    policy = policy.model_copy(update={"boundary": "reach", "ties": "split"})
    rows = abc(customers, policy)
    nets = [row.net_sales for row in rows if row.tier == "A"]
    base = sum(one.net_sales for one in customers if one.net_sales > 0)
    if base:
        assert sum(nets) >= policy.a_until * base > sum(nets[:-1])
        assert len(nets) == facts(rows, policy).customers_to_cut
    else:
        assert nets == []


@given(lists, policies)
def test_within_a_never_goes_beyond_the_cut_but_for_the_first(
    customers: list[CustomerSales], policy: TierPolicy
) -> None:
    rows = abc(customers, policy.model_copy(update={"boundary": "within", "ties": "split"}))
    nets = [row.net_sales for row in rows if row.tier == "A"]
    base = sum(one.net_sales for one in customers if one.net_sales > 0)
    assert len(nets) <= 1 or sum(nets) <= policy.a_until * base


@given(lists, policies)
def test_a_is_empty_only_without_positive_sales(customers: list[CustomerSales], policy: TierPolicy) -> None:
    rows = abc(customers, policy)
    assert any(row.tier == "A" for row in rows) == any(one.net_sales > 0 for one in customers)


@given(lists, policies, methods)
def test_tiers_never_rise_down_the_list(customers: list[CustomerSales], policy: TierPolicy, method: str) -> None:
    rows = grade(method, customers, policy)
    assert letters(rows) == "".join(sorted(letters(rows)))
    assert [row.rank for row in rows] == list(range(1, len(customers) + 1))
    assert sorted(row.customer_code for row in rows) == sorted(one.customer_code for one in customers)


@given(lists, policies, methods, st.sampled_from([(D(0), 0), (D(0), 1), (D("-2.5"), 1)]))
def test_a_customer_without_positive_sales_changes_nobody(
    customers: list[CustomerSales], policy: TierPolicy, method: str, more: tuple[Decimal, int]
) -> None:
    before = {row.customer_code: row[4:8] for row in grade(method, customers, policy)}
    added = grade(method, [*customers, CustomerSales("Z", "Z", *more)], policy)
    after = {row.customer_code: row[4:8] for row in added}
    reason = "net_returns" if more[1] else "no_sales"
    assert after.pop("Z") == (None, None, "C", reason)
    assert after == before


@given(lists, policies, methods)
def test_the_summary_holds_the_whole_list(customers: list[CustomerSales], policy: TierPolicy, method: str) -> None:
    found = summary(grade(method, customers, policy), policy)
    assert [row.tier for row in found] == ["A", "B", "C"]
    assert sum(row.customers for row in found) == len(customers)
    assert sum(row.net_sales for row in found) == sum(one.net_sales for one in customers)
    if any(one.net_sales > 0 for one in customers):
        assert abs(sum((row.sales_share or D(0) for row in found), D(-1))) < D("1e-12")


@given(lists, policies, methods)
def test_every_customer_stands_where_the_one_before_it_ends(
    customers: list[CustomerSales], policy: TierPolicy, method: str
) -> None:
    rows = grade(method, customers, policy)
    ended: Decimal | None = D(0)
    for row in rows:
        own = rules.standing(row.customer_code, rows, 1, method, policy)
        assert own is not None
        assert (own.rank, own.net_sales, own.share, own.cumulative_share, own.tier, own.reason) == (
            row.rank, row.net_sales, row.share, row.cumulative_share, row.tier, row.reason,
        )  # fmt: skip
        assert own.share_before == (None if row.share is None else ended)
        assert (own.cut_a, own.cut_b) == rules.cuts(method, policy, rows)
        ended = row.cumulative_share
    assert rules.standing("nobody", rows, 0, method, policy) is None
