"""How far a month has come: against its target, the time gone, last month and last year; exact until handed out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import make_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

from pydantic import BaseModel, PositiveInt

from channelctl.columns import Col, columns, in_points
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.money import from_units

BY = ("office", "rep", "customer", "product")
MEASURES = ("amount", "quantity")
_SCALE, _PLACES = 10_000, 12
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
_ZERO = Decimal("0.00")


class ProgressPolicy(BaseModel, extra="forbid", frozen=True):
    """[progress]: when a customer has stopped buying, how far its habits are looked back, how many rows are shown.

    A customer that bought within `stopped_months` has stopped after `stopped_after` days without a purchase; `top` are
    the rises and falls that are listed, `trend_months` the months of a trend.
    """

    stopped_after: PositiveInt = 30
    stopped_months: PositiveInt = 12
    top: PositiveInt = 10
    trend_months: PositiveInt = 13


SECTION = ProgressPolicy


def change_text(change: Decimal | None) -> str:
    """A change in percent, as a person reads it: ▲ 12.3%."""
    said = in_points(change)
    return f"{said}%" if said else ""


class Spans(NamedTuple):
    """The days that are compared: a month to a day, and the same days of last month and of last year."""

    day: dt.date
    month: tuple[dt.date, dt.date]
    month_before: tuple[dt.date, dt.date]
    year_before: tuple[dt.date, dt.date]


class Pace(NamedTuple):
    """How many of a month's work days are over, the day itself included."""

    gone: int
    work_days: int

    @property
    def part(self) -> Fraction | None:
        """The share of time gone; None in a month without a work day."""
        return Fraction(self.gone, self.work_days) if self.work_days else None


class Sums(NamedTuple):
    """What the lines of a record come to in each span, of those that name none with id None."""

    id: int | None
    today: Decimal
    month_to_date: Decimal
    last_month: Decimal
    last_year: Decimal
    unmeasured: int = 0


class ProgressRow(NamedTuple):
    """A record's month to date; shares to 12 decimals, forecasts to 4.

    `gap` is attainment less time gone, `forecast` what the month comes to if it goes on as on the work days gone,
    `on_month` and `on_year` the change on the same days of last month and of last year, None where those were not
    above 0.
    """

    code: Annotated[str, Col("编码", "Code", kind="code")]
    name: Annotated[str, Col("名称", "Name")]
    today: Annotated[Decimal, Col("当日", "Today", kind="money")]
    month_to_date: Annotated[Decimal, Col("本月累计", "Month to date", kind="money")]
    target: Annotated[Decimal | None, Col("目标", "Target", kind="money")]
    attainment: Annotated[Decimal | None, Col("完成率", "Attained", kind="share")]
    time_gone: Annotated[Decimal | None, Col("时间进度", "Time gone", kind="share", wide=True)]
    gap: Annotated[Decimal | None, Col("进度差", "Ahead", kind="share", words=in_points)]
    forecast: Annotated[Decimal | None, Col("月末预测", "Forecast", kind="money")]
    forecast_attainment: Annotated[Decimal | None, Col("预测完成率", "Of target", kind="share")]
    last_month: Annotated[Decimal, Col("上月同期", "Same days last month", kind="money", wide=True)]
    on_month: Annotated[Decimal | None, Col("比上月", "On month", kind="share", words=change_text)]
    last_year: Annotated[Decimal, Col("上年同期", "Same days last year", kind="money", wide=True)]
    on_year: Annotated[Decimal | None, Col("比上年", "On year", kind="share", words=change_text)]


def _in_units(row: type, name: str) -> type:
    """The same row with quantities for amounts."""
    fields = []
    for field, hint in get_type_hints(row, include_extras=True).items():
        kind, col = get_args(hint)[0], columns(row)[field]
        fields.append((field, Annotated[kind, replace(col, kind="quantity") if col.kind == "money" else col]))
    return make_dataclass(name, fields, frozen=True)


ProgressUnits = _in_units(ProgressRow, "ProgressUnits")


class Found(NamedTuple):
    """The rows and their totals, computed from what the rows are computed from."""

    rows: Sequence[Any]
    totals: Mapping[str, Any]


def chosen(value: str, known: Sequence[str], option: str) -> str:
    """A word of those there are.

    Raises:
        UsageError: it is none of them.
    """
    if value not in known:
        raise UsageError(
            _("{option} is one of {words}, not “{value}”").format(option=option, words=listed(known), value=value),
            _("For example: {option} {word}").format(option=option, word=known[0]),
        )
    return value


