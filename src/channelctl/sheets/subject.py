"""What a sheet is about by the words of its names and headings: a summary of others, payments, stock."""

from collections.abc import Sequence

from channelctl.sheets import headings
from channelctl.sheets.layout import Layout

# Words that say a sheet holds something else, however much its columns look like sales.
_NOT_SALES = (
    "收款",
    "回款",
    "付款",
    "应收",
    "库存",
    "盘点",
    "payment",
    "receipt",
    "receivable",
    "stock",
    "inventory",
    "退款",
)
# What a sheet holds whose name has such a word.
_KINDS = {
    **dict.fromkeys(("收款", "回款", "payment", "receipt"), "payment"),
    **dict.fromkeys(("应收", "receivable"), "receivable"),
}
_SALES = ("销售", "出库", "提货", "发货", "订单", "sale", "order")
_TOTALS = ("汇总", "总表", "合计", "总计", "summary")
_SUMMARY = (*_TOTALS, "目录", "说明", "index", "notes")


def is_summary(name: str) -> bool:
    """Whether a sheet's name says that it sums up the others, or only speaks of them."""
    return bool(_speaks_of(_SUMMARY, [name]))


def is_total_sheet(name: str) -> bool:
    """Whether a sheet's name says that it sums up the others."""
    return bool(_speaks_of(_TOTALS, [name]))


def other(layout: Layout, names: Sequence[str]) -> str:
    """The word by which a sheet is one of payments or stock, not of sales.

    The sheet's own name says most, then the file's; a heading counts only where quantity or amount is missing: an ERP's
    sale lines may well have a column 付款方式.
    """
    for name in reversed(names):
        if word := _speaks_of(_NOT_SALES, [name]):
            return word
        if _speaks_of(_SALES, [name]):
            if name == names[-1]:
                return ""
            break
    if "quantity" in layout.columns and {"amount", "amount_taxed"} & set(layout.columns):
        return ""
    return _speaks_of(_NOT_SALES, list(layout.unread.values()))


def kind_told(word: str, names: Sequence[str]) -> str:
    """The kind that such a word means where it stands in the name of the sheet or file; "" for none."""
    return _KINDS.get(word, "") if _speaks_of((word,), names) else ""


def _speaks_of(words: Sequence[str], texts: Sequence[str]) -> str:
    """The first of the words that stands in one of the texts, else ""."""
    return next((word for text in texts for word in words if word in headings.simplify(text)), "")
