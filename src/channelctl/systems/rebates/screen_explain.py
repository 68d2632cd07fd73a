"""How an explained rebate is put before a person."""

from channelctl.i18n import _, ngettext
from channelctl.money import show, show_quantity
from channelctl.report import Report, Table
from channelctl.systems.rebates.rules import ZERO, Earned, by_rates
from channelctl.systems.rebates.rules_accrual import BEHIND, AccruedLine
from channelctl.systems.rebates.rules_explain import LeftOut, PointRow, RebatePart
from channelctl.systems.rebates.store_explain import Explained

_OF_ONE = tuple(name for name in BEHIND if name not in ("window", "customer"))
_LEFT_OUT = ("policy", "reason", "date", "document", "product", "quantity", "amount", "file", "sheet", "row")


def report(found: Explained) -> Report:
    """What was earned by which break point, then every row behind it, and those that do not count."""
    title = [f"{found.code} {found.name}", _("Rebates"), found.period.label]
    if found.policy is not None:
        title.append(found.policy)
    params = {"customer": found.code, "month": f"{found.period.start:%Y-%m}", "as_of": found.through}
    return Report(
        "rebate_explain",
        AccruedLine,
        found.lines,
        " · ".join(title),
        params={**params, "policy": found.policy},
        totals={"entitlement": sum((line.entitlement for line in found.lines), ZERO), "lines": len(found.lines)},
        notes=_notes(found),
        closing=_closing(found),
        sections={
            "rebates": Table(RebatePart, found.parts, only=_parts_shown(found)),
            "breakpoints": Table(PointRow, found.points, _("Break points")),
            "not_counted": Table(LeftOut, found.left_out, _("Not counted"), only=_LEFT_OUT),
        },
        only=_OF_ONE,
    )


def _parts_shown(found: Explained) -> list[str]:
    """The columns of rules for people: a cap and a minimum where there is one, the policy that pays instead."""
    limits = [name for name in ("cap", "minimum") if any(getattr(part, name) is not None for part in found.parts)]
    if limits:
        limits.insert(0, "by_rates")
    shown = ["policy", "rule", "type", "window", "basis", "base", *limits, "entitlement", "estimate"]
    return [*shown, "due", "instead"] if any(row.instead for row in found.earned) else shown


def _notes(found: Explained) -> list[str]:
    """Why there is nothing."""
    if not found.earned:
        text = _("no rebate rule is for what {customer} bought in {period}")
        return [text.format(customer=found.code, period=found.period.label)]
    return []


def _closing(found: Explained) -> list[str]:
    """A line a rule and window, then what all of it comes to."""
    if not found.earned:
        return []
    lines = [_told(row) for row in found.earned]
    due = sum((row.due for row in found.earned), ZERO)
    text = ngettext(
        "{customer} has earned {due} by {count} rule, counted to {day}.",
        "{customer} has earned {due} by {count} rules, counted to {day}.",
        len(found.earned),
    )
    last = text.format(customer=found.code, due=show(due), count=len(found.earned), day=found.through)
    return [*lines, last]


def _told(row: Earned) -> str:
    """What became of one rule."""
    name = f"{row.rule.policy} {row.rule.rule} · {row.window.label}"
    if row.instead:
        text = _("{rule}: {entitlement} is not paid, {policy} pays instead")
        return text.format(rule=name, entitlement=show(row.entitlement), policy=row.instead)
    if row.base.unmatched:
        text = _("{rule}: {entitlement}; {units} registered units are not matched and earn nothing")
        return text.format(rule=name, entitlement=show(row.entitlement), units=show_quantity(row.base.unmatched))
    text = _("{rule}: {entitlement}")
    rates, minimum = by_rates(row.rule, row.base), row.rule.minimum
    if rates > row.entitlement:
        text = _("{rule}: {entitlement}, the cap; the rates come to {rates}")
        if minimum is not None and not row.entitlement:
            text = _("{rule}: {entitlement}; the rates come to {rates}, less than the minimum of {minimum}")
    return text.format(rule=name, entitlement=show(row.entitlement), rates=show(rates), minimum=show(minimum or ZERO))
