"""The examples in the handbook's pages: found, run as a person at a terminal would, compared, rewritten.

A ```console block holds commands after "$ " and what they print. A comment above it says where it runs:

    <!-- example: sample -->          a new folder with the sample sheets, and the sample region in the database
    <!-- example: fresh -->           a new folder with the sample sheets, no database yet
    <!-- example: empty -->           a new folder without anything
    <!-- example: server -->          a new folder with the sample sheets, no database yet on the server of the run;
                                      without one the block, and those that go on from it, are passed over
    <!-- example: sample local -->    the same where the database is a file; passed over where it is on a server
    <!-- example: zh -->              in Chinese (pages named *.zh-CN.md always are)
    <!-- file: may.csv empty -->      above a ```csv block: writes it into the folder; .xlsx makes a workbook of it
    <!-- file: new.toml -->           above a ```toml block: the same

Without `sample`, `fresh` or `empty` a block goes on where the one before it ended. A line … stands for lines left out.
"""

import csv
import difflib
import io
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from channelctl import cli, i18n, places, settings
from tests.conftest import ROOT, SAMPLE, forget
from tests.tables import Kept, address, on_server, put

LEFT_OUT = "…"
PROMPT = "$ "
COLUMNS, LINES = 100, 24
HOME = "~/.local/share/channelctl"
ADDRESS = "postgresql://channelctl@db.example/channel"
_STARTS = ("sample", "fresh", "empty", "server")

cli.program()  # Its help texts are English message ids only while English is in force.


def pages() -> list[Path]:
    """Every page of the handbook."""
    return [
        *sorted(ROOT.glob("*.md")),
        *sorted((ROOT / "docs").glob("*.md")),
        *sorted((ROOT / "src").glob("channelctl/systems/*/guide.md")),
    ]


class Block(NamedTuple):
    """A fenced block: its language, the words of the comment above it, and the lines it stands in, from 0."""

    language: str
    marks: tuple[str, ...]
    start: int
    lines: list[str]


class Example(NamedTuple):
    """A command, what the page says it prints, and the lines of the page where that stands."""

    command: str
    marks: tuple[str, ...]
    start: int
    end: int
    printed: list[str]


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    lines = text.splitlines()
    marks: tuple[str, ...] = ()
    place = 0
    while place < len(lines):
        line = lines[place]
        comment = re.fullmatch(r"<!-- (example|file): (.+) -->", line)
        if comment:
            marks = (*(("file",) if comment[1] == "file" else ()), *comment[2].split())
        elif line.startswith("```"):
            end = lines.index("```", place + 1)
            yield Block(line[3:].strip(), marks, place + 1, lines[place + 1 : end])
            marks, place = (), end
        elif line:
            marks = ()
        place += 1


def examples(block: Block) -> list[Example]:
    """The commands of a ```console block."""
    starts = [place for place, line in enumerate(block.lines) if line.startswith(PROMPT)]
    assert starts and starts[0] == 0, f"line {block.start + 1}: a console block starts with a command after “$ ”"
    found = []
    for start, end in pairwise([*starts, len(block.lines)]):
        printed = _stripped(block.lines[start + 1 : end])
        marks = block.marks if start == 0 else tuple(mark for mark in block.marks if mark == "zh")
        where = block.start + start + 1
        found.append(Example(block.lines[start].removeprefix(PROMPT), marks, where, block.start + end, printed))
    return found


class NotHereError(Exception):
    """What an example needs is not here: jq, or a server."""


