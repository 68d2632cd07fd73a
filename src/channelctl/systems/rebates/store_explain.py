"""What stands behind a customer's rebates: rules, break points, the rows that count, and those that do not."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.period import Period, day
from channelctl.storage import Batch, SourceSheet
from channelctl.systems.catalog.tables import Product
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.rebates import rules_explain, store_accrual, store_policy
from channelctl.systems.rebates.rules import PRIORITY, Earned, Rule
from channelctl.systems.rebates.rules_accrual import AccruedLine
from channelctl.systems.rebates.rules_explain import (
    OTHER_POLICY,
    STATUS,
    UNMATCHED,
    UNPAID,
    LeftOut,
    Place,
    PointRow,
    RebatePart,
)
from channelctl.systems.rebates.rules_taking import first_by_priority
from channelctl.systems.rebates.rules_windows import windows
from channelctl.systems.rebates.store_cells import is_named, named_days, named_paid
from channelctl.systems.rebates.store_scope import Scopes
from channelctl.systems.rebates.tables import RebateRule
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE


class Explained(NamedTuple):
    """A customer's rebates of the windows that touch a month, counted through a day; `policy` is the one asked for."""

    code: str
    name: str
    policy: str | None
    period: Period
    through: dt.date
    earned: list[Earned]
    parts: list[RebatePart]
    points: list[PointRow]
    lines: list[AccruedLine]
    left_out: list[LeftOut]


def explained(session: Session, customer: str, policy: str | None, month: str | None, as_of: str | None) -> Explained:
    """What a customer has earned in a month, by default that of the last sale, and all that stands behind it.

    Raises:
        UsageError: there is no such customer, policy or month, or the day lies before the month.
    """
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    id_ = own_customer(session, customer)
    code, name = sales.customer_names(session)[id_]
    cut = day(as_of) if as_of is not None else None
    last = cut or sales.last_date(session, no_sale)
    if month is None and last is None:
        raise UsageError(_("there are no sales yet, so there is no month to go by"), _("Name one: --month 2024-05"))
    period = Period.month(month or f"{last:%Y-%m}")
    if cut is not None and cut < period.start:
        raise UsageError(
            _("--as-of {day} is before the period begins ({start})").format(day=cut, start=period.start),
            _("Without --as-of, or a period that begins up to that day."),
        )
    through = store_policy.through(session, period, cut)
    period = period.cut(through)
    rules = store_accrual.in_force(session)
    asked = rules if policy is None else store_policy.rules_of(session, policy)
    policy = None if policy is None else asked[0].policy
    earned = [
        row
        for row in store_accrual.earned(session, rules, period.start, period.end, id_, through)
        if policy is None or row.rule.policy == policy
    ]
    places = _places(session)
    lines = [line for row in earned for line in store_accrual.lines(session, row, through)]
    return Explained(
        code,
        name,
        policy,
        period,
        through,
        earned,
        [rules_explain.part(row, through, places.get(_key(row.rule), Place())) for row in earned],
        [point for row in earned for point in rules_explain.points(row)],
        lines,
        [*_left_out(session, id_, rules, asked, period, through), *_unmatched(lines, earned)],
    )


def _key(rule: Rule) -> tuple[str, str, str]:
    return rule.policy, rule.version, rule.rule


def _places(session: Session) -> dict[tuple[str, str, str], Place]:
    """Where each rule stands."""
    one = RebateRule
    query = (
        select(
            col(one.policy), col(one.version), col(one.rule),
            col(Batch.file_name), col(SourceSheet.name), col(one.row_no), col(one.batch_id),
        )
        .join(Batch, col(one.batch_id) == col(Batch.id))
        .outerjoin(SourceSheet, col(one.sheet_id) == col(SourceSheet.id))
    )  # fmt: skip
    return {
        (policy, version, rule): Place(file, sheet or None, row or None, batch)
        for policy, version, rule, file, sheet, row, batch in session.execute(query)
    }


class _Line(NamedTuple):
    """A sale line of the customer as rules look at it, and as it is told."""

    day: dt.date
    product: int | None
    status: str | None
    is_paid: bool
    told: tuple[Any, ...]


def _left_out(
    session: Session, customer: int, rules: Sequence[Rule], asked: Sequence[Rule], period: Period, through: dt.date
) -> Iterator[LeftOut]:
    """The lines in a rule's scope and window that do not count for it: by status, unpaid, or for another's sake.

    A line that several rules leave out for the same reason is told once a policy.
    """
    scopes = Scopes.of(session)
    bits, items = scopes.by_customer(rules).get(customer, 0), scopes.by_product(rules)
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    places = [place for place, rule in enumerate(rules) if rule in asked and bits >> place & 1 and not rule.contract]
    spans = {place: windows(rules[place], period.start, period.end) for place in places}
    for line in _lines(session, customer, through) if any(spans.values()) else ():
        mask = bits & items[line.product]
        within = [rule for place, rule in enumerate(rules) if mask >> place & 1]
        first = first_by_priority(within, line.day, line.is_paid)
        told: set[tuple[str, str]] = set()
        for place in places:
            rule = rules[place]
            if not mask >> place & 1 or not any(one.start <= line.day <= one.end for one in spans[place]):
                continue
            if line.status in no_sale:
                reason = STATUS
            elif rule.paid_only and not line.is_paid:
                reason = UNPAID
            elif rule.meeting == PRIORITY and rule.policy != first:
                reason = OTHER_POLICY
            else:
                continue
            if (rule.policy, reason) not in told:
                told.add((rule.policy, reason))
                yield LeftOut(rule.policy, reason, *line.told)


def _lines(session: Session, customer: int, last: dt.date) -> Iterator[_Line]:
    """All of a customer's lines up to a day, whatever their status, by the day that they count on."""
    named = named_days(customer)
    counts_on = func.coalesce(named.c.first, LINE.c.date)
    query = (
        select(
            counts_on, LINE.c.product_id, LINE.c.status, named_paid(named),
            LINE.c.date, LINE.c.document, col(Product.name), LINE.c.quantity, LINE.c.amount,
            LINE.c.status.label("said"), col(Batch.file_name), col(SourceSheet.name), LINE.c.row_no, LINE.c.batch_id,
        )
        .select_from(LINE.outerjoin(named, is_named(named)))
        .join(Batch, LINE.c.batch_id == col(Batch.id))
        .outerjoin(SourceSheet, LINE.c.sheet_id == col(SourceSheet.id))
        .outerjoin(Product, LINE.c.product_id == col(Product.id))
        .where(*sales.conditions(None, sales.Scope(), ()), LINE.c.customer_id == customer, LINE.c.date <= last)
        .order_by(counts_on, LINE.c.date, LINE.c.document, LINE.c.id)
    )  # fmt: skip
    for counted, product, status, paid, *told in session.execute(query):
        yield _Line(counted, product, status, bool(paid), tuple(told))


def _unmatched(lines: Sequence[AccruedLine], earned: Sequence[Earned]) -> Iterator[LeftOut]:
    """The registrations that no unit picked up stands against, as far as that goes."""
    contracts = {(row.rule.policy, row.rule.rule) for row in earned if row.rule.contract}
    for line in lines:
        left = (line.quantity or 0) - line.counted
        if (line.policy, line.rule) in contracts and left > 0:
            place = line.file, line.sheet, line.row, line.batch
            yield LeftOut(line.policy, UNMATCHED, line.date, None, line.product, left, None, None, *place)
