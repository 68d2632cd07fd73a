"""How the cost of rebates is put before a person."""

from decimal import Decimal

from channelctl.i18n import _, listed, ngettext
from channelctl.report import Report, Table
from channelctl.systems.rebates.rules_whatif import CostRow, PolicyCost
from channelctl.systems.rebates.rules_words import no_rules_text
from channelctl.systems.rebates.store_whatif import Cost


def report(found: Cost) -> Report:
    """What the rules pay, by policy and by customer."""
    rows, title = found.rows, [_("Rebates"), found.period.label]
    if found.as_of is not None and found.as_of > found.period.end:
        title.append(_("counted to {day}").format(day=found.as_of))
    return Report(
        "rebate",
        CostRow,
        rows,
        " · ".join([*title, *found.scope.labels]),
        params={"from": found.period.start, "to": found.period.end, **found.scope.params()},
        totals={"rebate": sum((row.rebate for row in rows), Decimal("0.00"))},
        notes=_notes(found),
        sections={"policies": Table(PolicyCost, found.policies)},
    )


def _notes(found: Cost) -> list[str]:
    notes = []
    if found.moved:
        text = ngettext(
            "{policies} holds on no day of the period: counted as if it held in all of it",
            "{policies} hold on no day of the period: counted as if they held in all of it",
            len(found.moved),
        )
        notes.append(text.format(policies=listed(found.moved)))
    if not found.rules:
        notes.append(no_rules_text())
    elif not found.rows:
        notes.append(_("no customer bought anything in the period that a rebate rule is for"))
    return notes
