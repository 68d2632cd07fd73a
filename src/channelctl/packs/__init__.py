"""Reports gathered: what an office sends up, in one workbook, page or message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channelctl.report import Figure, Report

FORMATS = ("text", "xlsx", "html", "pdf", "md", "json")


@dataclass(frozen=True)
class Part:
    """One report of a pack, and the command line that gives it; `name` tells it from the pack's others.

    At most `most` rows stand before people (workbooks and JSON hold all); None is all.
    """

    name: str
    title: str
    words: tuple[str, ...]
    report: Report
    most: int | None = None

    @property
    def command(self) -> str:
        """The command line as it is typed."""
        return command_line(self.words)


@dataclass(frozen=True)
class Absent:
    """A report that a pack would have if there were anything for it, and why there is not."""

    title: str
    words: tuple[str, ...]
    reason: str

    @property
    def command(self) -> str:
        """The command line as it is typed."""
        return command_line(self.words)


@dataclass(frozen=True)
class Pack:
    """Reports in order, and what they were made from: `origin` by label; a `one_page` pack prints on one.

    `params` are what was asked for: office, month, as_of, customer …
    """

    name: str
    title: str
    parts: Sequence[Part]
    params: Mapping[str, Any] = field(default_factory=dict)
    absent: Sequence[Absent] = ()
    origin: Sequence[tuple[str, str]] = ()
    one_page: bool = False

    @property
    def figures(self) -> list[tuple[Part, Figure]]:
        """What the parts come to, where that is known, each once, with the first part it stands for."""
        found: dict[tuple[str, Any, Any], tuple[Part, Figure]] = {}
        for part in self.parts:
            for figure in (one for one in part.report.figures if one.value is not None):
                found.setdefault((figure.name, figure.value, figure.before), (part, figure))
        return list(found.values())


def command_line(words: Sequence[str]) -> str:
    """Words as a command line of ours."""
    return " ".join(["channelctl", *map(_quoted, words)])


def _quoted(word: str) -> str:
    """A word as a shell takes it; one of letters of any language stands as it is."""
    import shlex

    return word if word and all(sign.isalnum() or sign in "-_./:=@{}," for sign in word) else shlex.quote(word)
