"""How plans and their versions are put before a person."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from channelctl.i18n import _, listed, ngettext
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.plans.rules_show import (
    ClassTotal,
    ClosedRow,
    CopiedRow,
    ShownRow,
    VersionRow,
    class_totals,
    shown,
)
from channelctl.systems.plans.store import Plan
from channelctl.systems.plans.store_approve import Approved
from channelctl.systems.plans.store_copy import Copied
from channelctl.systems.plans.store_versions import Frozen

_ZERO = Decimal("0.00")


def plan(
    month: str,
    plans: Sequence[Plan],
    versions: Mapping[int, int],
    targets: Mapping[str, Decimal],
    policy: PlanPolicy,
    number: int | None = None,
) -> Report:
    """The planned customers with their targets, and the totals per class; `versions` are those of frozen offices."""
    rows = [
        row
        for one in plans
        for row in shown(
            one.office_code, one.office, (customer for _id, customer in one.customers), targets,
            versions.get(one.office_id, number),
        )
    ]  # fmt: skip
    channels = {one.customer_code: one.channel for plan in plans for _id, one in plan.customers}
    total = sum((row.target for row in rows if row.target is not None), _ZERO)
    office = plans[0] if len(plans) == 1 else None
    what = _("plan {month}").format(month=month)
    title = [_where(plans), Period.month(month).label, what]
    if number is not None:
        title.append(_("version {version}").format(version=number))
    dull = {"office_code"} | ({"office"} if office is not None else set()) | (set() if versions else {"version"})
    return Report(
        "plan_show",
        ShownRow,
        rows,
        " · ".join(title),
        params={"month": month, "office": office.office_code if office is not None else None, "version": number},
        totals={"target": total},
        closing=[_standing(plans, versions)] if number is None else [],
        sections={"classes": Table(ClassTotal, class_totals(rows, channels, policy), _("Planned customers per class"))},
        only=[name for name in ShownRow._fields if name not in dull],
    )


def _where(plans: Sequence[Plan]) -> str:
    if len(plans) == 1:
        return f"{plans[0].office} {plans[0].office_code}"
    return _("all {count} offices with a plan").format(count=len(plans))


def _standing(plans: Sequence[Plan], versions: Mapping[int, int]) -> str:
    """Whether the plans may still be changed."""
    open_ = [one.office for one in plans if one.office_id not in versions]
    if not open_:
        return _("frozen: changed with an approval only (channelctl plan approve)")
    if len(open_) == len(plans):
        return _("not frozen: channelctl plan freeze keeps it as it is")
    return _("not frozen: {offices}").format(offices=listed(open_))


def frozen(found: Frozen, rows: Sequence[VersionRow]) -> Report:
    """The plans that a freeze kept; `rows` are their versions."""
    notes = []
    if found.before and found.batch is not None:
        notes.append(_("frozen before: {offices}").format(offices=listed(found.before)))
    closing = (
        undo_line(found.batch)
        if found.batch is not None
        else _("frozen before: nothing to do (channelctl plan versions --month {month})").format(month=found.month)
    )
    return Report(
        "plan_versions",
        VersionRow,
        rows,
        " · ".join([_("frozen plans"), Period.month(found.month).label]),
        params={"month": found.month, "batch": found.batch},
        notes=notes,
        closing=[closing],
        only=("office", "version", "customers", "core", "target"),
    )


def undo_line(batch: int) -> str:
    """Which batch wrote it, and how it is taken back."""
    return _("Batch {batch}. Undo: channelctl batch undo {batch}").format(batch=batch)


def versions(rows: Sequence[VersionRow], month: str | None, office: str | None) -> Report:
    """The versions of frozen plans."""
    several = len({row.month for row in rows}) > 1
    return Report(
        "plan_versions",
        VersionRow,
        rows,
        " · ".join([_("frozen plans"), *([month] if month else []), *([office] if office else []), str(len(rows))]),
        params={"month": month, "office": office},
        notes=[] if rows else [_("no plan is frozen: channelctl plan freeze --month MONTH")],
        only=[name for name in VersionRow._fields if name not in ("office_code", "at") and (several or name != "month")]
        if month
        else (),
    )


def approved(done: Approved, row: Any, title: str) -> Report:
    """A planned customer after an approval, and what it changed."""
    closing = [_("nothing to change: it is so already")]
    if done.version is not None:
        closing = [
            _("version {version}, approved on {day}: {changes}").format(
                version=done.version.version, day=done.version.approved_on, changes=done.version.changes
            ),
            undo_line(done.version.batch),
        ]
    params = {"version": done.version.version if done.version is not None else None}
    return Report("plan", row, [done.row], title, params=params, notes=done.remarks, closing=closing, card=True)


def copied(found: Copied, dry_run: bool) -> Report:
    """What was copied, and the closed customers that were not."""
    count = sum(row.copied for row in found.offices)
    text = ngettext("{count} customer copied", "{count} customers copied", count)
    title = [_("plan {month}").format(month=f"{found.month} → {found.to}"), text.format(count=f"{count:,}")]
    closing = [] if found.batch is None else [undo_line(found.batch)]
    if not count:
        closing.append(_("nothing to copy: all of them are there already, or closed"))
    return Report(
        "plan_copy",
        CopiedRow,
        found.offices,
        " · ".join([*([_("Dry run, nothing was written")] if dry_run else []), *title]),
        params={"month": found.month, "to": found.to, "dry_run": dry_run, "batch": found.batch},
        totals={name: sum(getattr(row, name) for row in found.offices) for name in ("copied", "there", "closed")},
        notes=found.remarks,
        closing=closing,
        sections={"closed": Table(ClosedRow, found.closed, _("Not copied: closed by the end of {month}").format(
            month=found.to
        ))},
    )  # fmt: skip
