"""`channelctl tier explain`: a customer's tier down to the rows of the sheets."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import SAMPLE, Run
from tests.making import EXPECTED, holds_to_schema, policy, report, sheet

D = Decimal
MAY = ("--month", "2024-05")
SALES = "日期 单号 行号 客户编码 客户名称 办事处 型号 数量 金额 状态"


def sold(*lines: tuple[object, ...], name: str = "sales") -> Path:
    """A sheet of (day, code, amount) and perhaps a status; documents and line numbers are made."""
    rows = [
        (day, f"S{place}", 1, code, f"客户{code}", "", "X1", 2, amount, *(status or [""]))
        for place, (day, code, amount, *status) in enumerate(lines)
    ]
    return sheet(name, SALES, rows)


def nets(ch: Run, *amounts: object) -> None:
    """Customers K0, K1 and on with these net sales in May."""
    assert ch("import", sold(*(("2024-05-03", f"K{n}", net) for n, net in enumerate(amounts)))).code == 0


def standing(found: Any) -> dict[str, Any]:
    assert len(found["standing"]) == 1
    one: dict[str, Any] = found["standing"][0]
    return one


# --- the figures -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    "words", [MAY, ("--all-time",), (*MAY, "--office", "HZ"), (*MAY, "--method", "share", "--channel", "直供")]
)
def test_the_lines_add_up_to_the_net_sales_of_the_list(words: tuple[str, ...], ch: Run) -> None:
    listed = report(ch, "tier", *words)["rows"]
    for place in range(0, len(listed), 7):
        row, before = listed[place], listed[place - 1]["cumulative_share"] if place else D(0)
        found = report(ch, "tier", "explain", row["customer_code"], *words)
        own = standing(found)
        beside = row.pop("set_tier")
        row.pop("credit", None)
        assert ({name: own[name] for name in row}, beside) == (row, None)
        assert own["share_before"] == (None if row["share"] is None else before)
        assert sum(line["amount"] for line in found["rows"]) == row["net_sales"] == found["totals"]["amount"]
        assert own["lines"] == len(found["rows"]) == found["totals"]["lines"]
        assert {line["customer_code"] for line in found["rows"]} == {row["customer_code"]}


@pytest.mark.usefixtures("sample")
def test_all_customers_together_have_every_line_that_names_one(ch: Run) -> None:
    expected = EXPECTED["months"]["2024-05"]
    found = [
        report(ch, "tier", "explain", row["customer_code"], *MAY)
        for row in report(ch, "tier", *MAY, "--include-inactive")["rows"]
    ]
    counted = expected["lines"] - expected["void_lines"] - expected["lines_without_customer"]
    assert sum(len(one["rows"]) for one in found) == counted
    assert sum(len(one["not_counted"]) for one in found) == expected["void_lines"] == 4


@pytest.mark.usefixtures("sample")
def test_each_line_stands_in_its_file_sheet_and_row(ch: Run) -> None:
    lines = report(ch, "tier", "explain", "C00001", "--all-time")["rows"]
    assert {line["file"] for line in lines} == {"销售_2024-03.csv", "销售_2024-04.xls", "销售_2024-05.xlsx"}
    batches = {row["batch"]: row["file"] for row in report(ch, "batch", "list")["rows"]}
    assert {line["file"] == batches[line["batch"]] for line in lines} == {True}
    for line in lines:
        path = SAMPLE / line["file"]
        if path.suffix == ".csv":
            assert line["sheet"] is None
            cells = path.read_text("gb18030").splitlines()[line["row"] - 1]
        else:
            rows = CalamineWorkbook.from_path(path).get_sheet_by_name(line["sheet"]).to_python(skip_empty_area=False)
            cells = " ".join(str(cell) for cell in rows[line["row"] - 1])
        assert line["document"] in cells
        assert f"{abs(line['amount']):.2f}".rstrip("0").rstrip(".") in cells.replace(",", "")


def test_a_corrected_line_is_explained_by_the_sheet_that_corrected_it(ch: Run) -> None:
    first = sold(("2024-05-03", "K1", "100.0001"), ("2024-05-04", "K1", 5), name="first")
    assert ch("import", first, sold(("2024-05-03", "K1", 90), name="second")).code == 0
    found = report(ch, "tier", "explain", "K1", *MAY)
    assert [(line["file"], line["row"], line["amount"]) for line in found["rows"]] == [
        ("second.csv", 2, 90),
        ("first.csv", 3, 5),
    ]
    assert ch("batch", "undo", 2).code == 0
    again = report(ch, "tier", "explain", "K1", *MAY)
    assert [(line["file"], line["amount"]) for line in again["rows"]] == [
        ("first.csv", D("100.0001")),
        ("first.csv", 5),
    ]
    assert '"amount": 105.0001' in ch("tier", "explain", "K1", *MAY, "--format", "json").out


def test_what_the_status_keeps_from_counting_is_listed_apart_and_said(ch: Run) -> None:
    lines = [("2024-05-03", "K1", 10), ("2024-05-04", "K1", 99, "作废"), ("2024-04-04", "K1", 7, "作废")]
    assert ch("import", sold(*lines)).code == 0
    found = report(ch, "tier", "explain", "K1", *MAY)
    assert [line["amount"] for line in found["rows"]] == [10]
    assert [(line["amount"], line["status"]) for line in found["not_counted"]] == [(99, "作废")]
    assert "Not counted: the status is no sale\n" in ch("tier", "explain", "K1", *MAY).out
    policy("[sales]\nno_sale_statuses = []\n")
    found = report(ch, "tier", "explain", "K1", *MAY)
    assert (found["totals"], found["not_counted"]) == ({"amount": 109, "lines": 2}, [])


# --- the words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "words", "customer", "last"),
    [
        ([100], [], "K0", "K0 is A: the first always is"),
        ([50, 30, 15, 4, 1], [], "K1", "K1 is A: those before it make 50.0% of sales; A is below 80%, B below 95%"),
        ([50, 30, 15, 4, 1], [], "K2", "K2 is B: those before it make 80.0% of sales; A is below 80%, B below 95%"),
        ([50, 30, 15, 4, 1], [], "K3", "K3 is C: those before it make 95.0% of sales; A is below 80%, B below 95%"),
        (
            ["79.999", "20.001"],
            [],
            "K1",
            "K1 is A: those before it make 79.999% of sales; A is below 80%, B below 95%",
        ),
        (
            [70, 20, 8, 2],
            ["--boundary", "within"],
            "K1",
            "K1 is B: it and those before it make 90.0% of sales; A is up to 80%, B up to 95%",
        ),
        (
            [70, 20, 8, 2],
            ["--method", "share"],
            "K1",
            "K1 is A: it makes 20.0% of sales; A begins at 20%, B at 10%",
        ),
        ([40, 20, 20, 20], [], "K3", "K3 is A: it sold as much as the customer before it, which is A"),
        ([60, 30, 20, -10], [], "K3", "K3 is C: its returns are not less than its sales"),
    ],
)
def test_the_last_line_says_why(amounts: list[object], words: list[str], customer: str, last: str, ch: Run) -> None:
    nets(ch, *amounts)
    found = ch("tier", "explain", customer, *MAY, *words)
    assert (found.code, found.err, found.out.splitlines()[-1]) == (0, "", last)
    graded = {row["customer_code"]: row["tier"] for row in report(ch, "tier", *MAY, *words)["rows"]}
    assert f"{customer} is {graded[customer]}:" in last


def test_the_edge_of_a_share_is_said_as_the_policy_has_it(ch: Run) -> None:
    nets(ch, 80, 20)
    policy('[tiers]\nshare_edge = "exclude"\n')
    found = ch("tier", "explain", "K1", *MAY, "--method", "share")
    assert found.out.splitlines()[-1] == "K1 is B: it makes 20.0% of sales; A begins above 20%, B above 10%"
    own = standing(report(ch, "tier", "explain", "K1", *MAY, "--method", "share"))
    assert (own["cut_a"], own["cut_b"], own["share"]) == (D("0.2"), D("0.1"), D("0.2"))


def test_the_screen(ch: Run) -> None:
    nets(ch, 60, 40)
    assert ch("tier", "explain", "客户K1", *MAY) == (
        0,
        "K1 客户K1 · ABC by net sales · May 2024 · 2 customers with sales · cut-offs 80 % and 95 %\n"
        "\n"
        "#   Code   Customer   Lines   Net sales, CNY   Share   Before it   With it   Tier   Reason\n"
        "──────────────────────────────────────────────────────────────────────────────────────────\n"
        "2   K1     客户K1         1            40.00   40.0%       60.0%    100.0%   A\n"
        "\n"
        "Date         Document   Product   Qty   Amount, CNY   File        Sheet   Row   Batch\n"
        "─────────────────────────────────────────────────────────────────────────────────────\n"
        "2024-05-03   S1         X1          2         40.00   sales.csv             3       1\n"
        "             total                            40.00\n"
        "\n"
        "1 line makes net sales of 40.00: rank 2 of 2\n"
        "K1 is A: those before it make 60.0% of sales; A is below 80%, B below 95%\n",
        "",
    )


def test_a_customer_without_sales_has_no_tier_and_that_is_no_error(ch: Run) -> None:
    customers = sheet("customers", "客户编码 客户名称 停用日期", [("K8", "没买的", ""), ("K9", "停用的", "2024-01-31")])
    nets(ch, 60)
    assert ch("import", customers).code == 0
    said = "{} has no sales from 2024-05-01 to 2024-05-31"
    found = ch("tier", "explain", "K8", *MAY)
    assert found.code == 0
    assert found.err == f"{said.format('K8')}: it has no tier; --include-inactive lists it as C\n"
    empty = holds_to_schema(ch, "tier_explain", "tier", "explain", "K8", *MAY)
    assert (empty["rows"], empty["standing"], len(empty["notes"])) == ([], [], 1)
    idle = report(ch, "tier", "explain", "K8", *MAY, "--include-inactive")
    assert (standing(idle)["tier"], standing(idle)["reason"], idle["notes"]) == ("C", "no_sales", [])
    listed = ch("tier", "explain", "K8", *MAY, "--include-inactive")
    assert listed.out.endswith("\nK8 is C: it has no sales in the period\n")
    gone = ch("tier", "explain", "K9", *MAY, "--include-inactive")
    assert (gone.code, gone.err) == (
        0,
        f"{said.format('K9')} and was not on file at the end: it has no tier\n",
    )


# --- the contract with scripts ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["C0001"], "channelctl: error: no customer “C0001”\nDid you mean C00001, "),
        ([""], "channelctl: error: no customer “”\n"),
        ([], "channelctl: error: CUSTOMER is missing\nFor help: channelctl tier explain --help\n"),
        (["C00001", "--office", "杭洲"], "channelctl: error: no office “杭洲”\nDid you mean 杭州?\n"),
        (["C00001", "--month", "May"], "channelctl: error: “May” is not a month\n"),
        (["C00001", "--method", "abcd"], "channelctl: error: “abcd” is not a method\n"),
        (["C00001", "--boundary", "x"], "channelctl: error: “x” is not a boundary\n"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], said: str, ch: Run) -> None:
    found = ch("tier", "explain", *words)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(said)


@pytest.mark.usefixtures("sample")
def test_options_before_the_verb_are_the_verbs(ch: Run) -> None:
    behind = ch("tier", "explain", "C00012", *MAY, "--office", "HZ", "-f", "json")
    assert behind.data["params"]["from"] == "2024-05-01"
    assert ch("tier", *MAY, "--office", "HZ", "-f", "json", "explain", "C00012") == behind
    assert ch("tier", "--month", "2024-04", "-f", "json", "explain", "C00012", "--office", "HZ", *MAY) == behind
    refused = ch("tier", "--format", "jsn", "explain", "C00012")
    assert (refused.code, refused.out) == (2, "")


@pytest.mark.usefixtures("sample")
def test_every_form_holds_the_lines(ch: Run, tmp_path: Path) -> None:
    words = ["tier", "explain", "C00058", *MAY]
    lines = holds_to_schema(ch, "tier_explain", *words)["rows"]
    documents = {line["document"] for line in lines}
    for form in ("table", "csv", "html", "md"):
        out = ch(*words, "--format", form).out
        assert all(document in out for document in documents), form
    assert len(ch(*words, "--format", "csv").out.splitlines()) == 1 + len(lines)
    assert ch(*words, "--output", "why.xlsx").code == 0
    book = CalamineWorkbook.from_path(tmp_path / "why.xlsx")
    cells = {cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert documents <= cells
    assert len(book.sheet_names) >= 2
