"""Sale documents that no invoice names: what they come to with tax, and when they are due."""

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Text,
    and_,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
    values,
)
from sqlmodel import Session

from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.storage import BIG, Day
from channelctl.systems.credit import rules_terms
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.store_ledger_asked import LIMIT, NOTE, OPENING, RECEIVABLE, Asked, units
from channelctl.systems.sales.store import LINE

_APART = ("、", "，", ";", "；", " ", "\n")


def sale_documents(session: Session, ask: Asked) -> CTE:
    """Sale documents that no invoice of the day or before names, with tax and the day they are due."""
    line = LINE.c
    where = [line.ended_batch_id.is_(None), line.date <= ask.as_of, line.customer_id.is_not(None)]
    if ask.policy.sale_documents_from is not None:
        where.append(line.date >= ask.policy.sale_documents_from)
    statuses = sorted({word.lower() for word in ask.policy.no_document_statuses})
    if statuses:
        where.append(or_(line.status.is_(None), func.lower(line.status).not_in(statuses)))
    number = func.coalesce(line.document, type_coerce(line.date, Text))
    first = func.min(line.original_document)
    found = (
        select(
            line.customer_id, number.label("number"), func.min(line.date).label("date"),
            func.sum(_taxed(ask.policy.tax_rate)).label("amount"),
            case((first == func.max(line.original_document), first)).label("original"),
        )
        .where(*where, *ask.of(line.customer_id))
        .group_by(line.customer_id, number)
        .cte("sold")
    )  # fmt: skip
    named, several = _invoiced(ask)
    open_ = (
        select(
            found.c.customer_id, found.c.number, type_coerce(found.c.date, Day).label("date"), found.c.amount,
            found.c.original, _terms(found, ask.policy).label("terms"),
        )
        .where(
            ~exists().where(named.c.customer_id == found.c.customer_id, named.c.number == found.c.number),
            ~exists().where(several.c.customer_id == found.c.customer_id, _holds(several.c.document, found.c.number)),
        )
        .cte("sale_document")
    )  # fmt: skip
    due = _dues(session, open_, ask.policy)
    one = open_.c
    joined = open_.outerjoin(due, and_(due.c.date == type_coerce(one.date, Text), due.c.terms == one.terms))
    day = type_coerce(func.coalesce(due.c.due, type_coerce(one.date, Text)), Day).label("due")
    return select(one.customer_id, one.number, one.date, one.amount, one.original, day).select_from(joined).cte("sale")


def _taxed(rate: Decimal | None) -> ColumnElement[Any]:
    """A line's amount with tax: as it says, else with the tax that it names, else at the policy's rate."""
    net = units(LINE.c.amount)
    worked: ColumnElement[Any] = net
    if rate:
        above, below = (1 + rate).as_integer_ratio()
        whole = (func.abs(net) * (2 * above) + below) // (2 * below)
        worked = case((net < 0, -whole), else_=whole)
    return type_coerce(func.coalesce(units(LINE.c.amount_taxed), net + units(LINE.c.tax), worked), BIG)


def _invoiced(ask: Asked) -> tuple[CTE, CTE]:
    """The sale documents that invoices of the day or before name, one each; and the texts that may name several."""
    bill = RECEIVABLE.c
    there = [bill.date <= ask.as_of, bill.type != NOTE, *ask.of(bill.customer_id)]
    named = union_all(
        select(bill.customer_id, bill.number).where(*there),
        select(bill.customer_id, bill.document).where(*there, bill.document.is_not(None)),
    ).cte("invoiced")
    text: ColumnElement[Any] = bill.document
    for mark in _APART:
        text = func.replace(text, mark, ",")
    whole = literal(",", Text) + text + literal(",", Text)
    several = select(bill.customer_id, whole.label("document")).where(*there, func.replace(text, ",", "") != text)
    return named, several.cte("invoiced_several")


def _holds(text: ColumnElement[Any], number: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a text of numbers between commas holds one of them."""
    return func.replace(text, literal(",", Text) + number + literal(",", Text), "") != text


def _terms(sold: CTE, policy: CreditPolicy) -> ColumnElement[Any]:
    """The terms of a customer on the day of a document; before the first limit those that it was taken up with."""
    limit = LIMIT.c
    day = type_coerce(sold.c.date, Day)
    held = case((or_(limit.expires_on.is_(None), limit.expires_on >= day), limit.terms))
    on_day = (
        select(held)
        .where(limit.customer_id == sold.c.customer_id, limit.valid_from <= day)
        .order_by(limit.valid_from.desc(), limit.batch_id.desc(), limit.id.desc())
        .limit(1)
    )
    taken_up = (
        select(limit.terms)
        .where(limit.customer_id == sold.c.customer_id, limit.valid_from > day)
        .where(limit.source == OPENING, limit.terms.is_not(None))
        .order_by(limit.valid_from, limit.id)
        .limit(1)
    )
    return func.coalesce(
        on_day.correlate(sold).scalar_subquery(), taken_up.correlate(sold).scalar_subquery(), policy.terms
    )


def _dues(session: Session, documents: CTE, policy: CreditPolicy) -> CTE:
    """The day that each day with each terms is due, worked out once a pair."""
    day, terms = type_coerce(documents.c.date, Day), documents.c.terms
    pairs = session.execute(select(day, terms).distinct().order_by(day, terms)).all()
    read = {words: _read(words, policy) for _day, words in pairs}
    rows = [(one.isoformat(), words, rules_terms.due(one, read[words]).isoformat()) for one, words in pairs]
    columns = column("date", Text), column("terms", Text), column("due", Text)
    return values(*columns, name="due_day", literal_binds=True).data(rows or [("", "", "")]).cte("due_day")


def _read(words: str, policy: CreditPolicy) -> rules_terms.Terms:
    """Terms as they are written; where they cannot be read, those of the policy."""
    for text in (words, policy.terms):
        found = rules_terms.parse(text)
        if isinstance(found, rules_terms.Terms):
            return found
    raise UsageError(
        _("policy: credit.terms “{text}” cannot be read").format(text=policy.terms),
        _("Write 30, 月结, 月结30天, 次月25日, 每月25日 or 现款."),
    )