def day_within(day: dt.date) -> dt.date:
    """A day that has months before and after it.

    Raises:
        UsageError: it lies at the ends of time.
    """
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise UsageError(_("“{value}” is not a date").format(value=day), _("Write it as 2024-05-31."))
    return day


def spans(day: dt.date) -> Spans:
    """A month to a day, beside the same days of last month and last year; a whole month beside whole months."""
    return Spans(day, (day.replace(day=1), day), to_date(day, -1), to_date(day, -12))


def to_date(day: dt.date, months: int) -> tuple[dt.date, dt.date]:
    """The month so many months away, up to the same day; all of it where it is shorter or the day ends its month."""
    first, last = month_start(day, months), month_end(month_start(day, months))
    return first, last if day == month_end(day) else last.replace(day=min(day.day, last.day))


def month_start(day: dt.date, months: int = 0) -> dt.date:
    """The first day of the month so many months away."""
    place = day.year * 12 + day.month - 1 + months
    return dt.date(place // 12, place % 12 + 1, 1)


def month_end(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    return month_start(day, 1) - dt.timedelta(days=1)


def progress(
    sums: Iterable[Sums],
    targets: Mapping[int | None, Decimal],
    names: Mapping[int, tuple[str, str]],
    without: str,
    pace: Pace,
    measure: str = "amount",
) -> Found:
    """A row for each record with lines or a target, the largest month first; what names none is called `without`."""
    found = {one.id: one for one in sums}
    found |= {id_: nothing(id_) for id_ in targets if id_ not in found}
    whole = _sum(found.values())
    rows = [_row(*_named(id_, names, without), one, targets.get(id_), pace) for id_, one in found.items()]
    rows.sort(key=lambda row: (-row.month_to_date, row.code, row.name))
    total = _row("", "", whole, sum(targets.values(), _ZERO) if targets else None, pace)
    totals = {name: value for name, value in total._asdict().items() if name not in ("code", "name")}
    return Found([ProgressUnits(*row) for row in rows] if measure == "quantity" else rows, totals)


def nothing(id_: int | None) -> Sums:
    """No lines at all."""
    return Sums(id_, _ZERO, _ZERO, _ZERO, _ZERO)


def _sum(sums: Iterable[Sums]) -> Sums:
    """What all of them come to together."""
    whole = nothing(None)
    for one in sums:
        whole = Sums(
            None,
            whole.today + one.today,
            whole.month_to_date + one.month_to_date,
            whole.last_month + one.last_month,
            whole.last_year + one.last_year,
        )
    return whole


def _named(id_: int | None, names: Mapping[int, tuple[str, str]], without: str) -> tuple[str, str]:
    return ("", without) if id_ is None else names[id_]


def _row(code: str, name: str, one: Sums, target: Decimal | None, pace: Pace) -> ProgressRow:
    """Everything that one record's sums, target and the time gone tell."""
    attained = Fraction(one.month_to_date) / Fraction(target) if target else None
    ahead = attained - pace.part if attained is not None and pace.part is not None else None
    comes_to = Fraction(one.month_to_date) * pace.work_days / pace.gone if pace.gone else None
    of_target = comes_to / Fraction(target) if comes_to is not None and target else None
    return ProgressRow(
        code, name, one.today, one.month_to_date, target, share(attained), share(pace.part), share(ahead),
        None if comes_to is None else amount(comes_to), share(of_target),
        one.last_month, change(one.month_to_date, one.last_month), one.last_year,
        change(one.month_to_date, one.last_year),
    )  # fmt: skip


def change(now: Decimal, before: Decimal | None) -> Decimal | None:
    """By which part a figure has changed; None where the one before was not above 0."""
    return share(Fraction(now - before) / Fraction(before)) if before is not None and before > 0 else None


def share(part: Fraction | None) -> Decimal | None:
    """A fraction to 12 decimals, rounded half away from zero."""
    if part is None:
        return None
    sign = -1 if part < 0 else 1
    return Decimal(sign * int(abs(part) * 10**_PLACES + Fraction(1, 2))).scaleb(-_PLACES)


def amount(exact: Fraction) -> Decimal:
    """An amount to 4 decimals, rounded half away from zero."""
    sign = -1 if exact < 0 else 1
    return from_units(sign * int(abs(exact) * _SCALE + Fraction(1, 2)))
