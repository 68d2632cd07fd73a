"""Returns are negative: what the sheet's name, a line's type, or words and figures that are not read say of them."""

from collections.abc import Sequence
from decimal import Decimal

from channelctl.i18n import _, ngettext
from channelctl.sheets import convert, headings, wording
from channelctl.sheets.problems import MIXED, RETURNS, Flaw
from channelctl.sheets.target import Row, Target
from channelctl.systems.sales.control import Sums
from channelctl.systems.sales.rows_fields import MONEY, RETURNED, Column, first_rows
from channelctl.systems.sales.rows_naming import Naming
from channelctl.systems.sales.rules import is_of_returns, is_return_type, mentions_return

# The figure whose sign says what a line of a sheet of returns is.
_OF_SIGN = ("amount", "amount_taxed", "quantity")
# What turns a word such as 退货 into its contrary.
_NOT = ("未", "非", "不", "无", "否", "no")
# Headings of texts of any sort, of which only those that are types say what a line is.
_FREE_TEXT = ("摘要", "备注", "备注说明", "说明", "remark", "remarks", "note", "notes", "memo", "comment", "comments")


class Returns:
    """Turns what is a return, and watches for words and figures of returns that nobody reads."""

    def __init__(self, target: Target, sums: Sums, return_words: Sequence[str]) -> None:
        self.target = target
        self._sums = sums
        named = target.layout.columns
        self._places = {name: column.index for name, column in named.items()}
        self._return_words = tuple(word.casefold() for word in return_words)
        self._asks_return = "document_type" in named and "退" in named["document_type"].heading
        self._is_text = "document_type" in named and headings.key(named["document_type"].heading) in _FREE_TEXT
        self._is_return: dict[str | None, bool] = {}
        self._turned = 0
        self._signs: list[int] = []
        self._first_of_sign: dict[int, int] = {}
        left = {i: word for i, word in target.layout.unread.items() if i not in target.layout.ignored}
        self._unread = {i: word for i, word in left.items() if is_of_returns(word)}
        others = {named["status"].index: named["status"].heading} if "status" in named else {}
        self._naming = Naming(target)
        self._told = {i: word for i, word in (left | others).items() if not self._naming.all}
        self._said: dict[int, dict[str, int]] = {}
        self._types: dict[object, str] = {}
        free = {i: word for i, word in self._told.items() if headings.key(word) in _FREE_TEXT}
        if self._is_text and not self._naming.all:
            free[named["document_type"].index] = named["document_type"].heading
        self._free = free
        self._mentions: dict[int, list[tuple[int, str]]] = {}

    def look(self, rows: list[Row]) -> None:
        """A column that is headed as returns, and is not read, must hold no figures; said once."""
        for index, word in list(self._unread.items()):
            for number, cells in rows:
                figure = convert.number(cells[index]) if index < len(cells) else None
                if isinstance(figure, Decimal) and figure:
                    text = _("the column {heading} of returns holds figures and is not read")
                    self.target.report(Flaw(RETURNS, text.format(heading=word)), number, "")
                    del self._unread[index]
                    break

    def turn(self, columns: dict[str, Column]) -> None:
        """Returns are negative, however a sheet of returns or a row of the type 退货 writes them."""
        figures = [name for name in ("quantity", *MONEY, *RETURNED) if name != "unit_price" and name in self._places]
        types = columns["document_type"] if "document_type" in self._places and not self._is_text else []
        self._naming.look([(word, self._says_return(word)) for word in {*types} - {None}], self._asks_return)
        if self._naming.all:
            telling = next((name for name in _OF_SIGN if name in self._places), "quantity")
            self._signs = [0 if not value else 1 if value > 0 else -1 for value in columns[telling]]
            for name in figures:
                columns[name] = [None if value is None else -abs(value) for value in columns[name]]
        if "document_type" not in self._places:
            return
        for place, word in enumerate(columns["document_type"]):
            if word is None or not self._says_return(word):
                continue
            turned = False
            for name in figures:
                value = columns[name][place]
                if value is not None and value > 0 and name not in RETURNED:
                    columns[name][place] = -value
                    self._sums.turn(name, -2 * value)
                    turned = True
            self._turned += turned

    def _says_return(self, word: str) -> bool:
        if word not in self._is_return:
            plain = word.casefold()
            said = any(one in plain for one in self._return_words) and not plain.startswith(_NOT)
            said = said and (not self._is_text or is_return_type(plain, self._return_words))
            self._is_return[word] = said or (self._asks_return and convert.flag(word) is True)
        return self._is_return[word]

    def note(self, numbers: Sequence[int | None], rows: Sequence[Row], amounts: Column) -> None:
        """The first line of each sign in a sheet of returns; lines that a word not read calls returns.

        Rows that are no lines have no number, and lines whose returns are taken off already no amount.
        """
        self._naming.note(numbers, self._signs, amounts)
        for number, sign in zip(numbers, self._signs, strict=False):
            if number is not None and sign:
                self._first_of_sign.setdefault(sign, int(number))
        for index in self._free:
            texts = {cells[index] for _number, cells in rows if index < len(cells) and isinstance(cells[index], str)}
            speaking = {one for one in texts if mentions_return(one, self._return_words) and not self._type_of(one)}
            for number, (_row, cells), amount in zip(numbers, rows, amounts, strict=True) if speaking else ():
                cell = cells[index] if index < len(cells) else ""
                if cell in speaking and number is not None and amount is not None and amount > 0:
                    self._mentions.setdefault(index, []).append((int(number), wording.text(cell) or ""))
        for index in [*self._told]:
            words = {cells[index] for _number, cells in rows if index < len(cells)}
            if {*map(type, words)} == {float}:
                del self._told[index]
                continue
            if not any([self._type_of(word) for word in words]):
                continue
            counts = self._said.setdefault(index, {})
            for number, (_row, cells), amount in zip(numbers, rows, amounts, strict=True):
                word = self._types[cells[index]] if index < len(cells) else ""
                if word and number is not None and amount is not None and amount > 0:
                    counts[word] = counts.get(word, 0) + 1

    def _type_of(self, cell: object) -> str:
        """The word of a cell that is nothing but the name of a type of returns, else ""."""
        if cell not in self._types:
            word = wording.text(cell) if isinstance(cell, str) else None
            plain = (word or "").casefold()
            said = bool(word) and not plain.startswith(_NOT) and is_return_type(plain, self._return_words)
            self._types[cell] = word if word and said else ""
        return self._types[cell]

    def say_signs(self) -> None:
        """That a sheet of returns holds both signs."""
        if len(self._first_of_sign) > 1:
            text = _(
                "{where} says returns, and the sheet holds both signs (row {plus} is positive, row {minus} negative):"
                " which are returns cannot be told; --partial books all of them as returns"
            )
            where = self._naming.where()
            said = text.format(where=where, plus=self._first_of_sign[1], minus=self._first_of_sign[-1])
            where = next((name for name in _OF_SIGN if name in self._places), "")
            self.target.report(Flaw(MIXED, said), None, where)

    def say(self, refused: int | None) -> None:
        """How many lines were turned, and how many are called returns by a word that is not read.

        `refused` is the column that is refused for its words: of it nothing more is said.
        """
        if len(self._first_of_sign) < 2:
            self._naming.say(bool(self._turned))
        if count := self._turned:
            text = ngettext(
                "{count} line is a return by its type: booked as negative",
                "{count} lines are returns by their type: booked as negative",
                count,
            )
            self.target.report(Flaw("W112", text.format(count=count)), None, "document_type")
        for index, counts in self._said.items():
            if index == refused or not (count := sum(counts.values())):
                continue
            text = ngettext(
                "{heading} says {word} in {count} line, which is counted as a sale; if it is a return:"
                ' --map "{heading}=document_type"',
                "{heading} says {word} in {count} lines, which are counted as sales; if they are returns:"
                ' --map "{heading}=document_type"',
                count,
            )
            word = max(counts, key=lambda one: counts[one])
            said = text.format(heading=self._told[index], word=word, count=f"{count:,}")
            self.target.report(Flaw("W120", said), None, "")
        for index, found in self._mentions.items():
            text = ngettext(
                "{heading} speaks of a return in {count} line that is counted as a sale (row {rows}: {word});"
                " only a remark that is nothing but the name of a return is read as one",
                "{heading} speaks of returns in {count} lines that are counted as sales (rows {rows}; first: {word});"
                " only a remark that is nothing but the name of a return is read as one",
                len(found),
            )
            rows = first_rows([number for number, _word in found])
            said = text.format(heading=self._free[index], count=f"{len(found):,}", rows=rows, word=found[0][1])
            self.target.report(Flaw("W124", said), found[0][0], "")
