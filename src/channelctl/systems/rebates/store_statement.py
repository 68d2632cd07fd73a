"""A customer's statement, and the settlements there were."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from channelctl.i18n import listed
from channelctl.storage import Batch, Day, is_set
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer, CustomerAlias
from channelctl.systems.rebates import rules_settle, store_payout, store_settle
from channelctl.systems.rebates.rules import ZERO, Rule
from channelctl.systems.rebates.rules_settle import VOID, Account
from channelctl.systems.rebates.rules_statement import (
    BalanceRow,
    HistoryRow,
    PaidRow,
    Settled,
    Span,
    StatementRow,
    balance_row,
    bracket_words,
    instead,
)
from channelctl.systems.rebates.rules_windows import days_of, window_words
from channelctl.systems.rebates.tables import RebatePayout, RebateSettled, RebateSettlement
from channelctl.systems.scores import store_closed


class Party(NamedTuple):
    """A customer, with every code that it was settled by."""

    id: int
    code: str
    name: str
    codes: list[str]


class Statement(NamedTuple):
    """What was settled and paid out for a customer in a span of months, and the balance before it."""

    code: str
    name: str
    span: Span
    opening: Decimal
    lines: list[StatementRow]
    paid: list[PaidRow]


class History(NamedTuple):
    """The settlements there were, of all customers or one; that one's account."""

    rows: list[HistoryRow]
    party: Party | None
    account: Account


def party(session: Session, word: str) -> Party:
    """The customer that a code, name or alias means; also one that is on file no more, by the code it was settled by.

    Raises:
        UsageError: there is none, or there are several.
    """
    if word in store_payout.accounts(session) and word not in store_closed.current(session):
        return _gone(word)
    return _on_file(session, word)


def _gone(code: str) -> Party:
    """Whoever was settled by a code that is nobody's any more."""
    return Party(0, code, code, [code])


def _on_file(session: Session, word: str) -> Party:
    id_ = own_customer(session, word)
    code, name = session.execute(select(col(Customer.code), col(Customer.name)).where(col(Customer.id) == id_)).one()
    aliases = select(col(CustomerAlias.alias)).where(col(CustomerAlias.customer_id) == id_)
    taken = select(col(Customer.code)).where(col(Customer.id) != id_)
    others = set(session.execute(aliases.where(col(CustomerAlias.alias).not_in(taken))).scalars())
    return Party(id_, code, name, [code, *sorted(others - {code})])


def statement(session: Session, word: str, span: Span) -> Statement:
    """What was settled and paid out for a customer in the months asked for.

    Raises:
        UsageError: there is no such customer.
    """
    return _statement(session, party(session, word), span, store_settle.rules_by_version(session))


def statements(session: Session, span: Span) -> list[Statement]:
    """The statements of all customers for which something was settled or paid out by the end of the months."""
    rules = store_settle.rules_by_version(session)
    known = store_closed.current(session)
    parties = (_on_file(session, code) if code in known else _gone(code) for code in store_payout.accounts(session))
    found = [_statement(session, one, span, rules) for one in parties]
    return [one for one in found if one.lines or one.paid or one.opening]


def _statement(session: Session, one: Party, span: Span, rules: Mapping[tuple[str, str, str], Rule]) -> Statement:
    query = (
        select(RebateSettlement, RebateSettled)
        .join(RebateSettled, col(RebateSettled.settlement_id) == col(RebateSettlement.id))
        .where(col(RebateSettled.customer_code).in_(one.codes))
        .order_by(
            col(RebateSettlement.id), col(RebateSettled.window), col(RebateSettled.policy), col(RebateSettled.rule)
        )
    )
    opening, lines, done = ZERO, [], store_settle.settlements(session)
    found = [(made, line) for made, line in session.execute(query)]
    told: dict[int, list[Settled]] = {}
    for made, line in found:
        rule = rules.get((line.policy, line.version, line.rule))
        if rule is not None:
            told.setdefault(made.batch_id, []).append(Settled(rule, line.window, line.base, line.entitlement))
    for made, line in found:
        if span.opens(made.month):
            opening += line.amount
        elif span.holds(made.month):
            rule = rules.get((line.policy, line.version, line.rule))
            covered = rules_settle.covered(one for one in done if one.batch < made.batch_id)
            better = (
                ""
                if rule is None
                else instead(Settled(rule, line.window, line.base, line.entitlement), told[made.batch_id])
            )
            lines.append(_line(made, line, rule, covered, better))
    before, paid = _payouts(session, one.id, span)
    return Statement(one.code, one.name, span, opening - before, lines, paid)


