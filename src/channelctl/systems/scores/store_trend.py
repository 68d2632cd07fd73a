"""Scores month by month."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.period import Period, day
from channelctl.records.bounds import office_seen
from channelctl.systems.plans import store as plans
from channelctl.systems.sales import store as sales
from channelctl.systems.scores import rules, rules_trend, store, store_closed, store_month, store_planned
from channelctl.systems.scores.rules_trend import TrendMonth, TrendRow, step

_MONTHS = 12


class Trend(NamedTuple):
    """Rows by office and month; the rate over all offices, or those of a `region`, by month.

    `missing` are the months between without a plan, `partly_seen` the planned customers whose sales are not all seen.
    """

    office: str | None
    rows: list[TrendRow]
    totals: dict[str, Decimal | None]
    closed: list[str]
    missing: list[str]
    region: str | None = None
    partly_seen: Sequence[str] = ()


def trend(
    session: Session,
    office: str | None,
    first: str | None,
    last: str | None,
    as_of: str | None,
    region: str | None = None,
) -> Trend:
    """The scores of the months from `first` to `last`: by default twelve, to the latest begun or closed.

    Raises:
        UsageError: the last month lies before the first.
        RefusedError: there is no plan in these months, or the office has none.
    """
    office = sales.office_asked(session, office, region)
    cut = day(as_of) if as_of is not None else None
    closed = store_closed.batches(session)
    known = sorted({*plans.months(session), *closed}, reverse=True)
    end = _month(last) or max(store.begun(known, cut, store.last_day(session)), *_settled(closed, cut))
    start = _month(first) or (step(end, 1 - _MONTHS) if end else "")
    if start > end:
        raise UsageError(_("the last month ({last}) lies before the first ({first})").format(last=end, first=start))
    begun = [one for one in sorted(known) if start <= one <= end and (cut is None or one <= f"{cut:%Y-%m}")]
    if not begun:
        raise store.no_plan(session, end, None, [])
    before = step(begun[0], -1)
    shown = [_of(session, one, cut, one in closed) for one in begun]
    months = [*([_of(session, before, None, before in closed)] if before in known else []), *shown]
    names = {row.office_code: row.office for one in shown for row in one.rows}
    code = _code(session, office, names)
    if code is not None and code not in names:
        raise store.no_plan(session, begun[-1], office, sorted(set(names.values())))
    area = store.area(session, region)
    within = [one for one in names if area is None or one in area.offices]
    if area is not None and not within:
        raise store.no_plan(session, begun[-1], area.name, sorted(set(names.values())))
    rows = [row for row in rules_trend.trend(months, code) if row.month in begun and row.office_code in within]
    return Trend(
        names[code] if code is not None else None,
        [row._replace(office=names[row.office_code]) for row in rows],
        {one.month: rules.region_total(row for row in one.rows if row.office_code in within) for one in shown},
        [one for one in begun if one in closed],
        _between(begun),
        area.name if area is not None else None,
        sorted({code for one in begun for code in store_planned.partly_seen(session, one, within)}),
    )


def _of(session: Session, month: str, cut: dt.date | None, closed: bool) -> TrendMonth:
    """A month as it was closed, else as it comes out today."""
    whole = cut is None or cut >= Period.month(month).end
    kept = store_closed.closed(session, month, named=False) if closed and whole else None
    rows: Sequence[rules.ScoreRow] = kept.rows if kept is not None else store_month.computed(session, month, cut).rows
    return TrendMonth(month, rows, kept is not None)


def _code(session: Session, word: str | None, names: dict[str, str]) -> str | None:
    """The code of the office that a word means; also of one that only closed months know."""
    if word is None:
        return None
    try:
        id_ = office_seen(session, word)
    except UsageError:
        kept = [code for code, name in names.items() if word in (code, name)]
        if len(kept) == 1:
            return kept[0]
        raise
    return next(code for code, other in store_closed.office_ids(session).items() if other == id_)


def _settled(closed: Iterable[str], cut: dt.date | None) -> list[str]:
    """The closed months that have begun by a day, which may lie behind the last sale; "" stands for none."""
    return ["", *(one for one in closed if cut is None or one <= f"{cut:%Y-%m}")]


def _month(word: str | None) -> str | None:
    return None if word is None else f"{Period.month(word).start:%Y-%m}"


def _between(months: Sequence[str]) -> list[str]:
    """The months that are left out between the first and the last."""
    found, one = [], months[0]
    while one != months[-1]:
        one = step(one, 1)
        if one not in months:
            found.append(one)
    return found
