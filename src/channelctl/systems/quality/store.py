"""Of when the data are that the database holds."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl.period import Period
from channelctl.records import Kind, kinds
from channelctl.records.bounds import offices_seen
from channelctl.storage import Batch, SourceSheet
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.quality.rules import Dated
from channelctl.systems.sales.store import LINE

_DAYS = ("date", "month")


def by_kind(session: Session, today: dt.date, watched: Collection[str]) -> list[Dated]:
    """The last day up to `today` of each kind that has days, of those watched or with records; sales first."""
    found = []
    imported = _imports(session)
    for kind in kinds().values():
        column = _day(kind)
        if column is None:
            continue
        table = kind.model().__table__
        monthly = column.name == "month"
        query = select(func.max(column))
        if "ended_batch_id" in table.c:
            query = query.where(table.c.ended_batch_id.is_(None))
        last = session.execute(query.where(column <= (f"{today:%Y-%m}" if monthly else today))).scalar()
        if last is not None or kind.name == "sales" or kind.name in watched:
            end = Period.month(last).end if monthly and last is not None else last
            last_day = min(end, today) if end is not None else None
            found.append(Dated(kind.name, kind.label, None, None, last_day, *imported.get(kind.name, (None, None))))
    return sorted(found, key=lambda one: one.kind != "sales")


def by_office(session: Session, today: dt.date, region: int | None = None) -> list[Dated]:
    """The last day up to `today` of each office's sales, of a region's offices or of all that are seen."""
    kind = kinds()["sales"]
    own = func.coalesce(LINE.c.office_id, col(Customer.office_id))
    query = (
        select(own, func.max(LINE.c.date))
        .join_from(LINE, Customer, LINE.c.customer_id == col(Customer.id), isouter=True)
        .where(LINE.c.ended_batch_id.is_(None), LINE.c.date <= today)
        .group_by(own)
    )
    lasts = {office: last for office, last in session.execute(query).all()}
    offices = select(col(Office.id), col(Office.code), col(Office.name)).order_by(col(Office.code))
    if region is not None:
        offices = offices.where(col(Office.region_id) == region)
    if (seen := offices_seen(session)) is not None:
        offices = offices.where(col(Office.id).in_(seen))
    found = session.execute(offices).all()
    return [Dated(kind.name, kind.label, code, name, lasts.get(id_), None, None) for id_, code, name in found]


def kinds_with_days() -> list[str]:
    """The kinds of data that have days."""
    return [kind.name for kind in kinds().values() if _day(kind) is not None]


def _day(kind: Kind) -> Any:
    """The column that says of when a kind's records of customers are; None where there is none."""
    table = kind.model().__table__
    days = [table.c[name] for name in _DAYS if name in table.c and name in kind.columns]
    return days[0] if days and "customer_id" in table.c else None


def _imports(session: Session) -> dict[str, tuple[dt.date, int]]:
    """When and with which batch sheets of each kind were last imported."""
    query = (
        select(col(SourceSheet.kind), col(Batch.id), col(Batch.at))
        .join_from(SourceSheet, Batch, col(SourceSheet.batch_id) == col(Batch.id))
        .where(col(Batch.undone_by).is_(None))
        .order_by(col(Batch.id))
    )
    return {kind: (dt.date.fromisoformat(at[:10]), batch) for kind, batch, at in session.execute(query).all()}
