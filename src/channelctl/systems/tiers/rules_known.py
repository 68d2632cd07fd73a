"""Graded customers beside what else they are to be known for, where there is anything."""

from typing import Annotated, Any

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.systems.tiers.rules import TierRow
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


_KNOWN: dict[type, Any] = {TierRow: KnownTierRow, RfmRow: KnownRfmRow}


def known(row: TierRow | RfmRow, mark: str | None) -> KnownTierRow | KnownRfmRow:
    """The row with its mark."""
    made: KnownTierRow | KnownRfmRow = _KNOWN[type(row)](*row)
    made.credit = mark
    return made
