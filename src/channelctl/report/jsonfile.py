"""A report as JSON: exact numbers, a row a line."""

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring, encode_basestring_ascii
from operator import attrgetter
from typing import Any

from channelctl.columns import Col, columns
from channelctl.report import Report, cells

# What JSON leaves as it is but a terminal would obey, and halves of surrogate pairs.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
RESERVED = ("report", "title", "params", "columns", "rows", "totals", "notes")

Say = Callable[[Any], str]


def render(report: Report, ascii_only: bool = False) -> str:
    """The whole report; sections under their own names."""
    taken = set(report.sections) & set(RESERVED)
    if taken:
        raise ValueError(f"sections may not be called {sorted(taken)}")
    text = literal(ascii_only)
    known = columns(report.row)
    heads = [{"name": cells.public(name), "label": col.label, "kind": col.kind} for name, col in known.items()]
    parts = {
        "report": text(report.name),
        "title": text(report.title),
        "params": _any(report.params, text),
        "columns": _block(_any(head, text) for head in heads),
        "rows": _rows(report.row, report.rows, text),
        "totals": _totals(report.totals, known, text),
        "notes": _any(list(report.notes), text),
    }
    parts |= {name: _rows(table.row, table.rows, text) for name, table in report.sections.items()}
    return "{\n" + ",\n".join(f"  {text(name)}: {value}" for name, value in parts.items()) + "\n}\n"


def literal(ascii_only: bool = False) -> Say:
    """How a text is written."""
    return encode_basestring_ascii if ascii_only else _quoted


def value(col: Col, found: Any, ascii_only: bool = False) -> str:
    """A value of a column."""
    return _say(col, literal(ascii_only))(found)


def _quoted(value: str) -> str:
    quoted = encode_basestring(value)
    return quoted if value.isprintable() else _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _rows(row: type, rows: Sequence[Any], text: Say) -> str:
    known = columns(row)
    says = [(f"{text(cells.public(name))}: ", attrgetter(name), _say(col, text)) for name, col in known.items()]
    return _block("{" + ", ".join([key + say(get(record)) for key, get, say in says]) + "}" for record in rows)


def _block(items: Iterable[str]) -> str:
    lines = ",\n    ".join(items)
    return f"[\n    {lines}\n  ]" if lines else "[]"


def _totals(totals: Mapping[str, Any], known: Mapping[str, Col], text: Say) -> str:
    kinds = {cells.public(name): col for name, col in known.items()}
    said = []
    for name, value in totals.items():
        key = cells.public(name)
        say = _say(kinds[key], text) if key in kinds else lambda value: _any(value, text)
        said.append(f"{text(key)}: {say(value)}")
    return "{" + ", ".join(said) + "}"


def _say(col: Col, text: Say) -> Say:
    """How values of a column are written."""
    if col.is_number:
        number = cells.literal(col)
        return lambda value: "null" if value is None else number(value)
    if col.kind == "flag":
        return lambda value: "null" if value is None else "true" if value else "false"
    return lambda value: text(value) if type(value) is str else _any(value, text)


def _any(value: Any, text: Say) -> str:
    """A value of no column."""
    if isinstance(value, Enum):
        return _any(value.value, text)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else "null"
    if isinstance(value, float):
        return json.dumps(value) if math.isfinite(value) else "null"
    if isinstance(value, dt.date | dt.time):
        return text(value.isoformat())
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{text(str(key))}: {_any(item, text)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_any(item, text) for item in value) + "]"
    return text(str(value))
