"""The Chinese catalogue: collect every message, keep the translations there are, compile.

python -m tools.catalogue           update the .po and the .mo
python -m tools.catalogue --check   change nothing; 1 if they are not up to date or something is untranslated
"""

import argparse
import ast
import inspect
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "channelctl"
PO = SOURCE / "locale" / "zh" / "LC_MESSAGES" / "channelctl.po"
MO = PO.with_suffix(".mo")
HEADERS = [
    ("Language", "zh"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
]
Message = str | tuple[str, ...]


def collected() -> dict[Message, set[str]]:
    """Every message id, plural ones as a pair, and the files it stands in."""
    found: dict[Message, set[str]] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and (message := _message(node)):
                found.setdefault(message, set()).add(file.relative_to(ROOT).as_posix())
    marked = set(found)
    for message, name in _help_pages():
        if message not in marked:
            found.setdefault(message, set()).add(name)
    return found


def _message(call: ast.Call) -> Message | None:
    """What a call has translated: _("…"), ngettext("…", "…", n), Col(…, note="…")."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    parts: list[ast.expr] = call.args[: {"_": 1, "ngettext": 2}.get(name, 0)]
    if name == "Col":
        parts = [keyword.value for keyword in call.keywords if keyword.arg == "note"]
    texts = tuple(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return None if not texts else texts[0] if len(texts) == 1 else texts


def _help_pages() -> Iterator[tuple[str, str]]:
    """What stands on help pages: docstrings of commands, names of their values."""
    import typer

    from channelctl import helping
    from channelctl.cli import program

    for command in _commands(typer.main.get_command(program())):
        callback = inspect.unwrap(command.callback) if command.callback else program
        place = (callback.__module__.replace(".", "/") + ".py") if callback.__module__ else ""
        for text in helping.own_texts(command):
            yield text, f"src/{place}"


def _commands(command: Any) -> Iterator[Any]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _commands(below)


def updated(old: Catalog) -> Catalog:
    """The catalogue of today's messages, with the translations that `old` has for them."""
    new = Catalog(locale="zh", project="channelctl", charset="utf-8", fuzzy=False, header_comment="# channelctl")
    found = collected()
    for message in sorted(found, key=lambda message: message if isinstance(message, str) else message[0]):
        known = old.get(message if isinstance(message, str) else message[0])
        string: Any = known.string if known is not None and known.id == message else None
        flags = known.flags - {"python-format", "python-brace-format"} if known is not None else ()
        new.add(message, string, locations=[(name, 0) for name in sorted(found[message])], flags=flags)
    return new


class _Plain(Catalog):
    """A catalogue whose header tells no date and no version, so that the same messages give the same bytes."""

    mime_headers = HEADERS


def po(catalogue: Catalog) -> bytes:
    """The .po text: no line numbers either."""
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADERS)
    whole = io.BytesIO()
    write_po(whole, catalogue, width=100, include_lineno=False, omit_header=True)
    return f'msgid ""\nmsgstr ""\n{header}\n'.encode() + whole.getvalue()


def mo(catalogue: Catalog) -> bytes:
    """The compiled catalogue."""
    plain = _Plain(locale="zh", fuzzy=False)
    for message in catalogue:
        if message.id:
            plain.add(message.id, message.string, flags=message.flags)
    whole = io.BytesIO()
    write_mo(whole, plain)
    return whole.getvalue()


def incomplete(catalogue: Catalog) -> list[Any]:
    """Message ids without a translation, or with one that is only a guess."""
    return [message.id for message in catalogue if message.id and (message.fuzzy or not all(translations(message)))]


def translations(message: Any) -> tuple[str, ...]:
    """The Chinese of a message: one text, also where English has two forms."""
    return message.string if isinstance(message.string, tuple) else (message.string or "",)


def current() -> Catalog:
    """The catalogue as it stands in the tree."""
    return read_po(io.BytesIO(PO.read_bytes()), locale="zh") if PO.exists() else Catalog(locale="zh")


def main(words: list[str]) -> int:
    """Update or check; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.catalogue", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if something is to be done")
    check = parser.parse_args(words).check
    catalogue = updated(current())
    left = incomplete(catalogue)
    wanted = {PO: po(catalogue), MO: mo(catalogue)}
    stale = [file for file, data in wanted.items() if not file.exists() or file.read_bytes() != data]
    for message in left:
        sys.stdout.write(f"untranslated: {message!r}\n")
    for file in stale:
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(wanted[file])
        sys.stdout.write(f"{'out of date' if check else 'written'}: {file.relative_to(ROOT)}\n")
    return 1 if left or (check and stale) else 0


if __name__ == "__main__":
    os.environ["CHANNELCTL_LANG"] = "en"
    sys.exit(main(sys.argv[1:]))
