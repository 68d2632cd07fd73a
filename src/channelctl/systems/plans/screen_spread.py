"""How a year's target, spread, is put before a person."""

from decimal import Decimal

from channelctl.i18n import _
from channelctl.money import show
from channelctl.report import Report, Table
from channelctl.systems.plans.rules_spread import CustomerTarget, MonthTarget
from channelctl.systems.plans.screen import undo_line
from channelctl.systems.plans.store_spread import Spread

_ZERO = Decimal("0.00")


def report(found: Spread, dry_run: bool, customers: bool) -> Report:
    """The twelve months, their sums, and the customers of each."""
    title = [_("Dry run, nothing was written")] if dry_run else []
    title += [f"{found.office} {found.office_code}", _("targets {year}").format(year=found.year)]
    levels = {"target": found.levels.target, "sprint": found.levels.sprint, "challenge": found.levels.challenge}
    totals = {name: value for name, value in levels.items() if value is not None}
    dull = {name for name, value in levels.items() if value is None}
    dull |= {"before"} if all(one.before is None for one in found.months) else set()
    dull |= set() if customers else {"customers"}
    notes = []
    if found.last_year is not None:
        notes.append(
            _("net sales of {year}: {net}").format(year=found.year - 1, net=show(found.last_year))
        )  # fmt: skip
    if found.partial is not None:
        notes.append(
            _("sales of {year} are not complete: they go from {start} to {end}").format(
                year=found.year - 1, start=found.partial.start, end=found.partial.end
            )
        )
    empty = [one.month for one in found.months if one.customers == 0]
    if empty:
        notes.append(_("months without a plan, so without targets of customers: {count}").format(count=len(empty)))
    notes += found.remarks
    closing = [] if found.batch is None else [undo_line(found.batch)]
    if found.batch is None and not dry_run:
        closing = [_("nothing to change: it is so already")]
    return Report(
        "target_spread",
        MonthTarget,
        found.months,
        " · ".join(title),
        params={"year": found.year, "office": found.office_code, "dry_run": dry_run, "batch": found.batch},
        totals=totals,
        notes=notes,
        closing=closing,
        sections={"customers": Table(CustomerTarget, found.customers, _("Targets of planned customers"))},
        only=[name for name in MonthTarget._fields if name not in dull],
    )
