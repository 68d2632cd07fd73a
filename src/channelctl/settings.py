"""What the options asked for that concern everybody: --db, --lang, --policy, --wait, --debug, --known, --engine."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Known(NamedTuple):
    """From what a report is made: all batches up to this one, which were there on that day."""

    day: dt.date
    batch: int


class Seen(NamedTuple):
    """The offices that a login sees where those are not all, and how that is said."""

    offices: str
    remark: str


@dataclass
class Settings:
    """The choices of this run.

    `draft_of` is the database that a draft in use stands for; `remarks` are said when the command is over. Where a
    report is to be made from what was known by a day or batch, `asked` is what was asked for and `known` what it came
    to; with `read_only` nothing may be written. `login` is who the server keeps to a part of its database, `seen` which
    part that is, `owner` a login that it keeps to none; `secrets` are passwords that no message may repeat; `command`
    is how the line begins, without options. Another `engine` reads the folder `facts`.
    """

    database: str = ""
    policy: Path | None = None
    wait: float | None = None
    debug: bool = False
    draft_of: Path | None = None
    asked: str = ""
    known: Known | None = None
    read_only: bool = False
    login: str = ""
    owner: str = ""
    seen: Seen | None = None
    engine: str = ""
    facts: Path = Path()
    remarks: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)


current = Settings()


@contextmanager
def reading(asked: str | None = None) -> Iterator[None]:
    """Write nothing, and read what was known by a day or batch, if one is given, until it is over."""
    held = current.asked, current.known, current.read_only
    current.read_only = True
    if asked is not None:
        current.asked = asked
    try:
        yield
    finally:
        current.read_only = held[2]
        if asked is not None:
            current.asked, current.known = held[:2]


@contextmanager
def asking(engine: str, facts: Path) -> Iterator[None]:
    """Ask another engine, over exported facts, until it is over."""
    held = current.engine, current.facts
    current.engine, current.facts = engine, facts
    try:
        yield
    finally:
        current.engine, current.facts = held
