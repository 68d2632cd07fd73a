"""Exact amounts. Inside, money and quantities are whole numbers of 1/10,000 (of a yuan, of a unit)."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

SCALE = 10_000
_UNIT = Decimal(1).scaleb(-4)
_FEN = Decimal("0.01")
_WAN = 10_000


def from_units(units: int) -> Decimal:
    """1/10,000ths as a Decimal with at least two and at most four decimals."""
    return Decimal(units // 100).scaleb(-2) if units % 100 == 0 else Decimal(units).scaleb(-4).normalize()


def to_units(value: Decimal) -> int:
    """A Decimal as 1/10,000ths, rounded half away from zero; callers that must say so compare with `is_exact`."""
    with localcontext() as context:
        context.prec = 60
        return int(value.quantize(_UNIT, ROUND_HALF_UP).scaleb(4))


def is_exact(value: Decimal) -> bool:
    """Whether `value` has no more than four decimals."""
    return value == value.quantize(_UNIT)


def to_fen(value: Decimal) -> Decimal:
    """Rounded to 0.01, half away from zero: for showing and settling only."""
    return value.quantize(_FEN, ROUND_HALF_UP)


def show(value: Decimal, unit: str = "yuan") -> str:
    """1,234.50; with `unit` "wan" in 10,000 yuan."""
    shown = value / _WAN if unit == "wan" else value
    # Adding nothing takes the sign off a zero.
    return f"{to_fen(shown) + 0:,}"


def show_figure(value: Decimal | None) -> str:
    """1,204 or 3,250.50, a figure that is yuan in one row and units in the next: to the fen; "" for None."""
    if value is None:
        return ""
    short = to_fen(value)
    return show_quantity(short) if short == short.to_integral() else show(short)


def show_quantity(value: Decimal) -> str:
    """1,204 or 3.25: no more decimals than there are."""
    normal = value.normalize()
    return f"{normal:,f}" if normal != normal.to_integral() else f"{int(normal):,}"
