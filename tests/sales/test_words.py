"""What an import says of tables, of days and offices replaced, of returns with both signs, and of sheets beside."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Run

HEAD = ["日期", "客户", "型号", "数量", "金额"]
LIST = "日期,办事处,客户,金额\n"


def workbook(path: Path, **sheets: Any) -> Path:
    """A sheet of each name with these rows."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def told(ch: Run, file: Path, *options: str) -> list[tuple[str, str]]:
    """The problems and warnings of an import that goes in, and the words of each."""
    done = ch("import", file, "--format", "json", *options)
    return [(one["code"], one["message"]) for one in done.data["problems"]]


def table(path: Path, figures: Mapping[str, tuple[object, ...]], heads: tuple[str, ...] = ("1月", "2月")) -> Path:
    """Customers down, months across."""
    return workbook(path, **{"2024年销售额": [["客户", *heads], *([name, *row] for name, row in figures.items())]})


def test_changed_lines_of_a_table_are_called_by_their_customers(ch: Run, tmp_path: Path) -> None:
    """Each once, and no more than three of them."""
    names = ["甲一", "乙二", "丙三", "丁四"]
    assert ch("import", table(tmp_path / "a.xlsx", {name: (100, 200) for name in names})).code == 0
    two = {name: (100, 200) for name in names} | {"乙二": (101, 201)}
    said = "2 lines have changed since they were imported: 乙二; their net sales go from 300.00 to 302.00"
    assert told(ch, table(tmp_path / "a.xlsx", two)) == [("W113", said)]
    said = "8 lines have changed since they were imported: 甲一, 乙二, 丙三 …"
    said += "; their net sales go from 1,202.00 to 60.00"
    assert told(ch, table(tmp_path / "a.xlsx", {name: (7, 8) for name in names})) == [("W113", said)]


def test_changed_lines_of_a_table_of_products_are_called_by_those(ch: Run, tmp_path: Path) -> None:
    rows: list[list[object]] = [["办事处", "型号", "1月", "2月"], ["杭州", "I9300", 100, 200]]
    assert ch("import", workbook(tmp_path / "a.xlsx", **{"2024年销售额": rows})).code == 0
    rows[1][2] = 101
    said = "1 line has changed since it was imported: I9300; their net sales go from 100.00 to 101.00"
    assert told(ch, workbook(tmp_path / "a.xlsx", **{"2024年销售额": rows})) == [
        ("W103", "2 lines without a customer"),
        ("W113", said),
    ]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("2024-05-01,杭州,甲,1\n", "2024-05-01,杭州,甲,1\n2024-05-01,杭州,乙,2\n", []),
        (
            "2024-05-01,,甲,1\n2024-05-01,,丙,3\n",
            "2024-05-01,,甲,1\n2024-05-01,,乙,2\n",
            ["lines without an office: 1 that the file no longer holds was ended"],
        ),
        (
            "2024-05-01,杭州,甲,1\n2024-05-01,,丙,3\n2024-05-01,,丁,3\n",
            "2024-05-01,杭州,甲,1\n2024-05-01,,乙,2\n",
            ["offices 杭州, lines without an office: 2 lines that the file no longer holds were ended"],
        ),
    ],
)
def test_what_was_replaced_is_said_where_something_was(
    ch: Run, tmp_path: Path, first: str, second: str, said: list[str]
) -> None:
    (tmp_path / "a.csv").write_text(LIST + first)
    (tmp_path / "b.csv").write_text(LIST + second)
    assert ch("import", "a.csv").code == 0
    found = told(ch, tmp_path / "b.csv", "--overlap", "replace")
    assert found == [("W115", f"2024-05-01 – 2024-05-01, {words}") for words in said]


SIGNS = [
    ([100, 70], None, -170),
    ([-100, -70], None, -170),
    ([100, 0, "合计", 100], None, -100),
    ([100, -200, 70], (2, 3), -370),
    ([-200, 70], (3, 2), -270),
]


@pytest.mark.parametrize(("figures", "rows", "net"), SIGNS)
def test_a_sheet_of_returns_has_one_sign(
    ch: Run, tmp_path: Path, figures: list[Any], rows: tuple[int, int] | None, net: int
) -> None:
    """With both it cannot be told which are returns, and nothing is turned unsaid."""
    lines: list[list[object]] = []
    for place, figure in enumerate(figures):
        if figure == "合计":
            lines.append(["合计", "", "", "", figures[place + 1]])
            break
        lines.append([f"2024-05-{place + 1:02d}", "甲乙丙", "A1", "", figure])
    file = workbook(tmp_path / "a.xlsx", **{"退货": [HEAD, *lines]})
    expected = []
    if rows is not None:
        text = (
            f"the sheet's name 退货 says returns, and the sheet holds both signs (row {rows[0]} is positive,"
            f" row {rows[1]} negative): which are returns cannot be told; --partial books all of them as returns"
        )
        expected = [("E405", text)]
    assert [one for one in told(ch, file, "--dry-run") if one[0] != "W125"] == expected
    assert ch("import", file).code == (3 if rows else 0)
    if rows:
        assert ch("import", file, "--partial").code == 1
    assert sum(row["amount"] for row in ch("export", "sales", "--format", "json").data["rows"]) == net


