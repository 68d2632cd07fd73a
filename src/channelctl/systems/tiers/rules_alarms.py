"""Customers to look after: fallen a tier, bought much less, silent for long."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import BaseModel, Field

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.period import Period

FELL: Final = "fell"
DOWN: Final = "down"
SILENT: Final = "silent"
_TIERS = ("A", "B", "C")
_PLACES = 12

Days = Annotated[int, Field(ge=1)]


class AlarmPolicy(BaseModel, extra="forbid", frozen=True):
    """[tiers.alarms]: `drop` is the part of sales lost that is too much, `days` the span that is compared.

    `silent_days` are the days without a purchase that are too many for a customer of tier A, B and C.
    """

    drop: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.30")
    days: Days = 90
    silent_days: tuple[Days, Days, Days] = (30, 60, 90)


def alarm_text(alarm: str) -> str:
    """What is the matter, as a person reads it."""
    return {FELL: _("fell a tier"), DOWN: _("sales down"), SILENT: _("silent")}[alarm]


def last_text(day: dt.date | None) -> str:
    """The last day with a purchase."""
    return day.isoformat() if day is not None else _("never")


class Watched(NamedTuple):
    """A customer on file, its owner and office, and the tier that is in force for it (C where none is)."""

    customer_code: str
    customer: str
    rep_code: str | None
    rep: str | None
    office: str | None
    tier: str


class AlarmRow(NamedTuple):
    """What is the matter with a customer; of a fall `was` is the tier before, and the sales are those of the two runs.

    `days` are those since `last_sale`, the last day with a purchase; `said` is the alarm with its figures.
    """

    rep_code: Annotated[str | None, Col("工号", "Rep code", kind="code", wide=True)]
    rep: Annotated[str | None, Col("客户经理", "Rep")]
    office: Annotated[str | None, Col("办事处", "Office", wide=True)]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    alarm: Annotated[Literal["fell", "down", "silent"], Col("警示", "Alarm", words=alarm_text)]
    was: Annotated[str | None, Col("原级", "Was", kind="tier")]
    tier: Annotated[str, Col("级", "Tier", kind="tier")]
    net_before: Annotated[Decimal | None, Col("前期净销售额", "Net before", kind="money")]
    net_sales: Annotated[Decimal | None, Col("净销售额", "Net sales", kind="money")]
    change: Annotated[Decimal | None, Col("变动", "Change", kind="share")]
    last_sale: Annotated[dt.date | None, Col("最近购买", "Last bought", kind="date", words=last_text)]
    days: Annotated[int | None, Col("天数", "Days", kind="count")]
    said: Annotated[str, Col("警示", "Alarm", kind="code")] = ""


class RepAlarms(NamedTuple):
    """How many alarms of each sort a rep has, and how many customers they are about."""

    rep_code: Annotated[str | None, Col("工号", "Rep code", kind="code")]
    rep: Annotated[str | None, Col("客户经理", "Rep")]
    customers: Annotated[int, Col("客户数", "Customers", kind="count")]
    fell: Annotated[int, Col("等级下降", "Fell a tier", kind="count")]
    down: Annotated[int, Col("销售下滑", "Sales down", kind="count")]
    silent: Annotated[int, Col("久未提货", "Silent", kind="count")]


def span_before(period: Period) -> Period:
    """The span of the same length before: as many calendar months where it is whole months, else as many days."""
    end = period.start - dt.timedelta(days=1)
    if period.start.day == 1 and (period.end + dt.timedelta(days=1)).day == 1:
        months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
        first = period.start.year * 12 + period.start.month - 1 - months
        return Period.between(dt.date(first // 12, first % 12 + 1, 1), end)
    return Period.between(end - (period.end - period.start), end)


def days_to(day: dt.date, days: int) -> Period:
    """So many days, the last of them this one."""
    return Period.between(day - dt.timedelta(days=days - 1), day)


def reached(period: Period, today: dt.date) -> Period:
    """A period as far as it has gone: a month that is not over is held against as many days before it."""
    return period.cut(today) if today >= period.start else period


Tiered = Mapping[str, tuple[str, Decimal]]


def fallen(watched: Iterable[Watched], before: Tiered, now: Tiered) -> list[AlarmRow]:
    """Who has a worse tier in the later of two runs than in the one before; codes lead to tier and net sales."""
    found = []
    for one in watched:
        if one.customer_code not in before or one.customer_code not in now:
            continue
        (was, net_before), (tier, net) = before[one.customer_code], now[one.customer_code]
        if _TIERS.index(tier) > _TIERS.index(was):
            figures = (net_before, net, _change(net_before, net), None, None)
            found.append(_row(one._replace(tier=tier), FELL, was, figures))
    return found


def shrunk(
    watched: Iterable[Watched], before: Mapping[str, Decimal], now: Mapping[str, Decimal], policy: AlarmPolicy
) -> list[AlarmRow]:
    """Who bought less than before by the policy's part or more; who had bought nothing has nothing to lose."""
    found = []
    for one in watched:
        was, net = before.get(one.customer_code, Decimal(0)), now.get(one.customer_code, Decimal("0.00"))
        if was > 0 and was - net >= policy.drop * was:
            found.append(_row(one, DOWN, None, (was, net, _change(was, net), None, None)))
    return found


