"""Packs made by hand: every kind of column, picture and figure in them."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from channelctl.columns import Col
from channelctl.packs import Absent, Pack, Part
from channelctl.report import Figure, Report
from tests.report.rows import LINES, Line, line, report
from tests.report.test_charts import ALL, CURVE

MONEY = Col("净销售额", "Net sales", kind="money")
RATE = Col("达成率", "Achieved", kind="share")
FIGURES = (
    Figure("net_sales", MONEY, D("10118190.73"), D("9800000"), "up", "rank 2 of 13"),
    Figure("achieved", RATE, D("0.873"), D("0.902"), "up"),
    Figure("overdue", Col("逾期", "Overdue", kind="money"), D("5000"), D("4000"), "down"),
    Figure("customers", Col("客户数", "Customers", kind="count"), 78),
)


def listed(count: int, **more: Any) -> Report:
    """A report of as many rows."""
    rows = [line(f"客户{number} & Söhne", rank=number, code=f"C{number:05}") for number in range(1, count + 1)]
    return Report("list", Line, rows, "A list", **more)


def pack(**more: Any) -> Pack:
    """Figures, pictures, sections, a card, a long list, and something left out."""
    parts = (
        Part("lines", "Lines of May", ("tier", "--month", "2024-05"), report(figures=FIGURES, charts=ALL)),
        Part("list", "A long list", ("customer", "list", "city=南京 & Co"), listed(60), most=5),
        Part("lines-2", "One of them", ("customer", "show", "C00001"), report([LINES[0]], card=True, sections={})),
    )
    whole = Pack(
        "month",
        "Month report · 南京 · May 2024",
        parts,
        {"month": "2024-05"},
        (Absent("Stock", ("stock", "cover"), "nothing is counted"),),
        (("Data", "sales to 2024-05-31"), ("Policy", "the defaults")),
    )
    return replace(whole, **more)


def across() -> Part:
    """A part whose table no page that stands upright has room for."""
    wide = replace(listed(3), rows=[line("x", code="C" * 60) for _three in range(3)])
    return Part("across", "Across", ("tier",), wide)


def hostile(text: str) -> Pack:
    """A pack in which everything that can be a text is this one."""
    bad = report(
        [line(text), line(text)],
        charts=[replace(CURVE, title=text, text=text)],
        notes=[text],
        closing=[text],
        figures=[Figure("x", Col(text, text), text, said=text)],
    )
    bad = replace(bad, title=text)
    card = replace(bad, card=True, charts=(), figures=(), sections={})
    parts = (Part("a", text, (text,), bad, most=1), Part("b", text, (text, text), card))
    return Pack("x", text, parts, {}, (Absent(text, (text,), text),), ((text, text),))
