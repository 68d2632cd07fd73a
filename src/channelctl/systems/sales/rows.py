"""Rows of a sheet of sales as columns of exact values, and which of the rows are sale lines."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import compress
from typing import Any, NamedTuple

from channelctl import money, policy
from channelctl.i18n import _, ngettext
from channelctl.sheets import convert, headings
from channelctl.sheets.convert import Texts
from channelctl.sheets.failed import EXCEL_ERRORS, excel_error
from channelctl.sheets.problems import MIXED, RETURNS, Flaw
from channelctl.sheets.sections import Sections
from channelctl.sheets.target import Row, Target
from channelctl.systems.sales.control import SUMMED, Sums
from channelctl.systems.sales.rules import SalesPolicy, is_of_returns, is_return_type, tax_rate, without_tax

_MONEY = ("unit_price", "amount", "amount_taxed", "tax", "cost", "profit")
_RETURNED = ("returned_quantity", "returned")
# The figure whose sign says what a line of a sheet of returns is.
_OF_SIGN = ("amount", "amount_taxed", "quantity")
_TEXTS = (
    "document", "line_no", "region", "office_code", "office", "customer_code", "customer", "channel", "class_",
    "market_level", "province", "city", "rep_code", "rep", "first_name", "last_name",
    "product_code", "product", "brand", "category", "document_type", "status", "original_document",
)  # fmt: skip
_FEN = 100
# What turns a word such as 退货 into its contrary.
_NOT = ("未", "非", "不", "无", "否", "no")
# Headings of texts of any sort, of which only those that are types say what a line is.
_FREE_TEXT = ("摘要",)
Column = list[Any]


class Lines(NamedTuple):
    """Sale lines: the sheet row of each, and their columns by field."""

    numbers: list[int]
    columns: dict[str, Column]


class Reader:
    """Reads a sheet's rows a chunk at a time; reports what cannot be read, and what people should know of the rest."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._places = {name: column.index for name, column in target.layout.columns.items()}
        self._texts = {name: Texts() for name in _TEXTS if name in self._places and name != "document"}
        limits = policy.section("sales", SalesPolicy)
        self.no_sale = frozenset(limits.no_sale_statuses)
        self._return_words = tuple(word.casefold() for word in limits.return_words)
        named = target.layout.columns
        self._asks_return = "document_type" in named and "退" in named["document_type"].heading
        taxed = ["税" in named[name].heading for name in ("unit_price", "amount") if name in named]
        self._is_text = "document_type" in named and headings.key(named["document_type"].heading) in _FREE_TEXT
        self._same_tax = len(taxed) == 2 and taxed[0] == taxed[1]
        self._net = {name for name in ("amount", "quantity") if name in named and _is_net(named[name].heading)}
        factors = {name: named[name].factor for name in SUMMED if name in named}
        self._sums = Sums(factors, self.no_sale)
        self._return_sign = 0
        self._unequal = self._turned = self._deducted = self._by_rate = 0
        self._first_rounded: tuple[str, Any] | None = None
        self._is_return: dict[str | None, bool] = {}
        self._signs: list[int] = []
        self._first_of_sign: dict[int, int] = {}
        self._sections = Sections(target)
        left = target.layout.unread.items()
        self._unread = {i: word for i, word in left if i not in target.layout.ignored and is_of_returns(word)}

    def read(self, rows: list[Row]) -> Lines:
        """Convert and judge a chunk: the rows that are sale lines, and can be read."""
        cells = [row for _number, row in rows]
        numbers = [number for number, _row in rows]
        columns, flaws, suspects, rounded = self._convert(cells)
        statuses = columns["status"] if "status" in self._places else None
        written = {name: columns[name] for name in self._sums.whole}
        columns = self._amounts(dict(columns), flaws, suspects)
        self._look_at_returns(rows)
        keep = [True] * len(rows)
        start = 0
        for place in sorted(suspects | set(flaws)):
            self._sums.add(written, start, place, statuses)
            start = place
            verdict = self._judge(cells[place], columns, written, place, flaws.get(place))
            if verdict is None:
                continue
            keep[place] = False
            if verdict in ("heading", "note", "error"):
                self.target.refuse_another(numbers[place], cells[place])
            if verdict == "note":
                self._sections.see(numbers[place], [word for cell in cells[place] if (word := convert.text(cell))])
            if verdict == "total":
                self._check_total(numbers[place], cells[place], written, place)
            if verdict == "error":
                self._refuse(numbers[place], cells[place], flaws[place])
                continue
            start = place + 1
            if verdict != "blank":
                self.target.counts.skipped += 1
        self._sums.add(written, start, len(rows), statuses)
        for name, places, raw in rounded:
            self._note_rounding([place for place in places if keep[place]], name, raw)
        self._note_signs([number if kept else None for number, kept in zip(numbers, keep, strict=True)])
        if not all(keep):
            columns = {name: list(compress(values, keep)) for name, values in columns.items()}
            numbers = list(compress(numbers, keep))
        if numbers:
            self._sections.pass_line(numbers[-1])
        return Lines(numbers, columns)

    def _look_at_returns(self, rows: list[Row]) -> None:
        """A column that is headed as returns, and is not read, must hold no figures; said once."""
        for index, word in list(self._unread.items()):
            for number, cells in rows:
                figure = convert.number(cells[index]) if index < len(cells) else None
                if isinstance(figure, Decimal) and figure:
                    text = _("the column {heading} of returns holds figures and is not read")
                    self.target.report(Flaw(RETURNS, text.format(heading=word)), number, "")
                    del self._unread[index]
                    break

    def _column(self, cells: Sequence[list[Any]], name: str) -> Column | None:
        index = self._places.get(name)
        if index is None:
            return None
        try:
            return [row[index] for row in cells]
        except IndexError:
            return [row[index] if index < len(row) else "" for row in cells]

    def _convert(
        self, cells: Sequence[list[Any]]
    ) -> tuple[dict[str, Column], dict[int, dict[str, Flaw]], set[int], list[tuple[str, list[int], Column]]]:
        """The chunk's columns as values; flaws by row and field; rows that may be no sale line; what was rounded."""
        count = len(cells)
        columns: dict[str, Column] = {}
        flaws: dict[int, dict[str, Flaw]] = {}
        suspects: set[int] = set()
        all_rounded: list[tuple[str, list[int], Column]] = []
        dates, raw_dates = self.target.dates, self._column(cells, "date") or []
        columns["date"] = [dates[cell] for cell in raw_dates]
        if None in columns["date"]:
            for place, day in enumerate(columns["date"]):
                if day is None:
                    suspects.add(place)
                    flaw = dates.flaws.get(raw_dates[place]) or Flaw("E201", _("the date is blank"))
                    flaws.setdefault(place, {})["date"] = flaw
        for name in ("quantity", *_MONEY, *_RETURNED):
            raw = self._column(cells, name)
            if raw is None:
                columns[name] = [None] * count
                continue
            factor = self.target.layout.columns[name].factor
            columns[name], bad, rounded = convert.units(raw, factor)
            for place, flaw in bad.items():
                flaws.setdefault(place, {})[name] = flaw
            if rounded:
                all_rounded.append((name, rounded, raw))
        for name in _TEXTS:
            raw = self._column(cells, name)
            if raw is None:
                columns[name] = [None] * count
                continue
            if name == "document":
                columns[name] = values = convert.texts(raw)
                failed = not EXCEL_ERRORS.isdisjoint(values)
            else:
                texts = self._texts[name]
                columns[name] = values = [texts[cell] for cell in raw]
                failed = bool(texts.errors)
                if texts.totals:
                    suspects.update(place for place, value in enumerate(values) if value in texts.totals)
            for place, value in enumerate(values) if failed else ():
                if value is not None and value in EXCEL_ERRORS:
                    flaws.setdefault(place, {})[name] = excel_error(value)
        self._turn(columns)
        columns["tax_rate"] = self._rates(cells, flaws) if "tax_rate" in self._places else [None] * count
        if self.target.layout.office:
            columns["office"] = [self.target.layout.office] * count
        named = [columns[name] for name in ("customer_code", "customer", "product_code", "product", "document")]
        if all(None in column for column in named):
            suspects.update(place for place, names in enumerate(zip(*named, strict=True)) if not any(names))
        return columns, flaws, suspects, all_rounded

    def _rates(self, cells: Sequence[list[Any]], flaws: dict[int, dict[str, Flaw]]) -> list[Decimal | None]:
        """Tax rates as fractions; only where one is needed is it a flaw that it cannot be read."""
        rates: list[Decimal | None] = []
        for cell in self._column(cells, "tax_rate") or ():
            bare = cell.strip().rstrip("%％") if isinstance(cell, str) else cell
            figure = convert.number(bare)
            percent = isinstance(cell, str) and bare != cell.strip()
            known = figure / 100 if percent and isinstance(figure, Decimal) else figure
            rates.append(tax_rate(known) if isinstance(known, Decimal) else None)
        return rates

    def _turn(self, columns: dict[str, Column]) -> None:
        """Returns are negative, however a sheet of returns or a row of the type 退货 writes them."""
        figures = [name for name in ("quantity", *_MONEY, *_RETURNED) if name != "unit_price" and name in self._places]
        if self.target.layout.returns:
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
                if value is not None and value > 0 and name not in _RETURNED:
                    columns[name][place] = -value
                    self._sums.turn(name, -2 * value)
                    turned = True
            self._turned += turned

    def _note_signs(self, numbers: Sequence[int | None]) -> None:
        """In a sheet of returns, the first line of each sign; the rows that are none are left out of the numbers."""
        for number, sign in zip(numbers, self._signs, strict=False):
            if number is not None and sign:
                self._first_of_sign.setdefault(sign, int(number))

    def _says_return(self, word: str) -> bool:
        if word not in self._is_return:
            plain = word.casefold()
            said = any(one in plain for one in self._return_words) and not plain.startswith(_NOT)
            said = said and (not self._is_text or is_return_type(plain, self._return_words))
            self._is_return[word] = said or (self._asks_return and convert.flag(word) is True)
        return self._is_return[word]

    def _amounts(
        self, columns: dict[str, Column], flaws: dict[int, dict[str, Flaw]], suspects: set[int]
    ) -> dict[str, Column]:
        """With the amount without tax: given, else taxed − tax, else taxed, else quantity × price; cost from profit."""
        amounts, taxed, taxes = list(columns["amount"]), columns["amount_taxed"], columns["tax"]
        quantities, prices = columns["quantity"], columns["unit_price"]
        paid = self._paid(columns)
        made = {"quantity"} if "returned_quantity" in self._places else set()
        if None in amounts:
            made.add("amount")
            for place, amount in enumerate(amounts):
                if amount is not None:
                    continue
                rate = columns["tax_rate"][place]
                if taxed[place] is not None:
                    amounts[place] = taxed[place] - (taxes[place] or 0)
                    if taxes[place] is None and rate is not None:
                        amounts[place] = without_tax(taxed[place], rate)
                        self._by_rate += place not in suspects
                elif paid[place] is not None and prices[place] is not None and "amount" not in flaws.get(place, {}):
                    amounts[place] = _product(paid[place], prices[place])
                elif columns["returned"][place] is not None:
                    amounts[place] = 0
                else:
                    flaws.setdefault(place, {}).setdefault("amount", Flaw("E201", _("the amount is blank")))
        if self._same_tax and "quantity" in self._places:
            for place, (amount, quantity, price) in enumerate(zip(amounts, quantities, prices, strict=True)):
                if (
                    amount is not None
                    and quantity is not None
                    and price is not None
                    and abs(quantity * price - amount * 10_000) > 10_000 * _FEN
                    and place not in suspects
                ):
                    self._unequal += 1
        columns["amount"] = amounts
        self._deduct(columns, suspects)
        profits = columns.pop("profit")
        if "profit" in self._places and "cost" not in self._places:
            columns["cost"] = [
                None if profit is None or amount is None else amount - profit
                for amount, profit in zip(columns["amount"], profits, strict=True)
            ]
            made.add("cost")
        made |= {"amount", "amount_taxed"} if "returned" in self._places else set()
        for name in made:
            _check_size(columns[name], name, flaws)
        return columns

    def _paid(self, columns: Mapping[str, Column]) -> Column:
        """The quantities that a price makes amounts of: without what came back, where only its quantity is known."""
        quantities, returned = columns["quantity"], columns["returned_quantity"]
        if "returned_quantity" not in self._places or "returned" in self._places or "quantity" in self._net:
            return quantities
        sign = self._return_sign = self._return_sign or next((1 if value > 0 else -1 for value in returned if value), 0)
        return [(own or 0) - sign * back if back else own for own, back in zip(quantities, returned, strict=True)]

    def _deduct(self, columns: dict[str, Column], suspects: set[int]) -> None:
        """Take returns that stand in columns of their own off; a column of net sales has them off already."""
        targets: dict[str, tuple[str, ...]] = {"returned_quantity": ("quantity",), "returned": ("amount",)}
        if "amount" not in self._places:
            targets["returned"] = ("amount", "amount_taxed") if "amount_taxed" in self._places else ("amount",)
        for name, into in targets.items():
            if name not in self._places or into[0] in self._net:
                continue
            returned = columns[name]
            if not self._return_sign:
                self._return_sign = next((1 if value > 0 else -1 for value in returned if value), 0)
            for field in into:
                columns[field] = values = list(columns[field])
                for place, value in enumerate(returned):
                    if value:
                        values[place] = (values[place] or 0) - self._return_sign * value
            if name == "returned":
                self._deducted += sum(1 for place, value in enumerate(returned) if value and place not in suspects)

    def _note_rounding(self, places: list[int], name: str, raw: Column) -> None:
        self._sums.rounded += len(places)
        if places and self._first_rounded is None:
            self._first_rounded = (name, raw[places[0]])

    # -- rows that are no sale lines ---------------------------------------------------------------------------------

    def _judge(
        self,
        cells: list[Any],
        columns: Mapping[str, Column],
        written: Mapping[str, Column],
        place: int,
        flaws: Mapping[str, Flaw] | None,
    ) -> str | None:
        """None for a sale line, else why it is none: blank, total, heading, note, error."""
        words = [word for cell in cells if isinstance(cell, str) and (word := convert.text(cell))]
        if not words and all(cell == "" for cell in cells):
            return "blank"
        dated = columns["date"][place] is not None
        if self._is_total(words, columns, place, dated):
            return "total"
        if not flaws:
            return None
        heading = [
            headings.key(convert.text(cells[column.index]) or "") == headings.key(column.heading)
            for column in self.target.layout.columns.values()
            if column.index < len(cells)
        ]
        if sum(heading) * 2 > len(heading):
            return "heading"
        if convert.is_unreadable(words, [flaw.code for flaw in flaws.values()], flaws.get("date")):
            return "error"
        figures = columns["amount"][place] is not None or columns["quantity"][place] is not None
        if not figures and ((not dated and len(words) <= 3) or convert.is_signature(words[0] if words else "")):
            return "note"
        named = ("customer_code", "customer", "document", "product")
        blank = all(columns[name][place] is None for name in named)
        if not dated and "date" in flaws and flaws["date"].code == "E201" and figures and blank:
            if not columns["amount"][place] and not columns["quantity"][place]:
                return "note"
            said = {name: values[place] for name, values in written.items() if values[place] is not None}
            if any(self._sums.is_sum(name, said[name]) for name in _telling(said)):
                return "total"
        return "error"

    def _is_total(self, words: Sequence[str], columns: Mapping[str, Column], place: int, dated: bool) -> bool:
        """Whether a label says so, and no day with a customer or document says otherwise (Total sells oil)."""
        read = [columns[name][place] for name in _TEXTS]
        if not any(convert.is_total(word) for word in (*words[:2], *filter(None, read))):
            return False
        own = [columns[name][place] for name in ("customer_code", "customer", "document")]
        if not dated:
            return True
        if any(name is not None and not convert.is_total(name) for name in own):
            return False
        return own[0] is None or self.target.resolver("customer").of_code(own[0]) is None

    def _check_total(self, number: int, cells: list[Any], written: Mapping[str, Column], place: int) -> None:
        """A row that sums up the sheet or a part of it must say what the rows above add up to, voided ones or not."""
        labels = [word for cell in cells if isinstance(cell, str) and (word := convert.text(cell))]
        said = {
            name: (cells[self._places[name]], values[place])
            for name, values in written.items()
            if values[place] is not None
        }
        for name, flaw in self._sums.check(number, labels, said):
            self.target.report(flaw, number, name, said[name][0])
        self._sums.close_part()

    def _refuse(self, number: int, cells: list[Any], flaws: Mapping[str, Flaw]) -> None:
        self.target.counts.rejected += 1
        self._sums.lose(flaws)
        for name, flaw in flaws.items():
            index = self._places.get(name)
            self.target.report(flaw, number, name, cells[index] if index is not None and index < len(cells) else "")

    def finish(self) -> None:
        """Check the totals that stand above their rows, and say what a person should know of the figures."""
        report, counts = self.target.report, self.target.counts
        for number, name, flaw in self._sums.finish():
            report(flaw, number, name)
        if len(self._first_of_sign) > 1:
            text = _(
                "the sheet is named for returns and holds both signs (row {plus} is positive, row {minus} negative):"
                " which are returns cannot be told; --partial books all of them as returns"
            )
            said = text.format(plus=self._first_of_sign[1], minus=self._first_of_sign[-1])
            report(Flaw(MIXED, said), None, next((name for name in _OF_SIGN if name in self._places), ""))
        read = {"amount", "amount_taxed", "returned"} & set(self._places)
        if not read and counts.rows:
            report(Flaw("W106", _("no amount column was read: amounts are quantity × price")), None, "unit_price")
        if count := self._turned:
            text = ngettext(
                "{count} line is a return by its type: booked as negative",
                "{count} lines are returns by their type: booked as negative",
                count,
            )
            report(Flaw("W112", text.format(count=count)), None, "document_type")
        if count := self._deducted:
            text = ngettext(
                "{count} line with a return in a column of its own: taken off the amount",
                "{count} lines with returns in a column of their own: taken off the amounts",
                count,
            )
            report(Flaw("W112", text.format(count=count)), None, "returned")
        if count := self._by_rate:
            text = ngettext(
                "{count} amount without tax worked out from the tax rate, to the fen",
                "{count} amounts without tax worked out from the tax rate, to the fen",
                count,
            )
            report(Flaw("W114", text.format(count=count)), None, "tax_rate")
        if self._first_rounded:
            count, (name, cell) = self._sums.rounded, self._first_rounded
            text = ngettext("{count} figure rounded to 1/10,000", "{count} figures rounded to 1/10,000", count)
            report(Flaw("W101", text.format(count=count)), None, name, cell)
        if count := self._unequal:
            text = ngettext(
                "{count} line whose amount is not quantity × price",
                "{count} lines whose amount is not quantity × price",
                count,
            )
            report(Flaw("W104", text.format(count=count)), None, "amount")


def _telling(said: Mapping[str, int]) -> list[str]:
    """The columns by which a row without a label is known as a total: an amount, and only without any a quantity."""
    amounts = [name for name in said if "quantity" not in name]
    return amounts or list(said)


def _is_net(heading: str) -> bool:
    """Whether a column of amounts says that returns are off already."""
    plain = headings.key(heading)
    return "净" in plain or plain == "netsales"


def _check_size(values: Sequence[int | None], name: str, flaws: dict[int, dict[str, Flaw]]) -> None:
    """A figure worked out from others can be too large where none of them is."""
    if max(map(abs, filter(None, values)), default=0) <= convert.LARGEST:
        return
    for place, value in enumerate(values):
        if value is not None and abs(value) > convert.LARGEST:
            said = money.show(money.from_units(value))
            flaws.setdefault(place, {})[name] = Flaw("E205", _("{value} is too large").format(value=said))


def _product(quantity: int, price: int) -> int:
    """Quantity × price in 1/10,000, half away from zero."""
    exact = abs(quantity * price)
    whole = (exact + 5_000) // 10_000
    return whole if quantity * price >= 0 else -whole
