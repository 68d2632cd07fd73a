"""Lines of a screen: labels, small drawings, texts; as many as there is room for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.columns import Col
from channelctl.report import Report, panel, plot, table
from channelctl.report.panel import Gauge, Line, Look, Said, Spark, Stack, figure, plain
from channelctl.report.width import width

MONEY = Col("金额", "Amount", kind="money")
MONTH = Col("本月", "Month", kind="money")
SHARE = Col("占比", "Share", kind="share")
PART = st.decimals(min_value=-1, max_value=2, places=4)


def drawn(drawing: panel.Drawing, signs: plot.Signs = plot.FULL, wide: int = 80) -> str:
    """A drawing as the only thing of its line."""
    return panel.lines([[Line(Col("", ""), [plain("")], drawing)]], Look(wide, None, signs))[0].removeprefix("  ")


@pytest.mark.parametrize(
    ("drawing", "full", "plain_signs"),
    [
        (Gauge(Decimal("0.5")), "████████········", "########········"),
        (Gauge(Decimal(0)), "················", "················"),
        (Gauge(Decimal("1.2")), "████████████████", "################"),
        (Gauge(Decimal("-0.3")), "················", "················"),
        (Gauge(Decimal("0.03")), "▌···············", "················"),
        (Gauge(Decimal("0.999")), "████████████████", "################"),
        (Stack([Decimal(1), Decimal(1)]), "████████▓▓▓▓▓▓▓▓", "########********"),
        (Stack([Decimal(0), Decimal(3)]), "▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓", "****************"),
        (Stack([Decimal(1)] * 6), "███▓▓▒▒▒░░░░░░░░", "###**:::........"),
        (Stack([Decimal(0)]), "················", "················"),
        (Spark([Decimal(0), Decimal(7), None, Decimal(-3), Decimal("3.5")]), "▁█ ▁▅", "_# _="),
        (Spark([Decimal(-2), Decimal(-1)]), "▁▁", "__"),
        (Spark([]), "", ""),
    ],
)
def test_drawings(drawing: panel.Drawing, full: str, plain_signs: str) -> None:
    assert (drawn(drawing), drawn(drawing, plot.PLAIN)) == (full, plain_signs)


@given(PART, st.sampled_from([80, 99, 100, 200]))
def test_a_gauge_is_as_long_as_every_other(part: Decimal, wide: int) -> None:
    assert width(drawn(Gauge(part), wide=wide)) == (24 if wide >= 100 else 16)


@given(st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=8))
def test_a_stack_is_as_long_as_every_other(parts: list[Decimal]) -> None:
    assert len(drawn(Stack(parts))) == 16


@given(st.lists(st.one_of(st.none(), st.decimals(-(10**6), 10**6, places=2)), max_size=200))
def test_of_a_long_spark_the_last_are_drawn(values: list[Decimal | None]) -> None:
    most = 80 - len("  ") - len("  ")
    whole = panel._spark(values, len(values) or 1, plot.FULL)
    assert len(whole) == len(values)
    assert len(drawn(Spark(values))) <= most


@given(
    st.lists(
        st.tuples(st.text("甲ab ", max_size=12), st.text("甲乙xyz {}", max_size=90), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
def test_no_line_is_wider_than_the_terminal(told: list[tuple[str, str, bool]]) -> None:
    block = [
        Line(Col(label, label), [figure(MONEY, Decimal(1)), plain(text)], Gauge(Decimal("0.4")) if bar else None)
        for label, text, bar in told
    ]
    for look in (Look(80, None, plot.FULL), Look(120, None, plot.PLAIN)):
        assert max(map(width, panel.lines([block], look))) <= (look.wide or 0)


BLOCKS = [
    [
        Line(MONTH, [figure(SHARE, Decimal("0.5")), plain("so far")], Gauge(Decimal("0.5"))),
        Line(Col("时间", "Time"), [figure(SHARE, Decimal(1)), plain("all of it")], Gauge(Decimal(1))),
    ],
    [
        Line(Col("变动", "Moved", kind="money"), [figure(MONEY, Decimal("-1234.5")), plain("甲{x}")]),
        Line(None, [Said("{a} of {b}", {"a": (MONEY, Decimal(20000)), "b": (MONEY, None)}, right=True), plain("乙")]),
        Line(None, [plain("one more")], extra=True),
    ],
]  # fmt: skip


@pytest.mark.parametrize(
    ("look", "lines"),
    [
        (
            Look(),
            [
                "Month, CNY   50.0%  so far",
                "Time        100.0%  all of it",
                "Moved, CNY      -1,234.50  甲{x}",
                "            20,000.00 of   乙",
                "            one more",
            ],
        ),
        (
            Look(60, 8, plot.FULL, "wan"),
            [
                "Month, 10k CNY  ████████········   50.0%  so far",
                "Time            ████████████████  100.0%  all of it",
                "Moved, 10k CNY     -0.12  甲{x}",
                "                2.00 of   乙",
            ],
        ),
    ],
)
def test_a_panel(look: Look, lines: list[str]) -> None:
    assert panel.lines(BLOCKS, look) == lines


@pytest.mark.parametrize(("high", "shown"), [(None, 5), (3, 4), (8, 4), (9, 5), (40, 5)])
def test_extra_lines_stand_where_there_is_room(high: int | None, shown: int) -> None:
    assert len(panel.lines(BLOCKS, Look(80, high))) == shown


def test_a_panel_is_a_table_where_nothing_is_drawn() -> None:
    assert panel.rows(BLOCKS, "wan") == [
        ("Month, 10k CNY", "50.0% · so far"),
        ("Time", "100.0% · all of it"),
        ("Moved, 10k CNY", "-0.12 · 甲{x}"),
        ("", "2.00 of  · 乙"),
        ("", "one more"),
    ]


def test_colour_goes_to_labels_and_drawings() -> None:
    report = Report("r", panel.LineRow, [], "Title", panel=BLOCKS, closing=["the end"])
    text = table.body(report, table.Page(width=80, colour=True, signs=plot.FULL, height=24))
    assert text.splitlines()[:3] == [
        "\x1b[1mTitle\x1b[0m",
        "",
        "\x1b[1mMonth, CNY\x1b[0m  \x1b[36m████████········\x1b[0m   50.0%  so far",
    ]
    assert table.ending(report) == "\nthe end\n"
