"""The JSON Schema of a report's JSON, read from its row classes."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Literal, get_args, get_origin, get_type_hints

from channelctl.columns import Col, columns
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.report import Shape, cells

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KINDS: dict[str, dict[str, Any]] = {
    "money": {"type": "number"},
    "quantity": {"type": "number"},
    "score": {"type": "number"},
    "share": {"type": "number"},
    "count": {"type": "integer"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
_COLUMN = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "label": {"type": "string"}, "kind": {"type": "string"}},
    "required": ["name", "label", "kind"],
    "additionalProperties": False,
}


def schema(name: str, known: Mapping[str, Shape]) -> dict[str, Any]:
    """The schema of the report called `name`; sections that are not declared are arrays of objects."""
    if name not in known:
        near = get_close_matches(name, known, 3)
        hint = _("Did you mean {word}?") if near else _("There are: {word}")
        raise UsageError(
            _("there is no report “{name}”").format(name=name), hint.format(word=listed(near or sorted(known)))
        )
    shape = known[name]
    sections = {
        section: _rows((places,) if isinstance(places, str) else places) for section, places in shape.sections.items()
    }
    return {
        "$schema": _DIALECT,
        "title": name,
        "type": "object",
        "properties": {
            "report": {"const": name},
            "title": {"type": "string"},
            "params": {"type": "object"},
            "columns": _array(_COLUMN),
            "rows": _rows(shape.rows),
            "totals": {"type": "object"},
            "notes": _array({"type": "string"}),
            **sections,
        },
        "required": ["report", "title", "params", "columns", "rows", "totals", "notes"],
        "additionalProperties": _array({"type": "object"}),
    }


def _rows(places: Sequence[str]) -> dict[str, Any]:
    """Rows that are all of one of the classes."""
    found = [_array(_row(place)) for place in places]
    return found[0] if len(found) == 1 else {"anyOf": found}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _row(place: str) -> dict[str, Any]:
    module, _colon, name = place.partition(":")
    row: type = getattr(import_module(module), name)
    hints = get_type_hints(row)
    fields = {cells.public(field): _field(col, hints[field]) for field, col in columns(row).items()}
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _field(col: Col, hint: Any) -> dict[str, Any]:
    """A column's values; null where its type allows None, only those words that a Literal names."""
    parts = (hint, *get_args(hint))
    words = [word for part in parts if get_origin(part) is Literal for word in get_args(part)]
    optional = type(None) in parts
    found: dict[str, Any] = {"title": col.label}
    if words:
        return {**found, "enum": [*words, *([None] if optional else [])]}
    found |= _KINDS.get(col.kind) or _plain(parts)
    if optional:
        found["type"] = [found["type"], "null"]
    return found


def _plain(parts: tuple[Any, ...]) -> dict[str, Any]:
    if any(get_origin(part) in (list, tuple) for part in parts):
        return {"type": "array"}
    return {"type": "integer" if int in parts else "string"}
