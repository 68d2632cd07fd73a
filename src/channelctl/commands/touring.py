"""`channelctl tour`: a walk through the program on the sample region, a step at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from channelctl.i18n import _
from channelctl.options import CARE
from channelctl.packs import command_line
from channelctl.report import out
from channelctl.report.width import width

app = typer.Typer()
KeepOption = Annotated[
    Path | None, typer.Option("--keep", metavar="FOLDER", help=_("Keep the tour's database and sheets in this folder."))
]

_MONTH, _DAY, _LAST_DAY = "2024-05", "2024-05-20", "2024-05-31"
_STRICTER = "stricter.toml"
# Lines of a command's result: in a pipe, and on a terminal at least; blank lines and the question beside it.
_LINES, _LEAST, _BESIDE = 24, 10, 6


class Step(NamedTuple):
    """Why, and the command lines that show it; of `whole` results nothing is cut, they fit a screen by themselves."""

    why: str
    lines: Sequence[Sequence[str]]
    whole: bool = False


@app.command("tour", rich_help_panel=CARE)
def tour(keep: KeepOption = None) -> None:
    """Walk through the program on a made sample region, a step at a time; nothing of yours is touched.

    Example: channelctl tour
    """
    from channelctl.commands import demonstration

    with demonstration.stage(keep) as stand:
        _soften(stand.folder)
        went = _walk(_steps(stand.files))
    if went:
        out.tell(_("That was the tour. Your own sheets: channelctl import FILE. All commands: channelctl --help"))
    if keep is not None:
        demonstration.kept(keep)


def _walk(steps: Sequence[Step]) -> bool:
    """Show the steps; False where somebody has seen enough."""
    waits = out.can_ask() and out.is_watched()
    for number, step in enumerate(steps, 1):
        head = _("Step {number} of {steps}").format(number=number, steps=len(steps))
        out.tell(f"{head} · {step.why}")
        for words in step.lines:
            out.tell("")
            _run(words, None if step.whole else _room(f"{head} · {step.why}", command_line(words)))
        out.tell("")
        if waits and number < len(steps) and not _goes_on():
            return False
    return True


def _goes_on() -> bool:
    answer = out.ask(_("Enter goes on, q ends: "))
    return answer is not None and answer.lower() not in ("q", "quit")


def _room(*above: str) -> int:
    """How many lines a result may take, below these."""
    if not out.is_watched():
        return _LINES
    wide = max(1, out.screen_width())
    return max(_LEAST, out.screen_height() - _BESIDE - sum(width(line) // wide + 1 for line in above))


def _run(words: Sequence[str], most: int | None) -> None:
    """A command line as it is typed, and what it says, cut to a screen."""
    from channelctl import settings
    from channelctl.cli import command
    from channelctl.report.window import window

    out.tell(f"$ {command_line(words)}")
    given, held = list(words), settings.current.policy
    if "--policy" in given:
        at = given.index("--policy")
        settings.current.policy = Path(given[at + 1])
        del given[at : at + 2]
    try:
        with window(most):
            command(given)
    finally:
        settings.current.policy = held


def _soften(folder: Path) -> None:
    """Another policy to ask about: A ends earlier."""
    text = (folder / "policy.toml").read_text(encoding="utf-8")
    (folder / _STRICTER).write_text(text.replace('a_until = "0.80"', 'a_until = "0.70"'), encoding="utf-8")


def _steps(files: Sequence[str]) -> list[Step]:
    return [Step(why, lines, ("status",) in lines) for why, lines in _told(files)]


def _told(files: Sequence[str]) -> Iterator[tuple[str, Sequence[Sequence[str]]]]:
    yield (
        _(
            "Sheets are read as people keep them: headings are recognised, every row is checked, and what is wrong is"
            " rejected with its reason."
        ),
        [("import", *files)],
    )
    yield _("How the region stands, on one screen."), [("status",)]
    yield (
        _("Which customers make the sales: A, B or C by what they buy; and each figure down to the row of its sheet."),
        [("tier", "--month", _MONTH), ("tier", "explain", "C00004", "--month", _MONTH)],
    )
    yield (
        _("An office's score: how many of its planned customers buy, and whether they reach their targets."),
        [("score", "--office", "南京", "--month", _MONTH)],
    )
    yield (
        _("In the middle of a month: sales against the target and the work days gone, and where the month will end."),
        [("progress", "--as-of", _DAY)],
    )
    yield (
        _("Who is short of the next rebate, by how much, and what it would be worth."),
        [("rebate", "gap", "--office", "南京", "--as-of", _LAST_DAY)],
    )
    yield (
        _("May goods for 300,000 go out on credit? Limit, exposure and what is overdue decide."),
        [("credit", "check", "C00016", "300000", "--as-of", _LAST_DAY)],
    )
    yield (
        _(
            "One command makes the pack of reports that an office sends up; with --output daily.xlsx or daily.html"
            " it is a workbook or a page."
        ),
        [("report", "daily", "--office", "南京", "--as-of", _DAY)],
    )
    yield (
        _("What another policy would change, before it is in force: here A ends at 70 % of sales."),
        [("whatif", "--policy", _STRICTER, "tier", "--month", _MONTH)],
    )
    yield (
        _("Every change is a batch that can be taken back."),
        [("customer", "set", "C00001", "class=V4"), ("batch", "undo", str(len(files) + 1))],
    )
