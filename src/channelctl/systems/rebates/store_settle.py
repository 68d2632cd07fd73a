"""Settling a month: what is left of every entitlement, kept by customers' codes, and what may not change after it."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from channelctl import audit, policy
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.period import Period
from channelctl.records import Guard, Held
from channelctl.storage import Batch
from channelctl.systems.plans.store_versions import touched_by
from channelctl.systems.rebates import rules_settle, store_accrual, store_payout
from channelctl.systems.rebates.rules import ZERO, Earned, RebatePolicy, Rule, measured
from channelctl.systems.rebates.rules_settle import Account, Done, Due, Kept, Key, Line, Turn
from channelctl.systems.rebates.rules_windows import window_key
from channelctl.systems.rebates.tables import RebateRule, RebateSettled, RebateSettlement
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE
from channelctl.systems.scores import store_closed

HELD = "E346"
_TOLD = ("name", "remark")


class Settlement(NamedTuple):
    """What a settlement comes to; `batch` None: nothing was written. `accounts` stand as they do with it.

    `sales_to` is the last day with sales by its day; `earlier` whether rules held before the first settlement there is.
    """

    turn: Turn
    lines: list[Line]
    names: dict[str, str]
    accounts: dict[str, Account]
    batch: int | None
    sales_to: dt.date | None
    earlier: bool

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to settle."""
        return rules_settle.is_nothing(self.lines, self.turn.final)


def settlements(session: Session) -> list[Done]:
    """The settlements there are, in the order they were made."""
    one = RebateSettlement
    query = select(col(one.month), col(one.through), col(one.final), col(one.batch_id)).order_by(col(one.id))
    return [Done(*row) for row in session.execute(query)]


def settle(
    session: Session, month: str, as_of: dt.date, today: dt.date, write: bool, force: bool = False
) -> Settlement:
    """Settle a month through a day: its windows, and what has changed in those settled before.

    Raises:
        UsageError: the day is yet to come.
        RefusedError: the month has not begun, or it or a later one is settled, or (without `force`) its sales are not
            in yet.
    """
    if as_of > today:
        raise UsageError(
            _("sales cannot be settled to {day}: today is {today}").format(day=as_of, today=today),
            _("Without --as-of they are settled to today, at most to the month's end."),
        )
    period = Period.month(month)
    done = settlements(session)
    turn = rules_settle.turn(period, as_of, done)
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    if not force:
        rules_settle.require_sales(turn, sales.last_date(session, no_sale))
    rules = store_accrual.in_force(session)
    dues = [_due(one) for one in store_accrual.earned(session, rules, turn.since, turn.through)]
    lines = rules_settle.lines(dues, _settled(session), turn)
    batch = None
    if write and not rules_settle.is_nothing(lines, turn.final):
        batch = _keep(session, turn, lines)
    return Settlement(
        turn,
        lines,
        {code: name for code, (_own, name) in store_closed.current(session).items()},
        _accounts(session, lines, batch is not None),
        batch,
        sales.last_date(session, no_sale, _through(turn)),
        not done and any(rule.valid_from < period.start for rule in rules),
    )


def _through(turn: Turn) -> Period:
    """All days up to that of a settlement."""
    return Period(dt.date.min, turn.through, "")


def _due(one: Earned) -> Due:
    key = Key(one.customer_code, one.rule.policy, one.rule.rule, window_key(one.window))
    return Due(key, one.rule.version, measured(one.rule, one.base), one.due)


def _settled(session: Session) -> dict[Key, Kept]:
    """What was settled of each key so far, by the codes that customers have today."""
    one = RebateSettled
    key = (col(one.customer_code), col(one.policy), col(one.rule), col(one.window))
    query = (
        select(*key, col(one.version), func.sum(one.amount), func.max(one.settlement_id))
        .group_by(*key, col(one.version))
        .order_by(func.max(one.settlement_id))
    )
    owners = store_closed.current(session)
    found: dict[Key, Kept] = {}
    for code, name, rule, window, version, amount, _last in session.execute(query):
        own = Key(owners[code][0] if code in owners else code, name, rule, window)
        before = found[own].amount if own in found else ZERO
        found[own] = Kept(version, before + amount)
    return found


def _keep(session: Session, turn: Turn, lines: Sequence[Line]) -> int:
    """Write a settlement with its lines; its batch."""
    query = select(func.max(col(Batch.id))).where(col(Batch.undone_by).is_(None))
    known = int(session.execute(query).scalar_one())
    batch = audit.open_batch(session, "rebate settle")
    one = RebateSettlement(
        batch_id=batch, month=turn.month, through=turn.through, final=turn.final, policy=_policy(), known=known
    )
    session.add(one)
    session.flush()
    rows = [
        {**line.key._asdict(), "settlement_id": one.id, "version": line.version, "base": line.base,
         "entitlement": line.entitlement, "before": line.before, "amount": line.amount}
        for line in lines
    ]  # fmt: skip
    session.connection().execute(insert(RebateSettled.__table__), rows)  # type: ignore[attr-defined]
    return batch


