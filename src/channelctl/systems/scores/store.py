"""What a plan is held against, and the scores that come of it."""

import datetime as dt
import difflib
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import policy
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.period import Period, day
from channelctl.records.bounds import office_seen, offices_seen
from channelctl.systems.customers.rules import CustomerPolicy
from channelctl.systems.org.tables import Office
from channelctl.systems.plans import store as plans
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.scores import rules, rules_close, rules_markets, store_closed, store_month, store_planned
from channelctl.systems.scores.rules import PlannedRow, ScorePolicy, ScoreRow
from channelctl.systems.scores.rules_close import Closed, OnFile
from channelctl.systems.scores.rules_markets import LevelRow
from channelctl.systems.scores.rules_trend import step
from channelctl.systems.scores.store_month import Month, Rated

_YEAR = 12


class Scored(NamedTuple):
    """A month's scores: every office with a plan ranked, those asked for, and what stands behind them.

    Asked for are all, those of a region, or one office: `region` and `office` are their names. `before` is the rate of
    all of a region, or of everyone, in the month before, None where nobody had a plan or the month is closed.
    Of a `closed` month the figures are those of closing, and `today` are the rows as they come out now. `partly_seen`
    are the codes of planned customers whose sales count and are not all seen.
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
    region: str | None = None
    before: Decimal | None = None
    partly_seen: Sequence[str] = ()


class Area(NamedTuple):
    """A region's name, and the codes of its offices."""

    name: str
    offices: set[str]


def scores(
    session: Session,
    office: str | None,
    month: str | None,
    as_of: str | None,
    restated: bool = False,
    region: str | None = None,
) -> Scored:
    """The scores of all offices with a plan for the month, one of them or those of a region asked for.

    A closed month is as it was closed, unless it is to be `restated` from what is stored today.

    Without `month` it is the latest planned one that has begun by `as_of`, else by the last day with sales. A day
    before the end of a closed month asks for what is stored, as of that day.

    Raises:
        RefusedError: there is no plan for the month, or none for the office.
    """
    office = sales.office_asked(session, office, region)
    cut, last = day(as_of) if as_of is not None else None, last_day(session)
    months = sorted({*plans.months(session), *store_closed.batches(session)}, reverse=True)
    wanted = f"{Period.month(month).start:%Y-%m}" if month is not None else begun(months, cut, last)
    whole = not restated and (cut is None or cut >= Period.month(wanted).end)
    closed = store_closed.closed(session, wanted) if whole else None
    if closed is None:
        return stored(session, office, wanted, cut, area(session, region))
    today = store_month.computed(session, wanted, cut)
    now = {code: own for code, (own, _name) in store_closed.current(session).items()}
    return _as_closed(session, closed, today, _closed_office(session, closed, office), area(session, region), now)


def area(session: Session, word: str | None) -> Area | None:
    """The region that a word means.

    Raises:
        UsageError: there is none of that code or name.
    """
    if word is None:
        return None
    found = sales.scope(session, region=word)
    query = select(col(Office.code)).where(col(Office.region_id) == found.region)
    return Area(found.labels[0], set(session.execute(query).scalars()))


def stored(
    session: Session, office: str | None, wanted: str, cut: dt.date | None, within: Area | None = None
) -> Scored:  # fmt: skip
    """The scores as they come out of what is stored today, whether the month is closed or not."""
    asked = office_seen(session, office) if office is not None else None
    found = store_month.computed(session, wanted, cut)
    codes = _within([code for code, id_ in found.ids.items() if asked in (None, id_)], within)
    if not codes:
        name = office or (within.name if within is not None else None)
        raise no_plan(session, wanted, name if found.rows else None, [row.office for row in found.rows])
    period, last = Period.month(wanted).cut(cut), last_day(session)
    before, year = rates(session, step(wanted, -1)), rates(session, step(wanted, -_YEAR))
    everyone = [compared(row, before, year) for row in found.rows]
    is_all = asked is None and within is None and offices_seen(session) is None
    offices = None if is_all else [found.ids[code] for code in codes]
    scored = _scored(
        everyone,
        found.customers,
        Chosen(codes, office is not None, None if within is None else within.name),
        on_file(session, wanted, offices, period.end),
        store_month.levels(session, wanted),
        period,
        None if last is None else min(last, period.end).isoformat(),
        policy.section("scores", ScorePolicy).core_base == "core",
    )
    earlier = rules.together((before[code].rate, before[code].planned) for code in _within(list(before), within))
    return scored._replace(before=earlier, partly_seen=store_planned.partly_seen(session, wanted, codes))


