"""How the alarms of customers are put before a person."""

from channelctl.errors import DONE, FINDINGS
from channelctl.i18n import _, ngettext
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers.rules_alarms import DOWN, FELL, SILENT, AlarmPolicy, AlarmRow, RepAlarms, by_rep
from channelctl.systems.tiers.store_alarms import Alarms

_SHOWN = ("rep", "customer_code", "customer", "said", "tier", "net_before", "net_sales", "last_sale")


def report(found: Alarms, scope: Scope, policy: AlarmPolicy) -> Report:
    """The alarms, rep by rep; with any, the exit code says so."""
    period, before = found.period, found.before
    runs = found.runs
    title = [_("alarms"), _("to {day}").format(day=found.day), *scope.labels]
    reps = by_rep(found.rows)
    rows = [row._replace(said=_said(row)) for row in found.rows]
    return Report(
        "tier_alarms",
        AlarmRow,
        rows,
        " · ".join(title),
        params={
            "as_of": found.day,
            **scope.params(),
            "from": period.start,
            "to": period.end,
            "before_from": before.start,
            "before_to": before.end,
            "batch": runs[1].batch if runs is not None else None,
            "before_batch": runs[0].batch if runs is not None else None,
            "drop": policy.drop,
            "silent_days": list(policy.silent_days),
        },
        notes=_notes(found),
        closing=_closing(found, policy),
        sections={"reps": Table(RepAlarms, reps, _("Rep by rep"), data_only=len(reps) < 2)},
        exit_code=FINDINGS if found.rows else DONE,
        only=_SHOWN,
    )


def _said(row: AlarmRow) -> str:
    """What is the matter, with its figures."""
    if row.alarm == FELL:
        return _("fell from {was} to {tier}").format(was=row.was, tier=row.tier)
    if row.alarm == DOWN:
        return _("sales fell by {part}").format(part=percent(-(row.change or 0)))
    return ngettext("silent for {count} day", "silent for {count} days", row.days or 0).format(count=row.days)


def _notes(found: Alarms) -> list[str]:
    notes = [] if found.runs is not None else [_("falls need two runs of one method: channelctl tier --apply")]
    if found.first_sale is not None and found.first_sale > found.before.start:
        text = _("sales begin on {first}: the span before ({start} to {end}) is not whole")
        notes.append(text.format(first=found.first_sale, start=found.before.start, end=found.before.end))
    return notes


def _closing(found: Alarms, policy: AlarmPolicy) -> list[str]:
    about = len({row.customer_code for row in found.rows})
    counts = {alarm: sum(row.alarm == alarm for row in found.rows) for alarm in (FELL, DOWN, SILENT)}
    lines = []
    if found.runs is not None:
        text = ngettext(
            "fell a tier: {count}, from the run to {before} to the run to {now}",
            "fell a tier: {count}, from the run to {before} to the run to {now}",
            counts[FELL],
        )
        lines.append(text.format(count=counts[FELL], before=found.runs[0].last_day, now=found.runs[1].last_day))
    lines += [
        _("sales down by {drop} or more: {count}, {start} to {end} against {first} to {last}").format(
            drop=percent(policy.drop),
            count=counts[DOWN],
            start=found.period.start,
            end=found.period.end,
            first=found.before.start,
            last=found.before.end,
        ),
        _("silent for {a} days (A), {b} (B), {c} (C) or more: {count}").format(
            **dict(zip("abc", policy.silent_days, strict=True)), count=counts[SILENT]
        ),
    ]
    whole = ngettext(
        "{alarms} about {customers} of {count} customer on file.",
        "{alarms} about {customers} of {count} customers on file.",
        found.customers,
    )
    said = ngettext("{count} alarm", "{count} alarms", len(found.rows)).format(count=f"{len(found.rows):,}")
    return [*lines, whole.format(alarms=said, customers=f"{about:,}", count=f"{found.customers:,}")]
