"""`tier explain` and `tier compare` by any measure, of products, reps, offices and regions too."""

from typing import Any

import pytest

from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet

MAY = ("--month", "2024-05")
LINES = [
    ("2024-05-01", "K1", "恒达", "X", "杭州", 10, 700, 500),
    ("2024-05-02", "K2", "五星", "Y", "杭州", 60, 200, 100),
    ("2024-05-03", "K3", "国美", "Y", "宁波", 30, 100, ""),
    ("2024-05-04", "K1", "恒达", "Y", "宁波", -5, -50, -20),
]


@pytest.fixture
def sold(ch: Run) -> None:
    """Three customers, two products, two offices; of one line no cost."""
    assert ch("import", sheet("s", "日期 客户编码 客户名称 型号 办事处 数量 金额 成本", LINES)).code == 0


@pytest.mark.usefixtures("sold")
def test_a_product_is_explained_by_its_quantity(ch: Run) -> None:
    found = ch("tier", "explain", "Y", "--by", "product", "--measure", "quantity", *MAY)
    assert (found.code, found.err) == (0, "")
    lines = found.out.splitlines()
    assert lines[0] == "N00002 Y · ABC by quantity · May 2024 · 2 products with sales · cut-offs 80 % and 95 %"
    assert lines[4].split() == ["1", "N00002", "Y", "3", "250.00", "85", "89.5%", "0.0%", "89.5%", "A"]
    assert lines[6].split()[:3] == ["Code", "Date", "Document"]
    assert "Product" not in lines[6]
    assert lines[-2:] == [
        "3 lines: the quantity comes to 85, rank 1 of 2",
        "N00002 is A: it makes 89.5% of the quantity, those before it 0.0%; the cuts are 80.0% and 95.0%",
    ]


@pytest.mark.usefixtures("sold")
def test_a_customer_is_explained_by_its_profit(ch: Run) -> None:
    found = ch("tier", "explain", "恒达", "--measure", "profit", *MAY)
    assert found.err == "costs are known of 90.5% of the turnover; the profit is of that part\n"
    assert "2 lines: the profit comes to 170.00, rank 1 of 3" in found.out
    assert "Cost, CNY" in found.out
    told = ch("tier", "explain", "国美", "--measure", "profit", *MAY).out
    assert told.splitlines()[-1] == "K3 is C: nothing is known of the profit"


GRADED = [
    ("customer", "quantity", "K2"),
    ("customer", "profit", "K1"),
    ("product", "amount", "X"),
    ("product", "profit", "Y"),
    ("office", "amount", "宁波"),
    ("office", "quantity", "杭州"),
]


@pytest.mark.usefixtures("sold")
@pytest.mark.parametrize(("by", "measure", "word"), GRADED)
@pytest.mark.parametrize("method", ["abc", "share", "curve"])
def test_what_is_explained_is_what_was_graded(ch: Run, by: str, measure: str, word: str, method: str) -> None:
    """Its place is that in the report of tiers, and its lines come to its figures."""
    words = ("--by", by, "--measure", measure, "--method", method, *MAY)
    told = holds_to_schema(ch, "tier_explain", "tier", "explain", word, *words)
    (own,) = told["standing"]
    (row,) = (row for row in report(ch, "tier", *words)["rows"] if row["code"] == own["code"])
    exact = report(ch, "tier", "explain", word, *words)
    for name in ("rank", "code", "name", "net_sales", "quantity", "profit", "share", "cumulative_share", "tier"):
        assert exact["standing"][0][name] == row[name]
    assert exact["totals"]["amount"] == row["net_sales"] == sum(line["amount"] for line in exact["rows"])
    assert exact["totals"]["quantity"] == row["quantity"]


@pytest.mark.usefixtures("sold")
def test_what_was_not_sold_has_no_tier(ch: Run) -> None:
    found = ch("tier", "explain", "X", "--by", "product", "--month", "2024-04")
    assert (found.code, found.out.splitlines()[0].split(" · ")[0]) == (0, "N00001 X")
    assert found.err == "N00001 has no sales from 2024-04-01 to 2024-04-30: it has no tier\n"


REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("tier", "explain", "K1", "--method", "rfm", "--measure", "profit"), "rfm is for customers and by amount only"),
    (("tier", "compare", "abc", "rfm", "--by", "product"), "rfm is for customers and by amount only"),
    (("tier", "compare", "abc", "share", "--by", "moon"), "“moon” is nothing to grade by"),
    (("tier", "compare", "abc", "share", "--measure", "joy"), "“joy” is not a measure"),
    (("tier", "explain", "Z", "--by", "product"), "no product “Z”"),
    (
        ("tier", "explain", "X", "--by", "product", "--include-inactive"),
        "--include-inactive is for customers only",
    ),
]


@pytest.mark.usefixtures("sold")
@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_makes_no_sense_is_refused(ch: Run, words: tuple[str, ...], said: str) -> None:
    found = ch(*words, *MAY)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"channelctl: error: {said}")


@pytest.mark.usefixtures("sold")
@pytest.mark.parametrize("measure", ["amount", "quantity", "profit"])
@pytest.mark.parametrize("by", ["customer", "product", "office"])
def test_two_methods_are_compared_as_each_grades(ch: Run, by: str, measure: str) -> None:
    words = ("--by", by, "--measure", measure, *MAY)
    told: Any = holds_to_schema(ch, "tier_compare", "tier", "compare", "abc", "share", *words)
    one, other = (
        {
            row.get("code") or row["customer_code"]: row["tier"]
            for row in report(ch, "tier", "--method", name, *words)["rows"]
        }
        for name in ("abc", "share")
    )
    differing = {code: (tier, other[code]) for code, tier in one.items() if tier != other[code]}
    code = "customer_code" if (by, measure) == ("customer", "amount") else "code"
    assert {row[code]: (row["first_tier"], row["second_tier"]) for row in told["rows"]} == differing
    assert told["totals"]["differing"] == len(differing)
    assert sum(row["a"] + row["b"] + row["c"] for row in told["counts"]) == len(one)


@pytest.mark.usefixtures("sold")
def test_a_comparison_says_how_many_differ_which_way(ch: Run) -> None:
    out = ch("tier", "compare", "abc", "abc:within", "--by", "product", "--measure", "quantity", *MAY).out.splitlines()
    assert out[0] == "ABC by quantity against ABC by quantity (within) · May 2024 · 2 products with sales"
    assert out[-1] == "1 of 2 differs: 0 higher and 1 lower by the second."