def _policy() -> str:
    """What a settlement was made by."""
    sections = {"rebates": policy.section("rebates", RebatePolicy), "sales": policy.section("sales", SalesPolicy)}
    used = {name: values.model_dump(mode="json") for name, values in sections.items()}
    return json.dumps(used, ensure_ascii=False, sort_keys=True)


def _accounts(session: Session, lines: Sequence[Line], written: bool) -> dict[str, Account]:
    """Every customer's account with these lines in it, whether they are written or not."""
    found = store_payout.accounts(session)
    if not written:
        for line in lines:
            code = line.key.customer_code
            before = found.get(code, Account())
            found[code] = before._replace(settled=before.settled + line.amount)
    return found


def _versions(session: Session) -> dict[tuple[str, str], int]:
    """The versions of policies that something was settled by, each with the batch of the first time."""
    query = (
        select(col(RebateSettled.policy), col(RebateSettled.version), func.min(RebateSettlement.batch_id))
        .join(RebateSettlement, col(RebateSettlement.id) == col(RebateSettled.settlement_id))
        .group_by(col(RebateSettled.policy), col(RebateSettled.version))
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def held(session: Session) -> Guard:
    """Why rules of a policy may not change: their version was settled. What they are called may."""
    settled = _versions(session)

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        values = after or before or {}
        name, version = str(values.get("policy")), str(values.get("version") or "1")
        batch = settled.get((name, version))
        if batch is None:
            return None
        if before is not None and after is not None:
            changed = {field for field, value in after.items() if before.get(field) != value}
            if changed <= {*_TOLD}:
                return None
        return _held(name, version, batch)

    return guard


def _held(name: str, version: str, batch: int) -> Held:
    return Held(
        HELD,
        _("version {version} of policy {policy} was settled (batch {batch})").format(
            version=version, policy=name, batch=batch
        ),
        _("Give its rules a higher version, with the days from which that holds."),
    )


def later(session: Session, batch: int) -> Iterator[str]:
    """The settlements that stand on a settlement, or on rules that a batch made or changed."""
    done = settlements(session)
    ours = [one.batch for one in done if one.batch == batch]
    if ours:
        after = [one for one in done if one.batch > batch]
        text = _("batch {other} settled {month} after it")
        yield from (text.format(other=one.batch, month=one.month) for one in after)
        return
    touched = touched_by(session, batch, "rebate_rule", RebateRule, ("policy", "version"))
    if touched:
        text = _("batch {other} settled {policy} by version {version}")
        for (name, version), other in sorted(_versions(session).items()):
            if (name, version) in touched and other > batch:
                yield text.format(other=other, policy=name, version=version)


def remarks(session: Session, batch: int) -> Iterator[str]:
    """The settled months that a batch brings sale lines of, or rules whose days reach into them."""
    done = {one.month: one.batch for one in settlements(session) if one.final}
    if not done:
        return
    yield from _reaching(session, batch, list(done))
    months = func.substr(LINE.c.date, 1, 7)
    found = set(session.execute(select(months).where(LINE.c.batch_id == batch).distinct()).scalars())
    text = _("rebates of {month} are settled (batch {batch}): what these rows change goes into the next settlement")
    yield from (text.format(month=month, batch=by) for month, by in sorted(done.items()) if month in found)


def _reaching(session: Session, batch: int, months: Sequence[str]) -> Iterator[str]:
    """The versions of policies that a batch brings and that hold in settled months, but were not settled themselves."""
    text = _(
        "policy {policy}, version {version}, holds in settled months ({months}): the next settlement reckons these"
        " anew and settles the difference, also where that takes back"
    )
    one, settled = RebateRule, _versions(session)
    endless = func.count() - func.count(col(one.last_day))
    query = select(func.min(col(one.valid_from)), func.max(col(one.last_day)), endless)
    for name, version in sorted(touched_by(session, batch, "rebate_rule", RebateRule, ("policy", "version"))):
        own = session.execute(query.where(col(one.policy) == name, col(one.version) == version)).one()
        if (name, version) in settled or own[0] is None:
            continue
        first, last = f"{own[0]:%Y-%m}", "9999" if own[2] else f"{own[1]:%Y-%m}"
        if reached := [month for month in sorted(months) if first <= month <= last]:
            yield text.format(policy=name, version=version, months=listed(reached))


def rules_by_version(session: Session) -> dict[tuple[str, str, str], Rule]:
    """Every rule by policy, version and rule."""
    return {(one.policy, one.version, one.rule): one for one in store_accrual.in_force(session)}
