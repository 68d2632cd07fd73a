"""How gaps are put before a person."""

from decimal import Decimal

from channelctl.columns import Col
from channelctl.i18n import _, ngettext
from channelctl.money import show, show_quantity
from channelctl.report import Figure, Report
from channelctl.systems.rebates.rules_gap import GapRow
from channelctl.systems.rebates.rules_words import figure_text, no_rules_text
from channelctl.systems.rebates.store_gap import Gaps

_SHOWN = (
    *("customer_code", "customer", "policy", "window", "basis", "base", "threshold", "short", "worth"),
    *("worth_per_unit", "days_left", "projected", "reaches", "stock", "overstocks"),
)


def report(found: Gaps, within: Decimal | None) -> Report:
    """The gaps, what reaching all of them is worth, and what to mind."""
    rows = found.rows
    title = [_("Short of the next break point")]
    if found.last is not None:
        title += [_("as of {day}").format(day=found.day), *found.scope.labels]
    if found.customer is not None:
        title.append(found.customer)
    if within is not None:
        title.append(_("at most {units} units short").format(units=show_quantity(within)))
    params = {"as_of": found.day if found.last is not None else None, "customer": found.customer}
    return Report(
        "rebate_gap",
        GapRow,
        rows,
        " · ".join(title),
        params={**params, **found.scope.params(), "within": within},
        totals={"rows": len(rows), "worth": _worth(rows)},
        notes=_notes(found),
        closing=_closing(rows),
        only=_worth_seeing(rows),
        figures=_figures(_open(rows)),
    )


def _open(rows: list[GapRow]) -> list[GapRow]:
    """Those with days left to buy."""
    return [row for row in rows if row.days_left != 0]


def _figures(rows: list[GapRow]) -> list[Figure]:
    """How many break points are ahead, and what reaching all of them is worth; none where no day is left."""
    if not rows:
        return []
    reach = sum(row.reaches for row in rows)
    ahead, worth = (
        Col("可争取的档位", "Break points ahead", kind="count"),
        Col("可增返利", "Rebates to gain", kind="money"),
    )
    said = ngettext("{count} reached by itself", "{count} reached by themselves", reach).format(count=f"{reach:,}")
    return [
        Figure("break_points", ahead, len(rows), said=said),
        Figure("break_points_worth", worth, _worth(rows), said=_("if all are reached")),
    ]


def _worth_seeing(rows: list[GapRow]) -> list[str]:
    """The columns for people: stock only where it is known."""
    left = {name for name in ("stock", "overstocks") if all(getattr(row, name) is None for row in rows)}
    return [name for name in _SHOWN if name not in left]


def _worth(rows: list[GapRow]) -> Decimal:
    return sum((row.worth for row in rows if row.worth is not None), Decimal("0.00"))


def _notes(found: Gaps) -> list[str]:
    """Why there is nothing to see, or by which sales."""
    if found.last is None:
        return [_("there are no sales yet")]
    if not found.rules:
        return [no_rules_text()]
    if not found.running:
        return [_("no rebate rule holds on {day}: channelctl rebate policy list").format(day=found.day)]
    if not found.rows:
        return [_("nobody is short of a break point")]
    if found.last < found.day:
        return [_("the sales reach to {last} only").format(last=found.last)]
    return []


def _closing(rows: list[GapRow]) -> list[str]:
    """How many can still be reached, and how many no longer."""
    if not rows:
        return []
    left = _open(rows)
    if not left:
        text = ngettext(
            "{count} break point was not reached: no day is left.",
            "{count} break points were not reached: no day is left.",
            len(rows),
        )
        return [text.format(count=len(rows))]
    return [*_ahead(left), *_over(len(rows) - len(left))]


def _over(count: int) -> list[str]:
    """How many more there are that nobody can reach any longer."""
    if not count:
        return []
    text = ngettext("{count} more has no day left.", "{count} more have no day left.", count)
    return [text.format(count=count)]


def _ahead(rows: list[GapRow]) -> list[str]:
    """Those with days left: how many get there anyway, and the one worth most."""
    reach = sum(row.reaches for row in rows)
    text = ngettext(
        "{count} break point ahead, {reach} of them reached by itself; reaching it is worth {worth}.",
        "{count} break points ahead, {reach} of them reached by themselves; reaching all is worth {worth}.",
        len(rows),
    )
    lines = [text.format(count=len(rows), reach=reach, worth=show(_worth(rows)))]
    over = sum(bool(row.overstocks) for row in rows)
    if over:
        text = ngettext(
            "{count} would over-stock the dealer: look at its shelf first.",
            "{count} would over-stock the dealers: look at their shelves first.",
            over,
        )
        lines.append(text.format(count=over))
    first = rows[0]
    if first.worth is not None:
        text = _("Worth most a unit: {customer}, {short} short of {threshold}, worth {worth}.")
        told = {"short": show_quantity(first.short), "threshold": figure_text(first.basis, first.threshold)}
        name = f"{first.customer_code} {first.customer}"
        lines.append(text.format(customer=name, worth=show(first.worth), **told))
    return lines
