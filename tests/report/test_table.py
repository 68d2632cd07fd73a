"""A report as text, piped and on a terminal."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.errors import UsageError
from channelctl.report import Report, cells, emit, table
from channelctl.report.width import cut, pad, width
from tests.report.conftest import Screens
from tests.report.rows import LINES, Line, bare, line, report

ENGLISH = """\
Lines · May 2024

Tiers
Tier   Net sales, CNY
─────────────────────
A           12,345.68
B            2,469.14

#   Code     Customer               Net sales, CNY   Share                      Units   Since        Core   Class   Tier
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
1   C00001   南京苏宁电器有限公司        12,345.68   80.0%   ████████████████   1,204   2024-05-03   yes    V1      A
2   00123    Lee & Sons                   2,469.14   16.0%   ███▎                3.25                no             B
3   C00003                                   -0.50                                                                  C
    total                                14,814.31

All is said.
"""

CHINESE = """\
Lines · May 2024

Tiers
级   净销售额（元）
───────────────────
A         12,345.68
B          2,469.14

#   客户编码   客户                   净销售额（元）    占比                       台数   开户日期     核心   级
────────────────────────────────────────────────────────────────────────────────────────────────────────────────
1   C00001     南京苏宁电器有限公司        12,345.68   80.0%   ████████████████   1,204   2024-05-03   是     A
2   00123      Lee & Sons                   2,469.14   16.0%   ███▎                3.25                否     B
3   C00003                                     -0.50                                                          C
    合计                                   14,814.31

All is said.
"""

WAN = """\
Lines

