"""How a customer's statement is put before a person, on a screen, in a workbook or on paper."""

from collections.abc import Sequence

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.report import Report, Table, letters
from channelctl.report.letters import SenderPolicy
from channelctl.systems.rebates.rules import ZERO
from channelctl.systems.rebates.rules_statement import (
    BalanceRow,
    FileRow,
    PaidRow,
    Span,
    StatementRow,
    SummaryRow,
    closing,
    summary,
)
from channelctl.systems.rebates.store_statement import Statement


def statement(found: Statement, sender: SenderPolicy) -> Report:
    """From the opening to the closing balance, what was paid out, and every line settled."""
    sums = summary(found.opening, found.lines, found.paid)
    left = closing(found.opening, found.lines, found.paid)
    said = [_("Closing balance {balance}").format(balance=show(left))]
    if left < 0:
        said.insert(0, _("It is below 0 and is carried forward to the next settlement."))
    about = f"{_('statement of rebates')} · {found.span.words} · {said[-1]}"
    issued = found.span.last.end if found.span.last is not None else None
    codes = {(line.policy, line.version, line.rule) for line in found.lines}
    differ = len(codes) > len({policy for policy, _version, _rule in codes})
    return Report(
        "rebate_statement",
        StatementRow,
        found.lines,
        f"{_('statement of rebates')} · {found.code} {found.name} · {found.span.words}",
        params={
            "customer": found.code,
            "from": f"{found.span.first.start:%Y-%m}" if found.span.first is not None else None,
            "to": f"{found.span.last.start:%Y-%m}" if found.span.last is not None else None,
            **letters.params(sender, issued),
        },
        totals={"amount": sum((line.amount for line in found.lines), ZERO)} if found.lines else {},
        notes=[] if found.lines else [_("nothing was settled for this customer in these months")],
        closing=said,
        sections={
            "summary": Table(SummaryRow, sums, _("balance")),
            "payouts": Table(PaidRow, found.paid, _("payouts")),
        },
        only=tuple(name for name in StatementRow._fields if differ or name not in ("version", "rule")),
        letter=letters.statement(sender, f"{found.code} {found.name}", about, issued),
    )


def written(found: Sequence[Statement], names: Sequence[str], span: Span) -> Report:
    """Which statement went into which file."""
    rows = [
        FileRow(one.code, one.name, closing(one.opening, one.lines, one.paid), name)
        for one, name in zip(found, names, strict=True)
    ]
    text = ngettext("{count} statement written", "{count} statements written", len(rows))
    return Report(
        "rebate_statements",
        FileRow,
        rows,
        f"{_('statements of rebates')} · {span.words}",
        totals={"balance": sum((row.balance for row in rows), ZERO)} if rows else {},
        notes=[] if rows else [_("nothing was settled in these months")],
        closing=[text.format(count=len(rows))] if rows else [],
    )


def balances(rows: Sequence[BalanceRow]) -> Report:
    """Where every customer's account stands."""
    names = ("settled", "planned", "paid", "balance", "payable")
    text = ngettext("{count} customer", "{count} customers", len(rows)).format(count=f"{len(rows):,}")
    return Report(
        "rebate_balances",
        BalanceRow,
        rows,
        f"{_('balances of rebates')} · {text}",
        totals={name: sum((getattr(row, name) for row in rows), ZERO) for name in names} if rows else {},
        notes=[] if rows else [_("nothing was settled yet")],
    )
