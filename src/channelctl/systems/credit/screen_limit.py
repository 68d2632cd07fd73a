"""How surveys, applications, decisions and suggested limits are put before a person."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.report import Report
from channelctl.systems.credit.rules_apply import AppliedRow, DecidedRow, HistoryRow, SurveyRow, percent
from channelctl.systems.credit.rules_suggest import SuggestRow
from channelctl.systems.credit.store_apply import Told
from channelctl.systems.credit.store_limit import Limit
from channelctl.systems.credit.store_suggest import Suggested

_LISTED = ("customer_code", "customer", "month", "days", "late_share", "factor", "suggested", "limit")


def limits(rows: Sequence[Any], row: type, whose: str, now: Limit | None, day: dt.date, policy_terms: str) -> Report:
    """The limits that a customer has had, and the one in force on a day."""
    if now is None:
        said = _("no limit is in force on {day}").format(day=day)
    elif now.amount is None:
        said = _("no limit was said for {day}; what that means is [credit] no_limit in the policy file").format(day=day)
    else:
        text = _("in force on {day}: {amount}, terms {terms}")
        own = _("{terms} (of the policy)").format(terms=policy_terms)
        said = text.format(day=day, amount=show(now.amount), terms=now.terms or own)
    return Report(
        "credit_limit",
        row,
        rows,
        " · ".join([_("credit limits"), whose, f"{len(rows):,}"]),
        params={"as_of": day, "customer": whose},
        closing=[said],
        only=("valid_from", "limit_amount", "terms", "expires_on", "pooled", "source", "approved_by", "remark"),
    )


def surveyed(done: Told) -> Report:
    """A survey that was added, how complete it is, and what comes next."""
    row: SurveyRow = done.row
    text = _("{filled} of {fields} fields filled in ({share}). Apply: channelctl credit apply {customer} AMOUNT")
    return Report(
        "credit_investigate",
        SurveyRow,
        [row],
        f"{row.number} · {row.customer_code} {row.customer}",
        notes=done.remarks,
        closing=[
            text.format(
                filled=row.filled, fields=row.fields, share=percent(row.completeness), customer=row.customer_code
            )
        ],
        card=True,
    )


def applied(done: Told) -> Report:
    """An application that waits, and how it is decided."""
    row: AppliedRow = done.row
    text = _("Somebody else decides it: channelctl credit approve {number}, or refuse {number} --reason TEXT")
    return Report(
        "credit_apply",
        AppliedRow,
        [row],
        f"{row.number} · {row.customer_code} {row.customer}",
        notes=done.remarks,
        closing=[text.format(number=row.number)],
        card=True,
    )


def decided(done: Told) -> Report:
    """What was decided, and how it is taken back."""
    row: DecidedRow = done.row
    if row.limit_amount is None:
        said = _("{number} is refused; the limit of {customer} stays: {before}")
    elif row.limit_amount == 0:
        said = _("{customer} buys for cash only from {day} on; before: {before}")
    else:
        said = _("{customer} has a limit of {amount} from {day} on; before: {before}")
    words = said.format(
        number=row.number,
        customer=row.customer_code,
        amount=show(row.limit_amount or Decimal()),
        day=row.decided_on,
        before=_("none") if row.limit_before is None else show(row.limit_before),
    )
    undo = _("Batch {batch}. Take it back: channelctl batch undo {batch}").format(batch=row.batch)
    return Report(
        "credit_decide",
        DecidedRow,
        [row],
        f"{row.number} · {row.customer_code} {row.customer}",
        notes=done.remarks,
        closing=[words, undo],
        card=True,
    )


def history(rows: Sequence[HistoryRow], whose: str | None) -> Report:
    """Every limit, application and decision."""
    title = [_("history of credit"), *([whose] if whose is not None else []), f"{len(rows):,}"]
    always = ("date", "what", "number", "limit_amount", "by")
    blank = {name for name in HistoryRow._fields if all(getattr(row, name) is None for row in rows)}
    own = {"customer_code", "customer"} if whose is not None else set()
    return Report(
        "credit_history",
        HistoryRow,
        rows,
        " · ".join(title),
        params={"customer": whose},
        notes=[] if rows else [_("there is no limit, application or decision yet")],
        only=tuple(name for name in HistoryRow._fields if name not in own and (name in always or name not in blank)),
    )


def suggested(found: Suggested, as_of: dt.date) -> Report:
    """Suggested limits with every part of them."""
    title = [_("suggested limits"), found.period.label]
    title += [word for word in (found.customer, found.office) if word is not None]
    notes = [] if found.rows else [_("nobody bought in these months, or has a limit")]
    if found.untaxed:
        notes.append(_("sales whose tax is not known count without it: [credit] tax_rate in the policy file adds it"))
    count = len(found.rows)
    text = ngettext("{count} customer: mean month × days / 30 × risk factor",
                    "{count} customers: mean month × days / 30 × risk factor", count)  # fmt: skip
    return Report(
        "credit_suggest",
        SuggestRow,
        found.rows,
        " · ".join(title),
        params={
            "as_of": as_of, "from": found.period.start, "to": found.period.end, "customer": found.customer,
            "office": found.office,
        },
        totals=_sums(found.rows),
        notes=notes,
        closing=[text.format(count=f"{count:,}")] if found.rows else [],
        card=found.customer is not None,
        only=_LISTED if found.customer is None else (),
    )  # fmt: skip


def _sums(rows: Sequence[SuggestRow]) -> dict[str, Decimal]:
    """What many come to; one alone needs no sum."""
    if len(rows) < 2:
        return {}
    return {name: sum((getattr(row, name) for row in rows), Decimal()) for name in ("sales", "suggested")}
