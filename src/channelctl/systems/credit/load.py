"""Receivables, payments and opening limits from a sheet."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.policy import section
from channelctl.sheets import wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.credit.load_items import ItemLoader
from channelctl.systems.credit.load_sound import SoundLoader, below_zero, ends_before
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_documents import (
    BEFORE,
    CREDIT_NOTE,
    FIRST_DAY,
    INVOICE,
    OPENING,
    OPENING_NUMBER,
    is_opening_number,
    source_of,
    type_of,
)
from channelctl.systems.credit.rules_terms import due, parse
from channelctl.systems.credit.store_limit import Limit, limits

CONTRADICTS, TAKEN_AS_CREDIT, RECEIVED_BEFORE, DUE_BEFORE, ODD = "W127", "W128", "W129", "W130", "W141"
_FIGURES = ("amount", "tax", "received")
_NONE = Decimal()


def _typed(cell: Any) -> Any:
    """Reads the type of a receivable."""
    text = wording.text(cell)
    return None if text is None else type_of(text)


def _source(cell: Any) -> Any:
    """Reads what a limit comes from."""
    text = wording.text(cell)
    return None if text is None else source_of(text)


def _with_terms(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Reads terms, kept as they are written; such as cannot be read are refused."""

    def terms(cell: Any) -> Any:
        text = read(cell)
        found = parse(text) if isinstance(text, str) else text
        return found if isinstance(found, Flaw) else text

    return terms


