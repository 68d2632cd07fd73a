"""Of an amount, a tax and their sum side by side: where a field is with tax, the sum is read for it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from channelctl.i18n import _
from channelctl.records import Kind
from channelctl.sheets import headings
from channelctl.sheets.layout import TOLD, Column, Layout, place
from channelctl.sheets.problems import letters

OPEN = "W142"
# Headings, in plain form, that say of a figure that it is with tax, and which are those of prices.
_WITH = re.compile(r"价税|(?<![不未])含税|gross|(?<!not)incl|withtax|aftertax")
_PRICE = re.compile(r"单价|价格|(?<!价税)税率|price|rate")
# What says by itself that it is what a customer owes.
_OWED = re.compile(r"应收|欠|未交|due|receivable|outstanding")
_BILLED = re.compile(r"发票|invoice|总额|合计|总计|total")
# Headings that are sums of an amount and its tax where a tax stands beside them.
_SUM = frozenset(
    ("合计", "总计", "总额", "总金额", "合计金额", "金额合计", "发票总额", "开票总额", "total", "totalamount",
     "amounttotal", "invoicetotal", "grandtotal")
)  # fmt: skip
_TAX = re.compile(r"(其中)?(销项)?(增值)?税[额金款]|(增值)?税率%?|(sales|output)?(tax|vat|gst)(amount|rate)?%?")


def settled(
    kind: Kind, columns: Mapping[str, Column], words: Mapping[int, str], left_out: Iterable[int]
) -> tuple[dict[str, Column], list[str]]:
    """The columns with those read that hold sums with tax, and what is to be said of that."""
    found, remarks = dict(columns), []
    for name, column in columns.items():
        if not kind.columns[name].with_tax or column.matched in TOLD or _says(_WITH, column.heading):
            continue
        free = {index: word for index, word in words.items() if index not in {*_indices(columns), *left_out}}
        index = _sum_beside(column, free, bool(_tax_beside(words.values())))
        if index is None:
            continue
        found[name] = replace(
            column, index=index, heading=free[index], matched="alias", factor=_factor(column, free[index])
        )
        text = _("{column} is read, as it is with tax; {other} is not")
        remarks.append(text.format(column=f"{letters(index)} {free[index]}", other=place(column)))
    return found, remarks


def doubtful(layout: Layout) -> str:
    """The field of which a tax beside it leaves open whether it is with tax, "" for none."""
    words = [*(column.heading for column in layout.columns.values()), *layout.unread.values()]
    for name, column in layout.columns.items():
        if not layout.kind.columns[name].with_tax or column.matched in TOLD or not _tax_beside(words):
            continue
        if not any(_says(pattern, column.heading) for pattern in (_WITH, _OWED, _BILLED)):
            return name
    return ""


def _sum_beside(column: Column, words: Mapping[int, str], with_tax: bool) -> int | None:
    """The column that holds the sum with tax of another that does not say that it is one."""
    if _says(_OWED, column.heading):
        return None
    said = [index for index, word in words.items() if _says(_WITH, word) and not _says(_PRICE, word)]
    sums = [index for index, word in words.items() if headings.read(word).key in _SUM] if with_tax else []
    return next(iter([*said, *sums]), None)


def _factor(column: Column, heading: str) -> Decimal | None:
    """The unit of the sum: its own, else that of the sheet, which its column has where its heading names none."""
    own = headings.read(heading).factor or (None if headings.read(column.heading).factor else column.factor)
    return None if own == 1 else own


def _says(pattern: re.Pattern[str], heading: str) -> bool:
    return pattern.search(headings.key(heading)) is not None


def _tax_beside(words: Iterable[str]) -> list[str]:
    return [word for word in words if _TAX.fullmatch(headings.read(word).key)]


def _indices(columns: Mapping[str, Column]) -> set[int]:
    return {column.index for column in columns.values()}
