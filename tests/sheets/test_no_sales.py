"""Rows that are no sales: totals, headings, signatures, blanks."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.sheets import written
from tests.sheets.lines import SIMPLE, counts, line, problems, total


def test_totals_headings_and_signatures_are_not_sales(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["江东省2024年5月销售日报"],
        ["编制单位：江东公司", None, None, "单位：元"],
        [],
        SIMPLE,
        line(net=100),
        line(customer="乙", net=200),
        ["小计", None, None, 2, 300],
        [],
        SIMPLE,
        line(customer="丙", net=50.5),
        [None, "丙 小计", None, 1, 50.5],
        line(dt.date(2024, 5, 4), "丁", count=-1, net=-20),
        ["小　计", None, None, -1, -20],
        [None, None, "合计", 2, 330.5],
        ["总计：", None, None, None, 330.5],
        [],
        ["制表：王伟", None, "审核：李娜", None, "打印：2024-06-01"],
        ["制表人", "王伟", "审核人", "李娜", "主管"],
        ["注：退货以负数表示，作废单据不计入"],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert done.code == 0
    assert problems(done.data) == []
    assert counts(done.data["rows"][0]) == (4, 4, 0, 0, 0, 9)
    assert total(tmp_path) == Decimal("330.5")


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (["昨天", "甲", "abc"], [("E202", 3), ("E204", 3)]),
        (["制表：王伟", "审核：李娜", "日期：5月"], []),
        (["以下为杭州", "以下为杭州", "以下为杭州"], []),
        ([None, "甲", "另议"], []),
    ],
)
def test_a_short_row_with_words_for_day_and_figure_is_a_line_that_cannot_be_read(
    row: list[Any], wrong: list[tuple[str, int]], ch: Run, tmp_path: Path
) -> None:
    rows = [["日期", "客户", "金额"], [dt.date(2024, 5, 3), "乙", 100], row, [dt.date(2024, 5, 4), "丙", 1]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert [(one["code"], one["row"]) for one in done.data["problems"]] == wrong
    assert (done.code, done.data["rows"][0]["skipped"]) == ((3, 0) if wrong else (0, 1))


def test_totals_without_a_label_are_seen_by_their_sum(ch: Run, tmp_path: Path) -> None:
    rows = [
        SIMPLE,
        line(net=0.1),
        line(net=0.2),
        [None, None, None, 2, 0.1 + 0.2],
        line(net=5),
        [None, None, None, 1, 5],
        [None, None, None, 3, 5.3],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (3, 3, 0, 0, 0, 3))
    assert total(tmp_path) == Decimal("5.3")


def test_a_sum_that_is_not_the_sum_is_a_bad_row(ch: Run, tmp_path: Path) -> None:
    done = ch(
        "import",
        written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(), line(), [None, None, None, 2, 201]]),
        "--format",
        "json",
    )
    assert (done.code, problems(done.data)) == (3, [("E201", "销售", 4, "A 日期", "")])


def test_a_total_of_pieces_in_a_sheet_without_amounts(ch: Run, tmp_path: Path) -> None:
    head = ["日期", "客户", "数量", "单价"]
    rows = [head, [dt.date(2024, 5, 3), "甲", 3, 100], [dt.date(2024, 5, 4), "乙", 2, 50], [None, None, 5, None]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (2, 2, 0, 0, 0, 1))
    assert total(tmp_path) == 400


def test_a_daily_subtotal_with_its_day_is_no_sale(ch: Run, tmp_path: Path) -> None:
    head = ["序号", *SIMPLE]
    day = dt.date(2024, 5, 3)
    rows = [
        head,
        [1, *line()],
        [2, *line(customer="乙")],
        ["小计", day, None, None, 2, 200],
        ["合计", day, None, None, 2, 200],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (2, 2, 0, 0, 0, 2))
    assert total(tmp_path) == 200


def test_a_customer_whose_name_speaks_of_totals_is_a_customer(ch: Run, tmp_path: Path) -> None:
    head = ["客户编码", *SIMPLE]
    rows = [head, ["C1", *line(customer="Total")], ["C2", *line(customer="合计科技")]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (2, 2, 0, 0, 0, 0))


def test_rows_filled_with_zeros_by_formulas_are_blank(ch: Run, tmp_path: Path) -> None:
    rows = [["序号", *SIMPLE], [1, *line()], [2, None, None, None, None, 0], [3, None, None, None, 0, 0], [4]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])[:5]) == (0, (1, 1, 0, 0, 0))


def test_lines_without_a_customer_count_in_the_total_and_are_said(ch: Run, tmp_path: Path) -> None:
    done = ch(
        "import",
        written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(), line(customer=None), line(customer="　")]),
        "--format",
        "json",
    )
    assert done.code == 0
    assert [(p["code"], p["message"]) for p in done.data["problems"]] == [("W103", "2 lines without a customer")]
    assert done.data["rows"][0]["net_sales"] == 300
    found = ch("tier", "--all-time", "--format", "json").data
    assert (found["totals"]["customers"], found["totals"]["lines_without_customer"]) == (1, 2)