class ReceivableLoader(ItemLoader):
    """Loads receivables: credit notes as positive amounts, each with the day on which it is due."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers["type_"] = _typed
        self._policy = section("credit", CreditPolicy)
        self._limits: dict[dt.date, dict[int, Limit]] = {}
        self._read_on = 0
        self._negative: dict[int, Decimal] = {}
        self._received = 0

    def read(self, number: int, cells: list[Any]) -> dict[str, Any] | None:
        """The row's values; its sheet row is kept for remarks on it."""
        self._read_on = number
        return super().read(number, cells)

    def _compose(self, values: dict[str, Any]) -> None:
        """Number, type and figures as they are kept; what they contradict each other in is said."""
        super()._compose(values)
        self._figure(values)
        type_ = values.get("type_") or (OPENING if is_opening_number(values.get("number")) else None)
        amount = values.get("amount", _NONE)
        if amount < 0 and type_ in (INVOICE, OPENING):
            self._negative[self._read_on] = amount
        if type_ == OPENING:
            values.setdefault("number", OPENING_NUMBER)
        if type_ is not None or amount < 0:
            values["type_"] = CREDIT_NOTE if amount < 0 else type_
        if values.get("type_") == CREDIT_NOTE:
            values |= {name: abs(values[name]) for name in _FIGURES if name in values}

    def _figure(self, values: dict[str, Any]) -> None:
        """The amount or what was received, from what is outstanding; that itself is not kept."""
        rest = values.pop("outstanding", None)
        if rest is None:
            return
        amount, received = values.get("amount"), values.get("received")
        if amount is None:
            values["amount"] = rest + (received or _NONE)
        elif received is None and abs(rest) <= abs(amount) and rest * amount >= 0:
            values["received"] = amount - rest
        elif amount - (received or _NONE) != rest:
            said = _("{rest} outstanding, but {amount} less {received} received is {right}; the latter was taken")
            text = said.format(
                rest=show(rest),
                amount=show(amount),
                received=show(received or _NONE),
                right=show(amount - (received or _NONE)),
            )
            self.target.report(Flaw(CONTRADICTS, text), self._read_on, "outstanding", rest)

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        if "number" not in values:
            text = _("{column} is blank").format(column=self.kind.columns["number"].label)
            self.target.report(Flaw("E201", text), number, "number")
            return None
        return super()._resolve(number, values)

    def _save(self, number: int, values: dict[str, Any]) -> None:
        record = self._records.get(self._by_key.get(self._key(values), 0))
        flaw = self._complete(values, record)
        if flaw is not None:
            self.target.report(flaw, number, "terms", values.get("terms"))
            self.target.counts.rejected += 1
            return
        if number in self._negative and values.get("type") == CREDIT_NOTE:
            text = _("its amount is negative: it was taken as a credit note")
            self.target.report(Flaw(TAKEN_AS_CREDIT, text), number, "amount", self._negative[number])
        if values.get("received"):
            self._received += 1
        if values.get("due_date", values["date"]) < values["date"]:
            text = _("it is due on {due}, before its own day").format(due=values["due_date"].isoformat())
            self.target.report(Flaw(DUE_BEFORE, text), number, "due_date", values["due_date"])
        self._say_odd(number, {**(record or {}), **values}, values)
        super()._save(number, values)

    def _say_odd(self, number: int, whole: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Say what the row has of money that came in and that does not fit its document."""
        received, settled = whole.get("received"), values.get("settled_on")
        if "received" in values and not _NONE <= values["received"] <= whole["amount"]:
            text = _("{received} was received of {amount}")
            said = text.format(received=show(values["received"]), amount=show(whole["amount"]))
            self.target.report(Flaw(ODD, said), number, "received", received)
        if settled is not None and settled < whole["date"]:
            text = _("it was settled on {day}, before its own day").format(day=settled.isoformat())
            self.target.report(Flaw(ODD, text), number, "settled_on", settled)

    def _complete(self, values: dict[str, Any], record: Mapping[str, Any] | None) -> Flaw | None:
        """Type and due day, where the row does not say them and no record of it does."""
        if record is None:
            values.setdefault("type", INVOICE)
        given = values.get("due_date")
        if given is not None:
            if record is None or record["due_date"] != given:
                values["due_given"] = True
            return None
        if record is not None and (record["due_given"] or not self._is_another(values, record)):
            return None
        worked = self._due({**(record or {}), **values})
        if isinstance(worked, Flaw):
            return worked
        values |= {"due_date": worked, "due_given": False}
        return None

    def _is_another(self, values: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
        """Whether the row changes what the due day was worked out from."""
        return any(name in values and values[name] != record[name] for name in ("date", "terms", "type"))

    def _due(self, values: Mapping[str, Any]) -> dt.date | Flaw:
        """A credit note counts at once; others are due by their terms, else the customer's, else the policy's."""
        date: dt.date = values["date"]
        if values.get("type") == CREDIT_NOTE:
            return date
        if date not in self._limits:
            self._limits[date] = limits(self.target.session, date)
        theirs = self._limits[date].get(values["customer_id"])
        terms = parse(values.get("terms") or (theirs and theirs.terms) or self._policy.terms)
        if isinstance(terms, Flaw):
            return terms
        try:
            return due(date, terms)
        except (OverflowError, ValueError):
            return date

    def finish(self) -> None:
        """Save the documents, and say of how many something was received before."""
        super().finish()
        if self._received:
            text = ngettext(
                "{count} document comes with an amount received before: it counts from the document's own day",
                "{count} documents come with amounts received before: they count from the documents' own days",
                self._received,
            )
            self.target.report(Flaw(RECEIVED_BEFORE, text.format(count=self._received)), None, "received")


class LimitLoader(SoundLoader):
    """Loads limits that were there before; one without a day runs from the beginning."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers["terms"] = _with_terms(self._readers["terms"])
        self._readers["source"] = _source
        self._first: dict[int, dt.date] = {}

    def amiss(self, values: Mapping[str, Any]) -> Iterator[tuple[Flaw, str]]:
        """A limit is not below 0, and does not end before it begins."""
        yield from below_zero(values)
        yield from ends_before(values, "valid_from")

    def _read_records(self) -> None:
        super()._read_records()
        self._first = {row["customer_id"]: row["valid_from"] for row in self._records.values() if _is_before(row)}

    def _save(self, number: int, values: dict[str, Any]) -> None:
        values.setdefault("source", BEFORE)
        if "valid_from" not in values:
            known = self._first.get(values["customer_id"]) if _is_before(values) else None
            values["valid_from"] = known or FIRST_DAY
        super()._save(number, values)


def _is_before(values: Mapping[str, Any]) -> bool:
    return bool(values["source"] == BEFORE)
