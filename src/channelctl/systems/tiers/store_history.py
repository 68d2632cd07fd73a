"""Gradings that were applied, and tiers set by hand."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from channelctl import audit
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.records import kinds
from channelctl.records import store as records
from channelctl.storage import Batch
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer, CustomerAlias
from channelctl.systems.tiers.rules import Tier, TierPolicy, TierRow
from channelctl.systems.tiers.rules_history import (
    CUTS,
    Force,
    Grade,
    Graded,
    HistoryRow,
    Mark,
    Run,
    grade_on,
    held,
    mark_on,
    told,
)
from channelctl.systems.tiers.tables import TierGrade, TierMark, TierRun

_MARK = "tier_mark"
_AT_ONCE = 500
Tiered = dict[str, tuple[str, Decimal]]


class Applied(NamedTuple):
    """What applying came to: the batch that holds it, whether that is new, every customer's tier, and who was held."""

    batch: int
    new: bool
    graded: Sequence[Graded]

    @property
    def held(self) -> int:
        """How many customers keep another tier than the run gave."""
        return sum(one.tier != one.computed for one in self.graded)


class Told(NamedTuple):
    """A customer, everything that gave it a tier, and what holds on a day."""

    code: str
    name: str
    rows: list[HistoryRow]
    force: Force
    day: dt.date


def apply(
    session: Session,
    method: str,
    period: Period,
    scope: Mapping[str, str],
    rows: Sequence[TierRow],
    limits: TierPolicy,
) -> Applied:
    """Keep a grading as the tiers that hold from now on; where they do already, nothing is written.

    Raises:
        UsageError: the period has no last day to keep it by.
        RefusedError: nobody bought more in it than came back, which would make a C of everybody.
    """
    if period.end == dt.date.max:
        raise UsageError(
            _("a run is kept by its last day, and --all-time has none"), _("Say up to which: --all-time --as-of DAY")
        )
    if not any(row.net_sales > 0 for row in rows):
        raise RefusedError(
            _("no sales from {start} to {end}: nothing was applied").format(start=period.start, end=period.end),
            _("It would make a C of everybody. Name a period with sales, like --month 2024-05."),
        )
    words = json.dumps(dict(scope), ensure_ascii=False, sort_keys=True)
    policy = json.dumps(limits.model_dump(mode="json", exclude={"alarms"}), ensure_ascii=False, sort_keys=True)
    earlier = _last(session, method, words, col(TierRun.last_day) < period.end)
    before = {grade.customer_code: grade.tier for grade in _grades(session, [earlier])} if earlier else {}
    graded = held(rows, _under_own_codes(session, before), method, limits)
    run = TierRun(
        batch_id=0,
        method=method,
        first_day=period.start,
        last_day=period.end,
        scope=words,
        policy=policy,
        known=session.execute(sa.select(sa.func.max(col(Batch.id)))).scalar() or 0,
        customers=len(graded),
        net=sum((one.net for one in graded), Decimal("0.00")),
    )
    standing = _standing(session, run, graded)
    if standing is not None:
        return Applied(standing, False, graded)
    run.batch_id = audit.open_batch(session, "tier apply")
    session.add(run)
    session.flush()
    if graded:
        values = [{"run_id": run.id, **one._asdict()} for one in graded]
        session.connection().execute(sa.insert(_table(TierGrade)), values)
    return Applied(run.batch_id, True, graded)


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


