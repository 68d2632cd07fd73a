"""What is in the database, on one screen."""

from typing import Annotated, NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from channelctl import clock, db, shares
from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.records import kinds
from channelctl.report import Report
from channelctl.storage import Batch
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.tables import SaleLine


class StatusRow(NamedTuple):
    """How many records of a kind there are."""

    kind: Annotated[str, Col("类型", "Kind", wide=True)]
    name: Annotated[str, Col("名称", "Records")]
    records: Annotated[int, Col("条数", "Count", kind="count")]


def report() -> Report:
    """Records per kind, the span of sales and the last import."""
    with db.session() as session:
        rows: list[StatusRow] = []
        for kind in kinds().values():
            query = select(func.count()).select_from(kind.model().__table__)
            if kind.name == "sales":
                query = query.where(col(SaleLine.ended_batch_id).is_(None))
            rows.append(StatusRow(kind.name, kind.label, session.execute(query).scalar() or 0))
        first, last = sales.span(session)
        standing = select(Batch).where(col(Batch.command) == "import", col(Batch.undone_by).is_(None))
        imported = session.execute(standing.order_by(col(Batch.id).desc()).limit(1)).scalar()
    closing: list[str] = []
    if last is not None:
        age = (clock.today() - last).days
        closing.append(_("sales from {first} to {last}, {age} days ago").format(first=first, last=last, age=age))
    if imported is not None:
        closing.append(
            _("last import: batch {batch}, {file}, on {day} by {user}").format(
                batch=imported.id, file=imported.file_name, day=imported.at[:10], user=imported.user
            )
        )
    else:
        closing.append(_("nothing has been imported yet: channelctl import FILE"))
    return Report(
        "status",
        StatusRow,
        rows,
        str(db.path()),
        params={"first_sale": first, "last_sale": last, "last_batch": imported.id if imported else None},
        notes=[warning] if (warning := shares.warning(db.path())) else [],
        closing=closing,
    )
