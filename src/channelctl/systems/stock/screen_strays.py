"""How goods sold outside a customer's territory are put before a person."""

from channelctl.columns import Col
from channelctl.i18n import _, ngettext
from channelctl.money import show_quantity
from channelctl.period import Period
from channelctl.report import Figure, Report
from channelctl.systems.stock.rules import ZERO
from channelctl.systems.stock.rules_strays import StrayRow
from channelctl.systems.stock.store import Asked
from channelctl.systems.stock.store_strays import Strayed


def report(found: Strayed, whose: Asked, period: Period) -> Report:
    """What went where it does not belong, most units first."""
    rows = found.rows
    units = sum((row.units for row in rows), ZERO)
    customers = len({row.customer_code for row in rows})
    text = ngettext(
        "{units} of {whole} units went outside the territory of {count} customer.",
        "{units} of {whole} units went outside the territories of {count} customers.",
        customers,
    )
    said = text.format(units=show_quantity(units), whole=show_quantity(found.units), count=customers)
    share = units / found.units if found.units > 0 else None
    return Report(
        "stock_strays",
        StrayRow,
        rows,
        " · ".join([_("Sold outside the territory"), period.label, *whose.labels]),
        params={"from": period.first, "to": period.last, **whose.params(), "unplaced": found.unplaced},
        totals={"units": units} if rows else {},
        notes=_notes(found),
        closing=[said] if rows else [],
        figures=[
            Figure("stray_units", Col("窜货台数", "Units outside", kind="quantity"), units, good="down"),
            Figure("stray_share", Col("窜货占比", "Share outside", kind="share"), share, good="down"),
        ],
    )


def _notes(found: Strayed) -> list[str]:
    """What there is not, and what could not be told."""
    notes = []
    if not found.units:
        notes.append(_("no sell-out is known of this period: channelctl sell-out list"))
    elif not found.rows:
        notes.append(_("nothing went outside"))
    if found.unplaced_customers:
        text = ngettext(
            "of {units} units of {count} customer nobody knows where they went",
            "of {units} units of {count} customers nobody knows where they went",
            found.unplaced_customers,
        )
        notes.append(text.format(units=show_quantity(found.unplaced), count=found.unplaced_customers))
    if found.nowhere:
        text = ngettext(
            "{count} customer has neither city nor office: nothing of it can be outside",
            "{count} customers have neither city nor office: nothing of them can be outside",
            found.nowhere,
        )
        notes.append(text.format(count=found.nowhere))
    return notes
