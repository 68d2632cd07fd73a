"""How a payment and what it is for is put before a person, and promises with what became of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.report import Report
from channelctl.systems.credit.rules_payment import NOTHING, AppliedRow
from channelctl.systems.credit.rules_promise import BROKEN, KEPT, OPEN, PromiseRow
from channelctl.systems.credit.store_payment import Applied


def applied(found: Applied) -> Report:
    """The documents that a payment is for by somebody's word, and what it has left."""
    used = sum((row.applied for row in found.rows), NOTHING)
    text = _("payment {number}: {amount}, for documents by word {used}, left {left}")
    rest = (
        _("What is left goes to {document}, as the payment says.").format(document=found.payment.document)
        if found.payment.document
        else _("What is left goes to what is due first.")
    )
    left = found.payment.amount - used
    return Report(
        "payment_apply",
        AppliedRow,
        found.rows,
        f"{_('payment')} · {found.code} {found.name} · {found.number} · {found.payment.date}",
        params={"customer": found.code, "payment": found.number, "amount": found.payment.amount, "left": left},
        totals={"applied": used} if found.rows else {},
        notes=[] if found.rows else [_("the payment is for no document by somebody's word")],
        closing=[
            text.format(number=found.number, amount=show(found.payment.amount), used=show(used), left=show(left)),
            *([rest] if left > 0 else []),
        ],
    )


def promises(rows: Sequence[PromiseRow], as_of: dt.date, params: Mapping[str, Any]) -> Report:
    """Promises, and how many of them are open, kept and broken."""
    counts = [sum(row.state == state for row in rows) for state in (OPEN, KEPT, BROKEN)]
    text = _("{open} open, {kept} kept, {broken} broken")
    said = ngettext("{count} promise", "{count} promises", len(rows)).format(count=f"{len(rows):,}")
    return Report(
        "promise_list",
        PromiseRow,
        rows,
        f"{_('promises to pay')} · {said} · {_('as of {day}').format(day=as_of)}",
        params={**params, "as_of": as_of},
        closing=[text.format(open=counts[0], kept=counts[1], broken=counts[2])] if rows else [],
        notes=[] if rows else [_("there is no such promise")],
    )
