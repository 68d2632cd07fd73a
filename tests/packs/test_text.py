"""A pack as plain text."""

from dataclasses import replace

import pytest

from channelctl.packs import text
from channelctl.report import table
from tests.packs.made import FIGURES, hostile, listed, pack
from tests.report.rows import line


def test_title_figures_parts_what_is_left_out_and_where_it_comes_from() -> None:
    whole = text.render(pack(), table.Page())
    assert whole.startswith(
        "Month report · 南京 · May 2024\n"
        "\n"
        "Net sales, CNY   10,118,190.73   ▲ 3.2%    rank 2 of 13\n"
        "Achieved                 87.3%   ▼ 2.9\n"
        "Overdue, CNY          5,000.00   ▲ 25.0%\n"
        "Customers                   78\n"
        "\n"
        "Lines of May\n"
        "Lines · May 2024\n"
        "\n"
        "Tiers\n"
    )
    assert "\n55 more rows: channelctl customer list 'city=南京 & Co'\n" in whole
    assert whole.endswith(
        "\n\nLeft out:\n  Stock: nothing is counted\n\nData: sales to 2024-05-31\nPolicy: the defaults\n"
    )


def test_remarks_and_last_lines_stand_below_their_part() -> None:
    whole = text.render(pack(parts=pack().parts[:1]), table.Page())
    assert "\n\n1 line names no customer\nAll is said.\n\n" in whole


@pytest.mark.parametrize(("most", "more"), [(1, "59 more rows"), (59, "1 more row: "), (60, None), (None, None)])
def test_rows_before_people_are_as_many_as_the_pack_says(most: int | None, more: str | None) -> None:
    part = replace(pack().parts[1], most=most)
    whole = text.render(pack(parts=[part]), table.Page())
    assert whole.count("& Söhne") == (most or 60)
    assert (more in whole) if more else ("more row" not in whole)


def test_what_only_looks_like_the_hint_stays() -> None:
    part = replace(pack().parts[1], report=replace(listed(1), rows=[line("a firm called --all")]))
    assert "a firm called --all" in text.render(pack(parts=[part]), table.Page())


def test_a_pack_without_figures_or_anything_left_out() -> None:
    bare = pack(parts=[replace(pack().parts[1], report=listed(1))], absent=(), origin=())
    assert text.render(bare, table.Page()).startswith(
        "Month report · 南京 · May 2024\n\nA long list\nA list\n\n#   Code"
    )
    assert "Left out" not in text.render(bare, table.Page())


def test_money_in_wan() -> None:
    assert "\nNet sales, 10k CNY   1,011.82   ▲ 3.2%" in text.render(pack(), table.Page(unit="wan"))


def test_a_title_that_says_the_same_stands_once() -> None:
    part = replace(pack().parts[1], title="A list")
    assert text.render(pack(parts=[part]), table.Page()).count("A list\n") == 1


def test_no_sign_that_a_terminal_obeys_comes_through() -> None:
    whole = text.render(hostile("a\x1b[31m\x07b\u202ec"), table.Page())
    assert not set(whole) & set("\x1b\x07\u202e")


def test_each_figure_stands_once() -> None:
    first, *rest = pack().parts
    again = replace(rest[0], report=replace(rest[0].report, figures=FIGURES[:2]))
    assert [figure.name for _part, figure in pack(parts=[first, again]).figures] == [one.name for one in FIGURES]
    assert {part.name for part, _figure in pack(parts=[first, again]).figures} == {first.name}