class _Stream(io.TextIOWrapper):
    """stdout that says it is a terminal; stderr, in the same order, that does not, so it has no progress bar."""

    def __init__(self, to: io.BytesIO, terminal: bool) -> None:
        super().__init__(to, encoding="utf-8", newline="", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@dataclass
class Session:
    """A page's run through its examples."""

    base: Path
    sample: Kept
    patch: pytest.MonkeyPatch
    code: int = 0
    folders: int = 0
    passes_over: bool = False

    def settle(self, marks: Sequence[str], chinese: bool) -> None:
        """Go to a new folder if a mark says so, and speak the language asked for."""
        start = next((mark for mark in marks if mark in _STARTS), "" if self.folders else "sample")
        if start:
            self._start(start)
            self.passes_over = on_server() if "local" in marks else start == "server" and not on_server()
        self.patch.setenv("CHANNELCTL_LANG", "zh" if chinese else "en")
        self.patch.setenv("COLUMNS", str(COLUMNS))
        self.patch.setenv("LINES", str(LINES))
        self.patch.setenv("NO_COLOR", "1")
        self.patch.setenv("TERM", "xterm-256color")

    def _start(self, start: str) -> None:
        self.folders += 1
        folder, data = self.base / f"{self.folders}", self.base / f"home{self.folders}"
        if start == "empty":
            folder.mkdir()
        else:
            shutil.copytree(SAMPLE, folder)
        if start == "sample":
            data.mkdir()
            put(self.sample, data / "channel.db")
        self.patch.setattr(places, "data_folder", lambda: data)
        self.patch.delenv("CHANNELCTL_DB", raising=False)
        if on_server():
            self.patch.setenv("CHANNELCTL_DB", self._database())
        self.patch.chdir(folder)

    def run(self, command: str) -> list[str]:
        """What a command line prints, as lines.

        Raises:
            NotHereError: what it needs is not here.
        """
        if self.passes_over:
            raise NotHereError
        if command == "echo $?":
            return [str(self.code)]
        words = shlex.split(command, comments=True)
        first, *others = [list(part) for is_pipe, part in groupby(words, "|".__eq__) if not is_pipe]
        text = self._program(first, terminal=not others)
        for part in others:
            text = _through(part, text)
        return _stripped(text.splitlines())

    def _program(self, words: Sequence[str], terminal: bool) -> str:
        assert words[0] == "channelctl", f"only channelctl is run, not {words[0]}"
        screen, settings.current = io.BytesIO(), settings.Settings()
        forget()
        out, err = _Stream(screen, terminal), _Stream(screen if terminal else io.BytesIO(), False)
        with redirect_stdout(out), redirect_stderr(err):
            database = self._database()
            known = {f"{HOME}/channel.db": database, HOME: str(places.data_folder()), ADDRESS: database}
            self.code = cli.run([_told(word, known) for word in _expanded(words[1:])])
        i18n.use("en")
        shown = ADDRESS if ADDRESS in words else f"{HOME}/channel.db"
        text = screen.getvalue().decode().replace(self._database(), shown)
        return text.replace(str(places.data_folder()), HOME)

    @staticmethod
    def _database() -> str:
        return address(places.data_folder() / "channel.db")


def _told(word: str, known: Mapping[str, str]) -> str:
    """A word of a page as the program is to take it."""
    for shown, meant in known.items():
        word = word.replace(shown, meant)
    return word


def _expanded(words: Sequence[str]) -> list[str]:
    """With file names in place of patterns, as a shell does."""
    found: list[str] = []
    for word in words:
        names = sorted(path.name for path in Path().glob(word)) if "*" in word else []
        found += names or [word]
    return found


def _stripped(lines: Sequence[str]) -> list[str]:
    """Without blanks at the ends of lines and blank lines at the end."""
    return "\n".join(line.rstrip() for line in lines).rstrip("\n").split("\n") if any(lines) else []


def _through(words: Sequence[str], text: str) -> str:
    """A pipe into head or jq.

    Raises:
        NotHereError: this machine has no jq; the names its filter uses are in the JSON.
    """
    if words[0] == "head":
        return "".join(text.splitlines(keepends=True)[: int(words[-1].lstrip("-n"))])
    assert words[0] == "jq", f"only head and jq are piped into, not {words[0]}"
    if shutil.which("jq") is None:
        names = set(re.findall(r"\.([a-z_]+)", words[-1]))
        missing = {name for name in names if f'"{name}":' not in text}
        assert not missing, f"the JSON holds no {missing}"
        raise NotHereError
    done = subprocess.run(list(words), input=text, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def write_file(block: Block) -> None:
    """Put a block where its examples run: ```csv as the CSV or workbook it is named, ```toml as it stands."""
    name = Path(block.marks[1])
    if name.suffix in (".csv", ".toml"):
        name.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        return
    import xlsxwriter

    with xlsxwriter.Workbook(name) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(block.lines)):
            for place, cell in enumerate(row):
                sheet.write(number, place, float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell or None)


def agree(printed: Sequence[str], real: Sequence[str]) -> bool:
    """Whether a page's lines are the real ones, … standing for one line or more."""
    pattern = "".join("(?:.*\n)+?" if line == LEFT_OUT else re.escape(line) + "\n" for line in printed)
    return re.fullmatch(pattern, "".join(line + "\n" for line in real)) is not None


def abridged(printed: Sequence[str], real: Sequence[str]) -> list[str]:
    """The real lines, left out where the page leaves lines out: as many are kept at the start and the end, and from
    those between two … as many as stand there, from the line that is most like the first of them."""
    if LEFT_OUT not in printed:
        return list(real)
    parts: list[list[str]] = [[]]
    for line in printed:
        if line == LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line)
    head, tail = len(parts[0]), len(parts[-1])
    if head + tail >= len(real):
        return list(real)
    kept, at, last = [*real[:head], LEFT_OUT], head, len(real) - tail
    for part in parts[1:-1]:
        near = max(range(at, last), key=lambda place: difflib.SequenceMatcher(None, real[place], part[0]).ratio())
        kept += [*real[near : near + len(part)], LEFT_OUT]
        at = near + len(part)
    return [*kept, *real[last:]]


def commands_named(text: str) -> Iterator[str]:
    """Command lines of channelctl that a page names without running: inline code, ```sh and ```crontab blocks."""
    for block in blocks(text):
        if block.language in ("sh", "crontab"):
            for line in block.lines:
                yield from re.findall(r"channelctl ([^;&|>#]*)", line)
    fenced = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    for code in re.findall(r"`([^`\n]+)`", fenced):
        if code.startswith("channelctl "):
            yield code.removeprefix("channelctl ")
