"""What the sample sheets must give: counted exactly, from the lines drawn and without channelctl, for the tests."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from tools.sample_region import CLASS_TARGETS, MAY, OFFICES, Line, Planned, nets


def grade_abc(net: dict[str, Decimal]) -> dict[str, str]:
    """A while the share before a customer is under 80 %, B under 95 %, else C; equal ones share the better tier."""
    base = sum((value for value in net.values() if value > 0), Decimal())
    before, tiers, last = Decimal(), dict[str, str](), (Decimal(), "")
    for code in sorted(net, key=lambda code: (-net[code], code)):
        share = Fraction(before) / Fraction(base)
        tier = "C" if net[code] <= 0 or share >= Fraction(95, 100) else "A" if share < Fraction(80, 100) else "B"
        tiers[code] = last[1] if last[1] and net[code] == last[0] else tier
        last, before = (net[code], tiers[code]), before + net[code]
    return tiers


def achieved(row: Planned, net: Decimal) -> Fraction:
    """Net over target (its own, else its class's), held from 0 to 1; with no target, whether anything was bought."""
    standing = {grade: target for grade, month, target in CLASS_TARGETS if month <= MAY}
    target = row.target or standing.get(row.customer.grade)
    return min(Fraction(1), max(Fraction(0), Fraction(net) / target)) if target else Fraction(net > 0)


def score(office: str, plan: list[Planned], lines: list[Line]) -> dict[str, object]:
    """An office's May score; core are VKA, V1 and those marked."""
    net, rows = nets(lines, office), [row for row in plan if row.office == office]
    points = {row.customer.code: achieved(row, net[row.customer.code]) for row in rows}
    core = [row.customer.code for row in rows if row.customer.core or row.customer.grade in ("VKA", "V1")]
    total, of_core = sum(points.values(), Fraction()), sum((points[code] for code in core), Fraction())
    return {
        "planned": len(rows),
        "core": len(core),
        "achieved": _decimal(total),
        "cooperation_rate": _decimal(total / len(rows)),
        "core_quality": _decimal(of_core / len(rows)),
        "customers": {code: _decimal(value) for code, value in points.items()},
    }


def _decimal(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.10f}"


def expected(sales: dict[str, list[Line]], plan: list[Planned]) -> dict[str, object]:
    """What the sheets must give: money and rates as text, exact or to ten decimals."""
    months = {}
    for month, lines in sales.items():
        counted, net = [line for line in lines if line.status != "作废"], nets(lines)
        tiers = grade_abc(net)
        months[month] = {
            "lines": len(lines),
            "void_lines": len(lines) - len(counted),
            "lines_without_customer": sum(line.customer is None for line in counted),
            "units": sum(line.quantity for line in counted),
            "net_sales": str(money_of(counted)),
            "by_office": {name: str(money_of(line for line in counted if line.office == name)) for name in OFFICES},
            "abc": {
                "customers": len(net),
                "base": str(sum((value for value in net.values() if value > 0), Decimal())),
                "counts": {tier: list(tiers.values()).count(tier) for tier in "ABC"},
                "sales": {tier: str(sum((net[c] for c in tiers if tiers[c] == tier), Decimal())) for tier in "ABC"},
                "net_returns": [code for code in tiers if net[code] <= 0],
                "a": [code for code in tiers if tiers[code] == "A"],
            },
        }
    return {"months": months, "score": {MAY: {office: score(office, plan, sales[MAY]) for office in OFFICES}}}


def money_of(lines: Iterable[Line]) -> Decimal:
    """Their amounts added up, exactly."""
    return sum((line.amount for line in lines), Decimal()).quantize(Decimal("0.001"))
