"""How aliases and suspected duplicates are shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from channelctl.i18n import _
from channelctl.report import Report
from channelctl.systems.customers.rules import SuspectRow, nearness

_SHOWN = 5


def alias(row: Any, what: str) -> Report:
    """One alias, and what was done with it."""
    return Report("customer_alias", type(row), [row], f"{row.alias} → {row.customer} · {what}", card=True)


def duplicates(rows: Sequence[SuspectRow], params: Mapping[str, Any]) -> Report:
    """The pairs, and the commands that make one customer of the first of them."""
    notes = [] if nearness().near else [_("the policy calls no names near: near = [] in [customers]")]
    closing = [_("If they are the same:"), *(f"  {row.command}" for row in rows[:_SHOWN])] if rows else []
    if len(rows) > _SHOWN:
        closing.append(_("  and so on (all of them: --format json)"))
    title = _("customers that may be one · {count}").format(count=len(rows))
    return Report("customer_duplicates", SuspectRow, rows, title, params=params, notes=notes, closing=closing)