Code     Net sales, 10k CNY
───────────────────────────
C00001                 1.23
00123                  0.25
C00003                 0.00
"""


def test_a_pipe_gets_every_cell_in_full(streams: Screens) -> None:
    out, err = streams(columns=20)
    emit(report())
    assert out.text == ENGLISH
    assert err.text == "1 line names no customer\n"


@pytest.mark.usefixtures("chinese")
def test_chinese_takes_two_cells_a_character(streams: Screens) -> None:
    out, _err = streams()
    emit(report(only=["rank", "code", "customer", "net_sales", "share", "units", "since", "core", "tier"]))
    assert out.text == CHINESE


def test_money_in_ten_thousands_and_chosen_columns(streams: Screens) -> None:
    out, _err = streams()
    rows = [*LINES[:2], LINES[2]._replace(net_sales=Decimal("0.5"))]
    emit(bare(*rows, only=("code", "net_sales")), unit="wan")
    assert out.text == WAN


@pytest.mark.usefixtures("chinese")
def test_the_chinese_heading_names_the_unit() -> None:
    assert cells.lanes(Line, LINES, "wan", only=["net_sales"])[0].heading == "净销售额（万元）"


def test_a_field_named_like_a_word_of_python_goes_by_its_plain_name() -> None:
    assert [lane.name for lane in cells.lanes(Line, LINES, only=["class", "remark"])] == ["class_", "remark"]
    with pytest.raises(UsageError, match="there is no column “klass”"):
        cells.lanes(Line, LINES, only=["klass"])


def test_a_card_shows_a_field_a_line(streams: Screens) -> None:
    out, _err = streams()
    emit(bare(LINES[1], card=True))
    assert out.text == (
        "Lines\n\n#                2\nCode             00123\nCustomer         Lee & Sons\nNet sales, CNY   2,469.14\n"
        "Share            16.0%\nUnits            3.25\nCore             no\nTier             B\n"
    )


def test_without_rows_only_the_title_stands(streams: Screens) -> None:
    out, err = streams()
    emit(bare(notes=["no sales in this period"]))
    assert (out.text, err.text) == ("Lines\n", "no sales in this period\n")


def many(count: int) -> Report:
    rows = [line(f"customer {n}", rank=n, net_sales=Decimal(1)) for n in range(1, count + 1)]
    return bare(*rows, totals={"net_sales": 60})


def test_a_terminal_gets_50_rows_and_is_told_of_the_rest(streams: Screens) -> None:
    out, _err = streams(terminal=True)
    emit(many(60))
    lines = plain(out.text).splitlines()
    assert lines[-3].startswith("50 ")
    assert lines[-2].split() == ["total", "60.00"]
    assert lines[-1] == "10 more rows: --all"


@pytest.mark.parametrize(
    ("count", "last"), [(50, "total"), (51, "1 more row: --all"), (1300, "1,250 more rows: --all")]
)
def test_the_rest_is_counted(count: int, last: str, streams: Screens) -> None:
    out, _err = streams(terminal=True)
    emit(many(count))
    assert plain(out.text).splitlines()[-1].strip().startswith(last)


def test_all_and_a_pipe_give_all_rows(streams: Screens) -> None:
    out, _err = streams(terminal=True)
    emit(many(60), all_rows=True)
    pipe, _err = streams()
    emit(many(60))
    assert plain(out.text) == pipe.text
    assert len(pipe.text.splitlines()) == 2 + 2 + 60 + 1


def test_a_narrow_terminal_loses_bars_and_ends_of_texts_but_no_figure(streams: Screens) -> None:
    out, _err = streams(terminal=True, columns=95)
    emit(bare(*LINES))
    assert plain(out.text).splitlines()[2:] == [
        "#   Code     Customer         Net sales, CNY   Share   Units   Since        Core   Class   Tier",
        "───────────────────────────────────────────────────────────────────────────────────────────────",
        "1   C00001   南京苏宁电器…         12,345.68   80.0%   1,204   2024-05-03   yes    V1      A",
        "2   00123    Lee & Sons             2,469.14   16.0%    3.25                no             B",
        "3   C00003                             -0.50                                               C",
    ]


def test_a_terminal_too_narrow_for_the_figures_gets_them_all_the_same(streams: Screens) -> None:
    out, _err = streams(terminal=True, columns=40)
    pipe_text = table.body(bare(*LINES), table.Page())
    emit(bare(*LINES))
    assert plain(out.text) == pipe_text


def test_tiers_are_coloured_on_a_terminal_only(streams: Screens, monkeypatch: pytest.MonkeyPatch) -> None:
    out, _err = streams(terminal=True)
    emit(bare(*LINES, only=["tier"]))
    assert out.text.splitlines()[4:] == ["\x1b[1;32mA\x1b[0m", "\x1b[33mB\x1b[0m", "\x1b[2mC\x1b[0m"]
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        out, _err = streams(terminal=True)
        monkeypatch.setenv(name, value)
        emit(bare(*LINES, only=["tier"]))
        assert "\x1b" not in out.text
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        ("\x1b[2Jgone", "·[2Jgone"),
        ("\x9b31m", "·31m"),
        ("a\u202eb\u2066c\u200fd", "a·b·c·d"),
        ("a\x7f\x00b", "a··b"),
        ("two\r\nlines\tand a tab", "two lines and a tab"),
        ("[red]x[/red] :warning:", "[red]x[/red] :warning:"),
        ("half \ud800 pair", "half · pair"),
    ],
)
def test_data_never_steers_the_terminal(payload: str, shown: str, streams: Screens) -> None:
    out, err = streams()
    emit(bare(line(payload), closing=[payload], notes=[payload]))
    assert out.text.splitlines()[4].startswith(f"1   C1     {shown}")
    assert out.text.splitlines()[-1] == shown
    assert err.text == shown + "\n"


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_no_encoding_breaks_a_report(encoding: str, streams: Screens) -> None:
    for format in ("table", "csv", "md", "json", "html"):
        out, _err = streams(encoding)
        emit(report([*LINES, line("Ω€😀 ▲")]), format)
        assert out.text.count("\n") > 4


def test_ascii_draws_with_plain_signs_and_keeps_columns_in_line(streams: Screens) -> None:
    out, err = streams("ascii")
    emit(bare(*LINES[:2], only=["customer", "share", "tier"]))
    assert out.text.splitlines()[2:] == [
        "Customer               Share                      Tier",
        "------------------------------------------------------",
        "????????????????????   80.0%   ################   A",
        "Lee & Sons             16.0%   ###                B",
    ]
    assert err.text == "some characters cannot be written in ascii and are shown as ?; --output FILE keeps them\n"


@pytest.mark.usefixtures("chinese")
def test_gbk_holds_chinese_and_the_drawing(streams: Screens) -> None:
    out, err = streams("gbk")
    emit(bare(*LINES))
    assert "南京苏宁电器有限公司" in out.text and "████" in out.text and "──" in out.text
    assert err.text == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [("0.0625", "6.3%"), ("0.0005", "0.1%"), ("-0.1445", "-14.5%"), ("1", "100.0%"), ("0.33333333", "33.3%")],
)
def test_shares_are_rounded_half_away_from_zero(value: str, said: str) -> None:
    assert cells.percent(Decimal(value)) == said


@pytest.mark.parametrize(
    ("text", "cells_"),
    [("abc", 3), ("南京", 4), ("（）", 4), ("é", 1), ("e\u0301", 1), ("ｱ", 1), ("", 0), ("a\u200bb", 2), ("😀", 2)],
)
def test_width(text: str, cells_: int) -> None:
    assert width(text) == cells_


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])), st.integers(1, 30))
def test_a_cut_text_fits_and_a_padded_one_fills(text: str, room: int) -> None:
    short = cut(text, room)
    assert width(short) <= room
    assert short == text or short.endswith("…")
    assert width(pad(short, room)) == room


def plain(text: str) -> str:
    return re.sub("\x1b\\[[0-9;]*m", "", text)
