"""Formulas and errors, days that are none and numbers cut short, as somebody imports them."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.sheets import made, written
from tests.sheets.lines import SIMPLE, line, query
from tests.tables import is_there


def problems(data: Any) -> list[tuple[Any, ...]]:
    return [(p["code"], p["row"], p["column"], p["value"]) for p in data["problems"] if p["code"][0] == "E"]


# Formulas and errors


def test_a_formula_that_was_never_worked_out_refuses_its_row(ch: Run, tmp_path: Path) -> None:
    path = written.xlsm(tmp_path / "a.xlsm", [SIMPLE, line(net=5), line(net="=D3*100"), line(customer="=A1")])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E209", 3, "E 金额", "=?"), ("E209", 4, "B 客户名称", "=?")])
    assert "a formula whose result is not in the file; open it in Excel, save it, import it again" in done.out
    done = ch("import", path, "--partial", "--format", "json")
    assert (done.code, done.data["rows"][0]["new"], done.data["rows"][0]["rejected"]) == (1, 1, 2)
    assert query(tmp_path, "select amount from sale_line") == [(50_000,)]


def test_a_column_of_such_formulas_is_said_once(ch: Run, tmp_path: Path) -> None:
    rows = [line(net=f"=D{number}*100") for number in range(2, 1_202)]
    path = written.xlsm(tmp_path / "a.xlsm", [SIMPLE, *rows])
    done = ch("import", path)
    lines = [said for said in done.out.splitlines() if "E209" in said]
    assert lines == [
        "  a.xlsm!Sheet!E2  E209  金额: a formula whose result is not in the file; open it in Excel, save it, import it"
        " again (and 1,199 rows more like this)",
        "  What a code means: channelctl explain E209",
    ]
    assert len(problems(ch("import", path, "--format", "json").data)) == 1_200
    assert done.code == 3


def test_a_formula_in_any_column_that_is_read_counts(ch: Run, tmp_path: Path) -> None:
    rows = [[*SIMPLE, "销售代表", "备注"], [*line(), "=A1", "=A1"], [*line(), "张三", "=A1"]]
    done = ch("import", written.xlsm(tmp_path / "a.xlsm", rows), "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E209", 2, "F 销售代表", "=?")])


def test_a_sheet_of_formulas_only_is_refused_whole(ch: Run, tmp_path: Path) -> None:
    rows = [[f"=Data!{column}{row}" for column in "ABCDE"] for row in range(2, 5)]
    done = ch("import", written.xlsm(tmp_path / "a.xlsm", [SIMPLE, *rows]), "--format", "json")
    assert done.code == 3
    assert sorted({row for _code, row, _column, _value in problems(done.data)}) == [2, 3, 4]
    assert not is_there(tmp_path / "channel.db")


def test_formulas_filled_down_below_the_last_record_are_none(ch: Run, tmp_path: Path) -> None:
    filled = [["", "", "", "", f"=D{row}*100"] for row in range(3, 30)]
    done = ch("import", written.xlsm(tmp_path / "a.xlsm", [SIMPLE, line(), *filled]), "--format", "json")
    assert (done.code, problems(done.data)) == (0, [])
    assert (done.data["rows"][0]["new"], done.data["rows"][0]["skipped"]) == (1, 27)


def test_a_row_whose_day_failed_is_no_remark(ch: Run, tmp_path: Path) -> None:
    path = written.xlsm(tmp_path / "a.xlsm", [SIMPLE, line(), ["=TODAY()", "乙", "", "", "=D3*100"]])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E209", 3, "A 日期", "=?"), ("E209", 3, "E 金额", "=?")])


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("place", range(5))
def test_an_error_in_any_cell_that_is_read_refuses_its_row(error: str, place: int, ch: Run, tmp_path: Path) -> None:
    bad = line()
    bad[place] = error
    path = written.xlsm(tmp_path / "a.xlsm", [SIMPLE, line(net=5), bad])
    assert b't="e"' in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E208", 3, f"{'ABCDE'[place]} {SIMPLE[place]}", error)])


def test_the_rejected_rows_show_the_error(ch: Run, tmp_path: Path) -> None:
    path = written.xlsm(tmp_path / "a.xlsm", [SIMPLE, line(), line(net="#N/A"), line(net="=D4")])
    assert ch("import", path, "--partial").code == 1
    kept = [row[4] for row in made.rows_of(tmp_path / "a.rejected.xlsx")[1:]]
    assert [str(cell).lstrip("'") for cell in kept] == ["#N/A", ""]
    again = ch("import", tmp_path / "a.rejected.xlsx", "--format", "json")
    assert [code for code, *_where in problems(again.data)] == ["E208", "E201"]


# Days that are none, and numbers cut short


def test_impossible_days_are_said_row_by_row_in_one_run(ch: Run, tmp_path: Path) -> None:
    days = ["2018-02-29", "2024-04-31", "2024/13/5", "0000-00-00", "2024-05-03", "2024年2月30日", "20240431", 60]
    done = ch(
        "import", written.xlsx(tmp_path / "a.xlsx", [SIMPLE, *(line(day=day) for day in days)]), "--format", "json"
    )
    assert done.code == 3
    assert problems(done.data) == [
        ("E202", row, "A 日期", str(day)) for row, day in enumerate(days, 2) if day != "2024-05-03"
    ]


@pytest.mark.parametrize(
    "cell", ["2024-05-03T08:00:00Z", "2024-05-03 08:00:00.000", "2024-05-03 24:00", "2024/5/3 0:00"]
)
def test_a_time_of_day_does_not_matter(cell: str, ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(day=cell)])).code == 0
    assert query(tmp_path, "select date from sale_line") == [("2024-05-03",)]


def test_a_code_kept_as_a_number_of_more_than_15_digits_is_refused(ch: Run, tmp_path: Path) -> None:
    head = [*SIMPLE, "单据编号", "客户编码"]
    rows = [
        [*line(), 202405030000000123, "C1"],
        [*line(), "202405030000000123", "320102199001011234"],
        [*line(), 20240503000123, 320102199001011234],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", [head, *rows]), "--format", "json")
    assert (done.code, problems(done.data)) == (
        3,
        [("E210", 2, "F 单据编号", "2.0240503E+17"), ("E210", 4, "G 客户编码", "3.20102199001011E+17")],
    )
    assert ch("import", tmp_path / "a.xlsx", "--partial").code == 1
    assert query(tmp_path, "select s.document, c.code from sale_line s join customer c on c.id = s.customer_id") == [
        ("202405030000000123", "320102199001011234")
    ]


@pytest.mark.parametrize("code", ["2.02405E+17", "1.00E+05", "2.02405030000000e+17"])
def test_so_is_one_that_a_csv_keeps_as_excel_shows_it(code: str, ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [[*SIMPLE, "单据编号"], [*line(), code], [*line(), "SO1"]])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E210", 2, "F 单据编号", code)])
