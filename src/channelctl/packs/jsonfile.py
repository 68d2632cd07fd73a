"""A pack as JSON: the reports as their commands give them."""

from collections.abc import Iterable, Mapping

from channelctl.packs import Pack
from channelctl.report import cells, jsonfile


def render(pack: Pack, ascii_only: bool = False) -> str:
    """Title, what was asked for, where it comes from, the figures, the parts, and what is absent."""
    say = jsonfile.literal(ascii_only)
    figures = [
        {
            "part": say(part.name),
            "name": say(figure.name),
            "label": say(figure.col.label),
            "kind": say(figure.col.kind),
            "value": jsonfile.value(figure.col, figure.value, ascii_only),
            "before": jsonfile.value(figure.col, figure.before, ascii_only),
            "good": say(figure.good),
            "remark": say(figure.said),
        }
        for part, figure in pack.figures
    ]
    parts = [
        {
            "name": say(part.name),
            "title": say(part.title),
            "command": say(part.command),
            "report": jsonfile.render(part.report, ascii_only).strip(),
        }
        for part in pack.parts
    ]
    absent = [
        {"title": say(one.title), "command": say(one.command), "reason": say(one.reason)} for one in pack.absent
    ]  # fmt: skip
    whole = {
        "pack": say(pack.name),
        "title": say(pack.title),
        "params": _object({name: say(cells.raw(value)) for name, value in pack.params.items()}),
        "origin": _list(_object({"label": say(label), "text": say(text)}) for label, text in pack.origin),
        "figures": _list(map(_object, figures)),
        "parts": _list(map(_object, parts)),
        "absent": _list(map(_object, absent)),
    }
    return _object(whole, "\n") + "\n"


def _object(parts: Mapping[str, str], between: str = " ") -> str:
    return "{" + between.strip(" ") + f",{between}".join(f'"{name}": {value}' for name, value in parts.items()) + "}"


def _list(items: Iterable[str]) -> str:
    return "[" + ",\n".join(items) + "]"
