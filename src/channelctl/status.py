"""How an office or the whole region stands, on one screen, and what is in the database."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl import clock, dashboard, db
from channelctl.batches import last_import
from channelctl.columns import Col
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.packs import Part
from channelctl.packs.asking import ask
from channelctl.packs.definition import PackPlan, PartPlan
from channelctl.packs.making import make
from channelctl.packs.whose import Whose, named
from channelctl.records import kinds
from channelctl.report import Figure, Report, Table, cells
from channelctl.report.panel import Line, plain
from channelctl.storage import Batch
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.tables import SaleLine

_CHARTED = ("progress", "progress_trend")


class FigureRow(NamedTuple):
    """A figure of one of the reports that the screen is made of; `before` is the same a period earlier.

    `kind` says how to read it (money, share …), `good` which direction is good news, `command` where it comes from.
    """

    report: Annotated[str, Col("报表", "Report", kind="code")]
    name: Annotated[str, Col("名称", "Name", kind="code")]
    label: Annotated[str, Col("指标", "Figure")]
    kind: Annotated[str, Col("类型", "Kind", kind="code")]
    value: Annotated[Decimal | None, Col("数值", "Value", kind="quantity")]
    before: Annotated[Decimal | None, Col("上期", "Before", kind="quantity")]
    good: Annotated[str, Col("向好方向", "Good")]
    remark: Annotated[str, Col("备注", "Remark")]
    command: Annotated[str, Col("命令", "Command")]


class StatusRow(NamedTuple):
    """How many records of a kind there are."""

    kind: Annotated[str, Col("类型", "Kind", wide=True)]
    name: Annotated[str, Col("名称", "Records")]
    records: Annotated[int, Col("条数", "Count", kind="count")]


class Held(NamedTuple):
    """What the database holds: records, the days of sales, the last import that stands."""

    records: Sequence[StatusRow]
    first: dt.date | None
    last: dt.date | None
    imported: Batch | None


def report(office: str | None = None, region: str | None = None, as_of: str | None = None) -> Report:
    """The lines of the screen and their figures; before the first sale, the records there are."""
    with db.session() as session:
        held = _held(session)
        office = sales.office_asked(session, office, region)
    title, parts = _parts(office, region, as_of, held.last is not None)
    fresh = _fresh(as_of) if parts else None
    closing = [] if parts else _facts(held)
    rows = [row for part in (*parts.values(), *([fresh] if fresh else [])) for row in _figures(part)]
    return Report(
        "status",
        FigureRow,
        rows,
        title if parts else str(db.place()),
        params={
            "office": office,
            "region": region,
            "as_of": as_of,
            "first_sale": held.first,
            "last_sale": held.last,
            "last_batch": held.imported.id if held.imported else None,
        },
        notes=[warning] if (warning := db.share_warning()) else [],
        closing=closing,
        sections={"records": Table(StatusRow, held.records, data_only=bool(parts))},
        data_only=True,
        charts=[chart for name in _CHARTED if name in parts for chart in parts[name].report.charts],
        panel=dashboard.panel(parts, _data(held, fresh)) if parts else (),
    )  # fmt: skip


def _parts(office: str | None, region: str | None, as_of: str | None, sold: bool) -> tuple[str, Mapping[str, Part]]:
    """What it is of, and the reports by name; none before anything was sold."""
    lines = tuple(PartPlan(report=words) for words in dashboard.COMMANDS)
    plan = PackPlan(title=_("How it stands"), time="day", part=lines)
    asked = named(plan, Whose(office=office, region=region, as_of=as_of)).asked
    given = {name: value for name, value in asked.given.items() if name != "--month"}
    if not sold:
        return asked.title, {}
    try:
        found = make("status", plan, replace(asked, given=given))
    except RefusedError:
        return asked.title, {}
    return asked.title, {part.report.name: part for part in found.parts}


def _fresh(as_of: str | None) -> Part:
    """How old the data are, by the clock where no day is named."""
    words = ("freshness", *(("--as-of", as_of) if as_of is not None else ()))
    return Part("freshness", "", words, ask(words))


def _figures(part: Part) -> list[FigureRow]:
    return [
        FigureRow(
            part.report.name, one.name, one.col.label, one.col.kind, _number(one, one.value), _number(one, one.before),
            one.good, one.said, part.command,
        )
        for one in part.report.figures
    ]  # fmt: skip


def _number(one: Figure, value: object) -> Decimal | None:
    """The figure as the command's own JSON has it."""
    return Decimal(cells.literal(one.col)(value)) if one.col.is_number and value is not None else None


def _held(session: Session) -> Held:
    rows: list[StatusRow] = []
    for kind in kinds().values():
        query = select(func.count()).select_from(kind.model().__table__)
        if kind.name == "sales":
            query = query.where(col(SaleLine.ended_batch_id).is_(None))
        rows.append(StatusRow(kind.name, kind.label, session.execute(query).scalar() or 0))
    return Held(rows, *sales.span(session), last_import(session))


def _facts(held: Held) -> list[str]:
    """How fresh the sales are, and the last import."""
    said: list[str] = []
    if held.last is not None:
        age = (clock.today() - held.last).days
        said.append(
            _("sales from {first} to {last}, {age} days ago").format(first=held.first, last=held.last, age=age)
        )  # fmt: skip
    if held.imported is None:
        return [*said, _("nothing has been imported yet: channelctl import FILE")]
    text = _("last import: batch {batch}, {file}, on {day} by {user}")
    batch = held.imported
    return [*said, text.format(batch=batch.id, file=batch.file_name, day=batch.at[:10], user=batch.user)]


def _data(held: Held, fresh: Part | None) -> list[Line]:
    """What it was made from; where there is room, the other data's days, how many records there are, and where."""
    lines = [plain(fact) for fact in _facts(held)]
    rows = fresh.report.rows if fresh else []
    days = [f"{row.name} {row.last_day}" for row in rows if row.kind != "sales" and row.last_day is not None]
    counts = [f"{row.name} {row.records:,}" for row in held.records if row.records]
    more = [" · ".join(some) for some in (days, counts) if some]
    label = Col("数据", "Data")
    return [
        *(Line(None if place else label, [fact]) for place, fact in enumerate(lines)),
        *(Line(None, [plain(text)], extra=True) for text in [*more, str(db.place())]),
    ]
