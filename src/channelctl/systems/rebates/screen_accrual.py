"""How accruals are put before a person."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from channelctl.i18n import _, ngettext
from channelctl.money import show, show_quantity
from channelctl.period import Period
from channelctl.report import Report
from channelctl.systems.rebates.rules import ZERO
from channelctl.systems.rebates.rules_accrual import BEHIND, AccruedLine, AccrueRow

_WHOSE = ("customer_code", "customer")


def report(
    rows: Sequence[AccrueRow], period: Period, through: dt.date, customer: str | None, notes: Sequence[str]
) -> Report:
    """What each customer has earned by each rule, the least that is sure and the most likely; totals last."""
    due, likely = (sum((getattr(row, name) for row in rows), ZERO) for name in ("due", "estimate"))
    seldom = {name for name in ("unmatched", "instead") if all(getattr(row, name) is None for row in rows)}
    if len({row.rule for row in rows}) == 1:
        seldom.add("rule")
    wide = ["version", "name", "from_", "to", "quantity", "net_sales", *(_WHOSE if customer is not None else ())]
    return Report(
        "rebate_accrue",
        AccrueRow,
        rows,
        _title(period, through, customer),
        params={"month": f"{period.start:%Y-%m}", "as_of": through, "customer": customer},
        totals={"due": due, "estimate": likely},
        notes=[*notes, *([] if rows else [_("no sale counts for a rebate rule")])],
        closing=_closing(rows, due, likely),
        only=[name for name in AccrueRow._fields if name not in {*seldom, *wide}],
    )


def lines(
    rows: Sequence[AccruedLine], period: Period, through: dt.date, customer: str | None, notes: Sequence[str]
) -> Report:
    """The sheet rows behind it, each with its part."""
    total = sum((row.entitlement for row in rows), ZERO)
    return Report(
        "rebate_accrue",
        AccruedLine,
        rows,
        _title(period, through, customer),
        params={"month": f"{period.start:%Y-%m}", "as_of": through, "customer": customer},
        totals={"entitlement": total},
        notes=notes,
        only=[name for name in BEHIND if customer is None or name not in _WHOSE],
    )


def _title(period: Period, through: dt.date, customer: str | None) -> str:
    parts = [_("Rebates earned"), period.cut(through).label]
    if through > period.end:
        parts.append(_("counted to {day}").format(day=through))
    return " · ".join([*parts, customer] if customer is not None else parts)


def _closing(rows: Sequence[AccrueRow], due: Decimal, likely: Decimal) -> list[str]:
    if not rows:
        return []
    found = []
    unmatched = sum((row.unmatched for row in rows if row.unmatched is not None), ZERO)
    if unmatched > 0:
        text = _("{count} registrations are unmatched: no unit picked up stands against them, and nothing is paid.")
        found.append(text.format(count=show_quantity(unmatched)))
    instead = sum(row.instead is not None for row in rows)
    if instead:
        text = ngettext(
            "{count} rebate is not paid, for another policy pays more.",
            "{count} rebates are not paid, for another policy pays more.",
            instead,
        )
        found.append(text.format(count=instead))
    earning = len({row.customer_code for row in rows if row.due})
    if likely == due:
        text = ngettext(
            "{count} customer has earned {due} by the brackets reached.",
            "{count} customers have earned {due} by the brackets reached.",
            earning,
        )
    else:
        text = ngettext(
            "{count} customer has earned {due} by the brackets reached; at the brackets that the run rate leads to it"
            " is {likely}.",
            "{count} customers have earned {due} by the brackets reached; at the brackets that the run rate leads to it"
            " is {likely}.",
            earning,
        )
    return [*found, text.format(count=earning, due=show(due), likely=show(likely))]
