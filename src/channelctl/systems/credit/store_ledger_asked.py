"""Whose books are asked for, at the end of which day, and the tables that they are kept in."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, type_coerce

from channelctl.storage import BIG
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.tables import CreditLimit, CreditWriteoff, Payment, PaymentApplication, Receivable

RECEIVABLE = Receivable.__table__  # type: ignore[attr-defined]
PAYMENT = Payment.__table__  # type: ignore[attr-defined]
APPLICATION = PaymentApplication.__table__  # type: ignore[attr-defined]
WRITEOFF = CreditWriteoff.__table__  # type: ignore[attr-defined]
LIMIT = CreditLimit.__table__  # type: ignore[attr-defined]
INVOICE, OPENING, SALE, REFUND = "invoice", "opening", "sale", "refund"
PAID, NOTE, WRITTEN_OFF, RECEIVED = "payment", "credit_note", "writeoff", "received"
SETTLED = "settled"
# More customers than this are not named one by one.
AT_ONCE = 500


class Asked(NamedTuple):
    """Whose books, at the end of which day."""

    as_of: dt.date
    policy: CreditPolicy
    customers: tuple[int, ...] | None

    def of(self, id_: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """That a row is one of those customers'."""
        return [] if self.customers is None else [id_.in_(self.customers)]


def asked(as_of: dt.date, policy: CreditPolicy, customers: Collection[int] | None) -> Asked:
    """Few customers are looked up by name, many out of the books of all."""
    few = customers is not None and len(customers) <= AT_ONCE
    return Asked(as_of, policy, tuple(sorted(customers or ())) if few else None)


def units(one: Any) -> ColumnElement[Any]:
    """Money as the whole number that is kept."""
    return type_coerce(one, BIG)
