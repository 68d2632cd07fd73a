"""A pack as it is planned, and whose and when: every report of it, asked for."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.packs import Absent, Pack, Part
from channelctl.packs.asking import ask, completed, options
from channelctl.packs.definition import PackPlan, PartPlan, filled, places, said
from channelctl.report import Report, cells

_SCOPE = ("office", "region", "customer")
# What tells of the data, and of no business done.
_OF_THE_DATA = ("freshness", "quality")
_PERIOD = {"--month", "--quarter", "--year", "--from", "--to", "--all-time"}


class NothingError(RefusedError):
    """There is nothing for any report of a pack."""


@dataclass(frozen=True)
class Asked:
    """Whose pack, and of when: `given` options by name (--office NJ), and what command lines may name by {place}."""

    title: str
    given: Mapping[str, str]
    places: Mapping[str, str]
    origin: Sequence[tuple[str, str]] = ()

    @property
    def office(self) -> str | None:
        """The office whose pack it is."""
        return self.given.get("--office")


def make(name: str, plan: PackPlan, asked: Asked) -> Pack:
    """The pack; what there is nothing for is absent, with the reason.

    Raises:
        UsageError: a command line of it is none; nothing in it can be without a customer, an office, a region.
        NothingError: there is nothing for any of its reports.
    """
    planned = []
    for number, one in enumerate(plan.part, 1):
        try:
            words = _words(one, asked)
        except UsageError as error:
            raise _wrong(name, number, error) from error
        if words is not None:
            planned.append((number, one, words))
    if not planned:
        raise _for_nobody(name, plan, asked)
    parts: list[Part] = []
    absent: list[Absent] = []
    taken: Counter[str] = Counter()
    for number, one, words in planned:
        try:
            made = _part(one, words, asked, taken)
        except UsageError as error:
            raise _wrong(name, number, error) from error
        if isinstance(made, Part):
            parts.append(_unlike(made, parts))
        else:
            absent.append(made)
    missing = [one for one in absent if one.words[0] not in _OF_THE_DATA]
    if missing and all(part.words[0] in _OF_THE_DATA for part in parts):
        raise NothingError(_("there is nothing to report: {title}").format(title=asked.title), missing[0].reason)
    if not parts:
        raise NothingError(_("there is nothing to report: {title}").format(title=asked.title), absent[0].reason)
    params = {option.removeprefix("--").replace("-", "_"): value for option, value in asked.given.items()}
    return Pack(name, asked.title, parts, params, absent, asked.origin, plan.one_page)


def _words(one: PartPlan, asked: Asked) -> tuple[str, ...] | None:
    """The command line of a part; None where the pack is not one that it stands in."""
    if one.for_ and (one.for_ == "office") != (asked.office is not None):
        return None
    named = places(one.report)
    if any(place not in asked.places for place in named):
        return None
    words = [filled(word, asked.places) for word in shlex.split(one.report)]
    known = options(words)
    whose = [kind for kind in _SCOPE if f"--{kind}" in asked.given]
    if not one.everywhere and any(f"--{kind}" not in known and kind not in named for kind in whose):
        return None
    more = {option: value for option, value in asked.given.items() if option.removeprefix("--") not in named}
    if _PERIOD & {word.partition("=")[0] for word in words}:
        more.pop("--month", None)
    return completed(words, more)


def _part(one: PartPlan, words: tuple[str, ...], asked: Asked, taken: Counter[str]) -> Part | Absent:
    """What a command line gives, or why it gives nothing."""
    title = filled(said(one.title), asked.places)
    try:
        report = ask(words)
    except RefusedError as error:
        return Absent(title or " ".join(words), words, error.message)
    title = title or report.title.split(" · ")[0] or report.name
    if not (report.rows or any(section.rows for section in report.sections.values())):
        return Absent(title, words, next(iter([*report.notes, *report.closing]), _("there is nothing to show")))
    if one.only:
        report = _narrowed(report, one.only)
    if one.figures is not None:
        report = replace(report, figures=[figure for figure in report.figures if figure.name in one.figures])
    if not one.charts:
        report = replace(report, charts=())
    slug = report.name.replace("_", "-")
    taken[slug] += 1
    return Part(slug if taken[slug] == 1 else f"{slug}-{taken[slug]}", title, words, report, one.most)


def _narrowed(report: Report, only: Sequence[str]) -> Report:
    """With these columns for people, which there must be; not those that are blank, and that the report hides."""
    cells.visible(report.row, only)
    hidden = {name for name in only if report.only and name not in report.only}
    blank = {name for name in hidden if all(getattr(row, name, "") is None for row in report.rows)}
    return replace(report, only=tuple(name for name in only if name not in blank) or only)


def _unlike(made: Part, parts: Sequence[Part]) -> Part:
    """Without the pictures and the last lines that parts before it show."""
    charts = [chart for part in parts for chart in part.report.charts]
    lines = {line for part in parts for line in part.report.closing}
    report = replace(
        made.report,
        charts=[chart for chart in made.report.charts if chart not in charts],
        closing=[line for line in made.report.closing if line not in lines],
    )
    return replace(made, report=report)


def _wrong(name: str, number: int, error: UsageError) -> UsageError:
    """An error of a command line, with where it stands."""
    where = _("pack “{name}”, report {number}: {reason}")
    return UsageError(where.format(name=name, number=number, reason=error.message), error.hint)


def _for_nobody(name: str, plan: PackPlan, asked: Asked) -> UsageError:
    """That no report of a pack can stand in it, and what would help."""
    wanted = [place for one in plan.part for place in places(one.report) if place not in asked.places]
    return UsageError(
        _("pack “{name}” has no report for {title}").format(name=name, title=asked.title),
        _("Add {option}.").format(option=f"--{wanted[0]} {wanted[0].upper()}") if wanted else "",
    )
