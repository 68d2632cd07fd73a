"""`channelctl score explain`: what a planned customer adds, down to the rows of the sheets."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import SAMPLE, Run
from tests.making import EXPECTED, holds_to_schema, policy, report, sheet

D = Decimal
MAY = ("--month", "2024-05")
PLAN = "月份 办事处 客户编码 客户 规划等级 核心客户 月度目标"
SALES = "日期 单号 客户编码 客户名称 办事处 金额 状态"
TARGETS = "等级 生效月份 月度目标"
SAME = ("customer_code", "customer", "class", "core", "target", "net_sales", "achieved", "rule")


def planned(*rows: tuple[object, ...], name: str = "plan", office: str = "杭州") -> Path:
    """A plan for May of (code, class, core, target)."""
    lines = [("2024-05", office, code, f"客户{code}", class_, core, target) for code, class_, core, target in rows]
    return sheet(name, PLAN, lines)


def sold(*rows: tuple[object, ...], name: str = "sales") -> Path:
    """Sales of (code, office, amount), perhaps with a status, all on one day."""
    return sheet(
        name,
        SALES,
        [
            ("2024-05-03", f"S{place}", code, f"客户{code}", office, amount, *(status or [""]))
            for place, (code, office, amount, *status) in enumerate(rows)
        ],
    )


def explain(ch: Run, *words: object) -> Any:
    return report(ch, "score", "explain", *words)


# --- the figures -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("office", sorted(EXPECTED["score"]["2024-05"]))
def test_the_parts_add_up_to_the_rates_and_the_lines_to_the_sales(office: str, ch: Run) -> None:
    found = explain(ch, *MAY, "--office", office)
    scored = report(ch, "score", *MAY, "--office", office)["rows"][0]
    listed = report(ch, "score", *MAY, "--office", office, "--explain")["rows"]
    assert [{name: one[name] for name in SAME} for one in found["planned"]] == [
        {name: one[name] for name in SAME} for one in listed
    ]
    for part, rate in (("cooperation_part", "cooperation_rate"), ("core_part", "core_quality")):
        assert sum(one[part] for one in found["planned"]) == pytest.approx(scored[rate], abs=D("1e-9"))
    for one in found["planned"]:
        lines = [line for line in found["rows"] if line["customer_code"] == one["customer_code"]]
        assert sum(line["amount"] for line in lines) == one["net_sales"]
    assert found["totals"]["amount"] == sum(one["net_sales"] for one in found["planned"])


@pytest.mark.usefixtures("sample")
def test_a_plan_row_stands_in_its_file_sheet_and_row(ch: Run) -> None:
    places = explain(ch, *MAY, "--office", "WX")["places"]
    plan = CalamineWorkbook.from_path(SAMPLE / "规划客户_2024-05.xlsx")
    assert [place["what"] for place in places].count("plan") == 8
    for place in places:
        if place["what"] == "plan":
            row = plan.get_sheet_by_name(place["sheet"]).to_python(skip_empty_area=False)[place["row"] - 1]
            assert place["customer_code"] in row
            assert place["target"] is None or float(place["target"]) in row
        else:
            assert (place["file"], place["sheet"]) == ("等级目标.csv", None)
            cells = (SAMPLE / place["file"]).read_text("gb18030").splitlines()[place["row"] - 1].split(",")
            assert (cells[0], D(cells[2])) == (place["class"], place["target"])


@pytest.mark.usefixtures("sample")
def test_a_customer_of_two_plans_is_explained_in_each(ch: Run) -> None:
    both = explain(ch, "C00001", *MAY)
    assert [one["office"] for one in both["planned"]] == ["苏州", "南京"]
    assert [place["office"] for place in both["places"]] == ["苏州", "南京"]
    for one in both["planned"]:
        lines = [line for line in both["rows"] if line["office"] == one["office"]]
        assert sum(line["amount"] for line in lines) == one["net_sales"]
        alone = explain(ch, "C00001", *MAY, "--office", one["office_code"])
        assert (alone["planned"], alone["rows"]) == ([one], lines)
    policy('[scores]\nsales_of = "customer"\n')
    whole = explain(ch, "C00001", *MAY)
    net = report(ch, "tier", "explain", "C00001", *MAY)["totals"]
    assert [one["net_sales"] for one in whole["planned"]] == [net["amount"]] * 2
    assert whole["totals"] == {"amount": 2 * net["amount"], "lines": 2 * net["lines"]}


def test_core_quality_has_the_base_of_the_policy(ch: Run) -> None:
    plan = planned(("K1", "V1", "", 100), ("K2", "V4", "", 100), ("K3", "V4", "是", 100))
    assert ch("import", plan, sold(("K1", "杭州", 50), ("K2", "杭州", 250))).code == 0
    parts = {one["customer_code"]: one for one in explain(ch, "--office", "杭州")["planned"]}
    third = D("0.333333333333")
    assert [parts[code]["cooperation_part"] for code in ("K1", "K2", "K3")] == [D("0.166666666667"), third, 0]
    assert [parts[code]["core_part"] for code in ("K1", "K2", "K3")] == [D("0.166666666667"), 0, 0]
    policy('[scores]\ncore_base = "core"\n')
    assert explain(ch, "K1")["planned"][0]["core_part"] == D("0.25")


def test_where_a_target_is_from_and_what_changed_it(ch: Run) -> None:
    targets = sheet("targets", TARGETS, [("V1", "2024-01", 50), ("V1", "2024-05", 100), ("V1", "2024-06", 1)])
    plan = planned(("K1", "V1", "", 200), ("K2", "V1", "", ""), ("K3", "", "", ""))
    assert ch("import", plan, targets, sold(("K2", "杭州", 40), ("K3", "杭州", 9, "作废"))).code == 0
    assert ch("plan", "set", "2024-05", "杭州", "K1", "target=150").code == 0
    found = explain(ch, "--office", "杭州")
    assert [one["rule"] for one in found["planned"]] == ["own_target", "class_target", "purchase"]
    told = ("customer_code", "what", "month", "target", "file", "row", "changed_in")
    assert [[place[name] for name in told] for place in found["places"]] == [
        ["K1", "plan", "2024-05", 150, "plan.csv", 2, 4],
        ["K2", "plan", "2024-05", None, "plan.csv", 3, None],
        ["K2", "class_target", "2024-05", 100, "targets.csv", 3, None],
        ["K3", "plan", "2024-05", None, "plan.csv", 4, None],
    ]
    assert [(line["customer_code"], line["amount"]) for line in found["not_counted"]] == [("K3", 9)]
    assert ch("batch", "undo", 4).code == 0
    assert explain(ch, "K1")["places"][0]["changed_in"] is None


def test_a_line_without_any_office_counts_for_the_office_that_plans_its_customer(ch: Run) -> None:
    sales = sold(("K1", "", 30), ("K1", "南京", 40))
    assert ch("import", planned(("K1", "V1", "", 100)), sales).code == 0
    assert ch("office", "add", "南方").code == 0
    found = explain(ch, "K1")
    assert [(line["amount"], line["office"]) for line in found["rows"]] == [(30, "杭州")]
    assert found["planned"][0]["net_sales"] == 30


# --- the words -------------------------------------------------------------------------------------------------------


def test_the_screen(ch: Run) -> None:
    plan = planned(("K1", "V1", "", 100), ("K2", "", "", ""))
    for path in (plan, sold(("K1", "杭州", 50))):
        assert ch("import", path).code == 0
    assert ch("score", "explain", "K1") == (
        0,
        "K1 客户K1 · May 2024 · plan 2024-05 · data to 2024-05-03\n"
        "\n"
        "Office   Code   Customer   Target, CNY   By           Net sales, CNY   Score    Rate    Core\n"
        "────────────────────────────────────────────────────────────────────────────────────────────\n"
        "杭州     K1     客户K1          100.00   own target            50.00    0.50   25.0%   25.0%\n"
        "\n"
        "Where the plan stands\n"
        "Code   What   At     Class   Core   Target, CNY   File       Sheet   Row   Batch   Changed in\n"
        "─────────────────────────────────────────────────────────────────────────────────────────────\n"
        "K1     plan   杭州   V1      yes         100.00   plan.csv             2       1\n"
        "\n"
        "Date         Document   Product   Qty   Amount, CNY   File        Sheet   Row   Batch\n"
        "─────────────────────────────────────────────────────────────────────────────────────\n"
        "2024-05-03   S0                               50.00   sales.csv             2       2\n"
        "             total                            50.00\n"
        "\n"
        "杭州: 1 planned customer, score 0.50 of 2; cooperation rate 25.0% of 25.0%, core quality 25.0% of 25.0%\n",
        "",
    )
    idle = ch("score", "explain", "K2")
    assert (idle.code, idle.err) == (0, "no planned customer bought anything: May 2024\n")
    assert "any purchase" in idle.out


# --- the contract with scripts ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ["explain", *MAY],
            2,
            "a customer or an office is missing\nchannelctl score explain CUSTOMER, or --office OFFICE",
        ),
        (["explain", "C0001"], 2, "no customer “C0001”\nDid you mean C00001, C00010, C00011?"),
        (["explain", "--office", "杭洲"], 2, "no office “杭洲”\nDid you mean 杭州?"),
        (
            ["explain", "C00001", "--month", "2024-06"],
            3,
            "there is no plan for 2024-06, so there is no score\nThere are plans for: 2024-05",
        ),
        (
            ["explain", "C00080"],
            3,
            "C00080 is on no plan for 2024-05, so it has no score\n"
            "channelctl plan list month=2024-05 shows who is planned.",
        ),
        (
            ["explain", "C00001", "--office", "WX"],
            3,
            "C00001 is not on the plan of 无锡 for 2024-05, so it has no score there\n"
            "channelctl plan list month=2024-05 shows who is planned.",
        ),
        (["explian", "C00001"], 2, "no command “explian”. Did you mean explain?\nFor help: channelctl score --help"),
    ],
)
def test_what_cannot_be_explained_is_refused(words: list[str], code: int, said: str, ch: Run) -> None:
    assert ch("score", *words) == (code, "", f"channelctl: error: {said}\n")


@pytest.mark.usefixtures("sample")
def test_options_before_the_verb_are_the_verbs(ch: Run) -> None:
    behind = ch("score", "explain", "C00055", *MAY, "--as-of", "2024-05-20", "--format", "json")
    assert behind.data["params"]["to"] == "2024-05-20"
    assert ch("score", *MAY, "--as-of", "2024-05-20", "--format", "json", "explain", "C00055") == behind


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("words", [("C00058",), ("--office", "WX"), ("C00001",)])
def test_every_form_holds_lines_and_plan_rows(words: tuple[str, ...], ch: Run, tmp_path: Path) -> None:
    told = ["score", "explain", *words, *MAY]
    found = holds_to_schema(ch, "score_explain", *told)
    assert "data to 2024-05-31" in found["title"]
    documents = {line["document"] for line in found["rows"]}
    assert documents
    for form in ("table", "csv", "html", "md"):
        out = ch(*told, "--format", form).out.replace("\\", "")
        assert all(document in out for document in documents), form
        assert form == "csv" or "规划客户_2024-05.xlsx" in out
    assert ch(*told, "--output", "why.xlsx").code == 0
    book = CalamineWorkbook.from_path(tmp_path / "why.xlsx")
    cells = {cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert {*documents, "规划客户_2024-05.xlsx"} <= cells