def _standing(session: Session, run: TierRun, graded: Sequence[Graded]) -> int | None:
    """The batch of the run that says the same and has not been overtaken for any of its customers."""
    same = [getattr(TierRun, name) for name in ("method", "first_day", "last_day", "scope", "policy", "customers")]
    query = sa.select(TierRun).where(*(column == getattr(run, column.key) for column in same))
    found = session.execute(query.order_by(col(TierRun.id).desc()).limit(1)).scalar()
    if found is None:
        return None
    columns = [_table(TierGrade).c[name] for name in Graded._fields]
    stored = session.execute(sa.select(*columns).where(col(TierGrade.run_id) == found.id))
    if {tuple(row) for row in stored} != {tuple(one) for one in graded}:
        return None
    own = sa.select(col(TierGrade.customer_code)).where(col(TierGrade.run_id) == found.id)
    later = (
        sa.select(col(TierGrade.run_id))
        .join(TierRun, col(TierRun.id) == col(TierGrade.run_id))
        .where(col(TierRun.id) > found.id, col(TierRun.last_day) >= run.last_day, col(TierGrade.customer_code).in_(own))
    )
    return None if session.execute(later.limit(1)).first() else found.batch_id


def _last(session: Session, method: str | None, scope: str, *where: Any) -> Run | None:
    """The last run of a scope (and method) by the day it ends, of several the one applied last."""
    query = sa.select(TierRun).where(col(TierRun.scope) == scope, *where)
    if method is not None:
        query = query.where(col(TierRun.method) == method)
    query = query.order_by(col(TierRun.last_day).desc(), col(TierRun.id).desc()).limit(1)
    found = session.execute(query).scalar()
    return _run(found) if found is not None else None


def _run(row: TierRun) -> Run:
    policy, names = json.loads(row.policy), CUTS.get(row.method)
    cuts = (Decimal(policy[names[0]]), Decimal(policy[names[1]])) if names else None
    return Run(row.id or 0, row.batch_id, row.method, row.first_day, row.last_day, row.scope, row.policy, cuts)


def _grades(session: Session, runs: Iterable[Run], *where: Any) -> list[Grade]:
    """What runs gave, the earliest run first."""
    found = []
    for run in sorted(runs, key=lambda run: (run.last_day, run.id)):
        columns = [_table(TierGrade).c[name] for name in Graded._fields]
        query = sa.select(*columns).where(col(TierGrade.run_id) == run.id, *where)
        found += [Grade(run, *row) for row in session.execute(query.order_by(col(TierGrade.customer_code)))]
    return found


def _merged(session: Session) -> dict[str, str]:
    """The codes and names that stand for customers, with the codes of those."""
    query = sa.select(col(CustomerAlias.alias), col(Customer.code)).join(
        Customer, col(Customer.id) == col(CustomerAlias.customer_id)
    )
    return {row[0]: row[1] for row in session.execute(query.order_by(col(CustomerAlias.id)))}


def _under_own_codes(session: Session, found: Mapping[str, Any]) -> dict[str, Any]:
    """What codes lead to, by the codes that customers have now.

    A code that was merged into another stands for that where the other is not there itself; else it stays as it was.
    """
    now, own = _merged(session), dict(found)
    for code in sorted(found.keys() & now.keys()):
        if now[code] not in own:
            own[now[code]] = own.pop(code)
    return own


def run_of_month(session: Session, method: str, scope: Mapping[str, str], month: Period) -> Run | None:
    """The last run whose period ends in a month."""
    words = json.dumps(dict(scope), ensure_ascii=False, sort_keys=True)
    return _last(session, method, words, col(TierRun.last_day).between(month.start, month.end))


def last_two(session: Session, day: dt.date) -> tuple[Run, Run] | None:
    """The last run over everybody up to a day, and the one before it by the same method; None without two."""
    now = _last(session, None, "{}", col(TierRun.last_day) <= day)
    before = _last(session, now.method, "{}", col(TierRun.last_day) < now.last_day) if now is not None else None
    return (before, now) if before is not None and now is not None else None


def tiers_of(session: Session, run: Run) -> Tiered:
    """Tier and net sales of a run by the codes that its customers have now."""
    return _under_own_codes(session, {one.customer_code: (one.tier, one.net) for one in _grades(session, [run])})


def marks(session: Session, *where: Any) -> list[Mark]:
    """The tiers set by hand, by customer and day."""
    query = (
        sa.select(
            col(Customer.code), col(TierMark.tier), col(TierMark.reason), col(TierMark.since), col(TierMark.until),
            col(TierMark.batch_id),
        )
        .join(Customer, col(Customer.id) == col(TierMark.customer_id))
        .where(*where)
        .order_by(col(Customer.code), col(TierMark.since))
    )  # fmt: skip
    return [Mark(*row) for row in session.execute(query)]


