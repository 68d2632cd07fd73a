"""Sheets as people keep them: merged cells, several sheets, several tables."""

import datetime as dt
from pathlib import Path
from typing import Any

from tests.conftest import Run
from tests.sheets import written
from tests.sheets.lines import SIMPLE, counts, line, live, problems, total

# Merged cells, hidden and several sheets


def test_cells_merged_downwards_hold_for_every_row(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["日期", "办事处", "客户名称", "金额"],
        [dt.date(2024, 5, 3), "杭州", "甲", 1],
        [None, None, None, 2],
        [None, None, "乙", 3],
        [dt.date(2024, 5, 4), "宁波", "丙", 4],
        [None, None, "小计", 4],
    ]
    path = written.book(
        tmp_path / "a.xlsx",
        {"销售": rows},
        merge=[("销售", "A2:A4"), ("销售", "B2:B4"), ("销售", "C2:C3"), ("销售", "A5:A6"), ("销售", "B5:B6")],
    )
    done = ch("import", path, "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (4, 4, 0, 0, 0, 1))
    assert [(row[0], row[3], row[5], row[9]) for row in live(tmp_path)] == [
        ("2024-05-03", "杭州", "乙", 30_000),
        ("2024-05-03", "杭州", "甲", 10_000),
        ("2024-05-03", "杭州", "甲", 20_000),
        ("2024-05-04", "宁波", "丙", 40_000),
    ] or sorted((row[5], row[9]) for row in live(tmp_path)) == [
        ("丙", 40_000),
        ("乙", 30_000),
        ("甲", 10_000),
        ("甲", 20_000),
    ]


def test_a_merged_figure_is_counted_once(ch: Run, tmp_path: Path) -> None:
    rows = [SIMPLE, line(net=100), line(customer="乙", net=None)]
    path = written.book(tmp_path / "a.xlsx", {"销售": rows}, merge=[("销售", "E2:E3")])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E201", "销售", 3, "E 金额", "")])


def test_hidden_sheets_summaries_and_notes_are_left_with_a_remark(ch: Run, tmp_path: Path) -> None:
    sheets: dict[str, list[Any]] = {
        "5月": [SIMPLE, line(net=1)],
        "6月": [SIMPLE, line(net=2)],
        "汇总": [SIMPLE, line(net=3)],
        "旧": [SIMPLE, line(net=4)],
        "说明": [["怎样填写"]],
        "回款": [["日期", "客户", "金额"], ["2024-05-03", "甲", 5]],
        "退款": [["日期", "客户", "金额"], ["2024-05-03", "甲", 6]],
        "杂": [["甲", "乙"], [1, 2]],
    }
    done = ch("import", written.book(tmp_path / "a.xlsx", sheets, hidden=["旧"]), "--format", "json")
    assert done.code == 0
    assert total(tmp_path) == 3
    assert {row["sheet"]: row["kind"] for row in done.data["rows"]} == {
        "5月": "sales",
        "6月": "sales",
        "回款": "payment",
        "退款": None,
        "杂": None,
    }
    for said in ("hidden sheet 旧", "sheet 汇总 sums up the others", "sheet 退款", "sheet 杂: no heading"):
        assert said in "\n".join(done.data["notes"])
    assert "说明" not in "\n".join(done.data["notes"])


# As people keep them


def test_a_weekly_dump_of_an_erp(ch: Run, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["销售出库单列表", *[None] * 9],
        ["组织：江东省公司", None, None, "期间：2024-05-01 至 2024-05-31", *[None] * 6],
        ["序号", None, "单据日期", "单据编号", "客户", None, "物料名称", "实发数量", "含税单价", "价税合计"],
        [1, None, "2024-05-03", "XOUT001", "杭州恒达", None, "I9300", "3.0000", "4,168.00", "12,504.00"],
        [2, None, None, None, None, None, "N7100", "1.0000", "5,000.00", "5,000.00"],
        [3, None, "2024-05-04", "XOUT002", "宁波新宇", None, "I9300", "-1.0000", "4,168.00", "-4,168.00"],
        ["合计", None, None, None, None, None, None, "3.0000", None, "13,336.00"],
    ]
    done = ch("import", written.xlsx(tmp_path / "周报.xlsx", rows), "--format", "json")
    assert (done.code, [p[:4] for p in problems(done.data)]) == (3, [("E201", "销售", 5, "C 单据日期")])
    rows[4][2:5] = rows[3][2:5]
    done = ch("import", written.xlsx(tmp_path / "周报.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (3, 3, 0, 0, 0, 1))
    assert total(tmp_path) == 13_336


def test_a_month_of_days_by_hand_with_group_headings(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["江东省 2024年5月 销售日报表（万元）"],
        ["日期", "客户", "销售", None, "备注"],
        [None, None, "数量", "金额", None],
        ["2024.5.3", "杭州恒达", 3, 1.2504, "现款"],
        ["2024.5.3", "宁波新宇", -1, -0.4168, "退货"],
        ["日 合 计", None, 2, 0.8336, None],
        ["2024.5.4", "杭州恒达", 1, 0.4168, None],
        ["月　累　计", None, 3, 1.2504, None],
    ]
    path = written.book(
        tmp_path / "日报.xlsx", {"5月": rows}, merge=[("5月", "C2:D2"), ("5月", "A2:A3"), ("5月", "B2:B3")]
    )
    done = ch("import", path, "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (0, (3, 3, 0, 0, 0, 2))
    assert total(tmp_path) == 12_504


def test_two_tables_below_each_other(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["杭州"],
        SIMPLE,
        line(net=1),
        ["合计", None, None, 1, 1],
        [],
        ["宁波"],
        SIMPLE,
        line(customer="乙", net=2),
        ["合计", None, None, 1, 2],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.code, counts(done.data["rows"][0])[:5]) == (0, (2, 2, 0, 0, 0))
    assert total(tmp_path) == 3
