"""Applications that wait, and the numbers that surveys and applications get."""

import datetime as dt
import json

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.records import kinds
from channelctl.records.bounds import last_number
from channelctl.storage import Batch, Change
from channelctl.systems.credit.tables import CreditApplication, CreditDecision


def require_none_waiting(session: Session, customer_id: int, code: str) -> None:
    """Refuse a second application of a customer beside one that waits.

    Raises:
        RefusedError: which it is.
    """
    one = CreditApplication
    waiting = (
        select(col(one.number))
        .outerjoin(CreditDecision, col(CreditDecision.application) == col(one.number))
        .where(col(one.customer_id) == customer_id, col(one.decision).is_(None), col(CreditDecision.id).is_(None))
    )
    number = session.execute(waiting.order_by(col(one.id)).limit(1)).scalar()
    if number is not None:
        raise RefusedError(
            _("application {number} of {customer} waits to be decided").format(number=number, customer=code),
            _("Decide it, or withdraw it: channelctl credit application remove {number}").format(number=number),
        )


def next_number(session: Session, kind_name: str, prefix: str, day: dt.date) -> str:
    """The next number of a day, above all that there are and were."""
    start = f"{prefix}{day:%y%m%d}-"
    column = kinds()[kind_name].model().__table__.c.number
    taken = list(session.execute(select(column).where(column.startswith(start))).scalars())
    gone = select(col(Change.before)).where(col(Change.kind) == kind_name, col(Change.after).is_(None))
    taken += [str(json.loads(before).get("number")) for before in session.execute(gone).scalars()]
    used = [one.removeprefix(start) for one in taken if one.startswith(start)]
    # What was undone has left nothing but its batch.
    made = select(func.count()).where(
        col(Batch.command) == f"{kinds()[kind_name].noun} add", func.substr(col(Batch.at), 1, 10) == day.isoformat()
    )
    most = max(last_number(session, kind_name, start), *(int(rest) for rest in used if rest.isdecimal()), 0)
    return f"{start}{1 + max(most, session.execute(made).scalar_one())}"
