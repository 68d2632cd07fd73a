"""What the figures of a sheet measure: amounts or quantities, in which unit; said by a heading, a title or a name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from channelctl.columns import Col
from channelctl.records import Kind, kinds
from channelctl.sheets import headings
from channelctl.sheets.layout import Layout, Merged, Unrecognised
from channelctl.sheets.naming import factor_of, named, target_field
from channelctl.sheets.shapes import spans

if TYPE_CHECKING:
    from channelctl.sheets.suggesting.known import Known

FIGURES = ("amount", "amount_taxed", "quantity", "unit_price", "cost", "tax", "profit")
# Figures that are taken off those of the same time.
RETURNED = ("returned", "returned_quantity")
ACROSS = (*FIGURES, *RETURNED)
_PIECES = "台部件个只套箱吨支包瓶张"
_WORDS = {"元": "amount", "人民币": "amount", "额": "amount", "销额": "amount", "量": "quantity", "销": ""}
_AMOUNT = re.compile(
    r"金额|销售额|销额|销售收入|营业额|提货额|进货额|出货额|开票额|净额|[百千万亿]元|单位[:：]?.{0,6}元|[(\[]元[)\]]|人民币|rmb|cny"
    r"|amount|revenue|turnover|net sales"
)
_QUANTITY = re.compile(
    rf"数量|销量|销售量|提货量|出货量|进货量|台数|件数|单位[:：].{{0,4}}[{_PIECES}]|[(\[][万千]?[{_PIECES}][)\]]|quantity|qty|units"
)
_PLAIN = frozenset(("销售", "销货", "正常销售", "提货", "出货", "发货", "进货"))
_BACK = re.compile(
    r"(?:减|扣|其中)?(?:销售)?(?:退货|退回|退机|销退|返货|红冲|冲红|returns?)(额|金额)?(数量?|量|台数|件数)?"
)
_UNNAMED = re.compile(r"(?:sheet|工作表)?\d*")
_TAXED = re.compile(r"(?<![不未无])含税")
_TARGETS = re.compile(r"目标|任务|计划|规划|预算|指标|预测|target|plan|budget|forecast|quota")
_ACTUAL = re.compile(r"完成|实际|达成|actual")
_SALES = re.compile(r"销售|销量|销额|出库|提货|发货|出货|进货|订单|营业|业绩|sale|sold|order|revenue|turnover")
_SALES_FIGURE = re.compile(
    r"销售额|销量|销售金额|销售收入|提货额|营业额|sales (?:amount|value|volume)|net sales|revenue"
)
_NO_SALES = re.compile(
    r"成本|费用|开支|毛利|利润|工资|薪|奖金|提成|返利|返点|价格|报价|价目|折扣|回款|收款|付款|应收|应付|库存|盘点|退款"
    r"|cost|expense|profit|margin|price|salary|bonus|commission|rebate|discount|payment|receipt|receivable|stock|inventory"
)


class Measure(NamedTuple):
    """A field of figures, and what they are multiplied by; `is_open` where 退货 may be amounts or quantities."""

    field: str
    factor: Decimal | None
    is_open: bool = False


@dataclass(frozen=True)
class Seen:
    """The first rows of a sheet and all that is known of it; `found` is what it was taken for as a list."""

    rows: Sequence[Sequence[Any]]
    found: Layout | Unrecognised
    mapping: Mapping[str, str] = field(default_factory=dict)
    wanted: str | None = None
    names: Sequence[str] = ()
    merged: Merged = ()
    known: "Known | None" = None

    @cached_property
    def products(self) -> frozenset[str]:
        """The names and codes of products there are."""
        return self.known["product"] if self.known is not None else frozenset()

    @property
    def kind(self) -> Kind:
        """Sales: nothing else comes in such shapes."""
        return kinds()["sales"]

    @cached_property
    def told(self) -> Mapping[str, str]:
        """Plain heading -> field, as --map says."""
        return {
            headings.key(word): "-" if target == "-" else target_field(self.kind, target)
            for word, target in self.mapping.items()
        }

    @property
    def is_unnamed(self) -> bool:
        """Whether the sheet has no name of its own, as the one of a CSV."""
        return not self.names or not _UNNAMED.sub("", headings.simplify(self.names[-1]))

    def texts(self, row: int) -> list[str]:
        """The titles above a row, the sheet's name and the file's, nearest first."""
        return [
            *reversed(spans.spoken(self.rows[:row])),
            *(name for name in reversed(self.names) if name),
        ]

    def title_factor(self, row: int) -> Decimal | None:
        """The unit that a title above a row sets for amounts."""
        return next((factor for factor in reversed(self._title_factors[: max(row, 0)]) if factor), None)

    @cached_property
    def _title_factors(self) -> list[Decimal | None]:
        return [headings.title_factor(list(cells)) for cells in self.rows]

    def speaks_of(self, row: int, words: Iterable[str]) -> str:
        """What titles, names, then headings say the figures are: "sales", "other" (targets, costs …), "" for open."""
        if self.wanted == "sales" or {*FIGURES} & {*self.told.values()}:
            return "sales"
        for text in map(headings.simplify, self.texts(row)):
            target = _TARGETS.search(text) and not _ACTUAL.search(text)
            if (target or _NO_SALES.search(text)) and (target or not _SALES_FIGURE.search(text)):
                return "other"
            if _SALES.search(text):
                return "sales"
        return "sales" if any(_SALES.search(headings.simplify(word)) for word in words) else ""


def of_heading(kind: Kind, word: str, title: Decimal | None = None) -> Measure | None:
    """What the figures under a heading are, None where it does not say: 金额, 销量(台), 万元."""
    heading = headings.read(word)
    is_open = False
    if not heading.key or heading.key in _PIECES or heading.key in _WORDS:
        unit = heading.unit or heading.key
        name = _WORDS.get(unit) or ("quantity" if unit[-1:] in tuple(_PIECES) else "amount" if heading.factor else "")
    elif not (name := named(kind, word)) and (back := _BACK.fullmatch(heading.key)):
        counted = bool(back[2]) or heading.unit[-1:] in tuple(_PIECES)
        name = "returned_quantity" if counted else "returned"
        is_open = not (counted or back[1] or heading.unit)
    return Measure(name, factor_of(kind.columns[name], name, heading, title), is_open) if name in ACROSS else None


def is_sales(word: str) -> bool:
    """Whether a heading says no more than that its figures are sales: 销售 beside 退货."""
    return headings.key(word) in _PLAIN


def is_net(word: str) -> bool:
    """Whether a heading says that returns are off its figures already: 净额, 净销售额."""
    plain = headings.key(word)
    return "净" in plain or plain.endswith("netsales")


def said(texts: Sequence[str]) -> str:
    """The field that the first text with any names: amount, amount_taxed, quantity; "both" or "" where it is open."""
    for text in texts:
        plain = headings.simplify(text)
        amount, quantity = bool(_AMOUNT.search(plain)), bool(_QUANTITY.search(plain))
        if amount and quantity:
            return "both"
        if amount:
            return "amount_taxed" if _TAXED.search(plain) else "amount"
        if quantity:
            return "quantity"
    return ""


def factor(col: Col, name: str, title: Decimal | None) -> Decimal | None:
    """What figures are multiplied by whose heading names no unit."""
    return factor_of(col, name, headings.read(""), title)
