"""The rebate rules there are."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.records import standins
from channelctl.storage import Batch, SourceSheet
from channelctl.systems.rebates.rules import Rule
from channelctl.systems.rebates.rules_days import standing
from channelctl.systems.rebates.rules_read import Unfit, rule_of
from channelctl.systems.rebates.tables import RebateRule

KIND = "rebate_rule"
_RULE = RebateRule.__table__  # type: ignore[attr-defined]


def in_force(session: Session) -> list[Rule]:
    """Every rule of every version, with the days on which it counts.

    Raises:
        RefusedError: a row is no rule; says which.
    """
    return standing(_rule(place, values) for place, values in _rows(session))


def _rows(session: Session) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The rows that stand for rules, and where: those that somebody asks about, else those stored."""
    asked = standins.of(KIND)
    if asked is not None:
        yield from ((one.place, one.values) for one in asked)
        return
    names = [column.name for column in _RULE.c]
    query = (
        select(*_RULE.c, col(Batch.file_name), col(SourceSheet.name))
        .join(Batch, _RULE.c.batch_id == col(Batch.id))
        .outerjoin(SourceSheet, _RULE.c.sheet_id == col(SourceSheet.id))
    )
    for *row, file, sheet in session.execute(query):
        values = dict(zip(names, row, strict=True))
        yield "!".join(str(one) for one in (file, sheet, values["row_no"]) if one), values


def _rule(place: str, values: Mapping[str, Any]) -> Rule:
    try:
        return rule_of(values)
    except Unfit as error:
        words = [str(values.get(name) or "") for name in ("policy", "version", "rule")]
        raise RefusedError(
            _("rule {rule} cannot be read: {reason}").format(
                rule=f"{' '.join(words)} ({place})" if place else " ".join(words), reason=error.flaw.message
            ),
            _("Correct it: channelctl rebate rule set {key} FIELD=VALUE").format(key=" ".join(words)),
        ) from None
