"""How movers, those who stopped buying, and the trend are put before a person."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from channelctl.columns import Col, columns
from channelctl.i18n import _, ngettext
from channelctl.report import Figure, Report
from channelctl.systems.progress import screen_charts
from channelctl.systems.progress.rules import change_text, spans
from channelctl.systems.progress.rules_movers import MoverRow, Movers
from channelctl.systems.progress.rules_stopped import StoppedRow
from channelctl.systems.progress.rules_trend import TrendMonth
from channelctl.systems.progress.screen import by_label, ended, filled, title, yuan
from channelctl.systems.progress.store import Ended
from channelctl.systems.progress.store_stopped import Stopped
from channelctl.systems.sales.store import Scope

_ZERO = Decimal("0.00")
_RISEN = Col("环比增长合计", "Rises on last month", kind="money")
_FALLEN = Col("环比下降合计", "Falls on last month", kind="money")
_STOPPED = Col("停止提货客户", "Customers stopped", kind="count")
_LOST = Col("停止提货客户此前净销售额", "Earlier sales of who stopped", kind="money")


def movers(found: Movers, day: dt.date, by: str, scope: Scope, data: Ended | None) -> Report:
    """The largest rises, then the largest falls; below them what all of them come to."""
    _day, month, before, _year = spans(day)
    text = _("Rises: {rises} ({risen}); falls: {falls} ({fallen}); together {net}.")
    said = text.format(
        rises=f"{found.rises:,}", risen=yuan(found.risen), falls=f"{found.falls:,}", fallen=yuan(found.fallen),
        net=yuan(found.risen + found.fallen),
    )  # fmt: skip
    against = _("{start} – {end} against {before} – {then}").format(
        start=month[0], end=month[1], before=before[0], then=before[1]
    )
    return Report(
        "progress_movers",
        MoverRow,
        found.rows,
        title(_("Largest rises and falls"), day, scope, by_label(by), against),
        params={"as_of": day, "by": by, **scope.params()},
        notes=[*ended(data, day), *([] if found.rows else [_("nothing has changed on the same days of last month")])],
        closing=[said] if found.rows else [],
        figures=[Figure("risen", _RISEN, found.risen), Figure("fallen", _FALLEN, found.fallen)],
    )


def stopped(found: Stopped, day: dt.date, days: int, months: int, scope: Scope) -> Report:
    """Who has stopped, the largest first."""
    net = sum((row.net_sales for row in found.rows), _ZERO)
    looked = ngettext(
        "bought in the {months} month before, nothing for {days} days",
        "bought in the {months} months before, nothing for {days} days",
        months,
    ).format(months=months, days=days)
    text = ngettext(
        "{count} customer has bought nothing since {day}; in the months before net sales of {net}.",
        "{count} customers have bought nothing since {day}; in the months before net sales of {net}.",
        len(found.rows),
    )
    said = text.format(count=f"{len(found.rows):,}", day=found.silent_from, net=yuan(net))
    return Report(
        "progress_stopped",
        StoppedRow,
        found.rows,
        title(_("Stopped buying"), day, scope, looked),
        params={"as_of": day, "days": days, "from": found.period.start, "silent_from": found.silent_from,
                **scope.params()},
        totals={"net_sales": net} if found.rows else {},
        notes=_silence(found, day),
        closing=[said] if found.rows else [],
        figures=[
            Figure("stopped", _STOPPED, len(found.rows), good="down"),
            Figure("stopped_net_sales", _LOST, net, good="down"),
        ],
    )  # fmt: skip


def _silence(found: Stopped, day: dt.date) -> list[str]:
    """Whether it may be the data that have stopped."""
    notes = ended(found.ended, day)
    if found.nobody:
        text = _("no customer at all has bought since {day}: it may be the data that have stopped")
        notes.append(text.format(day=found.silent_from))
    return notes if found.rows else [*notes, _("no customer has stopped buying")]


def trend(
    rows: Sequence[TrendMonth],
    day: dt.date,
    scope: Scope,
    customer: tuple[int, str, str] | None,
    data: Ended | None,
) -> Report:
    """A row per month, the year before beside it."""
    last = rows[-1]
    whose = [] if customer is None else [f"{customer[1]} {customer[2]}"]
    notes = ended(data, day)
    if last.to_date:
        text = _("{month} is up to {day}")
        if last.last_year is not None:
            text = _("{month} is up to {day}, and beside it stand the same days of last year")
        notes.append(text.format(month=last.month, day=day))
    if not any(row.net_sales or row.last_year for row in rows):
        notes.append(_("there are no sales in these months"))
    months = f"{rows[0].month} – {last.month}" if len(rows) > 1 else last.month
    params = {"as_of": day, "months": len(rows), **scope.params()}
    return Report(
        "progress_trend",
        TrendMonth,
        rows,
        title(_("Net sales by month"), day, scope, *whose, months),
        params=params if customer is None else {**params, "customer": customer[1]},
        notes=notes,
        closing=[_closing(last)] if last.change is not None else [],
        charts=screen_charts.trend(rows),
        only=filled(TrendMonth, rows, "last_year", "change"),
        figures=[
            Figure("net_sales", columns(TrendMonth)["net_sales"], last.net_sales, last.last_year, "up", last.month)
        ],
    )


def _closing(last: TrendMonth) -> str:
    text = _("{month}: {net}, {change} on last year.")
    return text.format(month=last.month, net=yuan(last.net_sales), change=change_text(last.change))
