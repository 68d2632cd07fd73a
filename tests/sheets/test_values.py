"""Figures, days, codes and names are kept as the sheet means them."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.sheets import written
from tests.sheets.lines import SIMPLE, line, live, problems, query, total
from tests.tables import is_there, remove

# Figures

FIGURES = [
    ("red lines", "数量 金额", [-2, "-200.00"], {"quantity": -2, "amount": -200}),
    ("brackets", "数量 金额", ["(2)", "(1,200.50)"], {"quantity": -2, "amount": "-1200.50"}),
    ("price × quantity", "数量 单价", [3, 0.3333], {"amount": "0.9999"}),
    ("price × quantity, rounded", "数量 单价", [1.5, 66.6667], {"amount": "100.0001"}),
    ("price × quantity, returned", "数量 单价", [-1.5, 66.6667], {"amount": "-100.0001"}),
    ("amount before price", "数量 单价 金额", [3, 100, 290], {"amount": 290}),
    ("blank amount", "数量 单价 金额", [3, 100, None], {"amount": 300}),
    ("dash amount", "数量 单价 金额", [3, 100, "-"], {"amount": 300}),
    ("both, and tax", "不含税金额 税额 价税合计", [100, 13, 113], {"amount": 100, "tax": 13, "amount_taxed": 113}),
    ("taxed less tax", "含税金额 税额", [113, 13], {"amount": 100, "tax": 13, "amount_taxed": 113}),
    ("taxed only", "价税合计 数量", [113, 1], {"amount": 113, "amount_taxed": 113}),
    ("in brackets", "金额（含税） 金额（不含税）", [113, 100], {"amount": 100, "amount_taxed": 113}),
    ("taxed, in brackets", "金额（含税） 税额", [113, 13], {"amount": 100, "amount_taxed": 113}),
    ("profit", "销售额 利润", [129.696, -60.704], {"amount": "129.696", "cost": "190.4"}),
    ("cost before profit", "销售额 成本 利润", [100, 60, 39], {"amount": 100, "cost": 60}),
    ("万元", "销售额（万元）", [0.0129696], {"amount": "129.696"}),
    ("千元", "销售额（千元） 单价（元）", ["1.5", 100], {"amount": 1500, "unit_price": 100}),
    ("tonnes", "数量（吨） 金额（元）", [12.345, 98765.4321], {"quantity": "12.345", "amount": "98765.4321"}),
    ("currency", "数量 金额", ["３", "￥1，234．５０"], {"quantity": 3, "amount": "1234.5"}),
    ("noise", "数量 金额", [1, 1272.1399999999999], {"amount": "1272.14"}),
    ("zero", "数量 金额", [1, 0], {"amount": 0}),
]


@pytest.mark.parametrize(
    ("words", "cells", "stored"), [case[1:] for case in FIGURES], ids=[case[0] for case in FIGURES]
)
def test_figures_are_kept_exactly(
    words: str, cells: list[Any], stored: dict[str, Any], ch: Run, tmp_path: Path
) -> None:
    rows = [["日期", "客户", *words.split()], [dt.date(2024, 5, 3), "甲", *cells]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert done.code == 0, done.out
    found = query(tmp_path, f"select {', '.join(stored)} from sale_line")[0]
    assert found == tuple(int(Decimal(value).scaleb(4)) for value in stored.values())
    assert Decimal(str(done.data["rows"][0]["net_sales"])) == Decimal(stored["amount"])


def test_more_than_four_decimals_are_rounded_with_a_remark(ch: Run, tmp_path: Path) -> None:
    done = ch(
        "import",
        written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(net=0.00005), line(net=1.23456), line(net=1.5)]),
        "--format",
        "json",
    )
    assert done.code == 0
    assert [(p["code"], p["column"]) for p in done.data["problems"]] == [("W101", "E 金额")]
    assert "2 figures" in done.data["problems"][0]["message"]
    assert total(tmp_path) == Decimal("0.0001") + Decimal("1.2346") + Decimal("1.5")


def test_void_lines_are_kept_and_not_counted(ch: Run, tmp_path: Path) -> None:
    rows = [[*SIMPLE, "状态"], [*line(net=100), "已审核"], [*line(net=40), "作废"]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows), "--format", "json")
    assert (done.data["rows"][0]["new"], done.data["rows"][0]["net_sales"]) == (2, 100)
    assert [p["code"] for p in done.data["problems"]] == ["W105"]
    assert len(live(tmp_path)) == 2
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 100


# Dates


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2024.5.3", "2024年5月4日", "20240505", 45418.0, 20240507.0, "２０２４－５－８"], [3, 4, 5, 6, 7, 8]),
        (["3/5/2024", "25/5/2024"], [3, 25]),
        (["5/3/2024", "5/25/2024 0:00"], [3, 25]),
        (["05/03/24", "05/25/24"], [3, 25]),
        (["24/5/3", "24/5/25"], [3, 25]),
        (["5/5/2024", "2024-05-06"], [5, 6]),
    ],
)
def test_dates_are_read_by_the_whole_column(cells: list[Any], days: list[int], ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [SIMPLE, *(line(cell) for cell in cells)])).code == 0
    assert [row[0] for row in live(tmp_path)] == [f"2024-05-{day:02}" for day in days]


def test_an_open_order_is_refused_with_both_remedies(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line("5/5/2024"), line("3/5/2024"), line("4/5/2024")])
    done = ch("import", path)
    assert done.code == 3
    said = done.out + done.err
    assert "a.xlsx!销售: day and month cannot be told apart in dates such as 3/5/2024" in said
    assert "--dates dmy (2024-05-03)" in said
    assert "--dates mdy (2024-03-05)" in said
    assert not is_there(tmp_path / "channel.db")
    for order, day in (("dmy", "2024-05-03"), ("mdy", "2024-03-05")):
        remove(tmp_path / "channel.db")
        assert ch("import", path, "--dates", order).code == 0
        assert day in {row[0] for row in live(tmp_path)}


def test_an_impossible_day_does_not_open_the_order(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line("25/5/2024"), line("31/2/2024"), line("3/5/2024")])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E202", "销售", 3, "A 日期", "31/2/2024")])


def test_the_order_is_settled_by_a_row_far_below(ch: Run, tmp_path: Path) -> None:
    rows = [SIMPLE, *(line("3/5/2024", net=n) for n in range(1, 6001)), line("25/5/2024")]
    assert ch("import", written.comma(tmp_path / "a.csv", rows)).code == 0
    assert {row[0] for row in live(tmp_path)} == {"2024-05-03", "2024-05-25"}


# Codes and names


def test_codes_and_names_stay_what_they_are(ch: Run, tmp_path: Path) -> None:
    head = ["日期", "区域", "客户编码", "客户名称", "产品编码", "金额"]
    rows = [
        head,
        ["2024-05-03", "NA", "00123", "甲", "0007", 1],
        ["2024-05-03", "NA", 123, "乙", 7, 2],
        ["2024-05-03", "None", "1E5", "null", "TRUE", 3],
        ["2024-05-03", "Inf", "", "NaN", "-", 4],
    ]
    for path in (written.xlsx(tmp_path / "a.xlsx", rows), written.comma(tmp_path / "b.csv", rows)):
        remove(tmp_path / "channel.db")
        assert ch("import", path).code == 0
        assert query(tmp_path, "select name from region order by id") == [("NA",), ("None",), ("Inf",)]
        assert query(tmp_path, "select code, name from customer order by id") == [
            ("00123", "甲"), ("123", "乙"), ("1E5", "null"), ("N00001", "NaN"),
        ]  # fmt: skip
        assert query(tmp_path, "select code from product order by id limit 3") == [("0007",), ("7",), ("TRUE",)]


def test_a_csv_that_shields_its_codes_from_excel(ch: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('日期,客户编码,客户名称,金额\n="2024-05-03",="00123",甲,"=""1,234.50"""\n', encoding="utf-8")
    assert ch("import", path).code == 0
    assert live(tmp_path)[-1][4] == "00123"


