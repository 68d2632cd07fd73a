"""What stands across in the headings of a sheet: periods, products, totals; and which columns only describe a row."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from channelctl.records import Kind
from channelctl.records.names import name_key
from channelctl.sheets import headings
from channelctl.sheets.naming import named
from channelctl.sheets.problems import letters
from channelctl.sheets.shapes import measures, spans
from channelctl.sheets.shapes.measures import Measure, Seen
from channelctl.sheets.shapes.spans import Span
from channelctl.sheets.wording import is_total, text

_ALL_YEAR = ("全年", "年度", "累计", "总")
SUM = "∑"
PRODUCTS = ("product", "product_code")
# A month has six weeks at most: as many numbers may count those.
_FEWEST_DAYS = 7
_DAILY = re.compile(r"日报|每日|逐日|日销|按日|当日|daily", re.IGNORECASE)
# Of these a sheet with something across must have one.
NAMES = ("customer", "customer_code", "product", "product_code", "office", "office_code")


class Across(NamedTuple):
    """A column of figures: its span or product, its measure ("" where its heading does not say)."""

    column: int
    heading: str
    span: Span | None
    product: str
    measure: Measure | None


class Draft(NamedTuple):
    """A heading row read as one with something across; `top` is the first row of its headings.

    `numbers` are bare ones of which nothing says what they count.
    """

    row: int
    top: int
    base: Mapping[int, str]
    across: Sequence[Across]
    sums: Sequence[Across]
    unread: Mapping[int, str]
    numbers: Sequence[Across] = ()


def draft(seen: Seen, row: int) -> Draft:
    """Each column of a heading row, with the headings above it, put to its use."""
    width = max(len(cells) for cells in seen.rows)
    above = [groups(seen, number, width) for number in (row - 1, row - 2)]
    base: dict[int, str] = {}
    across: list[Across] = []
    sums: list[Across] = []
    unread: dict[int, str] = {}
    first = row
    for index in range(width):
        cell = seen.rows[row][index] if index < len(seen.rows[row]) else ""
        stack = [(cell, cell != ""), *(group[index] for group in above)]
        while stack and not text(stack[0][0]):
            stack = stack[1:]
        if not stack or not stack[0][1]:
            continue
        depth = 3 - len(stack)
        own, over, top = [one for one, _direct in (*stack, ("", False), ("", False))][:3]
        one = _column(seen, index, own, over, top)
        word = text(own) or ""
        grouped = one is not None and bool(text(over)) and _tells(seen, over)
        first = min(first, row - depth - (1 if grouped else 0) - (1 if grouped and _tells(seen, top) else 0))
        if one is None:
            base[index] = word
        elif seen.told.get(headings.key(word)) == "-" or not (one.span or one.product or one.heading):
            unread[index] = word
        elif one.product == SUM:
            sums.append(one)
        else:
            across.append(one)
    across = _products(seen, row, base, across)
    read = _counted(seen, max(first, 0), across)
    numbers = [one for one in across if one.column not in {other.column for other in read}]
    unread |= {one.column: one.heading for one in numbers}
    return Draft(row, max(first, 0), base, read, sums, unread, numbers)


def _column(seen: Seen, index: int, own: Any, over: Any, top: Any) -> Across | None:
    """A column with something across in its headings; one with a blank heading where it is another time's or target's.

    None is for a column that describes the row; ∑ stands for the product of a sum.
    """
    if not (seen.told or _speaks(seen.kind, own) or _speaks(seen.kind, over)):
        return None
    words = [text(cell) or "" for cell in (own, over, top)]
    heading = " ".join(word for word in (words[1] if _tells(seen, over) else "", words[0]) if word)
    aside = Across(index, "", None, "", None)
    span, above, upper = spans.read(own), spans.read(over), spans.read(top)
    told = seen.told.get(headings.key(words[0]), "")
    measure = Measure(told, None) if told in measures.RETURNED else measures.of_heading(seen.kind, words[0])
    is_sales = measure is not None or measures.is_sales(words[0])
    if any(spans.is_other(word) for word in words[:2]) and (span or above or measure):
        return aside
    if span is not None and (above is not None or span.unit != "number"):
        rest = measures.of_heading(seen.kind, span.rest) if span.rest else measures.of_heading(seen.kind, words[1])
        if span.rest and rest is None and is_total(span.rest):
            return Across(index, heading, span, SUM, measures.of_heading(seen.kind, words[1]))
        if span.rest and rest is None and not measures.is_sales(span.rest):
            return aside if span.unit in ("day", "month") else None
        rest = Measure(told, rest.factor if rest else None) if told in measures.ACROSS else rest
        return Across(index, heading, _within(span, above, upper), "", rest)
    if span is not None:
        return Across(index, heading, _of_group(span, words[1]), "", None)
    is_sum = [_is_sum(word) for word in words[:2]]
    if is_sum[0] or (is_sum[1] and is_sales):
        rest = measure or measures.of_heading(seen.kind, spans.without_running(words[0])) if is_sum[0] else measure
        return Across(index, heading, above if is_sum[0] else None, SUM, rest)
    if above is not None and not above.rest:
        if is_sales:
            return Across(index, heading, _within(above, upper, None), "", measure)
        if name_key(words[0], "product") in seen.products:
            return Across(index, heading, _within(above, upper, None), words[0], None)
    of_products = named(seen.kind, words[2]) in PRODUCTS and not named(seen.kind, words[1])
    if is_sales and words[1] and (of_products or name_key(words[1], "product") in seen.products):
        return Across(index, heading, None, words[1], measure)
    return None


@lru_cache(maxsize=16384, typed=True)
def _speaks(kind: Kind, cell: Any) -> bool:
    """Whether a cell of a heading says anything of a time, a sum or figures."""
    word = text(cell) or ""
    said = spans.read(cell) is not None or _is_sum(word) or spans.is_other(word) or measures.is_sales(word)
    return said or measures.of_heading(kind, word) is not None


def _is_sum(word: str) -> bool:
    return is_total(word) or spans.is_running(word) or headings.key(word) in _ALL_YEAR or bool(spans.tenth(word))


def _of_group(span: Span, over: str) -> Span:
    """A bare number under 月份 or 日期 is a month or a day."""
    if "月" in over and "日" not in over and span.day <= 12:
        return Span("month", None, span.day)
    return span._replace(unit="day") if "日" in over else span


def _tells(seen: Seen, cell: Any) -> bool:
    """Whether a group heading tells columns apart: a period, a product, a total, a measure, or that it is another's."""
    word = text(cell) or ""
    if not word:
        return False
    known = (
        (bool(seen.products) and name_key(word, "product") in seen.products)
        or spans.read(cell) is not None
        or measures.is_sales(word)
    )
    return known or is_total(word) or spans.is_other(word) or measures.of_heading(seen.kind, word) is not None


