"""How an office stands, in the lines of one screen; every figure is that of the command that it comes from."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from channelctl.columns import Col, columns, in_points
from channelctl.i18n import _, ngettext
from channelctl.packs import Part
from channelctl.report import Figure, Report, cells
from channelctl.report.charts import Lines
from channelctl.report.panel import Block, Gauge, Line, Said, Spark, Stack, figure, plain

COMMANDS = (
    "progress",
    "progress trend --months 12",
    "progress movers --top 5",
    "score --month {month}",
    "tier",
    "credit ageing",
    "stock cover",
    "rebate gap",
)
_MOVERS, _GAPS, _FEW, _MOST_OFFICES = 5, 5, 2, 12
_ONE = Decimal(1)


def panel(parts: Mapping[str, Part], data: Sequence[Line]) -> list[Block]:
    """The lines of what there is, `data` the last."""
    blocks: list[Block] = []
    for name, drawn in _BLOCKS:
        if name in parts:
            blocks.append(drawn(parts[name].report))
    return [*blocks, _notes(parts), data]


def _month(report: Report) -> Block:
    """The month to date and its forecast against the target, and the time gone, all to one scale."""
    known, totals = columns(report.row), report.totals
    parts = [totals[name] for name in ("attainment", "time_gone", "forecast_attainment") if totals[name] is not None]
    scale = max([_ONE, *parts])
    lines = [Line(known["month_to_date"], _attained(known, totals), _gauge(totals["attainment"], scale))]
    if totals["time_gone"] is not None:
        said = [figure(known["time_gone"], totals["time_gone"])]
        if totals["gap"]:
            ahead = _("the month is {gap} points ahead") if totals["gap"] > 0 else _("the month is {gap} points behind")
            said.append(Said(ahead, {"gap": _of(known, totals, "gap")}))
        lines.append(Line(known["time_gone"], said, _gauge(totals["time_gone"], scale)))
    if totals["forecast"] is not None:
        said = [figure(known["forecast"], totals["forecast"])]
        if totals["forecast_attainment"] is not None:
            said.insert(0, figure(known["forecast_attainment"], totals["forecast_attainment"]))
        lines.append(Line(known["forecast"], said, _gauge(totals["forecast_attainment"], scale)))
    return lines


def _attained(known: Mapping[str, Col], totals: Mapping[str, Any]) -> list[Said]:
    month = _of(known, totals, "month_to_date")
    if totals["attainment"] is None:
        return [Said(_("{net}, no target is set"), {"net": month})]
    text = Said(_("{net} of {target}"), {"net": month, "target": _of(known, totals, "target")})
    return [figure(known["attainment"], totals["attainment"]), text]


def _compared(report: Report) -> Block:
    """The change on the same days of last month and last year."""
    known, totals = columns(report.row), report.totals
    said = [
        Said(f"{known[name].label} {{value}}", {"value": _of(known, totals, name)})
        for name in ("on_month", "on_year")
        if totals[name] is not None
    ]
    return [Line(Col("同期对比", "Same days"), said)] if said else []


def _days(report: Report) -> Block:
    """What each day of the month has come to, last month's before them."""
    lines = next((chart for chart in report.charts if isinstance(chart, Lines)), None)
    if lines is None:
        return []
    days: list[Decimal | None] = []
    for series in (*lines.series[1:2], *lines.series[:1]):
        upto = [Decimal(point.y) for point in series.points if point.y is not None]
        days += [*([None] if days else []), *(now - then for now, then in zip(upto, [Decimal(0), *upto], strict=False))]
    today = columns(report.row)["today"]
    said = Said(f"{today.label} {{value}}", {"value": (today, report.totals["today"])})
    return [Line(Col("每日", "Day by day"), [said], Spark(days))]


def _trend(report: Report) -> Block:
    last = report.rows[-1]
    said = f"{report.rows[0].month} – {last.month}"
    parts = [plain(said)]
    if last.change is not None:
        change = columns(report.row)["change"]
        parts = [Said(f"{said}  {change.label} {{value}}", {"value": (change, last.change)})]
    return [Line(Col("每月", "By month"), parts, Spark([row.net_sales for row in report.rows]))]


def _offices(report: Report) -> Block:
    """Each office's month, where there are several."""
    known = columns(report.row)
    told = [row for row in report.rows if row.code and row.attainment is not None]
    if len(told) < 2:
        return []
    told.sort(key=lambda row: (-row.attainment, row.code))
    shown = told[:_MOST_OFFICES]
    scale = max(_ONE, *(row.attainment for row in shown))
    lines = [
        Line(
            Col(row.name, row.name),
            [figure(known["attainment"], row.attainment), figure(known["month_to_date"], row.month_to_date)],
            _gauge(row.attainment, scale),
            extra=True,
        )
        for row in shown
    ]
    hidden = len(told) - len(shown)
    text = ngettext("{count} more: channelctl progress", "{count} more: channelctl progress", hidden)
    return [*lines, Line(None, [plain(text.format(count=f"{hidden:,}"))], extra=True)] if hidden > 0 else lines


