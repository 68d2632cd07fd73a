"""What the sample policy earns its customers: counted exactly, from the lines drawn and without channelctl."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from tools.sample_region import MAY, PRODUCTS, Customer, Line
from tools.sample_terms import PHONES, PICKED_UP, REGISTERED, SOCIAL, Held

_SIDE_DAY = dt.date(2024, 5, 20)


def rebates(sales: dict[str, list[Line]], activations: list[Held]) -> dict[str, object]:
    """By policy and customer code: units, net amount and what is earned for May, of the quarter up to its end."""
    may, quarter = sales[MAY], sales["2024-04"] + sales[MAY]
    picked = _bases(may, lambda line: _social(line) and line.model in PICKED_UP)
    phones = _bases(may, _is_phone)
    whole = _bases(quarter, lambda line: line.customer is not None and line.customer.channel in ("分销", "大客户"))
    earned: dict[str, dict[str, tuple[int, Decimal, Decimal | int]]] = {
        "TH2024": {code: (*base, 15 * base[0]) for code, base in picked.items()},
        "DL2024": {code: (*base, _volume(base[0])) for code, base in phones.items()},
        "HY2024": _contracts(sales, activations),
        "JD2024": {code: (*base, _steps(base[1])) for code, base in whole.items()},
    }
    early = _bases([line for line in may if line.date <= _SIDE_DAY], _is_phone)
    return {
        "policies": {
            policy: {
                code: {"quantity": units, "amount": str(amount), "rebate": str(_fen(Decimal(rebate)))}
                for code, (units, amount, rebate) in sorted(rows.items())
            }
            for policy, rows in earned.items()
        },
        "customers": {code: str(_fen(total)) for code, total in sorted(_totals(earned).items()) if total},
        "gap": {
            "as_of": _SIDE_DAY.isoformat(),
            "DL2024": {code: 400 - units for code, (units, _amount) in sorted(early.items()) if 300 <= units < 400},
        },
    }


def _social(line: Line) -> bool:
    return line.customer is not None and line.customer.channel in SOCIAL


def _is_phone(line: Line) -> bool:
    return _social(line) and PRODUCTS[line.model][1] in PHONES


def _bases(lines: list[Line], counts: Callable[[Line], bool]) -> dict[str, tuple[int, Decimal]]:
    """Net units and amount by customer code of the lines that count."""
    units: dict[str, int] = defaultdict(int)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.customer and line.status != "作废" and counts(line):
            units[line.customer.code] += line.quantity
            amounts[line.customer.code] += line.amount
    return {code: (units[code], amounts[code]) for code in units}


def _volume(units: int) -> int:
    return units * (80 if units >= 1000 else 20 if units >= 400 else 0)


def _steps(amount: Decimal) -> Decimal:
    """0.5 % of what is above 500,000, 1 % above a million, 1.5 % above two."""
    steps = ((500_000, 1_000_000, "0.005"), (1_000_000, 2_000_000, "0.01"), (2_000_000, None, "0.015"))
    total = Decimal()
    for low, high, rate in steps:
        reached = amount if high is None else min(amount, Decimal(high))
        total += max(Decimal(), reached - low) * Decimal(rate)
    return total


def _contracts(sales: dict[str, list[Line]], activations: list[Held]) -> dict[str, tuple[int, Decimal, Decimal | int]]:
    """100 a unit registered, as far as the customer ever picked the model up; all registrations are May's."""
    lines = [line for month in sales.values() for line in month if _social(line) and line.status != "作废"]
    bought: dict[tuple[Customer, str], int] = defaultdict(int)
    for line in lines:
        if line.customer:
            bought[line.customer, line.model] += line.quantity
    registered: dict[tuple[Customer, str], int] = defaultdict(int)
    for row in activations:
        if row.customer.channel in SOCIAL and row.model in REGISTERED:
            registered[row.customer, row.model] += row.quantity
    matched: dict[str, int] = defaultdict(int)
    for (customer, model), units in registered.items():
        matched[customer.code] += max(0, min(units, bought[customer, model]))
    return {code: (units, Decimal(), 100 * units) for code, units in matched.items()}


def _totals(earned: dict[str, dict[str, tuple[int, Decimal, Decimal | int]]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for rows in earned.values():
        for code, (_units, _amount, rebate) in rows.items():
            totals[code] += _fen(Decimal(rebate))
    return totals


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
