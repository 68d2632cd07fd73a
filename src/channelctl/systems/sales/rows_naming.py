"""What names and titles say of returns, against what the columns and lines of the sheet itself tell."""

import re
from collections.abc import Collection, Sequence

from channelctl.i18n import _, ngettext
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.sales.rows_fields import RETURNED, Column

_SALE = re.compile(r"销|正常|普通|sale|invoice", re.IGNORECASE)


class Naming:
    """Whether all lines are returns by the name (`all`), which a column that tells returns itself overrules."""

    def __init__(self, target: Target) -> None:
        self._target = target
        named = {*target.layout.columns}
        told = ("returned" in named and bool({"amount", "amount_taxed"} & named)) or {"quantity", RETURNED[0]} <= named
        self.all = bool(target.layout.returns) and not told
        self._may = bool(target.layout.may_return) and not named & {*RETURNED}
        self._looked = False
        self._turned = self._negative = self._lines = 0

    def look(self, types: Collection[tuple[str, bool]], asks: bool) -> None:
        """The types of the first lines, each with whether it says return; `asks` is a column such as 是否退货."""
        if self._looked or not types:
            return
        self._looked = True
        told = {says for _word, says in types}
        if asks or len(told) > 1 or any(_SALE.search(word) and not says for word, says in types):
            self.all = self._may = False

    def note(self, numbers: Sequence[int | None], signs: Sequence[int], amounts: Column) -> None:
        """Count the lines by their sign, as written where the name turns them."""
        if self.all:
            self._turned += sum(sign > 0 for number, sign in zip(numbers, signs, strict=False) if number is not None)
        elif self._may:
            kept = [amount for number, amount in zip(numbers, amounts, strict=True) if number is not None and amount]
            self._lines += len(kept)
            self._negative += sum(amount < 0 for amount in kept)

    def where(self) -> str:
        """Where the word stands."""
        layout = self._target.layout
        by = layout.returns or layout.may_return
        if by == "sheet":
            return _("the sheet's name {sheet}").format(sheet=self._target.sheet)
        return _("the title above the headings") if by == "title" else _("the file's name")

    def say(self, turned: bool) -> None:
        """That the name turned lines, or speaks of returns of which no line is one."""
        if self.all and self._turned:
            text = ngettext(
                "{where} says returns: {count} positive line is booked as negative; if it is a sale, change that",
                "{where} says returns: {count} positive lines are booked as negative; if they are sales, change that",
                self._turned,
            )
            said = text.format(where=self.where(), count=f"{self._turned:,}")
            self._target.report(Flaw("W125", said), None, "")
        elif self._may and not turned and self._lines and not self._negative:
            text = ngettext(
                "{where} speaks of returns, and {count} line is counted as a sale; if it is a return, write 退货 into a"
                " column 单据类型 or name the sheet 退货",
                "{where} speaks of returns, and all {count} lines are counted as sales; for those that are returns,"
                " write 退货 into a column 单据类型; if all are, name the sheet 退货",
                self._lines,
            )
            self._target.report(Flaw("W126", text.format(where=self.where(), count=f"{self._lines:,}")), None, "")
