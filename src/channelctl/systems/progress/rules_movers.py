"""Who has gained and who has lost most on the same days of last month."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.systems.progress.rules import Sums, change, change_text

UP, DOWN = "up", "down"
_ZERO = Decimal("0.00")


def direction_text(direction: str) -> str:
    """Rise or fall, as a person reads it."""
    return _("rise") if direction == UP else _("fall")


class MoverRow(NamedTuple):
    """A record whose month to date is another than the same days of last month; `rank` within rises or falls."""

    direction: Annotated[str, Col("方向", "Direction", words=direction_text)]
    rank: Annotated[int, Col("名次", "Rank", kind="count")]
    code: Annotated[str, Col("编码", "Code", kind="code")]
    name: Annotated[str, Col("名称", "Name")]
    month_to_date: Annotated[Decimal, Col("本月累计", "Month to date", kind="money")]
    last_month: Annotated[Decimal, Col("上月同期", "Same days last month", kind="money")]
    difference: Annotated[Decimal, Col("差额", "Difference", kind="money")]
    change: Annotated[Decimal | None, Col("变化", "Change", kind="share", words=change_text)]


class Movers(NamedTuple):
    """The largest rises and falls, and what all of them come to, with how many they are."""

    rows: Sequence[MoverRow]
    rises: int
    risen: Decimal
    falls: int
    fallen: Decimal


def movers(
    sums: Iterable[Sums], names: Mapping[int, tuple[str, str]], without: str, top: int
) -> Movers:  # fmt: skip
    """The `top` largest rises, then the `top` largest falls; equal ones by code."""
    told = [(*(("", without) if one.id is None else names[one.id]), one) for one in sums]
    moved = [(code, name, one, one.month_to_date - one.last_month) for code, name, one in told]
    moved.sort(key=lambda each: (-abs(each[3]), each[0], each[1]))
    sides = {UP: [each for each in moved if each[3] > 0], DOWN: [each for each in moved if each[3] < 0]}
    rows = [
        MoverRow(side, rank, code, name, one.month_to_date, one.last_month, difference,
                 change(one.month_to_date, one.last_month))
        for side, those in sides.items()
        for rank, (code, name, one, difference) in enumerate(those[:top], 1)
    ]  # fmt: skip
    risen, fallen = (sum((each[3] for each in those), _ZERO) for those in sides.values())
    return Movers(rows, len(sides[UP]), risen, len(sides[DOWN]), fallen)
