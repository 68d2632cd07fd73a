"""What a plan is held against, and the scores that come of it."""

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from channelctl import policy
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.period import Period, day
from channelctl.records.resolve import lookup
from channelctl.systems.customers.rules import CustomerPolicy
from channelctl.systems.plans import store as plans
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.scores import rules, rules_close, rules_markets, store_closed, store_month
from channelctl.systems.scores.rules import PlannedRow, ScorePolicy, ScoreRow
from channelctl.systems.scores.rules_close import Closed, OnFile
from channelctl.systems.scores.rules_markets import LevelRow
from channelctl.systems.scores.rules_trend import step
from channelctl.systems.scores.store_month import Month

_YEAR = 12


class Scored(NamedTuple):
    """A month's scores: every office with a plan ranked, those asked for, and what stands behind them.

    Of a `closed` month the figures are those of closing, and `today` are the rows as they come out now.
    """

    month: str
    period: Period
    office: str | None
    everyone: list[ScoreRow]
    asked: list[ScoreRow]
    customers: dict[str, list[PlannedRow]]
    classes: list[rules.ClassRow]
    levels: list[LevelRow]
    covered: LevelRow
    covered_words: str
    last_day: str | None
    over_core: bool
    closed: Closed | None = None
    today: Sequence[ScoreRow] = ()


def scores(
    session: Session, office: str | None, month: str | None, as_of: str | None, restated: bool = False
) -> Scored:
    """The scores of all offices with a plan for the month, one of them asked for.

    A closed month is as it was closed, unless it is to be `restated` from what is stored today.

    Without `month` it is the latest planned one that has begun by `as_of`, else by the last day with sales. A day
    before the end of a closed month asks for what is stored, as of that day.

    Raises:
        RefusedError: there is no plan for the month, or none for the office.
    """
    cut, last = day(as_of) if as_of is not None else None, last_day(session)
    months = sorted({*plans.months(session), *store_closed.batches(session)}, reverse=True)
    wanted = f"{Period.month(month).start:%Y-%m}" if month is not None else begun(months, cut, last)
    whole = not restated and (cut is None or cut >= Period.month(wanted).end)
    closed = store_closed.closed(session, wanted) if whole else None
    if closed is None:
        return stored(session, office, wanted, cut)
    today = store_month.computed(session, wanted, cut)
    now = {code: own for code, (own, _name) in store_closed.current(session).items()}
    return _as_closed(closed, today, _closed_office(session, closed, office), now)


def stored(session: Session, office: str | None, wanted: str, cut: dt.date | None) -> Scored:
    """The scores as they come out of what is stored today, whether the month is closed or not."""
    asked = lookup(session, "office", office) if office is not None else None
    found = store_month.computed(session, wanted, cut)
    if not found.rows or (asked is not None and asked not in found.ids.values()):
        raise no_plan(session, wanted, office if found.rows else None, [row.office for row in found.rows])
    period, last = Period.month(wanted).cut(cut), last_day(session)
    code = next((code for code, id_ in found.ids.items() if id_ == asked), None)
    everyone = compared(session, found.rows, wanted)
    return _scored(
        everyone,
        found.customers,
        code,
        on_file(session, wanted, asked, period.end),
        store_month.levels(session, wanted),
        period,
        None if last is None else min(last, period.end).isoformat(),
        policy.section("scores", ScorePolicy).core_base == "core",
    )


def _as_closed(closed: Closed, today: Month, code: str | None, now: Mapping[str, str]) -> Scored:
    """A closed month: its figures, each with what it comes to today; `now` is whose a customer's code is today."""
    offices = {row.office_code: row for row in today.rows}
    customers = {office: _restated(kept.customers, today.customers.get(office, ()), now)
                 for office, kept in closed.offices.items()}  # fmt: skip
    levels = {one: level for kept in closed.offices.values() for one, level in kept.levels.items()}
    found = _scored(
        rules_close.restated(closed.rows, offices),
        customers,
        code,
        closed.whole if code is None else closed.offices[code].on_file,
        levels,
        Period.month(closed.month),
        closed.last_day,
        closed.policy["scores"]["core_base"] == "core",
    )
    return found._replace(closed=closed, today=today.rows)


def _restated(kept: Sequence[PlannedRow], today: Sequence[PlannedRow], now: Mapping[str, str]) -> list[PlannedRow]:
    scored = {row.customer_code: row.achieved for row in today}
    return [row._replace(restated=scored.get(now.get(row.customer_code, row.customer_code))) for row in kept]


