"""Which files an import reads: folders, patterns, names given twice, and parents before children."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets import gather
from tests.conftest import SAMPLE, Run
from tests.sheets import written

SALES = [["日期", "客户", "金额"], ["2024-05-03", "甲", 5]]
PEOPLE = [["客户编码", "客户名称"], ["C1", "甲"]]


def sheet(path: Path, rows: Sequence[Any] = SALES) -> Path:
    path.parent.mkdir(exist_ok=True)
    return written.comma(path, rows)


def names(*words: Path | str) -> list[str]:
    return [file.name for file in gather.gather([Path(word) for word in words]).files]


def test_a_folder_is_its_sheets_in_natural_order(tmp_path: Path) -> None:
    for month in (1, 2, 9, 10, 12):
        sheet(tmp_path / "2024" / f"{month}月.csv")
    assert names(tmp_path / "2024") == ["1月.csv", "2月.csv", "9月.csv", "10月.csv", "12月.csv"]


def test_what_is_no_sheet_is_left_with_one_remark_each_sort(ch: Run, tmp_path: Path) -> None:
    folder = tmp_path / "may"
    sheet(folder / "a.csv")
    for name in ("~$a.xlsx", "~$b.xlsx", ".hidden.csv", "channel.db", "policy.toml", "b.rejected.xlsx"):
        (folder / name).write_bytes(b"x")
    sheet(folder / "old" / "z.csv")
    done = ch("import", "may")
    assert done.code == 0
    assert done.err.splitlines()[1:] == [
        "may: 2 files that Excel keeps while a book is open (~$), not read",
        "may: 1 hidden file, not read",
        "may: 1 folder in it, not looked into",
        "may: 1 workbook of refused rows, read only if it is named",
        "may: no sheets by their endings, not read: channel.db, policy.toml",
    ]
    assert "a.csv: batch 1" in done.out


def test_an_empty_folder_is_refused_and_does_not_keep_the_others_out(ch: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    sheet(tmp_path / "a.csv")
    done = ch("import", "empty", "a.csv")
    assert done.code == 3
    assert (
        "the folder empty holds no sheets; nothing was written\n"
        "  Sheets end in .csv .et .ods .tab .tsv .txt .xls .xlsb .xlsm .xlsx .xltx;"
        " folders below it are not looked into.\n"
    ) in done.out
    assert "a.csv: batch 1" in done.out


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everybody may read every folder")
def test_a_folder_that_may_not_be_read_is_refused(ch: Run, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    done = ch("import", "closed")
    assert (done.code, "Permission denied" in done.out) == (3, True)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.csv", ["9月.csv", "10月.csv"]),
        ("?月.csv", ["9月.csv"]),
        ("1*.csv", ["10月.csv"]),
        ("[0-9]月.csv", ["9月.csv"]),
        ("*.xlsx", ["*.xlsx"]),
    ],
)
def test_a_pattern_that_no_shell_has_filled_in(pattern: str, expected: list[str], tmp_path: Path) -> None:
    for name in ("9月.csv", "10月.csv", "a.txt", ".b.csv"):
        sheet(tmp_path / name)
    assert names(pattern) == expected
    assert names(tmp_path / pattern) == expected


def test_a_pattern_that_fits_nothing_is_no_file(ch: Run) -> None:
    done = ch("import", "*.xlsx")
    assert (done.code, "there is no file *.xlsx" in done.out) == (3, True)


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    sheet(tmp_path / "a[1].csv")
    sheet(tmp_path / "a1.csv")
    assert names("a[1].csv") == ["a[1].csv"]


def test_a_file_named_twice_is_read_once(ch: Run, tmp_path: Path) -> None:
    sheet(tmp_path / "a.csv")
    done = ch("import", "a.csv", "./a.csv", tmp_path / "a.csv", "--format", "json")
    assert len(done.data["rows"]) == 1
    assert [note for note in done.data["notes"] if " is named twice" in note] == [
        "a.csv is named twice; it is read once",
        f"{tmp_path}/a.csv is named twice; it is read once",
    ]


def test_the_lock_file_that_a_pattern_of_the_shell_brings_is_left(ch: Run, tmp_path: Path) -> None:
    sheet(tmp_path / "a.csv")
    (tmp_path / "~$a.csv").write_bytes(b"x")
    done = ch("import", "a.csv", "~$a.csv")
    assert done.code == 0
    assert "~$a.csv: a file that Excel keeps while a book is open, not read" in done.err


def test_customers_come_before_the_sales_that_name_them(ch: Run, tmp_path: Path) -> None:
    """Else a customer without a code would be made first, and a second one with it."""
    sheet(tmp_path / "all" / "1 sales.csv")
    sheet(tmp_path / "all" / "2 customers.csv", PEOPLE)
    done = ch("import", "all", "--format", "json")
    assert [row["file"] for row in done.data["rows"]] == ["2 customers.csv", "1 sales.csv"]
    assert [row["code"] for row in ch("customer", "list", "--format", "json").data["rows"]] == ["C1"]


def test_the_sample_region_goes_in_as_a_folder(ch: Run, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "region")
    done = ch("import", "region", "--format", "json")
    assert done.code == 0
    kinds = [row["kind"] for row in done.data["rows"]]
    assert kinds.index("customer") < kinds.index("contact") < kinds.index("sales")
    assert ch("import", "region", "--format", "json").data["totals"]["new"] == 0


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=6), max_size=6))
def test_any_names_have_an_order(words: list[str]) -> None:
    assert sorted(sorted(words, reverse=True), key=gather.natural) == sorted(sorted(words), key=gather.natural) or len(
        {tuple(gather.natural(word)) for word in words}
    ) < len(words)
