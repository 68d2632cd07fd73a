"""The few figures and the picture that stand for receivables and for credit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from channelctl.columns import Col, columns
from channelctl.i18n import _, either, ngettext
from channelctl.money import show
from channelctl.report import Figure
from channelctl.report.cells import percent
from channelctl.report.charts import Bars
from channelctl.systems.credit.rules_exposure import BLOCKED, NOTHING
from channelctl.systems.credit.rules_status import StatusRow

_AGE = "age_"


def late(totals: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """What is past due, and all that is open."""
    found = sum((amount for name, amount in totals.items() if name.startswith(_AGE)), NOTHING)
    return found, found + totals["not_due"]


def ageing(totals: Mapping[str, Decimal]) -> list[Figure]:
    """What is owed, and what of it is past due."""
    due, whole = late(totals)
    said = _("{share} of what is open").format(share=percent(due / whole)) if whole else ""
    return [
        Figure("outstanding", Col("应收余额", "Outstanding", kind="money"), totals["outstanding"]),
        Figure("past_due", Col("逾期应收", "Past due", kind="money"), due, good="down", said=said),
    ]


def by_age(row: type, totals: Mapping[str, Decimal]) -> Bars:
    """What is open by its age, all customers together."""
    cols = columns(row)
    parts = {name: totals[name] for name in cols if name == "not_due" or name.startswith(_AGE)}
    bars = [(cols[name].label, amount) for name, amount in parts.items()]
    title = _("Open documents by age")
    text = either("；", "; ").join(f"{name} {show(amount)}" for name, amount in bars)
    age, open_ = Col("账龄", "Age"), Col("未收金额", "Open", kind="money")
    return Bars(title, f"{title}: {text}", age, open_, bars)


def status(rows: Sequence[StatusRow], unseen: int = 0) -> list[Figure]:
    """How many customers owe more than they may, which is unknown where some share limits with customers not seen.

    And how many get nothing on credit.
    """
    limited = [row for row in rows if row.limit is not None or row.pool is not None]
    above = [-row.available for row in limited if row.available is not None and row.available < 0]
    over, stopped = Col("超限客户", "Customers over the limit", kind="count"), Col("停货客户", "Blocked", kind="count")
    said = _("{amount} too much").format(amount=show(sum(above, NOTHING))) if above else ""
    if unseen:
        text = ngettext("not known of {count} customer", "not known of {count} customers", unseen)
        said = text.format(count=f"{unseen:,}")
    blocked = sum(row.status == BLOCKED for row in rows)
    of = ngettext("of {count} customer", "of {count} customers", len(rows)).format(count=f"{len(rows):,}")
    return [
        Figure("over_limit", over, None if unseen else len(above), good="down", said=said),
        Figure("blocked", stopped, blocked, good="down", said=of),
    ]
