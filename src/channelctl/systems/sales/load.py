"""Sale lines from a sheet, a chunk of columns at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any

from channelctl import db, money, policy
from channelctl.i18n import _, listed, ngettext
from channelctl.sheets import convert, headings
from channelctl.sheets.convert import Texts
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Row, Target
from channelctl.systems.customers.rules import tidy
from channelctl.systems.sales import store
from channelctl.systems.sales.rules import SalesPolicy, identity, is_grand_total
from channelctl.systems.sales.store import LINE

_MONEY = ("unit_price", "amount", "amount_taxed", "tax", "cost", "profit")
_TEXTS = (
    "document", "line_no", "region", "office_code", "office", "customer_code", "customer", "channel", "class_",
    "market_level", "province", "city", "rep_code", "rep", "first_name", "last_name",
    "product_code", "product", "brand", "category", "status",
)  # fmt: skip
_STORED = (
    "batch_id", "sheet_id", "row_no", "date", "document", "line_no",
    "region_id", "office_id", "customer_id", "rep_id", "product_id",
    "quantity", "unit_price", "amount", "amount_taxed", "tax", "cost", "status", "line_key", "content_key",
)  # fmt: skip
_FEN = 100
Column = list[Any]


class Loader:
    """Loads sale lines: the same line again is left, one with the same document and line number is a new version."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._places = {name: column.index for name, column in target.layout.columns.items()}
        self._texts = {name: Texts() for name in _TEXTS if name in self._places and name != "document"}
        self._overlap = store.has_lines(target.session, target.batch_id)
        self._indexes = db.take_indexes(target.session, LINE)
        self._keys: set[int] = set()
        self._used: set[int] = set()
        self._no_sale = frozenset(policy.section("sales", SalesPolicy).no_sale_statuses)
        named = target.layout.columns
        taxed = ["税" in named[name].heading for name in ("unit_price", "amount") if name in named]
        self._same_tax = len(taxed) == 2 and taxed[0] == taxed[1]
        self._since_total = self._pieces = self._rounded = self._unequal = 0
        self._first_rounded: tuple[int, str, Any] | None = None
        self._ids: dict[str, dict[tuple[str | None, ...], Any]] = {}
        self._numbers: list[int] = []

    # -- a chunk -----------------------------------------------------------------------------------------------------

    def add(self, rows: list[Row]) -> None:
        """Convert, judge and store a chunk."""
        cells = [row for _number, row in rows]
        numbers = [number for number, _row in rows]
        columns, flaws, suspects = self._convert(cells)
        keep = [True] * len(rows)
        net, whole = columns["amount"], self.target.counts.all_units
        start = 0
        for place in sorted(suspects | set(flaws)):
            between = sum(n for n, k in zip(net[start:place], keep[start:place], strict=True) if k and n is not None)
            self._since_total += between
            whole += between
            start = place
            verdict = self._judge(cells[place], columns, place, flaws.get(place), whole)
            if verdict is None:
                continue
            keep[place] = False
            start = place + 1
            if verdict == "total":
                self._check_total(numbers[place], cells[place], columns, place, keep, whole)
                self._since_total = 0
            if verdict == "error":
                self._refuse(numbers[place], cells[place], flaws.get(place) or {})
            elif verdict != "blank":
                self.target.counts.skipped += 1
        self._since_total += sum(n for n, k in zip(net[start:], keep[start:], strict=True) if k and n is not None)
        if "amount" not in self._places:
            self._pieces = self._pieces_above(columns, len(rows))
        if not all(keep):
            columns = {name: list(compress(values, keep)) for name, values in columns.items()}
            numbers = list(compress(numbers, keep))
        if numbers:
            self._store(numbers, columns)

    def _column(self, cells: Sequence[list[Any]], name: str) -> Column | None:
        index = self._places.get(name)
        if index is None:
            return None
        try:
            return [row[index] for row in cells]
        except IndexError:
            return [row[index] if index < len(row) else "" for row in cells]

    def _convert(self, cells: Sequence[list[Any]]) -> tuple[dict[str, Column], dict[int, dict[str, Flaw]], set[int]]:
        """The chunk's columns as values; flaws by row and field; rows that may be no sale line at all."""
        count = len(cells)
        columns: dict[str, Column] = {}
        flaws: dict[int, dict[str, Flaw]] = {}
        suspects: set[int] = set()
        dates, raw_dates = self.target.dates, self._column(cells, "date") or []
        columns["date"] = [dates[cell] for cell in raw_dates]
        if None in columns["date"]:
            for place, day in enumerate(columns["date"]):
                if day is None:
                    suspects.add(place)
                    flaw = dates.flaws.get(raw_dates[place]) or Flaw("E201", _("the date is blank"))
                    flaws.setdefault(place, {})["date"] = flaw
        for name in ("quantity", *_MONEY):
            raw = self._column(cells, name)
            if raw is None:
                columns[name] = [None] * count
                continue
            factor = self.target.layout.columns[name].factor
            columns[name], bad, rounded = convert.units(raw, factor)
            for place, flaw in bad.items():
                flaws.setdefault(place, {})[name] = flaw
            if rounded:
                self._note_rounding(rounded, name, raw)
        for name in _TEXTS:
            raw = self._column(cells, name)
            if raw is None:
                columns[name] = [None] * count
                continue
            if name == "document":
                columns[name] = values = [convert.text(cell) for cell in raw]
                failed = not convert.EXCEL_ERRORS.isdisjoint(values)
            else:
                texts = self._texts[name]
                columns[name] = values = [texts[cell] for cell in raw]
                failed = bool(texts.errors)
                if texts.totals:
                    suspects.update(place for place, value in enumerate(values) if value in texts.totals)
            for place, value in enumerate(values) if failed else ():
                if value in convert.EXCEL_ERRORS:
                    flaws.setdefault(place, {})[name] = convert.excel_error(value)
        if self.target.layout.returns:
            for name in ("quantity", *_MONEY):
                if name != "unit_price":
                    columns[name] = [None if value is None else -abs(value) for value in columns[name]]
        if self.target.layout.office:
            columns["office"] = [self.target.layout.office] * count
        self._amounts(columns, flaws)
        named = [columns[name] for name in ("customer_code", "customer", "product_code", "product", "document")]
        if all(None in column for column in named):
            suspects.update(place for place, names in enumerate(zip(*named, strict=True)) if not any(names))
        return columns, flaws, suspects

    def _note_rounding(self, places: list[int], name: str, raw: Column) -> None:
        self._rounded += len(places)
        if self._first_rounded is None:
            self._first_rounded = (places[0], name, raw[places[0]])

    def _amounts(self, columns: dict[str, Column], flaws: dict[int, dict[str, Flaw]]) -> None:
        """The amount without tax: given, else taxed − tax, else taxed, else quantity × price; cost from profit."""
        amounts, taxed, taxes = columns["amount"], columns["amount_taxed"], columns["tax"]
        quantities, prices = columns["quantity"], columns["unit_price"]
        if None in amounts:
            for place, amount in enumerate(amounts):
                if amount is not None:
                    continue
                if taxed[place] is not None:
                    amounts[place] = taxed[place] - (taxes[place] or 0)
                elif (
                    quantities[place] is not None and prices[place] is not None and "amount" not in flaws.get(place, {})
                ):
                    amounts[place] = _product(quantities[place], prices[place])
                else:
                    flaws.setdefault(place, {}).setdefault("amount", Flaw("E201", _("the amount is blank")))
        elif self._same_tax and "quantity" in self._places:
            for amount, quantity, price in zip(amounts, quantities, prices, strict=True):
                if (
                    quantity is not None
                    and price is not None
                    and abs(quantity * price - amount * 10_000) > 10_000 * _FEN
                ):
                    self._unequal += 1
        profits = columns.pop("profit")
        if "profit" in self._places and "cost" not in self._places:
            columns["cost"] = [
                None if profit is None or amount is None else amount - profit
                for amount, profit in zip(amounts, profits, strict=True)
            ]

    # -- rows that are no sale lines ---------------------------------------------------------------------------------

    def _judge(
        self,
        cells: list[Any],
        columns: Mapping[str, Column],
        place: int,
        flaws: Mapping[str, Flaw] | None,
        whole: int,
    ) -> str | None:
        """None for a sale line, else why it is none: blank, total, heading, note, error; `whole` is the sum so far."""
        words = [word for cell in cells if isinstance(cell, str) and (word := convert.text(cell))]
        if not words and all(cell == "" for cell in cells):
            return "blank"
        dated = columns["date"][place] is not None
        named = columns["customer_code"][place] is not None
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
        figures = columns["amount"][place] is not None or columns["quantity"][place] is not None
        if not figures and ((not dated and len(words) <= 3) or convert.is_signature(words[0] if words else "")):
            return "note"
        blank = not named and all(columns[name][place] is None for name in ("customer", "document", "product"))
        if not dated and "date" in flaws and flaws["date"].code == "E201" and figures and blank:
            amount, quantity = columns["amount"][place], columns["quantity"][place]
            if not amount and not quantity:
                return "note"
            if amount in (self._since_total, whole):
                return "total"
            if amount is None and quantity == self._pieces_above(columns, place):
                return "total"
        return "error"

    def _pieces_above(self, columns: Mapping[str, Column], place: int) -> int:
        """The quantities so far: what a totals row sums up in a sheet without amounts."""
        above = zip(columns["quantity"][:place], columns["date"][:place], strict=True)
        return int(self._pieces + sum(quantity for quantity, day in above if quantity and day))

    def _is_total(self, words: Sequence[str], columns: Mapping[str, Column], place: int, dated: bool) -> bool:
        """Whether a label says so, and no day with a customer or document says otherwise (Total sells oil)."""
        read = [columns[name][place] for name in _TEXTS]
        if not any(convert.is_total(word) for word in (*words[:2], *filter(None, read))):
            return False
        own = (columns[name][place] for name in ("customer_code", "customer", "document"))
        return not (dated and any(name is not None and not convert.is_total(name) for name in own))

    def _check_total(
        self, number: int, cells: list[Any], columns: Mapping[str, Column], place: int, keep: list[bool], whole: int
    ) -> None:
        """A row that sums up the sheet or a part of it must say what the rows above add up to, voided ones or not."""
        said = columns["amount"][place]
        labels = [word for cell in cells if isinstance(cell, str) and (word := convert.text(cell))]
        if said is None or self.target.counts.rejected or not any(map(is_grand_total, labels)):
            return
        counts = self.target.counts
        above = zip(columns["amount"][:place], columns["status"][:place], keep[:place], strict=True)
        void = counts.all_units - counts.net_units
        void += sum(amount for amount, status, kept in above if kept and amount and status in self._no_sale)
        if all(abs(said - own) > _FEN for own in (whole, whole - void, self._since_total)):
            text = _("the sheet's total is {said}, the rows above it add up to {own}").format(
                said=money.show(money.from_units(said)), own=money.show(money.from_units(whole))
            )
            self.target.report(Flaw("W107", text), number, "amount", "")

    def _refuse(self, number: int, cells: list[Any], flaws: Mapping[str, Flaw]) -> None:
        self.target.counts.rejected += 1
        for name, flaw in flaws.items():
            index = self._places.get(name)
            self.target.report(flaw, number, name, cells[index] if index is not None and index < len(cells) else "")

    # -- storing -----------------------------------------------------------------------------------------------------

    def _store(self, numbers: list[int], columns: dict[str, Column]) -> None:
        numbers, columns = self._resolve(numbers, columns)
        if not numbers:
            return
        counts = self.target.counts
        self._count(columns)
        keys = self._identities(columns)
        self._flush()
        lines = list(
            zip(
                [self.target.batch_id] * len(numbers),
                [self.target.sheet_id] * len(numbers),
                numbers,
                *(columns[name] for name in _STORED[3:-2]),
                *keys,
                strict=True,
            )
        )
        if self._overlap:
            lines = self._unknown(lines)
        counts.new += len(lines)
        db.bulk_insert(self.target.session, LINE, _STORED, lines)

    def _count(self, columns: Mapping[str, Column]) -> None:
        """Net sales are of the lines that count: those with a status that is no sale are kept beside them."""
        counts, amounts = self.target.counts, columns["amount"]
        total = sum(amounts)
        void = 0
        if "status" in self._places:
            void = sum(
                amount for amount, status in zip(amounts, columns["status"], strict=True) if status in self._no_sale
            )
            counts.no_sale += sum(status in self._no_sale for status in columns["status"])
        counts.all_units += total
        counts.net_units += total - void
        counts.no_customer += columns["customer_id"].count(None)

    def _identities(self, columns: Mapping[str, Column]) -> tuple[list[int | None], list[int]]:
        """Keys of document and line number, and of content; a line number repeated in the file says nothing."""
        content = [
            identity(f"{document}\x1f{date}\x1f{office}\x1f{customer}\x1f{product}\x1f{quantity}\x1f{amount}")
            for document, date, office, customer, product, quantity, amount in zip(
                *(
                    columns[n]
                    for n in ("document", "date", "office_id", "customer_id", "product_id", "quantity", "amount")
                ),
                strict=True,
            )
        ]
        if "line_no" not in self._places or "document" not in self._places:
            return [None] * len(content), content
        lines: list[int | None] = []
        for document, number in zip(columns["document"], columns["line_no"], strict=True):
            key = identity(f"{document}\x1f{number}") if document is not None and number is not None else None
            if key in self._keys:
                key = None
            elif key is not None:
                self._keys.add(key)
            lines.append(key)
        return lines, content

    def _unknown(self, lines: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The lines that are not in the database yet; of a changed line the old version ends."""
        session, batch = self.target.session, self.target.batch_id
        by_line, by_content = store.like_lines(
            session, batch, [line[-2] for line in lines if line[-2] is not None], [line[-1] for line in lines]
        )
        if not by_line and not by_content:
            return lines
        out: list[tuple[Any, ...]] = []
        ended: list[int] = []
        for line in lines:
            known = self._match(line, by_line, by_content)
            if known is None:
                out.append(line)
                continue
            self._used.add(known.id)
            version = known.version_of(line)
            if version is None:
                self.target.counts.existing += 1
            else:
                ended.append(known.id)
                out.append(version)
                self.target.counts.changed += 1
                self.target.counts.new -= 1
        store.end_lines(session, batch, ended)
        return out

    def _match(
        self,
        line: tuple[Any, ...],
        by_line: Mapping[int, list["store.Known"]],
        by_content: Mapping[int, list["store.Known"]],
    ) -> "store.Known | None":
        """The stored line this one is: by document and line number, else by content, each stored one once.

        All three the same comes first: of the lines that share a number in their sheet only one has the key.
        """
        line_no, line_key, content_key = line[5], line[-2], line[-1]
        if line_no is not None:
            for known in by_content.get(content_key, ()):
                if known.id not in self._used and known.line_no == line_no:
                    return known
        if line_key is not None:
            for known in by_line.get(line_key, ()):
                if known.id not in self._used:
                    return known
        for known in by_content.get(content_key, ()):
            if known.id not in self._used and (line_key is None or known.line_key is None):
                return known
        return None

    def _resolve(self, numbers: list[int], columns: dict[str, Column]) -> tuple[list[int], dict[str, Column]]:
        """Codes and names become ids; a row that names something it must not is refused."""
        bad: dict[int, list[tuple[str, Flaw]]] = {}
        reps = columns["rep"]
        if any(columns["first_name"]) or any(columns["last_name"]):
            reps = [
                rep or _person(first, last)
                for rep, first, last in zip(reps, columns["first_name"], columns["last_name"], strict=True)
            ]
        where = zip(
            columns["region"], columns["office_code"], columns["office"], columns["rep_code"], reps, strict=True
        )
        org = self._refer(numbers, bad, where, self._org)
        regions, offices, rep_ids = ([ids[n] if ids else None for ids in org] for n in range(3))
        facts = ("channel", "class_", "market_level", "province", "city")

        def customer(place: int, code: str | None, name: str | None) -> int | tuple[str, Flaw] | None:
            if code is None and name is None:
                return None
            known = [columns[field][place] for field in facts]
            trace = (self.target.sheet_id, numbers[place])
            attributes = lambda: self._facts(numbers[place], offices[place], rep_ids[place], known)  # noqa: E731
            return _flawed("customer", self.target.resolver("customer").resolve(code, name, attributes, trace))

        named = zip(columns["customer_code"], columns["customer"], strict=True)
        customers = self._refer(numbers, bad, named, customer)
        things = zip(columns["product_code"], columns["product"], columns["brand"], columns["category"], strict=True)
        products = self._refer(numbers, bad, things, self._product)
        columns = {
            **columns,
            "region_id": regions,
            "office_id": offices,
            "rep_id": rep_ids,
            "customer_id": customers,
            "product_id": products,
        }
        if bad:
            self.target.counts.rejected += len(bad)
            for place, flaws in sorted(bad.items()):
                for name, flaw in flaws:
                    coded = columns.get(f"{name}_code")
                    self.target.report(flaw, numbers[place], name, columns[name][place] or (coded and coded[place]))
            good = [place not in bad for place in range(len(numbers))]
            columns = {name: list(compress(values, good)) for name, values in columns.items()}
            numbers = list(compress(numbers, good))
        return numbers, columns

    def _refer(
        self,
        numbers: list[int],
        bad: dict[int, list[tuple[str, Flaw]]],
        named: Iterable[tuple[str | None, ...]],
        make: Callable[..., Any],
    ) -> Column:
        """What each row names, as ids; each distinct naming is looked up once a file."""
        self._numbers = numbers
        ids = self._ids.setdefault(make.__name__, {})
        out: Column = []
        for place, words in enumerate(named):
            try:
                found = ids[words]
            except KeyError:
                found = ids[words] = make(place, *words)
            if type(found) is tuple and type(found[-1]) is Flaw:
                bad.setdefault(place, []).append(found)
                found = None
            out.append(found)
        return out

    def _org(
        self,
        place: int,
        region: str | None,
        office_code: str | None,
        office: str | None,
        rep_code: str | None,
        rep: str | None,
    ) -> tuple[Any, ...]:
        """Region (only where no office is named), office and rep."""
        trace = (self.target.sheet_id, self._numbers[place])
        region_id = self.target.resolver("region").resolve(None, region, trace=trace)
        if isinstance(region_id, Flaw):
            return "region", region_id
        office_id = self.target.resolver("office").resolve(office_code, office, lambda: {"region_id": region_id}, trace)
        if isinstance(office_id, Flaw):
            return "office", office_id
        reps = self.target.resolver("rep")
        if rep_code is None and rep is not None:
            rep_id: int | Flaw | None = reps.rep_of(rep, office_id, trace)
        else:
            rep_id = reps.resolve(rep_code, rep, lambda: {"office_id": office_id}, trace)
        if isinstance(rep_id, Flaw):
            return "rep", rep_id
        return None if office_id is not None else region_id, office_id, rep_id

    def _product(
        self, place: int, code: str | None, name: str | None, brand: str | None, category: str | None
    ) -> int | tuple[str, Flaw] | None:
        trace = (self.target.sheet_id, self._numbers[place])
        attributes = {"brand": brand, "category": category}
        return _flawed("product", self.target.resolver("product").resolve(code, name, lambda: attributes, trace))

    def _facts(self, number: int, office: int | None, rep: int | None, facts: Sequence[Any]) -> dict[str, Any]:
        values = dict(zip(("channel", "class", "market_level", "province", "city"), facts, strict=True))
        for flaw, name in tidy(values):
            self.target.report(flaw, number, name, values.get(name.rstrip("_")))
        return {"office_id": office, "rep_id": rep, **values}

    def _flush(self) -> None:
        for name in ("region", "office", "rep", "product", "customer"):
            if name in self.target.resolvers:
                self.target.resolvers[name].flush()

    def finish(self) -> None:
        """Make the indexes again, and the remarks that sum up the sheet."""
        db.run(self.target.session, self._indexes)
        report, counts = self.target.report, self.target.counts
        if count := counts.no_customer:
            text = ngettext("{count} line without a customer", "{count} lines without a customer", count)
            report(Flaw("W103", text.format(count=count)), None, "")
        if not {"amount", "amount_taxed"} & set(self._places) and counts.rows:
            report(Flaw("W106", _("no amount column was read: amounts are quantity × price")), None, "unit_price")
        if "customer" in self.target.resolvers and (names := self.target.resolver("customer").namesakes):
            text = ngettext(
                "{count} new customer has the name of another with another code: {names}",
                "{count} new customers have the names of others with other codes: {names}",
                len(names),
            )
            report(Flaw("W108", text.format(count=len(names), names=listed(names[:3]))), None, "customer")
            names.clear()
        if self._overlap and counts.existing and counts.new:
            if count := store.stand_beside(self.target.session, self.target.batch_id, self._used):
                text = ngettext(
                    "{count} new line stands beside an earlier one of the same day, customer and product",
                    "{count} new lines stand beside earlier ones of the same day, customer and product",
                    count,
                )
                report(Flaw("W109", text.format(count=count)), None, "")
        if count := counts.no_sale:
            text = ngettext(
                "{count} line whose status is no sale: kept, not counted",
                "{count} lines whose status is no sale: kept, not counted",
                count,
            )
            report(Flaw("W105", text.format(count=count)), None, "status")
        if self._rounded and self._first_rounded:
            _place, name, cell = self._first_rounded
            text = ngettext("{count} figure rounded to 1/10,000", "{count} figures rounded to 1/10,000", self._rounded)
            report(Flaw("W101", text.format(count=self._rounded)), None, name, cell)
        if count := self._unequal:
            text = ngettext(
                "{count} line whose amount is not quantity × price",
                "{count} lines whose amount is not quantity × price",
                count,
            )
            report(Flaw("W104", text.format(count=count)), None, "amount")


def _product(quantity: int, price: int) -> int:
    """Quantity × price in 1/10,000, half away from zero."""
    exact = abs(quantity * price)
    whole = (exact + 5_000) // 10_000
    return whole if quantity * price >= 0 else -whole


def _person(first: str | None, last: str | None) -> str | None:
    name = f"{first or ''} {last or ''}".strip()
    return name or None


def _flawed(name: str, found: int | Flaw | None) -> int | tuple[str, Flaw] | None:
    """What was found; a flaw with the field it is about."""
    return (name, found) if isinstance(found, Flaw) else found
