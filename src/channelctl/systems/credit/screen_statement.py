"""How a customer's statement is put before a person, on a screen, in a workbook or on paper."""

from collections.abc import Sequence

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.report import Report, Table, letters
from channelctl.report.letters import SenderPolicy
from channelctl.systems.credit import rules_statement
from channelctl.systems.credit.rules_statement import AgeRow, FileRow, OpenRow, Span, StatementRow, SummaryRow
from channelctl.systems.credit.store_statement import Statement, total


def statement(found: Statement, sender: SenderPolicy) -> Report:
    """From the opening to the closing balance, what is open, how old that is, and every movement."""
    one, last = found.balanced, found.span.last
    closing = _("Closing balance {balance}").format(balance=show(one.closing))
    about = f"{_('statement of account')} · {found.span.words} · {closing}"
    foot = [
        rules_statement.overdue_line(found.open),
        closing,
    ]
    return Report(
        "credit_statement",
        StatementRow,
        one.rows,
        f"{_('statement of account')} · {found.code} {found.name} · {found.span.words}",
        params={"customer": found.code, "from": found.span.first, "to": last, **letters.params(sender, last)},
        totals={"debit": one.debits, "credit": one.credits, "balance": one.closing} if one.rows else {},
        notes=[] if one.rows else [_("nothing moved the balance of this customer in these days")],
        closing=[line for line in foot if line is not None],
        only=() if one.invoiced else [name for name in StatementRow._fields if name != "invoice"],
        sections={
            "summary": Table(SummaryRow, rules_statement.summary(one), _("balance")),
            "open": Table(OpenRow, found.open, _("open documents")),
            "ageing": Table(AgeRow, found.ages, _("Ageing on {day}").format(day=last)),
        },
        letter=letters.statement(sender, f"{found.code} {found.name}", about, last),
    )


def written(found: Sequence[Statement], names: Sequence[str], span: Span) -> Report:
    """Which statement went into which file."""
    rows = [
        FileRow(one.code, one.name, one.balanced.closing, name) for one, name in zip(found, names, strict=True)
    ]  # fmt: skip
    text = ngettext("{count} statement written", "{count} statements written", len(rows))
    return Report(
        "credit_statements",
        FileRow,
        rows,
        f"{_('statements of account')} · {span.words}",
        params={"from": span.first, "to": span.last},
        totals={"balance": total(found)} if rows else {},
        notes=[] if rows else [_("nothing moved a balance in these days")],
        closing=[text.format(count=len(rows))] if rows else [],
    )
