"""How far the plan reaches into the markets of each level, T1 to T6."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.systems.scores.rules import PlannedRow
from channelctl.systems.scores.rules_exact import rounded


def level_text(level: str | None) -> str:
    """A market level as a person reads it."""
    return _("no market level") if level is None else level


class LevelRow(NamedTuple):
    """A market level: its customers planned, on file or planned, and planned ones that bought; each counts once.

    `coverage` is buying ÷ customers, None where there is no customer; a level that the policy does not know is not
    `known`.
    """

    level: Annotated[str | None, Col("市场级别", "Market level", words=level_text)]
    planned: Annotated[int, Col("规划", "Planned", kind="count")]
    customers: Annotated[int, Col("在册", "On file", kind="count")]
    buying: Annotated[int, Col("提货", "Buying", kind="count")]
    coverage: Annotated[Decimal | None, Col("覆盖率", "Coverage", kind="share", bar=True, whole=True)]
    known: Annotated[bool, Col("已知级别", "Known level", kind="flag", wide=True)]


def by_level(
    rows: Iterable[PlannedRow],
    level_of: Mapping[str, str | None],
    unplanned: Mapping[str | None, int],
    levels: Sequence[str],
) -> list[LevelRow]:
    """The policy's levels in order, then other ones, then None for customers without one; empty ones left out.

    `unplanned` are the customers on file beside those planned.
    """
    planned: dict[str | None, dict[str, bool]] = {}
    for row in rows:
        bought = planned.setdefault(level_of.get(row.customer_code), {})
        bought[row.customer_code] = bought.get(row.customer_code, False) or row.net_sales > 0
    found = {*planned, *unplanned}
    others = sorted(level for level in found - {*levels} if level is not None)
    order = [*(level for level in levels if level in found), *others, *([None] if None in found else [])]
    return [_row(level, planned.get(level, {}), unplanned.get(level, 0), level in levels) for level in order]


def together(rows: Iterable[LevelRow], covered: Sequence[str]) -> LevelRow:
    """The covered levels as one."""
    chosen = [row for row in rows if row.level in covered]
    planned, customers = sum(row.planned for row in chosen), sum(row.customers for row in chosen)
    return _counted(None, planned, customers, sum(row.buying for row in chosen), known=True)


def _row(level: str | None, bought: Mapping[str, bool], unplanned: int, known: bool) -> LevelRow:
    return _counted(level, len(bought), len(bought) + unplanned, sum(bought.values()), known)


def _counted(level: str | None, planned: int, customers: int, buying: int, known: bool) -> LevelRow:
    coverage = rounded(Fraction(buying, customers)) if customers else None
    return LevelRow(level, planned, customers, buying, coverage, known)
