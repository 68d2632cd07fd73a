"""Invoices written a row for each item: their rows add up to one document, where nothing speaks against it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.sheets import headings, wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.credit.load_void import VoidLoader
from channelctl.systems.credit.rules_documents import CREDIT_NOTE, INVOICE
from channelctl.systems.sales.rows_fields import first_rows

TWICE, ADDED = "E302", "W138"
# What a heading speaks of that tells the items of a document from each other, and of what all of it comes to.
_ITEM = (
    "产品", "商品", "品名", "货品", "货物", "物料", "存货", "规格", "型号", "行号", "数量", "单价", "服务名称",
    "项目名称", "item", "product", "sku", "qty", "quantity", "unit price", "line no",
)  # fmt: skip
_WHOLE = ("总额", "合计", "总计", "total")
_FIGURES = ("amount", "tax", "received")
# What rows of one document may not say differently; of the others each adds its own words.
_AGREEING = ("date", "due_date", "terms", "settled_on", "disputed")
_SIDE_BY_SIDE = {"document": "、", "remark": "；"}
Taken = tuple[int, dict[str, Any]]


class ItemLoader(VoidLoader):
    """Loads documents; in a sheet with columns of items, rows with one number, customer and day add up."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._item_columns = [index for index, word in target.layout.unread.items() if _speaks_of(_ITEM, word)]
        self._items: dict[int, tuple[str | None, ...]] = {}
        self._unread: dict[str, int] = {}

    def take(self, number: int, cells: list[Any]) -> None:
        """Read a row; what it says of its item is kept beside it."""
        if self._item_columns:
            filled = (cells[index] if index < len(cells) else "" for index in self._item_columns)
            self._items[number] = tuple(wording.text(cell) for cell in filled)
        taken, void = len(self._taken), len(self._void)
        super().take(number, cells)
        column = self.target.layout.columns.get("number")
        refused = (len(self._taken), len(self._void)) == (taken, void)
        if self._item_columns and refused and column is not None and column.index < len(cells):
            self._unread.setdefault(wording.text(cells[column.index]) or "", number)

    def finish(self) -> None:
        """Save the documents, those of several rows as their sums, and say how many rows went into others."""
        if self._item_columns:
            self._add_up()
        super().finish()

    def _add_up(self) -> None:
        documents: dict[tuple[Any, ...], list[Taken]] = {}
        for taken in self._taken:
            documents.setdefault(self._key(taken[1]), []).append(taken)
        several = [rows for rows in documents.values() if len(rows) > 1]
        by_item = any(len({_signed(values, "amount") for _row, values in rows}) > 1 for rows in several)
        added: list[int] = []
        kept: list[list[Taken]] = []
        for rows in documents.values():
            if self._is_broken(rows):
                continue
            if len(rows) > 1 and by_item and self._agree(rows):
                kept.append([(rows[0][0], _sum(rows))])
                added += [number for number, _values in rows[1:]]
            elif len(rows) == 1 or (not by_item and not self._is_doubtful(rows)):
                kept.append(rows)
        self._taken = [*chain.from_iterable(kept)]
        if added:
            text = ngettext(
                "{count} row (row {rows}) was added to one of the same number, customer and day: an item of it",
                "{count} rows (rows {rows}) were added to others of the same number, customer and day: items of those",
                len(added),
            )
            said = text.format(count=f"{len(added):,}", rows=first_rows(sorted(added)))
            self.target.report(Flaw(ADDED, said), None, "amount")

    def _is_broken(self, rows: Sequence[Taken]) -> bool:
        """Whether a row of the document was refused; then those are that stand beside it."""
        document = rows[0][1]["number"]
        if document not in self._unread:
            return False
        text = _("row {row} holds an item of document {number} that cannot be read: without it the sum would be wrong")
        said = text.format(row=int(self._unread[document]), number=document)
        self._refuse(rows, rows[0][0], said, "number")
        return True

    def _agree(self, rows: Sequence[Taken]) -> bool:
        """Whether rows say the same of their document; else they are refused, all of them."""
        first = rows[0][0]
        for number, field in _disagreeing(rows):
            text = _("row {row} holds document {number} with another {column}")
            label = self.kind.columns["type_" if field == "type" else field].label
            said = text.format(row=int(first), number=rows[0][1]["number"], column=label)
            self._refuse(rows, number, said, field)
            return False
        return True

    def _is_doubtful(self, rows: Sequence[Taken]) -> bool:
        """Whether items have one amount each, which may be that of the whole document; then they are refused."""
        alike = len({self._items[number] for number, _values in rows}) == 1
        column = self.target.layout.columns.get("amount")
        if alike or (column is not None and _speaks_of(_WHOLE, column.heading)):
            return False
        text = _(
            "row {row} holds document {number} with the same amount and another item: if it is the whole document's,"
            " keep one of the rows; if it is each item's, write one row with their sum"
        )
        said = text.format(row=int(rows[0][0]), number=rows[0][1]["number"])
        self._refuse(rows, rows[1][0], said, "number")
        return True

    def _refuse(self, rows: Sequence[Taken], number: int, said: str, field: str) -> None:
        field = "type_" if field == "type" else field
        self.target.report(Flaw(TWICE, said), number, field, dict(rows)[number].get(field.rstrip("_")))
        self.target.counts.rejected += len(rows)


def _disagreeing(rows: Sequence[Taken]) -> Iterator[tuple[int, str]]:
    """The rows that say something else than those before them, each with the field."""
    known: dict[str, Any] = {}
    for number, values in rows:
        for field in _AGREEING:
            if field in values and known.setdefault(field, values[field]) != values[field]:
                yield number, field
        type_ = values.get("type")
        if type_ not in (None, CREDIT_NOTE) and known.setdefault("type", type_) != type_:
            yield number, "type"


def _sum(rows: Sequence[Taken]) -> dict[str, Any]:
    """One document of several rows; a negative item lessens it, and below 0 it is a credit note."""
    whole: dict[str, Any] = {}
    for _number, values in rows:
        for field, value in values.items():
            whole.setdefault(field, value)
    for field, between in _SIDE_BY_SIDE.items():
        words = dict.fromkeys(values[field] for _number, values in rows if field in values)
        if words:
            whole[field] = between.join(words)
    types = [values.get("type") for _number, values in rows]
    sums = {
        field: sum((_signed(values, field) for _number, values in rows), Decimal())
        for field in _FIGURES
        if field in whole
    }
    is_credit = sums["amount"] < 0 or {*types} == {CREDIT_NOTE}
    if any(types):
        said = (one for one in types if one not in (None, CREDIT_NOTE))
        whole["type"] = CREDIT_NOTE if is_credit else next(said, INVOICE)
    return whole | {field: -figure if is_credit else figure for field, figure in sums.items()}


def _signed(values: dict[str, Any], field: str) -> Decimal:
    figure: Decimal = values.get(field, Decimal())
    return -figure if values.get("type") == CREDIT_NOTE else figure


def _speaks_of(words: Sequence[str], heading: str) -> bool:
    plain = headings.simplify(heading)
    return any(word in plain for word in words)