def marks_on(session: Session, day: dt.date) -> dict[str, Mark]:
    """The tier set by hand that holds on a day, by customer code."""
    by_code: dict[str, list[Mark]] = {}
    for mark in marks(session, col(TierMark.since) <= day, col(TierMark.until) >= day):
        by_code.setdefault(mark.customer_code, []).append(mark)
    return {code: found for code, all_ in by_code.items() if (found := mark_on(all_, day)) is not None}


def in_force(session: Session, day: dt.date, up_to: dt.date) -> dict[str, Tier]:
    """Every customer's tier on a day, by the code it has now: set by hand, else of the last run up to another."""
    whole = _last(session, None, "{}", col(TierRun.last_day) <= up_to)
    first = whole.last_day if whole is not None else dt.date.min
    newest: dict[str, Grade] = {}
    for run in _runs(session, col(TierRun.last_day).between(first, up_to)):
        newest |= _under_own_codes(session, {one.customer_code: one for one in _grades(session, [run])})
    tiers = {code: grade.tier for code, grade in newest.items()}
    return tiers | {code: mark.tier for code, mark in marks_on(session, day).items()}


def _runs(session: Session, *where: Any) -> list[Run]:
    """The runs, the earliest first."""
    query = sa.select(TierRun).where(*where).order_by(col(TierRun.last_day), col(TierRun.id))
    return [_run(row) for row in session.execute(query).scalars()]


def history(session: Session, customer: str, day: dt.date, up_to: dt.date | None) -> Told:
    """What gave a customer its tiers (up to a day, if one is given), those of codes merged into it too.

    Raises:
        UsageError: there is no such customer, or the name fits several.
    """
    id_ = own_customer(session, customer)
    code, name = session.execute(sa.select(col(Customer.code), col(Customer.name)).where(col(Customer.id) == id_)).one()
    others = sa.select(col(CustomerAlias.alias)).where(col(CustomerAlias.customer_id) == id_)
    codes = [code, *(row[0] for row in session.execute(others))]
    theirs = col(TierGrade.customer_code).in_(codes)
    of_it = sa.select(col(TierGrade.run_id)).where(theirs)
    limit = [col(TierRun.last_day) <= up_to] if up_to is not None else []
    grades = _grades(session, _runs(session, col(TierRun.id).in_(of_it), *limit), theirs)
    # Of a run that graded both, its own code comes first.
    grades.sort(key=lambda one: (one.run.last_day, one.run.id, one.customer_code != code, one.customer_code))
    since = [col(TierMark.since) <= up_to] if up_to is not None else []
    own = marks(session, col(TierMark.customer_id) == id_, *since)
    force = Force(mark_on(own, day), grade_on(grades, up_to or dt.date.max))
    return Told(code, name, told(grades, own), force, day)


def set_mark(
    session: Session, customer: str, tier: str, reason: str, since: dt.date, until: dt.date
) -> records.Written:
    """Set a customer's tier by hand; one that was set for the same first day is changed.

    Raises:
        UsageError: no such customer or tier, no reason, or it ends before it begins.
    """
    id_ = own_customer(session, customer)
    code = session.execute(sa.select(col(Customer.code)).where(col(Customer.id) == id_)).scalar_one()
    same = sa.select(col(TierMark.id)).where(col(TierMark.customer_id) == id_, col(TierMark.since) == since)
    given = {"tier": tier, "reason": reason, "until": until.isoformat()}
    if session.execute(same).first() is None:
        key = {"customer_code": code, "since": since.isoformat()}
        return records.add(session, kinds()[_MARK], {"customer": code, **key, **given})
    done = records.change(session, kinds()[_MARK], [code, since.isoformat()], given)
    if not done.changed:
        session.rollback()
    return done
