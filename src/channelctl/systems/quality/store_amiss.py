"""What is amiss with the sales of a period, and with the customers who bought."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlmodel import Session, col

from channelctl import policy
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.storage import Batch
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Rep
from channelctl.systems.quality.rules import QualityPolicy, QualityRow, row
from channelctl.systems.quality.store import by_office
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE, Scope, conditions

_NOTHING = Decimal("0.00")
# How a code is made that a record was given because its sheet had none.
_GENERATED, _DIGITS = "N", 5


class Looked(NamedTuple):
    """What was found, of which period and whose, and how many sale lines that is."""

    rows: list[QualityRow]
    period: Period
    scope: Scope
    lines: int


def looked_at(
    session: Session, period_of: Callable[[dt.date | None], Period], asked: Mapping[str, str | None]
) -> Looked:
    """Everything that may be amiss, with how much of it there is."""
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    scope = sales.scope(session, **asked)
    period = period_of(sales.last_date(session, no_sale))
    rows = _of_lines(session, period, scope, no_sale)
    if scope == Scope():
        rows.append(
            row(
                "rows_refused",
                _("rows refused at import"),
                _refused(session, period),
                remedy=_("correct them in the file of refused rows and import that: channelctl batch list"),
            )
        )
    rows += _of_customers(session, period, scope, no_sale)
    rows.append(_same_name(session, period, scope, no_sale))
    if replace(scope, offices=None) in (Scope(), Scope(region=scope.region, words=scope.words)):
        rows.append(_silent(session, period, scope.region))
    return Looked(rows, period, scope, _lines_of(rows))


def _lines_of(rows: Sequence[QualityRow]) -> int:
    """How many sale lines were looked at, with those that count for nothing."""
    found = {one.name: one for one in rows}
    return (found["lines_without_customer"].of or 0) + found["lines_not_counted"].found


def _of_lines(session: Session, period: Period, scope: Scope, no_sale: Sequence[str]) -> list[QualityRow]:
    found = _lines(session, period, scope, no_sale)
    said = {
        "customer": (_("lines without a customer"), _("they count in totals, not in tiers; name the customer there")),
        "product": (_("lines without a product"), _("they earn no rebate by product; name the model there")),
        "office": (_("lines without an office"), _("no office has them: give the customer its office")),
        "rep": (_("lines without a rep"), _("no rep has them: give the customer its rep")),
        "quantity": (_("lines without a quantity"), _("they count in money only")),
    }
    rows = []
    for name, (what, remedy) in said.items():
        count, net = found.without[name]
        rows.append(row(f"lines_without_{name}", what, count, found.lines, net, remedy))
    count, net = _not_counted(session, period, scope, no_sale)
    remedy = _("they count for nothing: channelctl policy show, sales.no_sale_statuses")
    return [*rows, row("lines_not_counted", _("lines whose status is no sale"), count, None, net, remedy)]


def _of_customers(session: Session, period: Period, scope: Scope, no_sale: Sequence[str]) -> list[QualityRow]:
    counts = _buying(session, period, scope, no_sale)
    said = {
        "office_id": ("customers_without_office", _("customers with sales but no office of their own")),
        "rep_id": ("customers_without_rep", _("customers with sales but no rep")),
        "channel": ("customers_without_channel", _("customers with sales but no channel")),
        "class_": ("customers_without_class", _("customers with sales but no class")),
    }
    rows = [
        row(name, what, counts[field], counts["all"], remedy=_("channelctl customer set CODE FIELD=…"))
        for field, (name, what) in said.items()
    ]
    what = _("customers with sales who have only a generated code (N00001)")
    remedy = _("find who they are: channelctl customer duplicates, then customer merge")
    return [*rows, row("customers_by_name_only", what, counts["code"], counts["all"], remedy=remedy)]


def _same_name(session: Session, period: Period, scope: Scope, no_sale: Sequence[str]) -> QualityRow:
    """Reps with sales whose name a rep of another office has: a line with the office of another makes one."""
    lines = (
        select(func.coalesce(LINE.c.rep_id, col(Customer.rep_id)))
        .join_from(LINE, Customer, LINE.c.customer_id == col(Customer.id), isouter=True)
        .where(*conditions(period, scope, no_sale))
        .distinct()
    )
    selling = set(session.execute(lines).scalars()) - {None}
    reps = session.execute(select(col(Rep.id), col(Rep.name))).all()
    times = Counter(name for _id, name in reps)
    count = sum(times[name] > 1 for id_, name in reps if id_ in selling)
    what = _("reps with sales who have the name of a rep of another office")
    remedy = _("if they are one person, name that person's own office in the lines: channelctl rep list")
    return row("reps_of_one_name", what, count, len(selling), remedy=remedy)


def _silent(session: Session, period: Period, region: int | None) -> QualityRow:
    """Offices whose last sale lies too far back."""
    after = policy.section("quality", QualityPolicy).silent_after
    found = by_office(session, period.end, region)
    last = max((one.last_day for one in found if one.last_day is not None), default=None)
    late = [
        one for one in found if last is not None and (one.last_day is None or (last - one.last_day).days > after)
    ]  # fmt: skip
    what = _("offices whose sales end more than {days} days before the others'").format(days=after)
    return row("silent_offices", what, len(late), len(found), remedy=_("channelctl freshness --by office"))


class _Lines(NamedTuple):
    """How many lines there are of a period, and what they come to: all, and those that lack something."""

    lines: int
    net: Decimal
    without: dict[str, tuple[int, Decimal]]


def _lines(session: Session, period: Period, scope: Scope, no_sale: Sequence[str]) -> _Lines:
    """The lines of a period, and those without a customer, a product, an office, a rep, a quantity."""
    own = col(Customer.office_id), col(Customer.rep_id)
    lacks: dict[str, ColumnElement[bool]] = {
        "customer": LINE.c.customer_id.is_(None),
        "product": LINE.c.product_id.is_(None),
        "office": func.coalesce(LINE.c.office_id, own[0]).is_(None),
        "rep": func.coalesce(LINE.c.rep_id, own[1]).is_(None),
        "quantity": LINE.c.quantity.is_(None),
    }
    sums: list[Any] = [func.count(), func.sum(LINE.c.amount)]
    for lack in lacks.values():
        sums += [func.sum(case((lack, 1), else_=0)), func.sum(case((lack, LINE.c.amount), else_=0))]
    query = (
        select(*sums)
        .join_from(LINE, Customer, LINE.c.customer_id == col(Customer.id), isouter=True)
        .where(*conditions(period, scope, no_sale))
    )
    count, net, *rest = session.execute(query).one()
    pairs = {name: (rest[2 * place] or 0, rest[2 * place + 1] or _NOTHING) for place, name in enumerate(lacks)}
    return _Lines(count, net or _NOTHING, pairs)


def _not_counted(session: Session, period: Period, scope: Scope, no_sale: Sequence[str]) -> tuple[int, Decimal]:
    """The lines of a period whose status is no sale."""
    if not no_sale:
        return 0, _NOTHING
    where = [*conditions(period, scope, ()), LINE.c.status.in_(no_sale)]
    query = select(func.count(), func.sum(LINE.c.amount))
    if scope.rep is not None or scope.channel is not None or scope.industry is not None:
        query = query.join_from(LINE, Customer, LINE.c.customer_id == col(Customer.id), isouter=True)
    count, net = session.execute(query.where(*where)).one()
    return count, net or _NOTHING


def _refused(session: Session, period: Period) -> int:
    """The rows that were refused in files with sales of the period."""
    own = exists().where(LINE.c.batch_id == col(Batch.id), LINE.c.date.between(period.start, period.end))
    where = col(Batch.rejected) > 0, col(Batch.undone_by).is_(None), own
    return session.execute(select(func.sum(col(Batch.rejected))).where(*where)).scalar() or 0


def _buying(session: Session, period: Period, scope: Scope, no_sale: Sequence[str]) -> dict[str, int]:
    """How many customers bought in a period, and of how many the file lacks something."""
    ids = select(LINE.c.customer_id).where(*conditions(period, scope, no_sale), LINE.c.customer_id.is_not(None))
    if scope.rep is not None or scope.channel is not None or scope.industry is not None:
        ids = ids.join_from(LINE, Customer, LINE.c.customer_id == col(Customer.id), isouter=True)
    named = ["office_id", "rep_id", "channel", "class_"]
    sums: list[Any] = [func.count()]
    sums += [func.sum(case((col(getattr(Customer, name)).is_(None), 1), else_=0)) for name in named]
    sums.append(func.sum(case((_is_generated(), 1), else_=0)))
    values = session.execute(select(*sums).where(col(Customer.id).in_(ids.distinct()))).one()
    return dict(zip(("all", *named, "code"), [value or 0 for value in values], strict=True))


def _is_generated() -> ColumnElement[bool]:
    """Whether a customer's code was generated: N and five digits."""
    code = col(Customer.code)
    return code.like(f"{_GENERATED}{'_' * _DIGITS}") & code.between(f"{_GENERATED}0", f"{_GENERATED}:")
