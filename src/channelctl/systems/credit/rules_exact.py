"""Quotients as they are handed out, and days as a person reads them."""

from decimal import ROUND_HALF_UP, Decimal

from channelctl.money import show_quantity, to_fen

_PLACES = Decimal(1).scaleb(-12)
_TENTH = Decimal("0.1")


def handed_out(value: Decimal) -> Decimal:
    """A quotient with 12 decimals, rounded half away from zero."""
    return value.quantize(_PLACES, ROUND_HALF_UP)


def days_text(value: Decimal | None) -> str:
    """Days to 1/100, blank where they are not known."""
    return "" if value is None else show_quantity(to_fen(value))


def mean_text(value: Decimal | None) -> str:
    """A mean of days to 1/10, blank where it is not known."""
    return "" if value is None else show_quantity(value.quantize(_TENTH, ROUND_HALF_UP))
