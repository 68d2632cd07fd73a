"""Who owes what at the end of a day, as one piece of SQL: documents, what is paid on them, and what is on account.

Amounts are whole 1/10,000ths throughout. A credit goes by hand or by name to its document, never more than is open
of that; the rest of all credits is a customer's pool, which pays what is due first.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Text,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import Session

from channelctl.storage import BIG, Day
from channelctl.systems.credit.rules_ageing import earlier
from channelctl.systems.credit.store_ledger_asked import (
    APPLICATION,
    INVOICE,
    NOTE,
    PAID,
    PAYMENT,
    RECEIVABLE,
    REFUND,
    SALE,
    WRITEOFF,
    WRITTEN_OFF,
    Asked,
    units,
)
from channelctl.systems.credit.store_ledger_sales import sale_documents
from channelctl.systems.credit.store_ledger_settled import Taken, by_settled, less_taken


class Books(NamedTuple):
    """Debits with what credits of their own leave of them (`rest`), each customer's pool, and the credits.

    `taken` is by customer and document what the pool had paid of those that were settled, by the day that they were.
    `documents`: customer_id, number, type, date, due, amount, own (what its own row says was received), settled (the
    day), closing (what that day stands for), rest. `credits`: customer_id, document, date, what, number, amount.
    """

    documents: CTE
    pool: CTE
    credits: CTE
    taken: Taken


def books(session: Session, ask: Asked, columns: Sequence[str] = ()) -> Books:
    """The books as they stood at the end of the day asked for; what came later is not seen.

    With `columns` documents have no others: of a million they need not all be carried along.
    """
    sales = sale_documents(session, ask) if ask.policy.sale_documents else None
    debits = _debits(ask, sales)
    debit = union_all(*debits).cte("debit")
    credits_ = _credits(session, ask, debit, sales)
    credit = union_all(*credits_).cte("credit")
    taken = by_settled(session, ask, debit, credit)
    sums = _sums(credits_)
    documents = union_all(*(_document(one, sums, columns) for one in debits)).cte("document")
    left = union_all(
        select(sums.c.customer_id, sums.c.amount),
        select(documents.c.customer_id, documents.c.over).where(documents.c.over != 0),
        *([select(less_taken(taken))] if taken else []),
    ).subquery("left_over")
    pool = select(left.c.customer_id, func.sum(left.c.amount).label("amount")).group_by(left.c.customer_id)
    return Books(documents, pool.cte("pool"), credit, taken)


def bought(session: Session, ask: Asked) -> CompoundSelect[Any]:
    """What customers bought on credit by the day asked for, and below 0 what was credited: customer, day, amount."""
    bill = RECEIVABLE.c
    value = units(bill.amount)
    signed = type_coerce(case((bill.type == NOTE, -func.abs(value)), else_=value), BIG)
    parts: list[Select[Any]] = [
        select(bill.customer_id, bill.date, signed.label("amount")).where(
            bill.date <= ask.as_of, bill.type.in_((INVOICE, NOTE)), *ask.of(bill.customer_id)
        )
    ]
    if ask.policy.sale_documents:
        sold = sale_documents(session, ask).c
        parts.append(select(sold.customer_id, sold.date, sold.amount))
    return union_all(*parts)


def _number(value: int) -> ColumnElement[Any]:
    return literal(value, BIG)


def _text(word: str | None) -> ColumnElement[Any]:
    return type_coerce(null(), Text) if word is None else literal(word, Text)


def _debits(ask: Asked, sales: CTE | None) -> list[Select[Any]]:
    """What made customers owe; `target` is what a credit names it by, a refund has none."""
    bill, back = RECEIVABLE.c, PAYMENT.c
    parts: list[Select[Any]] = [
        select(
            bill.customer_id, bill.number, bill.number.label("target"), bill.type.label("type"), bill.date,
            bill.due_date.label("due"), units(bill.amount).label("amount"),
            func.coalesce(units(bill.received), 0).label("own"),
            case((bill.settled_on <= ask.as_of, bill.settled_on)).label("settled"),
        ).where(bill.date <= ask.as_of, bill.type != NOTE, bill.amount >= Decimal(0), *ask.of(bill.customer_id)),
        select(
            back.customer_id, back.number, _text(None), _text(REFUND), back.date, back.date, -units(back.amount),
            _number(0), type_coerce(null(), Day),
        ).where(back.date <= ask.as_of, back.amount < Decimal(0), *ask.of(back.customer_id)),
    ]  # fmt: skip
    if sales is not None:
        sold = sales.c
        parts.append(
            select(
                sold.customer_id, sold.number, sold.number, _text(SALE), sold.date, sold.due, sold.amount, _number(0),
                type_coerce(null(), Day),
            ).where(sold.amount > 0)
        )  # fmt: skip
    return parts


def _credits(session: Session, ask: Asked, debits: CTE, sales: CTE | None) -> list[Select[Any]]:
    """What was paid or credited, with the document that it is for where one is named or chosen by hand."""
    bill, paid, lost = RECEIVABLE.c, PAYMENT.c, WRITEOFF.c
    by_hand = _by_hand(ask, debits) if session.execute(select(APPLICATION.c.id).limit(1)).first() else None
    came = [paid.date <= ask.as_of, paid.amount > Decimal(0), *ask.of(paid.customer_id)]
    shown = (paid.customer_id, paid.document, paid.date, _text(PAID).label("what"), paid.number)
    if by_hand is None:
        parts = [select(*shown, units(paid.amount).label("amount")).where(*came)]
    else:
        used = (
            select(by_hand.c.payment_id, func.sum(by_hand.c.amount).label("amount"))
            .group_by(by_hand.c.payment_id)
            .cte("used")
        )
        free = units(paid.amount) - func.coalesce(used.c.amount, 0)
        hand = by_hand.c
        parts = [
            select(*shown, free.label("amount"))
            .select_from(PAYMENT.outerjoin(used, used.c.payment_id == paid.id))
            .where(*came),
            select(hand.customer_id, hand.document, hand.date, _text(PAID), hand.number, hand.amount),
        ]
    value = units(bill.amount)
    parts += [
        select(bill.customer_id, bill.document, bill.date, _text(NOTE), bill.number, func.abs(value)).where(
            bill.date <= ask.as_of, bill.type == NOTE, *ask.of(bill.customer_id)
        ),
        select(bill.customer_id, _text(None), bill.date, _text(NOTE), bill.number, -value).where(
            bill.date <= ask.as_of, bill.type != NOTE, bill.amount < Decimal(0), *ask.of(bill.customer_id)
        ),
        select(lost.customer_id, lost.document, lost.date, _text(WRITTEN_OFF), lost.number, units(lost.amount)).where(
            lost.date <= ask.as_of, *ask.of(lost.customer_id)
        ),
    ]
    if sales is not None:
        back = sales.c
        parts.append(
            select(back.customer_id, back.original, back.date, _text(SALE), back.number, -back.amount).where(
                back.amount < 0
            )
        )
    return parts


def _by_hand(ask: Asked, debits: CTE) -> CTE:
    """What somebody chose to apply, never more than the payment; where payment and document are both there."""
    said, paid, debit = APPLICATION.c, PAYMENT.c, debits.c
    before = func.sum(units(said.amount)).over(partition_by=paid.id, order_by=said.id) - units(said.amount)
    joined = APPLICATION.join(PAYMENT, and_(paid.customer_id == said.customer_id, paid.number == said.payment)).join(
        debits, and_(debit.customer_id == said.customer_id, debit.target == said.document)
    )
    each = (
        select(
            paid.id.label("payment_id"), said.customer_id, said.document, paid.date, paid.number,
            units(said.amount).label("wanted"), (units(paid.amount) - before).label("free"),
        )
        .select_from(joined)
        .where(paid.date <= ask.as_of, paid.amount > Decimal(0), *ask.of(said.customer_id))
        .subquery("chosen")
    )  # fmt: skip
    one = each.c
    amount = case((one.free <= 0, 0), (one.free < one.wanted, one.free), else_=one.wanted)
    return select(
        one.payment_id, one.customer_id, one.document, one.date, one.number, type_coerce(amount, BIG).label("amount")
    ).cte("by_hand")


def _sums(credits_: Sequence[Select[Any]]) -> CTE:
    """What all credits for a document come to, of those for none in one sum."""
    brief = []
    for one in credits_:
        known = list(one.selected_columns)
        brief.append(one.with_only_columns(known[0], known[1], known[-1], maintain_column_froms=True))
    each = union_all(*brief).subquery("credit_of")
    customer, document, amount = each.c
    return (
        select(customer.label("customer_id"), document.label("document"), func.sum(amount).label("amount"))
        .group_by(customer, document)
        .cte("credit_sum")
    )


def _document(debits: Select[Any], sums: CTE, columns: Sequence[str]) -> Select[Any]:
    """Each debit with what is left of it; `over` is what its own row credits, less all that it takes."""
    known = debits.subquery()
    customer, number, target, type_, date, due, amount, own, settled = known.c
    joined = known.outerjoin(sums, and_(sums.c.customer_id == customer, sums.c.document == target))
    credited = own + func.coalesce(sums.c.amount, 0)
    short, closed = amount - credited, settled.is_not(None)
    closing = case((and_(closed, short > 0), short), else_=0)
    taken = case((or_(closed, short <= 0), amount), else_=credited)
    found = {
        "customer_id": customer,
        "number": number,
        "target": target,
        "type": type_,
        "date": date,
        "due": due,
        "amount": amount,
        "own": own,
        "settled": settled,
        "closing": type_coerce(closing, BIG),
        "rest": type_coerce(amount - taken, BIG),
        "over": type_coerce(own + closing - taken, BIG),
    }
    return select(*(found[name].label(name) for name in columns or found)).select_from(joined)


def bucket(day: ColumnElement[Any], as_of: dt.date, ends: Sequence[int]) -> ColumnElement[Any]:
    """Which part of the ageing a day falls into: 0 from `as_of` on, 1 up to the first end, and so on."""
    cuts = [(day >= as_of, 0), *((day >= earlier(as_of, end), place) for place, end in enumerate(ends, 1))]
    return type_coerce(case(*cuts, else_=len(ends) + 1), Integer)
