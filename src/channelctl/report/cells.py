"""Values as cells: words for people, exact literals for machines."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from operator import attrgetter
from typing import Any

from channelctl import money
from channelctl.columns import Col, columns
from channelctl.errors import UsageError
from channelctl.i18n import _, either, listed
from channelctl.report import safe

_TENTH = Decimal("0.1")
_MONEY_PLACES = Decimal("0.0001")
_SHARE_PLACES = Decimal("0.000000000001")
_SHARE_LEAST = 8


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of a table for people; `bars` are parts of the longest bar, empty where the column has none."""

    name: str
    col: Col
    heading: str
    cells: Sequence[str]
    bars: Sequence[float]
    total: str


def lanes(
    row: type,
    rows: Sequence[Any],
    unit: str = "yuan",
    *,
    only: Sequence[str] = (),
    totals: Mapping[str, Any] | None = None,
    limit: int | None = None,
) -> list[Lane]:
    """The columns that people see, with the first `limit` rows; bars are scaled to the largest of all rows."""
    chosen = visible(row, only)
    sums = _totals(chosen, totals or {}, unit)
    found = []
    for name, col in chosen:
        values = list(map(attrgetter(name), rows))
        say = words(col, unit)
        cells = [say(value) for value in (values if limit is None else values[:limit])]
        bars = _bars(values, len(cells), 1.0 if col.whole else 0.0) if col.bar and col.is_number else ()
        found.append(Lane(name, col, heading(col, unit), cells, bars, sums.get(name, "")))
    return found


def card(row: type, record: Any, unit: str = "yuan") -> list[tuple[str, str]]:
    """Every field of one record that is not blank: heading and words."""
    pairs = [(heading(col, unit), words(col, unit)(getattr(record, name))) for name, col in columns(row).items()]
    return [(label, text) for label, text in pairs if text]


def visible(row: type, only: Sequence[str] = ()) -> list[tuple[str, Col]]:
    """The columns for people: those named, else all that are not wide."""
    known = columns(row)
    if not only:
        return [(name, col) for name, col in known.items() if not col.wide]
    fields = {public(name): name for name in known}
    for name in only:
        if public(name) not in fields:
            raise UsageError(
                _("there is no column “{name}”").format(name=name),
                _("There are: {words}").format(words=listed(fields)),
            )
    return [(fields[public(name)], known[fields[public(name)]]) for name in only]


def public(name: str) -> str:
    """A field's name outside Python: class_ is class."""
    return name.rstrip("_")


def heading(col: Col, unit: str = "yuan") -> str:
    """The label, with the currency where the column is money."""
    if col.kind != "money":
        return col.label
    wan = unit == "wan"
    return either(f"{col.label}（{'万元' if wan else '元'}）", f"{col.label}, {'10k CNY' if wan else 'CNY'}")


def total_label() -> str:
    """What the totals row is called."""
    return either("合计", "total")


def label_place(chosen: Sequence[tuple[str, Col]], sums: Collection[str]) -> int | None:
    """Which column says that a row is the total: the first of text or code, else the first without a number."""
    free = [place for place, (name, col) in enumerate(chosen) if not col.is_number and name not in sums]
    named = [place for place in free if chosen[place][1].kind in ("text", "code")]
    return next(iter(named or free), None) if sums else None


def words(col: Col, unit: str = "yuan") -> Callable[[Any], str]:
    """How values of a column are said to people; None is blank unless the column has a word for it."""
    if col.words is not None:
        said = col.words
        return lambda value: safe.shown(said(value))
    if col.kind == "money":
        return lambda value: "" if value is None else money.show(exact(value), unit)
    if col.kind == "share":
        return lambda value: "" if value is None else percent(value)
    if col.kind == "score":
        return lambda value: "" if value is None else f"{money.to_fen(exact(value)):,}"
    if col.kind == "quantity":
        return lambda value: "" if value is None else money.show_quantity(exact(value))
    if col.kind == "count":
        return _count
    return flag if col.kind == "flag" else _text


def percent(value: Decimal | float) -> str:
    """14.3%, rounded half away from zero as amounts are."""
    # Adding nothing takes the sign off a zero.
    return f"{(exact(value) * 100).quantize(_TENTH, ROUND_HALF_UP) + 0}%"


def flag(value: Any) -> str:
    """yes, no or blank."""
    if value is None:
        return ""
    return either("是", "yes") if value else either("否", "no")


def raw(value: Any) -> str:
    """Any value as text, nothing made harmless yet."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return value
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return flag(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple | set | frozenset):
        return listed(map(raw, value))
    return str(value)


def literal(col: Col) -> Callable[[Any], str]:
    """How numbers of a column are written for machines: exact, no separators."""
    return _LITERALS.get(col.kind, quantity_literal)


def money_literal(value: Any) -> str:
    """Unrounded, two to four decimals."""
    text = format(exact(value).quantize(_MONEY_PLACES, ROUND_HALF_UP), "f")
    return text[:-2] if text.endswith("00") else text.removesuffix("0")


def share_literal(value: Any) -> str:
    """A fraction of 1 with eight to twelve decimals."""
    whole, _point, places = format(exact(value).quantize(_SHARE_PLACES, ROUND_HALF_UP), "f").partition(".")
    return f"{whole}.{places.rstrip('0').ljust(_SHARE_LEAST, '0')}"


def quantity_literal(value: Any) -> str:
    """As many decimals as there are."""
    if isinstance(value, int):
        return str(int(value))
    text = format(exact(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: Any) -> Decimal:
    """A number as the Decimal that its shortest text names."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


_LITERALS: dict[str, Callable[[Any], str]] = {"money": money_literal, "share": share_literal}


def _text(value: Any) -> str:
    return safe.shown(value if type(value) is str else raw(value))


def _count(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else money.show_quantity(exact(value))


def _bars(values: Sequence[Any], shown: int, least: float) -> list[float]:
    """Parts of the largest value, or of `least` where that is more."""
    sizes = [max(float(value), 0.0) if value is not None else 0.0 for value in values]
    largest = max(least, *sizes, 0.0)
    return [size / largest if largest else 0.0 for size in sizes[:shown]]


def _totals(chosen: Sequence[tuple[str, Col]], totals: Mapping[str, Any], unit: str) -> dict[str, str]:
    """Totals of columns in words, the label in the first text column; empty where no total is a column's."""
    sums = {}
    for name, col in chosen:
        key = name if name in totals else public(name)
        if key in totals:
            sums[name] = words(col, unit)(totals[key])
    label_at = label_place(chosen, sums)
    if label_at is not None:
        sums[chosen[label_at][0]] = total_label()
    return sums
