"""What a sheet is about by the words of its names and headings: a summary of others, payments, stock."""

import re
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
# Words of a name or title by which a sheet without a heading that says so is one of what customers sold on.
_SELL_OUT = (
    *("零售明细", "零售表", "零售数据", "零售上报", "零售日报", "零售周报", "零售月报", "零售统计", "零售台账"),
    *("出货表", "销出表", "销出明细", "实销明细", "实销表", "串号上报", "sell-out", "sellout", "sell out", "sell_out"),
)
_SALES = ("销售", "出库", "提货", "发货", "订单", "sale", "order")
# Columns of a sale line's goods; columns one of which, or two of the others, tell what is owed.
_GOODS = ("product", "product_code", "quantity", "unit_price", "returned_quantity", "returned", "cost", "profit")
_OWED, _OWED_TOO = ("due_date", "outstanding", "settled_on"), ("received", "terms")
_INVOICE = ("发票", "invoice")
_TOTALS = ("汇总", "总表", "合计", "总计", "summary")
# Headings of balances by customer, from the beginning of a time to its end; and of what is owed by how old it is.
_FROM, _TO = ("期初", "上期", "上月", "年初", "opening", "beginning"), ("期末", "本期余额", "closing", "ending")
# Headings of goods: what has an opening and a closing stock is no balance of money.
_GOODS_WORDS = ("型号", "产品型号", "产品", "产品名称", "商品", "商品名称", "品名", "机型", "product", "model", "item")
_AGE = re.compile(
    r"(账龄|帐龄)?\d+\s*[-–—~～至到]\s*\d+\s*(天|日|个?月|days?)?|[>＞]\s*\d+\s*(天|日|days?)?"
    r"|\d+\s*(天|日|个?月|days?)?\s*(以上|以内|及以上|\+)|(over|more than)\s*\d+(\s*days?)?"
)
_SUMMARY = (*_TOTALS, "目录", "说明", "index", "notes")


def is_summary(name: str) -> bool:
    """Whether a sheet's name says that it sums up the others, or only speaks of them."""
    return bool(_speaks_of(_SUMMARY, [name]))


def is_total_sheet(name: str) -> bool:
    """Whether a sheet's name says that it sums up the others."""
    return bool(_speaks_of(_TOTALS, [name]))


def is_of_balances(texts: Sequence[str]) -> bool:
    """Whether headings are those of balances or of an ageing, which sum documents up."""
    if any(headings.simplify(text) in _GOODS_WORDS for text in texts):
        return False
    ages = sum(_AGE.fullmatch(text.strip().casefold()) is not None for text in texts)
    return ages > 1 or bool(_speaks_of(_FROM, texts) and _speaks_of(_TO, texts))


def is_owed(sales: Layout, owed: Layout, names: Sequence[str]) -> bool:
    """Whether a sheet that might be of sales is of what customers owe: no goods, no word of sales, due or open sums."""
    if any(name in sales.columns for name in _GOODS):
        return False
    told = [sales.columns[name].heading for name in ("date", "amount", "amount_taxed") if name in sales.columns]
    if _speaks_of(_SALES, [*names, *told]):
        return False
    strong = {name for name, column in owed.columns.items() if column.matched != "hint"}
    invoice = "number" in strong and bool(_speaks_of(_INVOICE, [owed.columns["number"].heading]))
    return any(name in strong for name in _OWED) or sum(name in strong for name in _OWED_TOO) + invoice > 1


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


def is_of_sell_out(texts: Sequence[str]) -> bool:
    """Whether names and titles say that customers sold on what a sheet lists."""
    return bool(_speaks_of(_SELL_OUT, texts))


def _speaks_of(words: Sequence[str], texts: Sequence[str]) -> str:
    """The first of the words that stands in one of the texts, else ""."""
    return next((word for text in texts for word in words if word in headings.simplify(text)), "")