class Chosen(NamedTuple):
    """The codes of the offices asked for, whether it is one by its name, and the name of a region."""

    codes: list[str]
    one: bool = False
    region: str | None = None


def _within(codes: Sequence[str], area_: Area | None) -> list[str]:
    return [code for code in codes if area_ is None or code in area_.offices]


def _as_closed(
    session: Session, closed: Closed, today: Month, code: str | None, within: Area | None, now: Mapping[str, str]
) -> Scored:
    """A closed month: its figures, each with what it comes to today; `now` is whose a customer's code is today."""
    codes = _within([one for one in closed.offices if code in (None, one)], within)
    if not codes:
        name = within.name if within is not None else None
        raise no_plan(session, closed.month, name, [row.office for row in closed.rows])
    offices = {row.office_code: row for row in today.rows}
    customers = {office: _restated(kept.customers, today.customers.get(office, ()), now)
                 for office, kept in closed.offices.items()}  # fmt: skip
    is_all = code is None and within is None and offices_seen(session) is None
    levels = {one: level for kept in closed.offices.values() for one, level in kept.levels.items()}
    found = _scored(
        rules_close.restated(closed.rows, offices),
        customers,
        Chosen(codes, code is not None, None if within is None else within.name),
        closed.whole if is_all else rules_close.together(closed.offices[one] for one in codes),
        levels,
        Period.month(closed.month),
        closed.last_day,
        closed.policy["scores"]["core_base"] == "core",
    )
    shown = [row for row in today.rows if within is None or row.office_code in within.offices]
    partly = store_planned.partly_seen(session, closed.month, codes)
    return found._replace(closed=closed, today=shown, partly_seen=partly)


def _restated(kept: Sequence[PlannedRow], today: Sequence[PlannedRow], now: Mapping[str, str]) -> list[PlannedRow]:
    scored = {row.customer_code: row.achieved for row in today}
    return [row._replace(restated=scored.get(now.get(row.customer_code, row.customer_code))) for row in kept]


def _scored(
    everyone: list[ScoreRow],
    customers: Mapping[str, list[PlannedRow]],
    chosen: Chosen,
    counts: OnFile,
    level_of: Mapping[str, str | None],
    period: Period,
    last: str | None,
    over_core: bool,
) -> Scored:
    """The rows asked for, and their tables of classes and market levels."""
    covered = policy.section("scores", ScorePolicy).covered
    asked = [row for row in everyone if row.office_code in chosen.codes]
    people = {row.office_code: customers[row.office_code] for row in sorted(asked, key=lambda row: row.office_code)}
    rows = [row for each in people.values() for row in each]
    levels = rules_markets.by_level(
        rows, level_of, counts.levels, policy.section("customers", CustomerPolicy).market_levels
    )
    return Scored(
        everyone[0].month,
        period,
        asked[0].office if chosen.one else None,
        everyone,
        asked,
        people,
        rules.by_class(rows, counts.classes, policy.section("plans", PlanPolicy)),
        levels,
        rules_markets.together(levels, covered),
        listed(covered),
        last,
        over_core,
        region=chosen.region,
    )


def on_file(session: Session, month: str, offices: Collection[int] | None, day_: dt.date) -> OnFile:
    """Who is on file at the end of a day, of some offices or of all."""
    return OnFile(
        plans.customers_by_class(session, offices, day_),
        store_month.unplanned_by_level(session, month, offices, day_),
    )


def compared(row: ScoreRow, before: Mapping[str, Rated], year: Mapping[str, Rated]) -> ScoreRow:
    """The row with the change on last month and on that month of last year."""
    code = row.office_code
    return row._replace(on_month=_change(row, before.get(code)), on_year=_change(row, year.get(code)))


def rates(session: Session, month: str) -> dict[str, Rated]:
    """The cooperation rate of each office with a plan for the month, as it was closed if it was."""
    closed = store_closed.closed(session, month, named=False)
    if closed is None:
        return store_month.rates(session, month)
    return {row.office_code: Rated(row.cooperation_rate, row.planned) for row in closed.rows}


def _change(row: ScoreRow, before: Rated | None) -> Decimal | None:
    return None if before is None else row.cooperation_rate - before.rate


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
        id_ = office_seen(session, word)
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
