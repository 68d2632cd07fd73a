"""Closing a month."""

import datetime as dt
import json
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl import audit, policy
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.storage import Batch
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.scores import rules_close, store, store_closed, store_month
from channelctl.systems.scores.rules import ScorePolicy
from channelctl.systems.scores.rules_close import WHOLE
from channelctl.systems.scores.store import Scored
from channelctl.systems.scores.tables import ScoreClose, ScoreClosed


class Closing(NamedTuple):
    """What was closed, by which batch."""

    found: Scored
    batch: int


def close(session: Session, month: str, today: dt.date, force: bool = False) -> Closing:
    """Keep the scores of a month as they are.

    Raises:
        RefusedError: it is closed already, it has no plan, or, unless forced, it has no sale, or neither today nor a
            sale lies behind it.
    """
    period = Period.month(month)
    wanted = f"{period.start:%Y-%m}"
    store_closed.refuse_closed(session, wanted)
    found = store.stored(session, None, wanted, None)
    last = store.last_day(session)
    reached = today if last is None else max(today, last)
    if reached <= period.end and not force:
        raise RefusedError(
            _("{month} is not over yet: it is {day}").format(month=wanted, day=reached),
            _("Close it when all its sales are in, or close it as it is: --force"),
        )
    if not force and sales.last_date(session, policy.section("sales", SalesPolicy).no_sale_statuses, period) is None:
        raise RefusedError(
            _("{month} has no sale, so every score would be closed with 0").format(month=wanted),
            _("Import its sales first, or close it as it is: --force"),
        )
    query = select(func.max(col(Batch.id))).where(col(Batch.undone_by).is_(None))
    known = int(session.execute(query).scalar_one())
    batch = audit.open_batch(session, "score close")
    close_ = ScoreClose(batch_id=batch, month=wanted, policy=_policy(), known=known)
    session.add(close_)
    session.flush()
    assert close_.id is not None  # noqa: S101
    _keep(session, close_.id, found, period.end)
    return Closing(found, batch)


def _keep(session: Session, close_id: int, found: Scored, end: dt.date) -> None:
    """Every office's row and customers, and who was on file in all of them together."""
    whole = rules_close.whole_text(found.last_day, store.on_file(session, found.month, None, end))
    session.add(ScoreClosed(close_id=close_id, office_code=WHOLE, figures=whole, customers="[]"))
    levels = store_month.levels(session, found.month)
    ids = store_closed.office_ids(session)
    for row in found.everyone:
        on_file = store.on_file(session, found.month, [ids[row.office_code]], end)
        session.add(
            ScoreClosed(
                close_id=close_id,
                office_code=row.office_code,
                figures=rules_close.figures_text(row, on_file),
                customers=rules_close.customers_text(found.customers[row.office_code], levels),
            )
        )
    session.flush()


def _policy() -> str:
    """What the scores were made by."""
    sections = {
        "scores": policy.section("scores", ScorePolicy),
        "plans": policy.section("plans", PlanPolicy),
        "sales": policy.section("sales", SalesPolicy),
    }
    used = {name: values.model_dump(mode="json") for name, values in sections.items()}
    return json.dumps(used, ensure_ascii=False, sort_keys=True)
