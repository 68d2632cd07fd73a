"""How bad debt is put before a person: a write-off, and who answers for what was lost."""

import datetime as dt
from collections.abc import Sequence

from channelctl.i18n import _, listed, ngettext
from channelctl.money import show
from channelctl.report import Report, Table
from channelctl.systems.credit import rules_loss
from channelctl.systems.credit.rules_loss import NOTHING, LossRow, PersonRow, WriteoffRow


def written_off(row: WriteoffRow) -> Report:
    """A write-off, with what came in for it."""
    return Report(
        "credit_writeoff_made",
        WriteoffRow,
        [row],
        f"{_('write-off')} · {row.number} · {row.customer_code} {row.customer}",
        params={"number": row.number},
        closing=[_("Lost {loss}").format(loss=show(row.loss))],
        card=True,
    )


def liability(rows: Sequence[LossRow], first: dt.date | None, last: dt.date | None, as_of: dt.date) -> Report:
    """What was lost with each write-off and who answers for it, and what each person does."""
    names = (
        "amount", "recovered", "loss", "inside", "handler_share", "approver_share", "company_share",
    )  # fmt: skip
    text = ngettext("{count} write-off", "{count} write-offs", len(rows)).format(count=f"{len(rows):,}")
    days = _("to {last}").format(last=last or as_of)
    if first is not None:
        days = _("{first} to {last}").format(first=first, last=last or as_of)
    totals = {name: sum((getattr(row, name) for row in rows), NOTHING) for name in names}
    notes = [] if rows else [_("nothing was written off in these days")]
    nobody = rules_loss.unanswered(rows)
    if nobody:
        notes.append(
            _("{numbers}: nobody is known to have approved the credit, the company bears the approver's part").format(
                numbers=listed(nobody)
            )
        )
    said = _("Lost {loss}: handlers {handler}, approvers {approver}, company {company}").format(
        loss=show(totals["loss"]),
        handler=show(totals["handler_share"]),
        approver=show(totals["approver_share"]),
        company=show(totals["company_share"]),
    )
    return Report(
        "credit_liability",
        LossRow,
        rows,
        f"{_('liability for bad debt')} · {text} · {days}",
        params={"from": first, "to": last, "as_of": as_of},
        totals=totals if rows else {},
        notes=notes,
        closing=[said] if rows else [],
        sections={"persons": Table(PersonRow, rules_loss.persons(rows), _("by person"))},
    )
