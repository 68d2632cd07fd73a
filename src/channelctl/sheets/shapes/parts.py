"""Columns that sum up some of the others: 一季度, 1-3月, 上半年 beside months; 上旬, 本周小计 beside days."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from channelctl.sheets import headings
from channelctl.sheets.shapes import spans
from channelctl.sheets.shapes.across import SUM, Across
from channelctl.sheets.shapes.shape import Place
from channelctl.sheets.shapes.spans import Span

_SUBTOTAL = re.compile(r"小计|[周週]|week|sub-?total")
_LONG = ("quarter", "half", "year", "several")


def beside(span: Span, across: Iterable[Across]) -> set[int]:
    """The months of the span's year that have columns of their own."""
    plain = [one.span for one in across if one.span is not None and not one.span.running and one.span.unit == "month"]
    return {one.number for one in plain if not (span.year and one.year) or span.year == one.year}


def is_sum(span: Span, across: Sequence[Across]) -> bool:
    """Whether a period of months stands beside months, or one that runs from the first on beside later ones."""
    months = beside(span, across)
    if span.running:
        days = any(one.span is not None and one.span.unit == "day" and not one.span.running for one in across)
        return bool(months - {1}) or (span.unit == "month" and days)
    return span.unit in _LONG and bool(months) and bool(span.months)


def lost(span: Span, across: Sequence[Across]) -> Sequence[int]:
    """The months that nothing but this period holds."""
    own, months = set(span.months), beside(span, across)
    return () if not months or own & months or is_to_come(span, across) else sorted(own)


def is_to_come(span: Span, across: Sequence[Across]) -> bool:
    """Whether a quarter, half or year lies past the last month."""
    months = beside(span, across)
    return bool(months) and span.unit in _LONG[:3] and min(span.months) > max(months)


def is_blank(one: Across, across: Sequence[Across]) -> bool:
    """Whether a column must hold nothing: of a time to come, or of a day that the month does not have."""
    span = one.span
    if span is None:
        return False
    return is_to_come(span, across) or (span.unit == "day" and one.product != SUM and not span.running)


def is_checked(span: Span | None, across: Sequence[Across]) -> bool:
    """Whether what stands beside a period is what it sums up: all of it, or all of it so far; of one month its days."""
    if span is None or not span.months:
        return True
    own, months = set(span.months), beside(span, across)
    return all(month > max(months) for month in own - months) if months else len(own) == 1


def summed(one: Across, held: Sequence[int], sums: Sequence[Across], places: Sequence[Place]) -> Sequence[int]:
    """Those of the places that a sum without a period adds up: since the last subtotal, of a part of the month, all."""
    if days := spans.tenth(one.heading):
        dated = [number for number in held if places[number].day]
        return [number for number in dated if dt.date.fromisoformat(places[number].day).day in days]
    if not is_part(one):
        return held
    others = [other.column for other in sums if is_part(other) and _field(other) == _field(one)]
    left = max((column for column in others if column < one.column), default=-1)
    right = min((column for column in others if column > one.column), default=None)
    columns = {number: min(places[number].columns.values()) for number in held}
    before = [number for number, column in columns.items() if left < column < one.column]
    after = [number for number, column in columns.items() if one.column < column and (not right or column < right)]
    return before or after or held


def is_part(one: Across) -> bool:
    """Whether a column sums up what stands since the last such, or a part of the month."""
    return bool(spans.tenth(one.heading)) or bool(_SUBTOTAL.search(headings.key(one.heading)))


def _field(one: Across) -> str:
    return one.measure.field if one.measure else ""
