"""How accruals are put before a person."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _, ngettext
from channelctl.money import show, show_quantity
from channelctl.period import Period
from channelctl.report import Figure, Report
from channelctl.systems.rebates.rules import ZERO
from channelctl.systems.rebates.rules_accrual import BEHIND, AccruedLine, AccrueRow
from channelctl.systems.sales.store import Scope

_WHOSE = ("customer_code", "customer")


class Asked(NamedTuple):
    """What was asked for: a month, up to a day, of whom; and what is to be known of it."""

    period: Period
    through: dt.date
    scope: Scope
    customer: str | None
    notes: Sequence[str]

    @property
    def params(self) -> dict[str, object]:
        """The options by name."""
        month = f"{self.period.start:%Y-%m}"
        return {"month": month, "as_of": self.through, "customer": self.customer, **self.scope.params()}


def report(rows: Sequence[AccrueRow], asked: Asked) -> Report:
    """What each customer has earned by each rule, the least that is sure and the most likely; totals last."""
    due, likely = (sum((getattr(row, name) for row in rows), ZERO) for name in ("due", "estimate"))
    seldom = {name for name in ("unmatched", "instead") if all(getattr(row, name) is None for row in rows)}
    if len({row.rule for row in rows}) == 1:
        seldom.add("rule")
    wide = ["version", "name", "from_", "to", "quantity", "net_sales", *(_WHOSE if asked.customer is not None else ())]
    return Report(
        "rebate_accrue",
        AccrueRow,
        rows,
        _title(asked),
        params=asked.params,
        totals={"due": due, "estimate": likely},
        notes=[*asked.notes, *([] if rows else [_("no sale counts for a rebate rule")])],
        closing=_closing(rows, due, likely),
        only=[name for name in AccrueRow._fields if name not in {*seldom, *wide}],
        figures=_figures(rows, due, likely) if rows else (),
    )


def _figures(rows: Sequence[AccrueRow], due: Decimal, likely: Decimal) -> list[Figure]:
    """What is sure, of how many customers, and what it comes to at the run rate where that is another sum."""
    earning = len({row.customer_code for row in rows if row.due})
    said = ngettext("of {count} customer", "of {count} customers", earning).format(count=f"{earning:,}")
    found = [Figure("rebates_due", Col("应得返利", "Rebates earned", kind="money"), due, said=said)]
    estimate = Figure("rebates_estimate", Col("预计返利", "Rebates at this rate", kind="money"), likely)
    return found if likely == due else [*found, estimate]


def lines(rows: Sequence[AccruedLine], asked: Asked) -> Report:
    """The sheet rows behind it, each with its part."""
    total = sum((row.entitlement for row in rows), ZERO)
    return Report(
        "rebate_accrue",
        AccruedLine,
        rows,
        _title(asked),
        params=asked.params,
        totals={"entitlement": total},
        notes=asked.notes,
        only=[name for name in BEHIND if asked.customer is None or name not in _WHOSE],
    )


def _title(asked: Asked) -> str:
    parts = [_("Rebates earned"), asked.period.cut(asked.through).label]
    if asked.through > asked.period.end:
        parts.append(_("counted to {day}").format(day=asked.through))
    return " · ".join([*parts, *asked.scope.labels, *([asked.customer] if asked.customer is not None else [])])


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
