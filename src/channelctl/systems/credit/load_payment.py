"""Payments from a sheet: which rows are payments of their own, and which name documents that are not there."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.i18n import _, listed, ngettext
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.credit.load_beside import BESIDE, beside
from channelctl.systems.credit.load_sound import NOTHING, SoundLoader
from channelctl.systems.credit.load_void import VoidLoader
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_documents import made_number
from channelctl.systems.credit.rules_statement import parts
from channelctl.systems.credit.tables import Receivable
from channelctl.systems.sales.tables import SaleLine

TWICE, PARTED, UNKNOWN = "E302", "W135", "W136"
_SHOWN = 5
Whose = tuple[int, str]


class PaymentLoader(VoidLoader, SoundLoader):
    """Loads payments; one without a number gets it from day, amount and the how-manieth such of the sheet it is."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._alike: Counter[tuple[int, dt.date, Decimal]] = Counter()
        self._rows: dict[Whose, list[tuple[int, dict[str, Any], str]]] = {}
        self._parted: list[str] = []
        self._named: dict[Whose, None] = {}
        self._made: set[Whose] = set()

    def amiss(self, values: Mapping[str, Any]) -> Iterator[tuple[Flaw, str]]:
        """A payment is of something."""
        if values["amount"] == 0:
            yield Flaw(NOTHING, _("a payment of 0.00 is none")), "amount"

    def _save(self, number: int, values: dict[str, Any]) -> None:
        if "number" not in values:
            same = (values["customer_id"], values["date"], values["amount"])
            self._alike[same] += 1
            values["number"] = made_number(values["date"], values["amount"], self._alike[same])
            self._made.add((values["customer_id"], values["number"]))
        elif self.target.sheet_id is not None and not self._is_its_own(number, values):
            self.target.counts.rejected += 1
            return
        if values.get("document"):
            self._named[values["customer_id"], values["document"]] = None
        super()._save(number, values)

    def _is_its_own(self, row: int, values: dict[str, Any]) -> bool:
        """Whether a row is no other of the sheet again; one of the same receipt for another document is a payment."""
        key: Whose = (values["customer_id"], values["number"])
        before = self._rows.setdefault(key, [])
        for other, known, _number in before:
            if known["date"] != values["date"] or known.get("document") == values.get("document"):
                said = _("row {row} holds payment {number} too: rows of one receipt name different documents")
                if {**known, "number": key[1]} == values:
                    said = _("row {row} holds the same payment {number}: take one of the two out, or give it a number")
                self.target.report(Flaw(TWICE, said.format(row=other, number=key[1])), row, "number", key[1])
                return False
        as_read = dict(values)
        values["number"] = self._place(key, values.get("document"), {number for _row, _known, number in before})
        if before and key[1] not in self._parted:
            self._parted.append(key[1])
        before.append((row, as_read, values["number"]))
        return True

    def _place(self, key: Whose, document: str | None, taken: set[str]) -> str:
        """The number of a payment of a receipt: that which has its document already, else the first not taken."""
        customer_id, number = key
        first = ""
        for place in count(1):
            made = number if place == 1 else f"{number}#{place}"
            if made in taken:
                continue
            first = first or made
            id_ = self._by_key.get((customer_id, made))
            if id_ is None or document is None:
                break
            if self._records[id_].get("document") == document:
                return made
        return first

    def finish(self) -> None:
        """Save the payments; say which receipts are several, and which documents are not there."""
        super().finish()
        if self._parted:
            text = ngettext(
                "{count} receipt is for several documents, each a payment of its own: {number}, {number}#2 …",
                "{count} receipts are for several documents, each a payment of its own: {number}, {number}#2 …",
                len(self._parted),
            )
            said = text.format(count=len(self._parted), number=self._parted[0])
            self.target.report(Flaw(PARTED, said), None, "number")
        self._say_beside()
        if self.target.sheet_id is None:
            self._name_unknown(self.target.session)
        elif self._named:
            self.target.doubts[UNKNOWN] = self._name_unknown

    def _say_beside(self) -> None:
        """Say which earlier payments without numbers may be those of the sheet with other figures or days."""
        if self.target.sheet_id is None:
            return
        own = [self._records[id_] for id_ in self._given]
        made = [one for one in own if (one["customer_id"], one["number"]) in self._made]
        batch = self.target.batch_id
        others = (one for id_, one in self._records.items() if id_ not in self._given)
        found = beside(made, [one for one in others if one.get("batch_id", batch) != batch])
        if not found:
            return
        codes = {id_: code for code, id_ in self.target.resolver("customer").by_code.items()}
        text = ngettext(
            "{count} payment without a number stands beside an earlier one of its customer that the sheet does not"
            " hold, of the same day or amount: both count ({words})",
            "{count} payments without numbers stand beside earlier ones of their customers that the sheet does not"
            " hold, of the same day or amount: both count ({words})",
            len(found),
        )
        words = listed(f"{codes[one['customer_id']]} {one['number']}" for one in found[:_SHOWN])
        said = text.format(count=len(found), words=words + (" …" if len(found) > _SHOWN else ""))
        self.target.report(Flaw(BESIDE, said), None, "number")

    def _name_several(self, known: set[Whose]) -> None:
        """Say which cells hold several documents that are there, none of which the payment goes to by name."""
        several = [
            document
            for own, document in self._named
            if (own, document) not in known and len(parts(document)) > 1 and not _absent(own, document, known)
        ]
        if not several:
            return
        text = ngettext(
            "{count} payment names several documents at once; it goes to what is oldest due: {words}",
            "{count} payments name several documents at once; they go to what is oldest due: {words}",
            len(several),
        )
        words = listed(several[:_SHOWN])
        said = text.format(count=len(several), words=words + (" …" if len(several) > _SHOWN else ""))
        self.target.report(Flaw(UNKNOWN, said), None, "document")

    def _name_unknown(self, session: Session) -> None:
        """Say which documents payments name that the books do not have, as they are now."""
        each = [(own, word) for own, document in self._named for word in (document, *parts(document))]
        known = _known(session, each)
        self._name_several(known)
        missing = [word for own, document in self._named if (own, document) not in known
                   for word in _absent(own, document, known)]  # fmt: skip
        missing = list(dict.fromkeys(missing))
        if not missing:
            return
        text = ngettext(
            "{count} document that payments name is not there; they go to what is oldest due: {words}",
            "{count} documents that payments name are not there; they go to what is oldest due: {words}",
            len(missing),
        )
        words = listed(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
        self.target.report(Flaw(UNKNOWN, text.format(count=len(missing), words=words)), None, "document")


def _absent(own: int, document: str, known: set[Whose]) -> list[str]:
    """Of a cell that is no document the documents in it that are not there: all of it, or a part."""
    words = parts(document)
    absent = [word for word in words if (own, word) not in known]
    return [document] if len(absent) == len(words) else absent


def _known(session: Session, named: list[Whose]) -> set[Whose]:
    """Those of the documents, each with its customer, that a payment can be for by its name."""
    found: set[Whose] = set()
    tables: list[tuple[Any, Any]] = [(col(Receivable.customer_id), col(Receivable.number))]
    if policies.section("credit", CreditPolicy).sale_documents:
        tables.append((col(SaleLine.customer_id), col(SaleLine.document)))
    for start in range(0, len(named), 500):
        words = {document for _own, document in named[start : start + 500]}
        for customer, number in tables:
            found |= {(row[0], row[1]) for row in session.execute(select(customer, number).where(number.in_(words)))}
    return found
