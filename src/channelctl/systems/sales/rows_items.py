"""Columns that say row by row what the figures are: sales, returns and net below each other must not be added up."""

import re
from collections import Counter
from collections.abc import Sequence

from channelctl.i18n import _, listed
from channelctl.sheets import headings, wording
from channelctl.sheets.layout import place
from channelctl.sheets.problems import ITEMS, Flaw, letters
from channelctl.sheets.shapes.shape import Matrix
from channelctl.sheets.target import Row, Target
from channelctl.systems.sales.rows_fields import Column

# What names somebody or something, or tells a line's state, is never the name of a figure.
_OTHERS = (
    "customer", "customer_code", "document", "line_no", "original_document", "date", "status", "rep", "rep_code",
    "office", "office_code", "region",
)  # fmt: skip
_TYPE = re.compile(
    r"(?:正常|销售|客户|减|扣|其中)?(?:销售|销货|提货|出货|发货|出库|进货|退货|退回|退机|销退|返货|红字|红冲|sales?|returns?)单?"
)
_BACK = re.compile(r"退|红|返货|return")
_STATE = re.compile(r"目标|任务|计划|完成|实际|预算|target|plan|actual")
_FIGURE = re.compile(
    r"(?:本[月期年]|其中|减|实际|[不未]?含税|销售|提货|出货|开票|退货|退回|返货|净|总|毛)*"
    r"(?:额|量|净|净[销退]售?|金额|数量|数|台数|件数|销量|收入|成本|毛利|利润|毛利[额率]|利润率|均价|单价|税额|[完达]成率"
    r"|同比|环比|占比|增长率|退货率|回款|返利|折扣|费用|库存)"
    r"|amount|quantity|qty|units|cost|profit|margin|revenue|turnover|net|net (?:sales|amount)"
)


class Items:
    """Watches the texts of a sheet for a column of names of figures; complains once, at the end."""

    def __init__(self, target: Target) -> None:
        self._target = target
        named = target.layout.columns
        self._crossed = isinstance(target.layout.shape, Matrix)
        self._skipped = {named[name].index for name in _OTHERS if name in named}
        self._type = named["document_type"].index if "document_type" in named else None
        self._open: set[int] | None = None
        self._lines = 0
        self._said: dict[int, Counter[str]] = {}
        self._positive: set[int] = set()
        self._names: dict[str, str] = {}

    def look(self, numbers: Sequence[int | None], rows: Sequence[Row], amounts: Column) -> None:
        """A chunk's lines; rows that are no lines have no number. A column that names no figure is left at once."""
        if self._open is not None and not self._open:
            return
        lines = [(cells, amount) for number, (_n, cells), amount in zip(numbers, rows, amounts, strict=True) if number]
        if not lines:
            return
        if self._open is None:
            self._open = set(range(max(len(cells) for cells, _amount in lines))) - self._skipped
        self._lines += len(lines)
        for index in sorted(self._open):
            words = Counter(cells[index] for cells, _amount in lines if index < len(cells))
            names = {word: name for word in words if isinstance(word, str) and (name := self._name(word))}
            if not names:
                self._open.discard(index)
                continue
            said = self._said.setdefault(index, Counter())
            for word, name in names.items():
                said[name] += words[word]
            back = {word for word, name in names.items() if _BACK.search(name)}
            if any(
                index < len(cells) and cells[index] in back and amount is not None and amount > 0
                for cells, amount in lines
            ):
                self._positive.add(index)

    def _name(self, cell: str) -> str:
        if cell not in self._names:
            if len(self._names) > 10_000:
                self._names.clear()
            plain = headings.key(wording.text(cell) or "")
            known = _TYPE.fullmatch(plain) or _STATE.fullmatch(plain) or _FIGURE.fullmatch(plain)
            self._names[cell] = plain if known else ""
        return self._names[cell]

    def say(self) -> int | None:
        """Refuse the first column whose lines are of several figures; its place, None where there is none."""
        for index, said in sorted(self._said.items()):
            if index in (self._open or ()) and self._is_of_figures(index, said):
                text = _(
                    "{column} says row by row what the figures are ({words}), and all of them would be added up: keep"
                    " the rows of one, or put the others into columns beside it"
                )
                words = listed([word for word, _count in said.most_common(4)])
                self._target.report(Flaw(ITEMS, text.format(column=self._called(index), words=words)), None, "")
                return index
        return None

    def _is_of_figures(self, index: int, said: Counter[str]) -> bool:
        """Whether most lines name one of several figures; the types of lines are none where they are read or turned."""
        if len(said) < 2 or 2 * said.total() < self._lines:
            return False
        if any(_FIGURE.fullmatch(name) and not _TYPE.fullmatch(name) for name in said):
            return True
        if not self._crossed or index == self._type:
            return False
        return index in self._positive or any(_STATE.fullmatch(name) for name in said)

    def _called(self, index: int) -> str:
        layout = self._target.layout
        column = next((one for one in layout.columns.values() if one.index == index), None)
        if column is not None:
            return place(column)
        return f"{letters(index)} {layout.unread.get(index, '')}".strip()