HOSTILE = [
    "\x1b[31m红\x1b[0m",
    "[bold red]甲[/bold red]",
    '=HYPERLINK("http://x","y")',
    "+cmd|' /C calc'!A0",
    "甲\u202e乙",
    "甲\n乙\t丙",
    "../../etc/passwd",
    "Robert'); DROP TABLE sale_line;--",
    "{name} %s %(x)s",
    "𠮷野家 😀",
    "长" * 32_767,
]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:20].encode("ascii", "replace").decode())
def test_a_hostile_cell_is_text_and_nothing_more(name: str, ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(customer=name)])).code == 0
    done = ch("import", written.xlsx(tmp_path / "b.xlsx", [SIMPLE, line(customer=name, net=name)]))
    assert done.code == 3
    for shown in (done.out, ch("tier", "--all-time").out, ch("customer", "list").out):
        assert not set(shown) & {*map(chr, range(9)), "\x1b", "\x07", "\u202e", "\r"}
    stored = query(tmp_path, "select name from customer")[0][0]
    assert stored.isprintable()
    assert "�" not in stored
    assert live(tmp_path)[0][-1] == 1_000_000


@pytest.mark.parametrize("word", ["#N/A", "#REF!", "#VALUE!", "#NAME?"])
def test_the_error_of_a_formula_is_no_name(word: str, ch: Run, tmp_path: Path) -> None:
    rows = [["单据编号", *SIMPLE], [word, *line()], ["SO2", *line(customer=word)], ["SO3", *line(net=word)]]
    done = ch("import", written.comma(tmp_path / "a.csv", rows), "--format", "json")
    assert (done.code, problems(done.data)) == (
        3,
        [("E208", "", 2, "A 单据编号", word), ("E208", "", 3, "C 客户名称", word), ("E208", "", 4, "F 金额", word)],
    )
    people = written.comma(tmp_path / "b.csv", [["客户编码", "客户名称"], ["C1", word]])
    done = ch("import", people, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E208", "", 2, "B 客户名称", word)])


def test_a_formula_without_a_saved_result_is_not_zero(ch: Run, tmp_path: Path) -> None:
    path = written.xlsm(tmp_path / "a.xlsm", [SIMPLE, line(net="=D2*100"), line(net=5)])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E209", "Sheet", 2, "E 金额", "=?")])
    assert "formula" in ch("explain", "E209").out
