"""`tier compare`: two methods or boundaries side by side."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.tiers.rules import TierPolicy, grade
from channelctl.systems.tiers.rules_compare import CHOICES, counts, differing, way
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet
from tests.tiers.test_rules import sales


def made(ch: Run, *nets: object) -> None:
    rows = [("2024-05-03", f"K{place}", f"客户{place}", net) for place, net in enumerate(nets)]
    assert ch("import", sheet("sales", "日期 客户编码 客户名称 金额", rows)).code == 0


def test_the_screen_shows_both_tiers_and_counts_them(ch: Run) -> None:
    made(ch, 60, 20, 12, 6, 2, -1)
    found = ch("tier", "compare", "abc", "share", "--month", "2024-05")
    assert (found.code, found.err) == (0, "")
    assert found.out == (
        "ABC by net sales against Tiers by share of sales · May 2024 · 6 customers with sales\n"
        "\n"
        "First   Second A   Second B   Second C   Customers   Net sales, CNY\n"
        "───────────────────────────────────────────────────────────────────\n"
        "A              2          0          0           2            80.00\n"
        "B              0          1          1           2            18.00\n"
        "C              0          0          2           2             1.00\n"
        "\n"
        "#   Code   Customer   Net sales, CNY   Share   Cumulative   First   Second\n"
        "──────────────────────────────────────────────────────────────────────────\n"
        "4   K3     客户3                6.00    6.0%        98.0%   B       C\n"
        "\n"
        "1 of 6 customers differs, with 6.0% of net sales: 0 higher and 1 lower by the second.\n"
    )


def test_boundaries_of_abc_are_compared(ch: Run) -> None:
    made(ch, 70, 20, 8, 2)
    data = holds_to_schema(ch, "tier_compare", "tier", "compare", "abc:within", "abc:reach", "--month", "2024-05")
    assert [(row["customer_code"], row["first_tier"], row["second_tier"]) for row in data["rows"]] == [
        ("K1", "B", "A"),
        ("K2", "C", "B"),
    ]
    assert (data["params"]["first"], data["params"]["second"]) == ("abc:within", "abc:reach")
    assert data["totals"] == {"customers": 4, "differing": 2}
    text = ch("tier", "compare", "abc:within", "abc:reach", "--month", "2024-05").out.splitlines()
    assert text[0].startswith("ABC by net sales (within) against ABC by net sales (reach) · ")
    assert text[-1].endswith("2 higher and 0 lower by the second.")


def test_what_agrees_is_said_and_listed_nowhere(ch: Run) -> None:
    made(ch, 70, 20, 8, 2)
    found = ch("tier", "compare", "abc", "abc:reach", "--month", "2024-05")
    assert found.out.splitlines()[-1] == "Both give all 4 customers the same tier."
    empty = ch("tier", "compare", "abc", "share", "--month", "2023-01")
    assert (empty.code, empty.err) == (0, "no sales in this period (2023-01-01 to 2023-01-31)\n")


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("first", "second"), list(combinations(CHOICES, 2)))
def test_every_pair_is_what_the_two_reports_say(first: str, second: str, ch: Run) -> None:
    def tiers(word: str) -> dict[str, str]:
        method, _colon, boundary = word.partition(":")
        more = ["--boundary", boundary] if boundary else []
        rows = report(ch, "tier", "--month", "2024-05", "--office", "无锡", "--method", method, *more)["rows"]
        return {row["customer_code"]: row["tier"] for row in rows}

    one, other = tiers(first), tiers(second)
    found = report(ch, "tier", "compare", first, second, "--month", "2024-05", "--office", "无锡")
    assert {row["customer_code"]: (row["first_tier"], row["second_tier"]) for row in found["rows"]} == {
        code: (one[code], other[code]) for code in one if one[code] != other[code]
    }


@pytest.mark.parametrize("word", ["abcd", "abc:", "abc:inside", "share:within", "", ":"])
def test_what_is_no_method_is_refused(word: str, ch: Run) -> None:
    found = ch("tier", "compare", "abc", word)
    assert (found.code, found.out) == (2, "")
    assert "is not a method" in found.err


@given(st.lists(st.integers(-9, 99), max_size=20), st.sampled_from(["abc", "share", "curve"]))
def test_the_counts_are_all_customers_and_their_differences(nets: list[int], method: str) -> None:
    one, other = (grade(name, sales(*nets), TierPolicy()) for name in ("abc", method))
    found = counts(one, other)
    assert sum(row.customers for row in found) == len(nets)
    assert sum(row.net_sales for row in found) == sum(nets)
    assert all(row.a + row.b + row.c == row.customers for row in found)
    agreeing = sum(getattr(row, row.first_tier.lower()) for row in found)
    assert len(nets) - agreeing == len(differing(one, other))


def test_a_word_is_a_method_and_perhaps_a_boundary() -> None:
    assert [way(word).word for word in CHOICES] == list(CHOICES)
    assert way("abc:within").policy(TierPolicy()).boundary == "within"
    assert way("abc").policy(TierPolicy()) == TierPolicy()