def quiet(watched: Iterable[Watched], last: Mapping[str, dt.date], day: dt.date, policy: AlarmPolicy) -> list[AlarmRow]:
    """Who has bought nothing for the days that are too many for its tier; who never bought is not silent."""
    found = []
    for one in watched:
        bought = last.get(one.customer_code)
        if bought is not None and (day - bought).days >= policy.silent_days[_TIERS.index(one.tier)]:
            found.append(_row(one, SILENT, None, (None, None, None, bought, (day - bought).days)))
    return found


def sorted_alarms(rows: Iterable[AlarmRow]) -> list[AlarmRow]:
    """Rep by rep, those of nobody last; falls first, the largest loss and the longest silence before others."""
    order = (FELL, DOWN, SILENT)

    def place(row: AlarmRow) -> tuple[object, ...]:
        lost = (row.net_before or 0) - (row.net_sales or 0)
        return row.rep_code is None, row.rep_code or "", order.index(row.alarm), -lost, -(row.days or 0), row[3]

    return sorted(rows, key=place)


def with_last(rows: Iterable[AlarmRow], last: Mapping[str, dt.date], day: dt.date) -> list[AlarmRow]:
    """The rows with every customer's last purchase and the days since, None for who never bought."""

    def told(row: AlarmRow) -> AlarmRow:
        bought = last.get(row.customer_code)
        return row._replace(last_sale=bought, days=None if bought is None else (day - bought).days)

    return [told(row) for row in rows]


def by_rep(rows: Sequence[AlarmRow]) -> list[RepAlarms]:
    """A row for each rep that has alarms, in the order of the list."""
    found = []
    for code, rep in dict.fromkeys((row.rep_code, row.rep) for row in rows):
        mine = [row for row in rows if row.rep_code == code]
        counts = Counter[str](row.alarm for row in mine)
        customers = len({row.customer_code for row in mine})
        found.append(RepAlarms(code, rep, customers, *(counts[alarm] for alarm in (FELL, DOWN, SILENT))))
    return found


_Figures = tuple[Decimal | None, Decimal | None, Decimal | None, dt.date | None, int | None]


def _row(one: Watched, alarm: Literal["fell", "down", "silent"], was: str | None, figures: _Figures) -> AlarmRow:
    own = (one.rep_code, one.rep, one.office, one.customer_code, one.customer)
    return AlarmRow(*own, alarm, was, one.tier, *figures)


def _change(before: Decimal, now: Decimal) -> Decimal | None:
    """By what part of it sales changed; None where there were none."""
    if before <= 0:
        return None
    return Decimal(round(Fraction(now - before) / Fraction(before) * 10**_PLACES)).scaleb(-_PLACES)