def _score(report: Report) -> Block:
    """The rate, how it has changed on last month, and its rank beside the rate of all offices."""
    one = _figures(report)["score"]
    change = Col("", "", words=in_points)
    parts = [figure(one.col, one.value)]
    if one.before is not None:
        parts.append(Said("{value}", {"value": (change, one.value - one.before)}))
    more = report.closing[-1].split("   ")[2:] if report.closing else []
    parts.append(plain(" · ".join([one.said, *more])))
    return [Line(Col("得分", "Score"), parts, _gauge(one.value, _ONE))]


def _tiers(report: Report) -> Block:
    """How many customers are in each tier, and what they come to; nothing where none is in any."""
    section = report.sections.get("tiers")
    if section is None or not any(row.customers for row in section.rows):
        return []
    known = columns(section.row)

    def line(label: Col, share: str, *names: str, extra: bool = False) -> Line:
        said = [" ".join(cells.words(known[name])(getattr(row, name)) for name in names) for row in section.rows]
        parts = [getattr(row, share) or Decimal(0) for row in section.rows]
        return Line(label, [plain(" · ".join(said))], Stack(parts), extra)

    return [
        line(Col("客户等级", "Tiers"), "customers_share", "tier", "customers", "customers_share"),
        line(Col("销售占比", "Their sales"), "sales_share", "tier", "sales_share", extra=True),
    ]


def _owed(report: Report) -> Block:
    """What is owed, how much of it is past due, and how old it is."""
    known, totals = columns(report.row), report.totals
    ages = [name for name in known if name == "not_due" or name.startswith("age_")]
    owed, late = _figures(report)["outstanding"], _figures(report)["past_due"]
    said = Said(_("{owed}, past due {late}"), {"owed": (owed.col, owed.value), "late": (late.col, late.value)})
    each = Said(
        " · ".join(f"{known[name].label} {{{name}}}" for name in ages),
        {name: (known[name], totals[name]) for name in ages},
    )
    stack = Stack([max(totals[name], Decimal(0)) for name in ages])
    return [Line(owed.col, [said], stack), Line(None, [each], extra=True)]


def _stock(report: Report) -> Block:
    """The figures of stock, each with its remark."""
    said = [
        f"{one.col.label} {cells.words(one.col)(one.value)}{f' ({one.said})' if one.said else ''}"
        for one in report.figures
        if one.value is not None
    ]
    return [Line(Col("库存", "Stock"), [plain(" · ".join(said))])] if said else []


def _movers(report: Report) -> Block:
    """Who moved most, up or down."""
    known = columns(report.row)
    rows = sorted(report.rows, key=lambda row: (-abs(row.difference), row.code))[:_MOVERS]
    label = Col("变动最大", "Moved most", kind="money")
    return [
        Line(
            None if place else label,
            [
                figure(known["difference"], row.difference),
                figure(known["change"], row.change),
                plain(row.name),
            ],
        )
        for place, row in enumerate(rows)
    ]


def _gaps(report: Report) -> Block:
    """The next break points that are worth most, of those with days left."""
    known = columns(report.row)
    rows = sorted((row for row in report.rows if row.worth and row.days_left != 0), key=lambda row: -row.worth)[:_GAPS]
    text = _("{short} short of {threshold} {basis}")
    return [
        Line(
            None if place else Col("返利差距", "Rebate gaps", kind="money"),
            [
                figure(known["worth"], row.worth),
                Said(text, {name: (known[name], getattr(row, name)) for name in ("short", "threshold", "basis")}),
                plain(row.customer),
            ],
            extra=place >= _FEW,
        )
        for place, row in enumerate(rows)
    ]


def _notes(parts: Mapping[str, Part]) -> Block:
    """What the figures lack, and what else their commands remark."""
    told = [_dated(part.report) for name, part in parts.items() if name != "progress_trend"]
    said = list(dict.fromkeys(note for notes in told for note in notes))
    label = Col("注意", "Take note")
    return [Line(None if place else label, [plain(note)], extra=place > 0) for place, note in enumerate(said)]


def _dated(report: Report) -> Sequence[str]:
    """The remarks of a report; of one of several months with its days, but where they name a command."""
    start, end = (str(report.params.get(name) or "") for name in ("from", "to"))
    if not (start and end) or start[:7] == end[:7]:
        return report.notes
    return [note if "channelctl " in note else f"{start} – {end}: {note}" for note in report.notes]


def _figures(report: Report) -> Mapping[str, Figure]:
    """The figures that stand for a report, by name."""
    return {one.name: one for one in report.figures}


def _of(known: Mapping[str, Col], totals: Mapping[str, Any], name: str) -> tuple[Col, Any]:
    return known[name], totals[name]


def _gauge(part: Decimal | None, scale: Decimal) -> Gauge | None:
    return None if part is None else Gauge(part / scale)


_BLOCKS: Sequence[tuple[str, Callable[[Report], Block]]] = (
    ("progress", _month),
    ("progress", _compared),
    ("progress", _days),
    ("progress_trend", _trend),
    ("score", _score),
    ("progress", _offices),
    ("tier", _tiers),
    ("credit_ageing", _owed),
    ("stock_cover", _stock),
    ("progress_movers", _movers),
    ("rebate_gap", _gaps),
)