def test_a_summary_of_another_shape_is_left_out_with_a_remark(ch: Run, tmp_path: Path) -> None:
    lines = {name: [HEAD, ["2024-05-01", f"{name}客户", "A1", 1, 100]] for name in ("杭州", "宁波")}
    total = {"汇总": [["办事处", "金额"], ["杭州", 100], ["宁波", 100]], "说明": [["怎样填写"], ["逐行填写"]]}
    done = ch("import", workbook(tmp_path / "a.xlsx", **lines, **total))
    assert done.code == 0
    assert done.err.splitlines()[1:] == [
        "sheet 汇总 sums up the others: not read",
        "sheet 杭州: its name is taken for the office",
        "sheet 宁波: its name is taken for the office",
    ]


@pytest.mark.parametrize("look", ['0.00,,"万"', '0!.0,"万元"', '#,##0.00,"千元"'])
def test_a_number_format_that_shows_wan_multiplies_nothing(ch: Run, tmp_path: Path, look: str) -> None:
    """What the cell holds is yuan already."""
    file = workbook(tmp_path / "a.xlsx", **{"5月": [HEAD, ["2024-05-01", "甲乙丙", "A1", 1, 1234000]]})
    made = openpyxl.load_workbook(file)
    made["5月"]["E2"].number_format = look
    made.save(file)
    assert ch("import", file, "--format", "json").data["rows"][0]["net_sales"] == 1234000


def test_how_a_table_is_read_stands_in_plain_words(ch: Run, tmp_path: Path) -> None:
    """What is made up only to know a line again is no column of the sheet, and not shown."""
    done = ch("import", table(tmp_path / "a.xlsx", {"甲一": (1.0, 2.0)}), "--dry-run", "--columns")
    assert [line for line in done.out.splitlines() if "→" in line] == [
        "  A 客户 → customer (alias)  甲一",
        "  B:C 1月 … 2月 → date (from the headings)  2024-01-31",
        "  B:C 1月 … 2月 → amount (a line for each column)  1",
    ]
    rows = [["日期", "客户", "本月累计金额"], ["2024-05-01", "甲一", 5], ["2024-05-02", "甲一", 8]]
    done = ch("import", workbook(tmp_path / "b.xlsx", **{"5月": rows}), "--dry-run", "--columns")
    assert [line for line in done.out.splitlines() if "→" in line] == [
        "  A 日期 → date (its name)  2024-05-01",
        "  B 客户 → customer (alias)  甲一",
        "  C 本月累计金额 → amount (figures to date)  5",
    ]


@pytest.mark.parametrize(("language", "word"), [("en", "HEADING"), ("zh", "表头")])
def test_what_is_to_be_filled_in_is_said_in_the_language(ch: Run, tmp_path: Path, language: str, word: str) -> None:
    rows = [["何时", "买家", "东西"], ["2024-05-01", "甲乙丙商行", "A1"], ["2024-05-02", "丁戊己商行", "A2"]]
    done = ch("--lang", language, "import", workbook(tmp_path / "a.xlsx", x=rows))
    assert done.code == 3
    assert f'--map "{word}=amount"' in done.out


@pytest.mark.parametrize("first", ["init", "product"])
@pytest.mark.parametrize("command", [("tier",), ("tier", "--include-inactive"), ("tier", "--method", "share")])
def test_no_sales_in_all_time_name_no_first_or_last_day(ch: Run, first: str, command: tuple[str, ...]) -> None:
    assert ch(*(["init"] if first == "init" else ["product", "add", "A1"])).code in (0, 4)
    assert ch("init").code == 0
    done = ch(*command, "--all-time")
    assert (done.code, done.err) == (0, "no sales (all time)\n")
    params = ch(*command, "--all-time", "--format", "json").data["params"]
    assert (params["from"], params["to"]) == (None, None)
    cut = ch(*command, "--all-time", "--as-of", "2024-05-31")
    assert cut.err == "no sales (all time to 2024-05-31)\n"
    for words in (command, ("export", "sales"), ("status",)):
        for form in ("table", "json"):
            done = ch(*words, *(["--all-time"] if words == command else []), "--format", form)
            assert not {"0001-01-01", "9999-12-31"} & {*done.out.replace('"', " ").replace(",", " ").split()}


def test_a_customer_without_sales_in_all_time_is_explained_without_days(ch: Run) -> None:
    assert ch("init").code == 0
    assert ch("customer", "add", "C1", "甲").code == 0
    done = ch("tier", "explain", "C1", "--all-time")
    assert done.err == "C1 has no sales (all time): it has no tier\n"
