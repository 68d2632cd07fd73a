"""Lists of running totals become lists of sales: what came since the figure before, of one customer and month."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from channelctl.sheets import convert, days
from channelctl.sheets.problems import Flaw
from channelctl.sheets.shapes.lists import is_heading
from channelctl.sheets.shapes.shape import ToDate, padded
from channelctl.sheets.target import Row, Target
from channelctl.sheets.wording import is_total, text

_ZERO = Decimal(0)


def lines(shape: ToDate, rows: Iterator[Row], target: Target) -> Iterator[Row]:
    """Where the rows of one customer are of several days of a month, the differences; else the figures as they are.

    These are lines with the day for a number: the next such sheet of the month takes their place.
    """
    every = [(number, padded(cells, shape.width)) for number, cells in rows]
    listed = [(number, cells) for number, cells in every if not is_heading(target.layout, cells)]
    target.counts.skipped += len(every) - len(listed)
    dated = _days(shape, [cells for _number, cells in listed], target)
    order: dict[tuple[Any, ...], list[tuple[str, int]]] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for index, ((_number, cells), day) in enumerate(zip(listed, dated, strict=True)):
        key = tuple(text(cells[place]) for place in shape.keys)
        if day is None or not any(key) or any(word and is_total(word) for word in key):
            continue
        seen[key, day] += 1
        order.setdefault((*key, day[:7], seen[key, day]), []).append((day, index))
    several = any(len({day for day, _index in one}) > 1 for one in order.values())
    before = {index: one[n - 1][1] for one in map(sorted, order.values()) for n, (_day, index) in enumerate(one) if n}
    for index, ((number, cells), day) in enumerate(zip(listed, dated, strict=True)):
        names = [word for place in shape.keys if (word := text(cells[place]))]
        label = any(map(is_total, names))
        if label and several:
            target.counts.skipped += 1
            continue
        earlier = listed[before[index]][1] if index in before else None
        made: dict[str, Any] = {"line_no": "" if several else day or "", "date": day if names and not label else ""}
        for name, column in shape.figures.items():
            made[name] = cells[column] if earlier is None else _difference(cells[column], earlier[column])
        if earlier is not None and all(made[name] in ("", "0") for name in shape.figures):
            continue
        yield number, [*cells, *(made[name] for name in shape.fields)]


def _days(shape: ToDate, rows: Sequence[Sequence[Any]], target: Target) -> list[str | None]:
    if shape.date is None:
        return [shape.day if any(cell != "" for cell in cells) else None for cells in rows]
    cells = [row[shape.date] for row in rows]
    possible = days.orders(cells)
    if target.dates.order is None and len(possible) == 1:
        target.dates.order = possible.pop()
    return [target.dates[cell] for cell in cells]


def _difference(cell: Any, earlier: Any) -> Any:
    """What came since the earlier figure; a cell that is no number, as it is."""
    now, then = convert.number(cell), convert.number(earlier)
    if isinstance(now, Flaw) or now is None:
        return cell
    difference = now - (then if isinstance(then, Decimal) else _ZERO)
    return format(difference, "f") if difference else "0"
