"""Graded customers beside what else they are to be known for, where there is anything."""

from typing import Annotated, Any

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.systems.tiers.rules import TierRow
from channelctl.systems.tiers.rules_measures import MeasuredRow
from channelctl.systems.tiers.rules_rfm import RfmRow


def credit_text(mark: str | None) -> str:
    """What a customer's credit is to be known for."""
    return {"overdue": _("overdue"), "blocked": _("blocked")}.get(mark or "", mark or "")


Credit = Annotated[str | None, Col("信用", "Credit", words=credit_text)]


class KnownTierRow(TierRow):
    """A graded customer that may be overdue or blocked."""

    credit: Credit = None


class KnownRfmRow(RfmRow):
    """A customer's scores, and whether it is overdue or blocked."""

    credit: Credit = None


class KnownMeasuredRow(MeasuredRow):
    """A customer graded by another measure, and whether it is overdue or blocked."""

    credit: Credit = None


Known = KnownTierRow | KnownRfmRow | KnownMeasuredRow
_KNOWN: dict[type, Any] = {TierRow: KnownTierRow, RfmRow: KnownRfmRow, MeasuredRow: KnownMeasuredRow}


def code_of(row: TierRow | RfmRow | MeasuredRow) -> str:
    """The code of a graded customer."""
    return row.code if isinstance(row, MeasuredRow) else row.customer_code


def known(row: TierRow | RfmRow | MeasuredRow, mark: str | None) -> Known:
    """The row with its mark."""
    made: Known = _KNOWN[type(row)](*row)
    made.credit = mark
    return made