def _scored(
    everyone: list[ScoreRow],
    customers: Mapping[str, list[PlannedRow]],
    code: str | None,
    counts: OnFile,
    level_of: Mapping[str, str | None],
    period: Period,
    last: str | None,
    over_core: bool,
) -> Scored:
    """The rows asked for, by the code of an office, and their tables of classes and market levels."""
    covered = policy.section("scores", ScorePolicy).covered
    asked = [row for row in everyone if code in (None, row.office_code)]
    chosen = {row.office_code: customers[row.office_code] for row in sorted(asked, key=lambda row: row.office_code)}
    rows = [row for each in chosen.values() for row in each]
    levels = rules_markets.by_level(
        rows, level_of, counts.levels, policy.section("customers", CustomerPolicy).market_levels
    )
    return Scored(
        everyone[0].month,
        period,
        asked[0].office if code is not None else None,
        everyone,
        asked,
        chosen,
        rules.by_class(rows, counts.classes, policy.section("plans", PlanPolicy)),
        levels,
        rules_markets.together(levels, covered),
        listed(covered),
        last,
        over_core,
    )


def on_file(session: Session, month: str, office_id: int | None, day_: dt.date) -> OnFile:
    """Who is on file at the end of a day."""
    return OnFile(
        plans.customers_by_class(session, office_id, day_),
        store_month.unplanned_by_level(session, month, office_id, day_),
    )


def compared(session: Session, rows: Sequence[ScoreRow], month: str) -> list[ScoreRow]:
    """The rows with the change on last month and on that month of last year."""
    before, year = rates(session, step(month, -1)), rates(session, step(month, -_YEAR))
    return [
        row._replace(
            on_month=_change(row, before.get(row.office_code)), on_year=_change(row, year.get(row.office_code))
        )
        for row in rows
    ]


def rates(session: Session, month: str) -> dict[str, Decimal]:
    """The cooperation rate of each office with a plan for the month, as it was closed if it was."""
    closed = store_closed.closed(session, month, named=False)
    if closed is None:
        return store_month.rates(session, month)
    return {row.office_code: row.cooperation_rate for row in closed.rows}


def _change(row: ScoreRow, before: Decimal | None) -> Decimal | None:
    return None if before is None else row.cooperation_rate - before


def last_day(session: Session) -> dt.date | None:
    """The last day with sales."""
    return sales.last_date(session, policy.section("sales", SalesPolicy).no_sale_statuses)


def _closed_office(session: Session, closed: Closed, word: str | None) -> str | None:
    """The code, in a closed month, of the office that a word means; also of one that is no more."""
    if word is None:
        return None
    own = {row.office_code: row.office for row in closed.rows}
    kept = [code for code, name in own.items() if word in (code, name)]
    try:
        id_ = lookup(session, "office", word)
    except UsageError:
        if len(kept) == 1:
            return kept[0]
        raise
    code = next(code for code, other in store_closed.office_ids(session).items() if other == id_)
    if code not in own:
        raise no_plan(session, closed.month, word, list(own.values()))
    return code


def begun(months: Sequence[str], cut: dt.date | None, last: dt.date | None) -> str:
    """The latest of the months that has begun by a day; where none has, the day's own month if it was asked for."""
    limit = cut or last
    found = [month for month in months if limit is None or month <= f"{limit:%Y-%m}"]
    if found:
        return found[0]
    return f"{cut:%Y-%m}" if cut is not None else months[0] if months else ""


def no_plan(session: Session, month: str, office: str | None, offices: Sequence[str]) -> RefusedError:
    """There is no plan for the month, or none for the office."""
    months = plans.months(session)
    if not months:
        return RefusedError(
            _("there is no plan yet, so there is no score"),
            _("channelctl template plan makes a sheet of planned customers to fill in and import."),
        )
    if office is None:
        near = difflib.get_close_matches(month, months, 3, 0.6) or list(months[:3])
        return RefusedError(
            _("there is no plan for {month}, so there is no score").format(month=month),
            _("There are plans for: {months}").format(months=listed(near)),
        )
    return RefusedError(
        _("{office} has no plan for {month}, so there is no score").format(office=office, month=month),
        _("Offices with one: {offices}").format(offices=listed(offices[:10])),
    )
