"""Rows whose status says that they are void: none of them comes into the books, which is said."""

from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.policy import section
from channelctl.sheets import headings, wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.credit.load_totals import TotalsLoader
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.sales.rows_fields import first_rows

LEFT_OUT, IN_THE_BOOKS = "W140", "E370"
_HEADINGS = (
    "状态",
    "单据状态",
    "发票状态",
    "票据状态",
    "作废标志",
    "是否作废",
    "status",
    "document status",
    "invoice status",
)
_YES = ("是", "y", "yes", "true", "1", "√")


class VoidLoader(TotalsLoader):
    """Loads records of which a column may say that they are void; one that is in the books must be taken away first."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        known = {headings.key(word) for word in _HEADINGS}
        layout = target.layout
        self._status = [
            (index, "作废" in word)
            for index, word in layout.unread.items()
            if headings.key(word) in known and index not in layout.ignored
        ]
        self._void_words = {word.casefold() for word in section("credit", CreditPolicy).no_document_statuses}
        self._void: list[tuple[int, list[Any]]] = []

    def take(self, number: int, cells: list[Any]) -> None:
        """Read a row, unless it is void."""
        if any(self._says_void(cells, index, flag) for index, flag in self._status):
            self._void.append((number, cells))
            self._leave_out()
        else:
            super().take(number, cells)

    def _says_void(self, cells: list[Any], index: int, flag: bool) -> bool:
        word = (wording.text(cells[index]) or "").casefold() if index < len(cells) else ""
        return word in self._void_words or (flag and word in _YES)

    def finish(self) -> None:
        """Save the records; say which rows were left out, and refuse those whose record is in the books."""
        super().finish()
        left = [number for number, cells in self._void if not self._is_kept(number, cells)]
        self.target.counts.skipped += len(left)
        self.target.counts.rejected += len(self._void) - len(left)
        if left:
            text = ngettext(
                "{count} row (row {rows}) is void by its status: it was left out",
                "{count} rows (rows {rows}) are void by their status: they were left out",
                len(left),
            )
            said = text.format(count=f"{len(left):,}", rows=first_rows(left))
            self.target.report(Flaw(LEFT_OUT, said), None, "number")

    def _is_kept(self, row: int, cells: list[Any]) -> bool:
        """Whether the books have what a row says is void, which is reported."""
        columns = self.target.layout.columns
        words = {
            name: wording.text(cells[columns[name].index])
            for name in ("customer_code", "customer", "number")
            if name in columns and columns[name].index < len(cells)
        }
        resolver, number = self.target.resolver("customer"), words.get("number")
        id_ = resolver.known(words.get("customer_code"), words.get("customer"))
        if number is None or (id_, number) not in self._by_key:
            return False
        code = next(code for code, other in resolver.by_code.items() if other == id_)
        text = _("{number} is void here and in the books there: channelctl {kind} remove {customer} {number}")
        said = text.format(number=number, kind=self.kind.noun, customer=code)
        self.target.report(Flaw(IN_THE_BOOKS, said), row, "number", number)
        return True