def _within(span: Span, above: Span | None, upper: Span | None) -> Span:
    """A span with the year and month of the group it stands under."""
    for group in (above, upper):
        if group is not None:
            year = span.year or group.year
            month = span.number or (group.number if group.unit == "month" and span.unit in ("day", "number") else 0)
            unit = "day" if span.unit == "number" and group.unit == "month" else span.unit
            span = span._replace(year=year, number=month, unit=unit)
    return span


def groups(seen: Seen, number: int, width: int) -> list[tuple[Any, bool]]:
    """The cells of a heading row, each over as many columns as it is merged over, or else up to the next one.

    The flag says whether the cell stands in this very column.
    """
    if number < 0:
        return [("", False)] * width
    cells = seen.rows[number]
    if number + 1 < len(seen.rows) and _is_title(seen, cells, seen.rows[number + 1]):
        return [("", False)] * width
    boxes = [box for box in seen.merged if box[0] <= number <= box[2] and box[3] > box[1]]
    found: list[tuple[Any, bool]] = []
    last: Any = ""
    for index in range(width):
        cell = cells[index] if index < len(cells) else ""
        box = next((box for box in boxes if box[1] <= index <= box[3]), None)
        if cell != "":
            last = cell
            found.append((cell, True))
        elif box is not None:
            first = seen.rows[box[0]]
            found.append((first[box[1]] if box[1] < len(first) else "", False))
        else:
            found.append(("" if boxes else last, False))
    return found


def _is_title(seen: Seen, cells: Sequence[Any], below: Sequence[Any]) -> bool:
    """Whether a row's only text stands at the left of the heading below it, or says more than a group's heading."""
    filled = [index for index, cell in enumerate(cells) if cell != ""]
    span = spans.read(cells[filled[0]]) if len(filled) == 1 else None
    if span is not None and measures.said([span.rest]) and measures.of_heading(seen.kind, span.rest) is None:
        return True
    first = next((index for index, cell in enumerate(below) if cell != ""), 0)
    return len(filled) == 1 and filled[0] <= first and bool(text(below[filled[0]] if filled[0] < len(below) else ""))


def _products(seen: Seen, row: int, base: dict[int, str], across: list[Across]) -> list[Across]:
    """The columns headed by products: known ones, or those under a group called so; they leave the base."""
    if any(one.span for one in across):
        return across
    group = groups(seen, row - 1, max(len(cells) for cells in seen.rows)) if row else []
    found: list[Across] = []
    for index, word in base.items():
        over, _direct = group[index] if index < len(group) else ("", False)
        if seen.products and name_key(word, "product") in seen.products:
            found.append(Across(index, word, None, word, measures.of_heading(seen.kind, text(over) or "")))
        elif named(seen.kind, text(over) or "") in PRODUCTS and not named(seen.kind, word):
            width = [place for place, (cell, _first) in enumerate(group) if cell == over and place in base]
            if len(width) > 1 and not is_total(word):
                found.append(Across(index, word, None, word, None))
    if len(found) < 2:
        return across
    for one in found:
        del base[one.column]
    return [*across, *found]


def _counted(seen: Seen, top: int, across: list[Across]) -> list[Across]:
    """Bare numbers across are days where they count on from 1 past 12, or where a title or name says the month.

    Then they are more than the weeks of a month; 1 to 12 may be months, unless something speaks of days.
    """
    numbers = [one for one in across if one.span is not None and one.span.unit == "number"]
    counts = [one.span.day for one in numbers if one.span is not None]
    if not numbers:
        return across
    others = [one for one in across if one not in numbers]
    whole = counts == list(range(1, len(counts) + 1))
    if others or (not (whole and len(counts) > 12) and not _are_days(seen, counts, top)):
        return others
    return [one._replace(span=one.span._replace(unit="day")) for one in numbers if one.span is not None]


def _are_days(seen: Seen, counts: Sequence[int], top: int) -> bool:
    """Whether numbers are days of the month that the titles and names say: most of them one after the other."""
    steps = [later - earlier for earlier, later in pairwise(counts)]
    if len(counts) < _FEWEST_DAYS or min(steps) < 1 or 2 * steps.count(1) < len(steps):
        return False
    texts = seen.texts(top)
    if not spans.month_said(texts):
        return False
    return counts != list(range(1, 13)) or any(_DAILY.search(text) for text in texts)


def called(one: Across) -> str:
    """D 3月: a column as it is said on the screen."""
    return f"{letters(one.column)} {one.heading}"
