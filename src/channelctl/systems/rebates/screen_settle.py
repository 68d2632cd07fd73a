"""How settlements are put before a person."""

from decimal import Decimal

from channelctl.i18n import _, listed, ngettext
from channelctl.money import show
from channelctl.report import Report, Table
from channelctl.systems.rebates.rules import ZERO
from channelctl.systems.rebates.rules_settle import CustomerRow, LineRow, by_customer, line_row
from channelctl.systems.rebates.rules_statement import HistoryRow, state_words
from channelctl.systems.rebates.store_settle import Settlement
from channelctl.systems.rebates.store_statement import History


def settled(found: Settlement, dry_run: bool) -> Report:
    """What a settlement comes to, customer by customer; line by line for programs."""
    turn = found.turn
    everyone = [] if found.is_nothing else by_customer(found.lines, found.names, found.accounts)
    rows = [row for row in everyone if row.entitlement or row.before or row.amount]
    names = ("entitlement", "before", "amount", "late_changes")
    title = [
        _("settlement of rebates {month}").format(month=turn.month),
        _("{state}, sales to {day}").format(state=state_words(turn.final), day=turn.through),
    ]
    if dry_run:
        title.append(_("not written"))
    return Report(
        "rebate_settle",
        CustomerRow,
        rows,
        " · ".join(title),
        params={
            "month": turn.month, "through": turn.through, "final": turn.final, "dry_run": dry_run, "batch": found.batch
        },
        totals={name: sum((getattr(row, name) for row in rows), ZERO) for name in names} if rows else {},
        notes=_remarks(found),
        closing=_closing(found, rows, len(everyone) - len(rows)),
        sections={
            "lines": Table(
                LineRow,
                [] if found.is_nothing else [line_row(line, found.names) for line in found.lines],
                data_only=True,
                sheet=_("lines"),
            )
        },
    )  # fmt: skip


def _remarks(found: Settlement) -> list[str]:
    turn, notes = found.turn, []
    if turn.open_:
        text = _("never settled to the end: {months}; what is left of them is settled here")
        notes.append(text.format(months=listed(turn.open_)))
    if found.earlier:
        text = _(
            "nothing was settled before {month}: windows that ended earlier are left out; settle their months first"
        )
        notes.append(text.format(month=turn.month))
    if found.sales_to is None or (turn.final and found.sales_to < turn.period.end):
        day = found.sales_to if found.sales_to is not None else _("no day")
        text = _("the sales reach to {day}, the month to {end}: what comes later goes into the next settlement")
        notes.append(text.format(day=day, end=turn.period.end))
    return notes


def _closing(found: Settlement, rows: list[CustomerRow], without: int) -> list[str]:
    turn = found.turn
    if found.is_nothing:
        return [_("nothing to settle")]
    lines = []
    if without:
        text = ngettext(
            "{count} customer bought what a rule is about, and has reached nothing",
            "{count} customers bought what a rule is about, and have reached nothing",
            without,
        )
        lines.append(text.format(count=without))
    below = [row for row in rows if row.balance < 0]
    if below:
        text = ngettext(
            "{count} customer below 0, {amount} in all: it is carried forward",
            "{count} customers below 0, {amount} in all: it is carried forward",
            len(below),
        )
        lines.append(text.format(count=len(below), amount=show(sum((row.balance for row in below), Decimal(0)))))
    whole = show(sum((row.amount for row in rows), ZERO))
    moved = sum(bool(row.amount) for row in rows)
    text = ngettext(
        "{month} ({state}): {amount} for {count} customer",
        "{month} ({state}): {amount} for {count} customers",
        moved,
    )
    lines.append(text.format(month=turn.month, state=state_words(turn.final), amount=whole, count=moved))
    if found.batch is not None:
        lines.append(_("Batch {batch}. Take it back: channelctl batch undo {batch}").format(batch=found.batch))
    return lines


def history(found: History) -> Report:
    """The settlements there were, the last one last."""
    party, account = found.party, found.account
    title = _("settlements of rebates · {count}").format(count=len(found.rows))
    closing = []
    if party is not None:
        title = f"{title} · {party.code} {party.name}"
        text = _("Settled {settled}, paid out {paid}, planned {planned}, balance {balance}, payable {payable}")
        closing.append(
            text.format(
                settled=show(account.settled),
                paid=show(account.paid),
                planned=show(account.planned),
                balance=show(account.balance),
                payable=show(account.payable),
            )
        )
    names = ("earned", "taken_back", "amount", "late_changes")
    return Report(
        "rebate_history",
        HistoryRow,
        found.rows,
        title,
        params={"customer": party.code if party is not None else None},
        totals={name: sum((getattr(row, name) for row in found.rows), ZERO) for name in names} if found.rows else {},
        notes=[] if found.rows else [_("nothing was settled yet")],
        closing=closing,
    )
