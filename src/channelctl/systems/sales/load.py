"""Sale lines into the database: what they name becomes ids, and what is there already is left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any

from channelctl import db
from channelctl.i18n import listed, ngettext
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Row, Target
from channelctl.systems.customers.rules import tidy
from channelctl.systems.sales.overlap import Overlap
from channelctl.systems.sales.rows import Reader
from channelctl.systems.sales.rows_customers import returning
from channelctl.systems.sales.rows_fields import Column
from channelctl.systems.sales.rules import identities, identity
from channelctl.systems.sales.store import LINE

_STORED = (
    "batch_id", "sheet_id", "row_no", "date", "document", "line_no",
    "region_id", "office_id", "customer_id", "rep_id", "product_id",
    "quantity", "unit_price", "amount", "amount_taxed", "tax", "cost", "status", "original_document",
    "line_key", "content_key",
)  # fmt: skip


class Loader:
    """Loads sale lines: the same line again is left, one with the same document and line number is a new version."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._places = {name: column.index for name, column in target.layout.columns.items()}
        self._reader = Reader(target)
        self._overlap = Overlap.of(target)
        self._ids: dict[str, dict[tuple[str | None, ...], Any]] = {}
        self._refusals: dict[str, dict[tuple[str | None, str | None], Flaw | None]] = {}
        self._flawed: set[str] = set()
        self._numbers: list[int] = []

    def add(self, rows: list[Row]) -> None:
        """Read and store a chunk."""
        lines = self._reader.read(rows)
        if lines.numbers:
            self._store(*lines)

    def _store(self, numbers: list[int], columns: dict[str, Column]) -> None:
        numbers, columns = self._resolve(numbers, columns)
        if not numbers:
            return
        counts = self.target.counts
        self._count(columns)
        keys = self._identities(columns)
        self._flush()
        count = len(numbers)
        own = ([self.target.batch_id] * count, [self.target.sheet_id] * count, numbers)
        stored: dict[str, Column] = dict(
            zip(_STORED, (*own, *(columns[name] for name in _STORED[3:-2]), *keys), strict=True)
        )
        if not self._overlap.compares:
            # Half the columns of most sheets are blank throughout: it takes as long to store them as the others.
            stored = {n: values for n, values in stored.items() if values[0] is not None or values.count(None) < count}
        lines: Iterable[tuple[Any, ...]] = zip(*stored.values(), strict=True)
        if self._overlap.compares:
            self._overlap.cover(columns["date"], columns["office_id"])
            lines = self._overlap.new_lines(self.target, list(lines))
        counts.new += db.bulk_insert(self.target.session, LINE, tuple(stored), lines)

    def _count(self, columns: Mapping[str, Column]) -> None:
        """Net sales are of the lines that count: those with a status that is no sale are kept beside them."""
        counts, amounts = self.target.counts, columns["amount"]
        total = sum(amounts)
        void = 0
        if "status" in self._places:
            statuses, no_sale = columns["status"], self._reader.no_sale
            void = sum(amount for amount, status in zip(amounts, statuses, strict=True) if status in no_sale)
            counts.no_sale += sum(status in no_sale for status in statuses)
        counts.net_units += total - void
        counts.change_units += total - void
        counts.no_customer += columns["customer_id"].count(None)

    def _identities(self, columns: Mapping[str, Column]) -> tuple[list[int | None], list[int]]:
        """Keys of document and line number, and of content; a line number repeated in the file says nothing."""
        named = ("document", "date", "office_id", "customer_id", "product_id", "quantity", "amount")
        content = identities(
            f"{document}\x1f{date}\x1f{office}\x1f{customer}\x1f{product}\x1f{quantity}\x1f{amount}"
            for document, date, office, customer, product, quantity, amount in zip(
                *(columns[name] for name in named), strict=True
            )
        )
        if self.target.layout.series:
            return self._of_series(columns), content
        if "line_no" not in self._places or "document" not in self._places:
            return [None] * len(content), content
        lines: list[int | None] = []
        for document, number in zip(columns["document"], columns["line_no"], strict=True):
            key = identity(f"{document}\x1f{number}") if document is not None and number is not None else None
            lines.append(None if key is None else self._overlap.line_key(key))
        return lines, content

    def _of_series(self, columns: Mapping[str, Column]) -> list[int | None]:
        """Keys of what a table sums up: whose it is and the day; the month of a figure to date, which has a number."""
        series, names = self.target.layout.series, ("date", "line_no", "office_id", "customer_id", "product_id")
        keys: list[int | None] = []
        for date, number, office, customer, product in zip(*(columns[name] for name in names), strict=True):
            key = identity(f"{series}\x1f{date[:7] if number else date}\x1f{office}\x1f{customer}\x1f{product}")
            keys.append(self._overlap.line_key(key))
        return keys

    def _resolve(self, numbers: list[int], columns: dict[str, Column]) -> tuple[list[int], dict[str, Column]]:
        """Codes and names become ids; a row that names something it must not is refused."""
        bad = self._refused(columns)
        reps = columns["rep"]
        if any(columns["first_name"]) or any(columns["last_name"]):
            reps = [
                rep or _person(first, last)
                for rep, first, last in zip(reps, columns["first_name"], columns["last_name"], strict=True)
            ]
        where = (columns["region"], columns["office_code"], columns["office"], columns["rep_code"], reps)
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

        customers = self._refer(numbers, bad, (columns["customer_code"], columns["customer"]), customer)
        things = (columns["product_code"], columns["product"], columns["brand"], columns["category"])
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
            said: set[tuple[int, str, Flaw]] = set()
            for place, flaws in sorted(bad.items()):
                for name, flaw in flaws:
                    # A row of a table is a line for each of its months: what is wrong with its name is said once.
                    if (one := (int(numbers[place]), name, flaw)) in said:
                        continue
                    said.add(one)
                    coded = columns.get(f"{name}_code")
                    self.target.report(flaw, numbers[place], name, columns[name][place] or (coded and coded[place]))
            good = [place not in bad for place in range(len(numbers))]
            columns = {name: list(compress(values, good)) for name, values in columns.items()}
            numbers = list(compress(numbers, good))
        return numbers, columns

    def _refused(self, columns: Mapping[str, Column]) -> dict[int, list[tuple[str, Flaw]]]:
        """The rows that name a customer or product which they must not: what else they name is not made for them."""
        bad: dict[int, list[tuple[str, Flaw]]] = {}
        for kind in ("customer", "product"):
            codes, names = columns[f"{kind}_code"], columns[kind]
            if self.target.create and None not in codes and kind == "product":
                continue
            known = self._refusals.setdefault(kind, {(None, None): None})
            asked = dict.fromkeys(zip(codes, names, strict=True))
            for words in asked:
                if words not in known:
                    flaw = self.target.resolver(kind).refusal(*words)
                    known[words] = flaw or (returning(self.target, words[1]) if kind == "customer" else None)
            if not any(known[words] for words in asked):
                continue
            for place, words in enumerate(zip(codes, names, strict=True)):
                if flaw := known[words]:
                    bad.setdefault(place, []).append((kind, flaw))
        return bad

    def _refer(
        self,
        numbers: list[int],
        bad: dict[int, list[tuple[str, Flaw]]],
        named: Sequence[Column],
        make: Callable[..., Any],
    ) -> Column:
        """What each row names in these columns, as ids; each distinct naming is looked up once a file."""
        self._numbers = numbers
        ids = self._ids.setdefault(make.__name__, {})
        if not bad and make.__name__ not in self._flawed:
            try:
                return [ids[words] for words in zip(*named, strict=True)]
            except KeyError:
                pass
        out: Column = []
        for place, words in enumerate(zip(*named, strict=True)):
            if place in bad:
                out.append(None)
                continue
            try:
                found = ids[words]
            except KeyError:
                found = ids[words] = make(place, *words)
            if type(found) is tuple and type(found[-1]) is Flaw:
                self._flawed.add(make.__name__)
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
        """The remarks that sum up the sheet."""
        report, counts = self.target.report, self.target.counts
        if count := counts.no_customer:
            text = ngettext("{count} line without a customer", "{count} lines without a customer", count)
            report(Flaw("W103", text.format(count=count)), None, "")
        if "customer" in self.target.resolvers and (names := self.target.resolver("customer").namesakes):
            text = ngettext(
                "{count} new customer has the name of another with another code: {names}",
                "{count} new customers have the names of others with other codes: {names}",
                len(names),
            )
            report(Flaw("W108", text.format(count=len(names), names=listed(names[:3]))), None, "customer")
            names.clear()
        self._overlap.say(self.target)
        if count := counts.no_sale:
            text = ngettext(
                "{count} line whose status is no sale: kept, not counted",
                "{count} lines whose status is no sale: kept, not counted",
                count,
            )
            report(Flaw("W105", text.format(count=count)), None, "status")
        self._reader.finish()


def _person(first: str | None, last: str | None) -> str | None:
    name = f"{first or ''} {last or ''}".strip()
    return name or None


def _flawed(name: str, found: int | Flaw | None) -> int | tuple[str, Flaw] | None:
    """What was found; a flaw with the field it is about."""
    return (name, found) if isinstance(found, Flaw) else found
