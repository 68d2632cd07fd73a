"""How ageing, reminders, days of sales outstanding and payment habits are put before a person."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from channelctl.columns import columns
from channelctl.i18n import _, listed, ngettext
from channelctl.money import show
from channelctl.report import Report
from channelctl.systems.credit import screen_figures
from channelctl.systems.credit.rules_ageing import OverdueRow, earlier, row_class
from channelctl.systems.credit.rules_dso import DsoRow
from channelctl.systems.credit.rules_risk import RiskRow
from channelctl.systems.credit.store_whose import Whose

_NOTHING = Decimal("0.00")


def ageing(rows: Sequence[Any], as_of: dt.date, ends: Sequence[int], by: str, date: str, whose: Whose) -> Report:
    """What is outstanding by age, and how much of it is past due."""
    row = row_class(ends, date == "due")
    figures = [name for name in columns(row) if name not in ("code", "name")]
    totals = {name: sum((getattr(one, name) for one in rows), _NOTHING) for name in figures}
    dated = _("days past due") if date == "due" else _("days since the document")
    title = [_("Ageing of receivables"), _("as of {day}").format(day=as_of), *whose.labels, _by(by), dated]
    return Report(
        "credit_ageing",
        row,
        rows,
        " · ".join(title),
        params={"as_of": as_of, "by": by, "date": date, "buckets": list(ends), **whose.scope.params()},
        totals=totals if rows else {},
        notes=[] if rows else [_("nothing is open on {day}").format(day=as_of)],
        closing=[_past(totals)] if rows and date == "due" else [],
        charts=[screen_figures.by_age(row, totals)] if rows else (),
        figures=screen_figures.ageing(totals) if rows and date == "due" else (),
    )


def _past(totals: dict[str, Decimal]) -> str:
    """How much of what is open is past due."""
    late, whole = screen_figures.late(totals)
    share = f"{late / whole * 100:.1f} %" if whole else "0 %"
    return _("Past due: {late} of {open} open ({share}).").format(late=show(late), open=show(whole), share=share)


def overdue(rows: Sequence[OverdueRow], as_of: dt.date, whose: Whose) -> Report:
    """The documents past due, and how many call for which reminder."""
    customers = len({one.customer_code for one in rows})
    amount = sum((one.open for one in rows), _NOTHING)
    text = ngettext(
        "{count} document of {customers} past due, {amount} in all: {levels}.",
        "{count} documents of {customers} past due, {amount} in all: {levels}.",
        len(rows),
    )
    people = ngettext("{count} customer", "{count} customers", customers).format(count=f"{customers:,}")
    known = ("customer_code", "customer", "office", "rep") if whose.customer is not None else ()
    levels = sorted({one.level for one in rows}, reverse=True)
    of_level = _("{count} of level {level}")
    each = [of_level.format(count=f"{sum(one.level == level for one in rows):,}", level=level) for level in levels]
    said = text.format(count=f"{len(rows):,}", customers=people, amount=show(amount), levels=listed(each))
    return Report(
        "credit_overdue",
        OverdueRow,
        rows,
        " · ".join([_("Past due"), _("as of {day}").format(day=as_of), *whose.labels]),
        params={"as_of": as_of, **whose.params},
        totals={"open": amount} if rows else {},
        notes=[] if rows else [_("nothing is past due on {day}").format(day=as_of)],
        closing=[said] if rows else [],
        only=[name for name, one in columns(OverdueRow).items() if not one.wide and name not in known],
    )


def dso(rows: Sequence[DsoRow], as_of: dt.date, days: int, by: str | None, whose: Whose) -> Report:
    """Days of sales outstanding, and what they are of."""
    title = [_("Days of sales outstanding"), _("as of {day}").format(day=as_of), *whose.labels]
    title.append(ngettext("sales of {count} day", "sales of {count} days", days).format(count=days))
    notes = []
    if not any(one.sales for one in rows):
        first = earlier(as_of, days - 1)
        notes.append(_("nothing was sold on credit from {first} to {last}").format(first=first, last=as_of))
    if any(one.countback is None for one in rows):
        notes.append(_("without a count-back: more is open than all invoices since the first come to"))
    return Report(
        "credit_dso",
        DsoRow,
        rows,
        " · ".join([*title, _by(by)] if by is not None else title),
        params={"as_of": as_of, "days": days, "by": by, **whose.scope.params()},
        notes=notes,
    )


def risk(rows: Sequence[RiskRow], as_of: dt.date, least: int) -> Report:
    """How customers have paid so far."""
    unknown = sum(not one.known for one in rows)
    text = ngettext(
        "{count} customer with fewer than {least} paid documents: its risk is unknown",
        "{count} customers with fewer than {least} paid documents: their risk is unknown",
        unknown,
    )
    notes = [text.format(count=unknown, least=least)] if unknown else []
    if not rows:
        notes.append(_("no document was paid in full by {day}").format(day=as_of))
    return Report(
        "credit_risk",
        RiskRow,
        rows,
        " · ".join([_("Payment history"), _("as of {day}").format(day=as_of)]),
        params={"as_of": as_of, "least": least},
        notes=notes,
    )


def _by(by: str) -> str:
    return {"customer": _("by customer"), "office": _("by office"), "rep": _("by rep")}[by]
