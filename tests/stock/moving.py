"""Counts, sell-in and sell-out written by tests: what customers had, bought and sold on."""

from collections.abc import Iterable, Sequence

from tests.conftest import Run
from tests.making import sheet

Rows = Iterable[Sequence[object]]


def moved(ch: Run, counted: Rows = (), bought: Rows = (), sold: Rows = (), also: str = "") -> None:
    """Import counts (day, customer, product, units …), sell-in and sell-out (day, customer, product, units, place)."""
    named = {
        "counted": (f"盘点日期 客户编码 型号 库存数量 {also}", counted),
        "bought": ("日期 客户编码 型号 数量 金额", [(*row, 100) for row in bought]),
        "sold": ("零售日期 客户编码 型号 零售数量 销往", [(*row, "")[:5] for row in sold]),
    }
    for name, (headings, rows) in named.items():
        if rows := [*rows]:
            done = ch("import", sheet(name, headings, rows))
            assert done.code == 0, done.err
