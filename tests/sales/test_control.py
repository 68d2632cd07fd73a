"""A sheet's own totals against its rows: what they may differ by, and what a difference brings about."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.sales.control import Sums
from tests.conftest import Run

HEAD = "日期,客户,产品,数量,金额\n"
ROWS = "2024-05-01,甲,A,3,30\n2024-05-01,乙,A,1,5\n"


def wrong(ch: Run, file: Path, text: str, *options: str) -> list[tuple[int, str, str]]:
    """Row, column and message of every total that contradicts the rows; the rest of the sheet is right."""
    file.write_text(text)
    done = ch("import", file, "--format", "json", *options)
    found = [(p["row"], p["column"], p["message"]) for p in done.data["problems"] if p["code"] == "E401"]
    assert done.code == (3 if found else 0), done.out
    return found


@pytest.mark.parametrize(
    "total",
    [
        "合计,,,4,35",
        "合计,,,,35.00",
        "总计：,,,4,",
        "小计,,,1,5",
        "本页合计,,,4,35",
        "Grand Total,,,4,35",
        ",,,4,35",
        ",,,,35",
    ],
)
def test_a_right_total_is_passed_over(ch: Run, tmp_path: Path, total: str) -> None:
    assert wrong(ch, tmp_path / "a.csv", HEAD + ROWS + total + "\n") == []
    assert ch("status", "--format", "json").code == 0


@pytest.mark.parametrize(
    ("total", "said"),
    [
        ("合计,,,4,35.01", [(4, "E 金额", "the sheet's total is 35.01, the rows above it add up to 35.00")]),
        ("合计,,,5,35", [(4, "D 数量", "the sheet's total is 5, the rows above it add up to 4")]),
        ("总计：,,,4,70", [(4, "E 金额", "the sheet's total is 70.00, the rows above it add up to 35.00")]),
        ("Total,,,4,34.994", [(4, "E 金额", "the sheet's total is 34.99, the rows above it add up to 35.00")]),
    ],
)
def test_a_wrong_total_refuses_the_sheet(ch: Run, tmp_path: Path, total: str, said: list[tuple[int, str, str]]) -> None:
    file = tmp_path / "a.csv"
    assert wrong(ch, file, HEAD + ROWS + total + "\n") == said
    assert "no database" in ch("status").err
    shown = ch("import", file)
    assert "a.csv: for what is said above, nothing was written." in shown.out


def test_partial_takes_the_rows_of_such_a_sheet_and_refuses_none(ch: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + ROWS + "合计,,,4,36\n")
    done = ch("import", tmp_path / "a.csv", "--partial", "--format", "json")
    assert (done.code, done.data["totals"], done.data["rows"][0]["new"], done.data["rows"][0]["rejected"]) == (
        1,
        {},
        2,
        0,
    )
    assert not (tmp_path / "a.rejected.xlsx").exists()


def test_half_a_unit_of_the_last_shown_digit_is_allowed(ch: Run, tmp_path: Path) -> None:
    """1.23 万元 stands for anything from 12,250 to 12,350."""
    head = "日期,客户,金额(万元)\n2024-05-01,甲,0.61234\n2024-05-02,乙,0.61749\n"
    assert wrong(ch, tmp_path / "a.csv", head + "合计,,1.23\n") == []
    assert wrong(ch, tmp_path / "b.csv", head + "合计,,1.2\n") == []
    assert wrong(ch, tmp_path / "c.csv", head + "合计,,1.24\n") == [
        (4, "C 金额(万元)", "the sheet's total is 12,400.00, the rows above it add up to 12,298.30")
    ]


def test_totals_of_parts_and_of_the_whole(ch: Run, tmp_path: Path) -> None:
    """A subtotal ends a part; a total is of any row of parts that ends above it, or of all."""
    text = HEAD + ROWS + "甲小计,,,4,35\n2024-05-02,丙,A,1,7\n丙小计,,,1,7\n华东合计,,,5,42\n2024-05-03,丁,A,1,1\n"
    assert wrong(ch, tmp_path / "a.csv", text + "华北合计,,,1,1\n总计,,,6,43\n") == []
    assert wrong(ch, tmp_path / "b.csv", text + "华北合计,,,1,1\n总计,,,6,44\n") == [
        (10, "E 金额", "the sheet's total is 44.00, the rows above it add up to 43.00")
    ]


def test_a_total_above_its_rows_is_held_against_all_of_them(ch: Run, tmp_path: Path) -> None:
    assert wrong(ch, tmp_path / "a.csv", HEAD + "合计,,,4,35\n" + ROWS) == []
    assert wrong(ch, tmp_path / "b.csv", HEAD + "合计,,,4,30\n" + ROWS) == [
        (2, "E 金额", "the sheet's total is 30.00, the rows above it add up to 35.00")
    ]


def test_a_total_without_the_voided_lines_is_right_too(ch: Run, tmp_path: Path) -> None:
    text = "日期,客户,金额,状态\n2024-05-01,甲,30,正常\n2024-05-01,乙,5,作废\n合计,,{},\n"
    assert [bool(wrong(ch, tmp_path / f"{n}.csv", text.format(n))) for n in (30, 35, 34)] == [False, False, True]


def test_what_a_refused_row_holds_still_counts_in_the_total(ch: Run, tmp_path: Path) -> None:
    """The row with a wrong date has an amount; where the amount itself is wrong, nobody can tell the sum."""
    for name, row in (("a", "2024-02-30,丙,A,1,7"), ("b", "2024-05-03,丙,A,1,七元")):
        (tmp_path / f"{name}.csv").write_text(HEAD + ROWS + row + "\n合计,,,5,42\n")
        done = ch("import", tmp_path / f"{name}.csv", "--format", "json")
        assert [p["code"] for p in done.data["problems"]] == ["E202" if name == "a" else "E204"]


@given(
    amounts=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30),
    cuts=st.sets(st.integers(1, 30), max_size=4),
    off=st.integers(-(10**6), 10**6),
)
def test_a_total_fits_exactly_if_it_is_near_a_sum_of_parts(amounts: list[int], cuts: set[int], off: int) -> None:
    """With figures to the fen, half a fen decides."""
    sums = Sums({"amount": None}, ())
    ends = [0]
    for place, amount in enumerate(amounts, 1):
        sums.add({"amount": [amount * 100]}, 0, 1, None)
        if place in cuts:
            sums.close_part()
            ends.append(sum(amounts[:place]))
    whole = sum(amounts)
    said = Decimal(whole + off) / 100
    found = sums.check(9, ["合计"], {"amount": (f"{said:.2f}", (whole + off) * 100)})
    assert (not found) == any(whole + off == whole - end for end in ends)
