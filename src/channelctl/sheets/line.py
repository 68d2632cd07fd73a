"""The command line that would do it, as it is typed."""

import os
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from channelctl.sheets.results import FileResult, Options

_PLAIN = re.compile(r"[\w./:@%+,~-]+")
_LIVE = frozenset('"$`\\!')


def again(result: FileResult, options: Options, more: Mapping[str, str] | None = None, kind: str = "") -> str:
    """The import of this file with the options it was given, further mappings, and a kind where one must be said."""
    words = [quoted("-" if result.piped else _as_typed(result.path))]
    for heading, field in {**options.mapping, **result.mapping, **(more or {})}.items():
        words += ["--map", quoted(f"{heading}={field}", always=True)]
    given = {"--save-map": options.save_map, "--kind": kind or options.kind, "--dates": options.dates}
    given |= {"--new": "" if options.create else "reject", "--encoding": options.encoding}
    given |= {"--overlap": "" if options.overlap == "skip" else options.overlap}
    for name, value in given.items():
        words += [name, quoted(value)] if value else []
    return " ".join(["channelctl import", *words])


def quoted(word: str, always: bool = False) -> str:
    """A word in quotation marks if a shell would take it apart: double ones, which every shell knows, if they do."""
    if not always and _PLAIN.fullmatch(word):
        return word
    if os.name == "nt":
        return subprocess.list2cmdline([word]) if '"' in word else f'"{word}"'
    return shlex.quote(word) if _LIVE & {*word} else f'"{word}"'


def mapped(pairs: Sequence[tuple[str, str]] | Mapping[str, str]) -> str:
    """--map options as they are typed."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return " ".join(f"--map {quoted(f'{heading}={field}', always=True)}" for heading, field in items)


def _as_typed(path: Path) -> str:
    """From here if the file lies below, else in full."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