def _line(
    made: RebateSettlement, line: RebateSettled, rule: Rule | None, covered: dt.date, better: str
) -> StatementRow:  # fmt: skip
    late = days_of(line.window)[1] <= covered
    return StatementRow(
        made.month, made.through, made.final, line.policy, rule.name if rule is not None else "", line.version,
        line.rule, line.window, line.base, bracket_words(rule, line.base, better), line.entitlement, line.before,
        line.amount, late,
    )  # fmt: skip


def _payouts(session: Session, customer_id: int, span: Span) -> tuple[Decimal, list[PaidRow]]:
    """What was paid out to a customer before a span of months, and each payout in it, without void ones."""
    one = RebatePayout
    query = (
        select(
            col(one.date), col(one.number), col(one.form), col(one.state), col(one.amount), col(one.reference),
            col(one.remark),
        )
        .where(col(one.customer_id) == customer_id, col(one.state) != VOID)
        .order_by(col(one.date), col(one.number))
    )  # fmt: skip
    before, found = ZERO, []
    for row in session.execute(query):
        paid = PaidRow(*row)
        month = f"{paid.date:%Y-%m}"
        if span.opens(month):
            before += paid.amount
        elif span.holds(month):
            found.append(paid)
    return before, found


def balances(session: Session) -> list[BalanceRow]:
    """The account of every customer for which something was settled or paid out, by code."""
    known = store_closed.current(session)
    return [
        balance_row(code, known[code][1] if code in known else code, account)
        for code, account in store_payout.accounts(session).items()
    ]


def history(session: Session, customer: str | None) -> History:
    """Every settlement with what it came to, in all or for one customer; the account of that one.

    Raises:
        UsageError: there is no such customer.
    """
    one = party(session, customer) if customer is not None else None
    settled, made = RebateSettled, RebateSettlement
    amount = col(settled.amount)
    chosen = [col(settled.customer_code).in_(one.codes)] if one is not None else []
    query = (
        select(
            made, Batch,
            func.sum(case((amount > ZERO, amount), else_=ZERO)),
            func.sum(case((amount < ZERO, amount), else_=ZERO)),
            func.sum(case((_is_late(), amount), else_=ZERO)),
        )
        .join(settled, and_(col(settled.settlement_id) == col(made.id), *chosen))
        .join(Batch, col(Batch.id) == col(made.batch_id))
        .group_by(*made.__table__.c, *Batch.__table__.c)  # type: ignore[attr-defined]
        .order_by(col(made.id))
    )  # fmt: skip
    windows = _windows(session, chosen)
    counts = _customers(session, chosen)
    rows = [
        _row(found, batch, counts.get(found.id or 0, 0), windows.get(found.id or 0, []), earned, back, late)
        for found, batch, earned, back, late in session.execute(query)
    ]
    known = store_payout.accounts(session) if one is not None else {}
    return History(rows, one, known.get(one.code, Account()) if one is not None else Account())


def _is_late() -> Any:
    """Whether a line is of a window that an earlier final settlement had settled to its end."""
    earlier = aliased(RebateSettlement)
    end = type_coerce(func.substr(col(RebateSettled.window), 12), Day)
    return exists().where(
        is_set(earlier.final), col(earlier.id) < col(RebateSettlement.id), col(earlier.through) >= end
    )


def _customers(session: Session, chosen: Sequence[Any]) -> dict[int, int]:
    """For how many customers each settlement came to something."""
    columns = (col(RebateSettled.settlement_id), col(RebateSettled.customer_code))
    moved = func.sum(col(RebateSettled.amount)) != ZERO
    each = select(*columns).where(*chosen).group_by(*columns).having(moved).subquery()
    query = select(each.c.settlement_id, func.count()).group_by(each.c.settlement_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _windows(session: Session, chosen: Sequence[Any]) -> dict[int, list[str]]:
    """The windows that each settlement holds."""
    columns = (col(RebateSettled.settlement_id), col(RebateSettled.window))
    found: dict[int, list[str]] = {}
    for settlement, window in session.execute(select(*columns).where(*chosen).distinct().order_by(*columns)):
        found.setdefault(settlement, []).append(window)
    return found


def _row(
    made: RebateSettlement, batch: Batch, customers: int, windows: list[str], earned: Decimal, back: Decimal,
    late: Decimal,
) -> HistoryRow:  # fmt: skip
    return HistoryRow(
        made.month, made.through, made.final, customers, listed(map(window_words, windows)), earned, back,
        earned + back, late, batch.user, batch.at, batch.id or 0,
    )  # fmt: skip
