"""How the check of a month's plans is put before a person."""

from channelctl.i18n import _, ngettext
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.systems.plans.rules_check import (
    Checked,
    ClassCheck,
    Finding,
    OfficeCheck,
    OfficeClass,
    OfficeClasses,
    finding_text,
    in_lines,
)


def report(found: Checked) -> Report:
    """The numbers of the province and of the offices, then everything that does not fit."""
    kinds = dict.fromkeys(one.finding for one in found.findings)
    counts = {kind: sum(one.finding == kind for one in found.findings) for kind in kinds}
    closing = [f"{finding_text(kind)}: {count:,}" for kind, count in counts.items()]
    without = [one.office for one in found.offices if one.target is None]
    if without:
        text = ngettext(
            "{count} office has no target of its own for the month: channelctl target add, or target spread",
            "{count} offices have no target of their own for the month: channelctl target add, or target spread",
            len(without),
        )
        closing.append(text.format(count=len(without)))
    total = ngettext("{count} finding", "{count} findings", len(found.findings))
    closing.append(total.format(count=f"{len(found.findings):,}") if found.findings else _("no findings"))
    return Report(
        "plan_check",
        Finding,
        found.findings,
        " · ".join([_("check of the plans"), Period.month(found.month).label]),
        params={"month": found.month},
        closing=closing,
        sections={
            "classes": Table(ClassCheck, found.classes, _("The province against its offices")),
            "offices": Table(OfficeCheck, found.offices, _("The offices")),
            "per_class": Table(OfficeClasses, in_lines(found.office_classes)),
            "office_classes": Table(OfficeClass, found.office_classes, data_only=True),
        },
        exit_code=1 if found.findings else 0,
    )
