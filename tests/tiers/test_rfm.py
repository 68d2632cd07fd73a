"""Recency, frequency, money: scores, segments, the policy that names them, and what `tier --method rfm` says."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channelctl.systems.tiers.rules import CustomerSales, TierPolicy, grade
from channelctl.systems.tiers.rules_basis import Purchases
from channelctl.systems.tiers.rules_rfm import buyers, fifths, rfm, segments_of
from channelctl.systems.tiers.rules_segments import (
    PLACES,
    Place,
    RfmCuts,
    Segment,
    default_segments,
    segment_of,
    segment_text,
)
from tests.conftest import Run
from tests.making import holds_to_schema, policy, report, sheet

D = Decimal
DAY = dt.date(2024, 5, 31)
DEFAULT = default_segments()


def buyer(
    code: str, net: int | str, days: int = 0, times: int = 1, first: bool = False, lines: int = 1
) -> CustomerSales:
    """A customer that last bought so many days before the end."""
    return CustomerSales(code, f"客户{code}", D(net), lines, Purchases(DAY - dt.timedelta(days), days, times, first))


def segments(sales: list[CustomerSales], cuts: RfmCuts | None = None) -> dict[str, str]:
    return {row.customer_code: row.segment for row in rfm(sales, cuts or RfmCuts(), DEFAULT)}


# --- scores ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "scores"),
    [
        ([], []),
        ([9], [3]),
        ([1, 2], [2, 4]),
        ([1, 2, 3], [1, 3, 5]),
        ([10, 30, 20, 50, 40], [1, 3, 2, 5, 4]),
        ([7, 7, 7, 7, 7, 7], [3, 3, 3, 3, 3, 3]),
        ([1, 1, 1, 1, 1, 1, 2, 3, 4, 5], [2, 2, 2, 2, 2, 2, 4, 4, 5, 5]),
        ([1, 1, 1, 1, 9], [3, 3, 3, 3, 5]),
        ([1, 9, 9, 9, 9], [1, 4, 4, 4, 4]),
    ],
)
def test_fifths_give_equal_values_the_middle_of_their_places(values: list[int], scores: list[int]) -> None:
    assert fifths(values) == scores


@pytest.mark.parametrize(
    ("days", "r"), [(0, 5), (30, 5), (31, 4), (60, 4), (61, 3), (90, 3), (91, 2), (180, 2), (181, 1)]
)
def test_a_cut_of_recency_takes_its_own_day_in(days: int, r: int) -> None:
    (row,) = rfm([buyer("K", 1, days)], RfmCuts(recency=(30, 60, 90, 180)), DEFAULT)
    assert (row.r, row.recency_days, row.last_purchase) == (r, days, DAY - dt.timedelta(days))


@pytest.mark.parametrize(("times", "f"), [(1, 1), (2, 2), (3, 2), (4, 3), (8, 4), (11, 4), (12, 5), (99, 5)])
def test_a_cut_of_frequency_is_reached_at_its_edge(times: int, f: int) -> None:
    (row,) = rfm([buyer("K", 1, times=times)], RfmCuts(frequency=(2, 4, 8, 12)), DEFAULT)
    assert (row.f, row.frequency) == (f, times)


@pytest.mark.parametrize(
    ("net", "m"), [("0.0001", 1), ("999.9999", 1), ("1000", 2), ("9999.9999", 3), ("10000", 4), ("50000", 5)]
)
def test_a_cut_of_money_is_reached_at_its_edge(net: str, m: int) -> None:
    (row,) = rfm([buyer("K", net)], RfmCuts(monetary=(D(1000), D(5000), D(10000), D(50000))), DEFAULT)
    assert row.m == m


# --- segments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "segment"),
    [
        ((5, 5, 5, False), "best"),
        ((4, 4, 4, True), "best"),
        ((3, 5, 5, False), "loyal"),
        ((5, 4, 3, True), "loyal"),
        ((5, 1, 5, True), "big"),
        ((3, 3, 5, False), "big"),
        ((5, 1, 1, True), "new"),
        ((3, 3, 4, True), "new"),
        ((5, 1, 1, False), "regular"),
        ((3, 3, 4, False), "regular"),
        ((2, 4, 4, False), "win_back"),
        ((1, 5, 5, True), "win_back"),
        ((2, 3, 5, False), "at_risk"),
        ((1, 5, 3, False), "at_risk"),
        ((2, 1, 5, True), "tried"),
        ((1, 2, 1, True), "tried"),
        ((2, 2, 5, False), "quiet"),
        ((1, 1, 5, False), "lost"),
        ((1, 2, 1, False), "lost"),
    ],
)
def test_the_default_segments(place: tuple[int, int, int, bool], segment: str) -> None:
    assert segment_of(Place(*place), DEFAULT) == segment


def test_every_place_falls_into_one_default_segment_and_each_has_some() -> None:
    found = Counter(segment_of(place, DEFAULT) for place in PLACES)
    assert len(PLACES) == 250
    assert set(found) == set(DEFAULT)
    assert sum(found.values()) == 250


@pytest.mark.parametrize("segment", [*DEFAULT, "net_returns", "no_sales"])
def test_every_segment_has_a_text(segment: str) -> None:
    assert segment_text(segment)
    assert segment_text("重点") == "重点"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"all": {"tier": "A"}, "late": {"tier": "B", "recency": [1, 1]}},
            "segment “late” can never apply: before it, “all” take all it would",
        ),
        (
            {
                "low": {"tier": "C", "monetary": [1, 3]},
                "high": {"tier": "A", "monetary": [4, 5]},
                "first": {"tier": "B", "buyers": "first"},
            },
            "segment “first” can never apply: before it, “low”, “high” take all it would",
        ),
        (
            {"x": {"tier": "A", "recency": [5, 4]}, "y": {"tier": "C"}},
            "segment “x” can never apply: its scores run from high to low",
        ),
        (
            {"x": {"tier": "A", "recency": [2, 5]}},
            "no segment takes first-time buyers with the scores 1, 1, 1",
        ),
        (
            {
                "x": {"tier": "A", "recency": [1, 4]},
                "y": {"tier": "B", "frequency": [1, 4]},
                "z": {"tier": "B", "buyers": "first"},
            },
            "no segment takes repeat buyers with the scores 5, 5, 1",
        ),
        ({}, "no segment takes first-time buyers with the scores 1, 1, 1"),
        ({"net_returns": {"tier": "A"}}, "“net_returns” is a segment of its own"),
        ({"no_sales": {"tier": "A"}}, "“no_sales” is a segment of its own"),
    ],
)  # fmt: skip
def test_segments_that_cannot_be_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        TierPolicy.model_validate({"segments": given})
    assert said in str(error.value)


@pytest.mark.parametrize(
    "cuts",
    [
        {"recency": [1, 2, 3]},
        {"recency": [1, 2, 2, 3]},
        {"frequency": [4, 3, 2, 1]},
        {"monetary": ["1", "2", "3", "3"]},
    ],
)
def test_cuts_are_four_and_rise(cuts: dict[str, object]) -> None:
    (name,) = cuts
    with pytest.raises(ValidationError, match=f"{name} needs 4 cuts, each above the one before, or none"):
        TierPolicy.model_validate({"rfm": cuts})


def test_net_returns_and_no_sales_are_segments_of_their_own() -> None:
    rows = rfm([buyer("A", 5), buyer("B", -5), buyer("C", 0), CustomerSales("D", "丁", D(0), 0)], RfmCuts(), DEFAULT)
    assert [(row.customer_code, row.segment, row.tier, row.r) for row in rows] == [
        ("A", "regular", "B", 3),
        ("C", "net_returns", "C", None),
        ("B", "net_returns", "C", None),
        ("D", "no_sales", "C", None),
    ]
    assert [row.reason for row in rows] == [None, "net_returns", "net_returns", "no_sales"]
    summed = {row.segment: row for row in segments_of(rows, DEFAULT)}
    assert (summed["regular"].customers, summed["regular"].sales_share) == (1, D(1))
    assert (summed["net_returns"].customers, summed["net_returns"].net_sales) == (2, D(-5))
    assert "no_sales" not in summed


def test_first_time_and_repeat_buyers_are_counted_apart() -> None:
    rows = rfm(
        [buyer("A", 30, first=True), buyer("B", 60), buyer("C", 10), buyer("D", -9, first=True)], RfmCuts(), DEFAULT
    )
    assert buyers(rows, True) == (1, D("0.3"))
    assert buyers(rows, False) == (2, D("0.7"))


# --- what always holds -----------------------------------------------------------------------------------------------

customers = st.lists(
    st.tuples(st.integers(-5, 60), st.integers(0, 400), st.integers(1, 30), st.booleans()), max_size=30
).map(lambda found: [buyer(f"K{place:02d}", *one) for place, one in enumerate(found)])
spans = st.tuples(st.integers(1, 5), st.integers(1, 5)).map(lambda found: (min(found), max(found)))
rules = st.builds(
    Segment,
    tier=st.sampled_from(["A", "B", "C"]),
    recency=spans,
    frequency=spans,
    monetary=spans,
    buyers=st.sampled_from(["any", "first", "repeat"]),
)


@given(customers)
def test_every_customer_is_in_exactly_one_segment(sales: list[CustomerSales]) -> None:
    rows = rfm(sales, RfmCuts(), DEFAULT)
    assert sorted(row.customer_code for row in rows) == [one.customer_code for one in sales]
    summed = segments_of(rows, DEFAULT)
    assert sum(row.customers for row in summed) == len(sales)
    assert sum(row.net_sales for row in summed) == sum(one.net_sales for one in sales)
    for row in rows:
        if row.net_sales <= 0:
            assert row.segment == "net_returns"
            continue
        assert row.r and row.f and row.m and row.first_time is not None
        taking = [name for name, one in DEFAULT.items() if one.takes(Place(row.r, row.f, row.m, row.first_time))]
        assert row.segment == taking[0]
        assert row.tier == DEFAULT[row.segment].tier


@given(customers, st.sampled_from([D("0.0001"), D(3), D(10_000)]), st.integers(1, 9))
def test_neither_currency_nor_a_later_end_changes_a_fifth(
    sales: list[CustomerSales], factor: Decimal, later: int
) -> None:
    moved = []
    for one in sales:
        assert one.purchases is not None
        bought = one.purchases._replace(days=one.purchases.days + later)
        moved.append(one._replace(net_sales=one.net_sales * factor, purchases=bought))
    assert segments(moved) == segments(sales)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60))
def test_scores_rise_with_the_value_and_mirror_each_other(values: list[int]) -> None:
    scores = fifths(values)
    pairs = sorted(zip(values, scores, strict=True))
    assert [score for _value, score in pairs] == sorted(scores)
    assert len({pair for pair in pairs}) == len(set(values))
    assert set(scores) <= {1, 2, 3, 4, 5}


@given(st.integers(1, 40))
def test_fifths_of_different_values_are_as_even_as_they_can_be(count: int) -> None:
    sizes = Counter(fifths(range(5 * count)))
    assert set(sizes.values()) == {count}


@given(st.dictionaries(st.sampled_from("abcdefgh"), rules, min_size=1, max_size=6))
def test_a_policy_is_taken_if_and_only_if_every_segment_applies_and_nobody_is_left(given: dict[str, Segment]) -> None:
    chosen = [segment_of(place, given) for place in PLACES]
    fine = set(chosen) == set(given)
    try:
        TierPolicy(segments=given)
    except ValidationError:
        assert not fine
    else:
        assert fine


def test_the_tiers_of_any_method_come_in_the_same_rows() -> None:
    rows = grade("rfm", [buyer("A", 70, 1, 9), buyer("B", 30, 40), buyer("C", -1)], TierPolicy())
    assert [(row.customer_code, row.tier, row.reason, row.share) for row in rows] == [
        ("A", "A", "best", D("0.7")),
        ("B", "C", "quiet", D("0.3")),
        ("C", "C", "net_returns", None),
    ]


# --- the command -----------------------------------------------------------------------------------------------------

HEADINGS = "日期 单据编号 客户编码 客户名称 金额"


def bought(*lines: tuple[object, ...]) -> Path:
    return sheet("sales", HEADINGS, lines)


def test_purchases_are_documents_and_days_and_no_return_is_one(ch: Run) -> None:
    path = bought(
        ("2024-02-01", "X0", "K1", "甲", 5),
        ("2024-05-02", "X1", "K1", "甲", 100),
        ("2024-05-02", "X1", "K1", "甲", 50),
        ("2024-05-03", "X2", "K1", "甲", 100),
        ("2024-05-20", "T1", "K1", "甲", -30),
        ("2024-05-04", "", "K2", "乙", 10),
        ("2024-05-04", "", "K2", "乙", 20),
        ("2024-05-09", "", "K2", "乙", 30),
        ("2024-05-31", "T2", "K3", "丙", -7),
        ("2024-05-31", "X3", "K4", "丁", 1),
    )
    assert ch("import", path).code == 0
    data = holds_to_schema(ch, "tier", "tier", "--method", "rfm", "--month", "2024-05")
    fields = ("customer_code", "last_purchase", "recency_days", "frequency", "first_time", "segment")
    assert [tuple(row[field] for field in fields) for row in data["rows"]] == [
        ("K1", "2024-05-03", 28, 2, False, "win_back"),
        ("K2", "2024-05-09", 22, 2, True, "loyal"),
        ("K4", "2024-05-31", 0, 1, True, "new"),
        ("K3", None, None, None, None, "net_returns"),
    ]


def test_days_run_to_the_last_day_with_sales_if_the_period_ends_later(ch: Run) -> None:
    assert ch("import", bought(("2024-05-02", "X1", "K1", "甲", 100), ("2024-05-12", "X2", "K2", "乙", 50))).code == 0
    for words in (["--year", "2024"], ["--month", "2024-05"], ["--all-time"]):
        rows = report(ch, "tier", "--method", "rfm", *words)["rows"]
        assert [row["recency_days"] for row in rows] == [10, 0], words
    rows = report(ch, "tier", "--method", "rfm", "--month", "2024-05", "--as-of", "2024-05-05")["rows"]
    assert [row["recency_days"] for row in rows] == [3]


def test_who_bought_elsewhere_before_is_no_first_time_buyer_of_an_office(ch: Run) -> None:
    path = sheet(
        "sales",
        "日期 客户编码 客户名称 办事处 金额",
        [
            ("2024-04-02", "K1", "甲", "南京", 9),
            ("2024-05-02", "K1", "甲", "杭州", 9),
            ("2024-05-02", "K2", "乙", "杭州", 5),
        ],
    )
    assert ch("import", path).code == 0
    rows = report(ch, "tier", "--method", "rfm", "--month", "2024-05", "--office", "杭州")["rows"]
    assert [(row["customer_code"], row["first_time"]) for row in rows] == [("K1", False), ("K2", True)]
    rows = report(ch, "tier", "--method", "rfm", "--from", "2024-04-01", "--to", "2024-05-31")["rows"]
    assert {row["first_time"] for row in rows} == {True}


def test_the_screen_in_the_words_of_the_policy(ch: Run) -> None:
    path = bought(("2024-05-02", "X1", "K1", "甲", 900), ("2024-05-30", "X2", "K2", "乙", 100))
    assert ch("import", path).code == 0
    policy(
        '[tiers.rfm]\nmonetary = ["10", "100", "500", "800"]\n'
        '[tiers.segments."重点"]\ntier = "A"\nmonetary = [4, 5]\n[tiers.segments."其他"]\ntier = "C"\n'
    )
    found = ch("tier", "--method", "rfm", "--month", "2024-05")
    assert (found.code, found.err) == (0, "")
    assert found.out == (
        "Tiers by recency, frequency and money (RFM) · May 2024 · 2 customers with sales"
        " · scores by the policy's cuts and by fifths\n"
        "\n"
        "Segment   Tier   Customers   Share of customers   Net sales, CNY   Share of sales\n"
        "────────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "重点      A              1                50.0%           900.00            90.0%   ████████████████\n"
        "其他      C              1                50.0%           100.00            10.0%   █▊\n"
        "\n"
        "Tier   Customers   Share of customers   Net sales, CNY   Share of sales                      Rule of thumb\n"
        "──────────────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "A              1                50.0%           900.00            90.0%   ████████████████   20 / 80\n"
        "B              0                 0.0%             0.00             0.0%                      30 / 15\n"
        "C              1                50.0%           100.00            10.0%   █▊                 50 / 5\n"
        "\n"
        "#   Code    Customer   Last purchase   Days before end   Purchases   Net sales, CNY   First-time   R   F   M"
        "   Segment   Tier\n"
        "────────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "─────────────────\n"
        "1   K1      甲         2024-05-02                   28           1           900.00   yes          2   3   5"
        "   重点      A\n"
        "2   K2      乙         2024-05-30                    0           1           100.00   yes          4   3   3"
        "   其他      C\n"
        "    total                                                                  1,000.00\n"
        "\n"
        "2 first-time buyers make 100.0% of net sales; 0 repeat buyers make 0.0%.\n"
        "1 of 2 customers (50.0%) reach 80.0% of net sales; the top 20.0% (1) come to 90.0%.\n"
        "The first customer alone makes 90.0%; concentration (HHI) 8,200.\n"
    )


def test_a_rule_that_can_never_fire_is_refused_with_its_place(ch: Run) -> None:
    assert ch("init").code == 0
    policy('[tiers.segments.all]\ntier = "A"\n[tiers.segments.late]\ntier = "B"\n')
    assert ch("tier") == (
        3,
        "",
        "channelctl: error: policy policy.toml: [tiers] segments: segment “late” can never apply: before it, “all” "
        "take all it would\nCorrect it there, or take the line out: then the default holds.\n"
        "tiers.segments: rfm: who belongs to this segment, and its tier\n",
    )
    policy("[tiers.segments.all]\nrecency = [1, 5]\n")
    assert "[tiers] segments.all.tier: it is missing" in ch("tier").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "product"], "rfm is for customers and by amount only"),
        (["--measure", "profit"], "rfm is for customers and by amount only"),
        (["--raise-by-share"], "--raise-by-share does not go with --method rfm"),
    ],
)
def test_rfm_is_for_customers_by_amount(words: list[str], said: str, ch: Run) -> None:
    found = ch("tier", "--method", "rfm", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


@pytest.mark.usefixtures("sample")
def test_explain_says_the_scores_and_the_segment(ch: Run) -> None:
    found = ch("tier", "explain", "C00058", "--month", "2024-05", "--method", "rfm")
    assert found.out.splitlines()[-3:] == [
        "6 lines make net sales of 65,467.00: rank 27 of 78",
        "bought 4 times, the last 13 days before the end: recency 2, frequency 4, money 4 (5 is best)",
        "C00058 is A: segment “win back”, a repeat buyer",
    ]
    own = report(ch, "tier", "explain", "C00058", "--month", "2024-05", "--method", "rfm")["standing"][0]
    assert (own["tier"], own["cut_a"], own["cut_b"]) == ("A", None, None)
