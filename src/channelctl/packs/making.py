"""A pack as it is planned, and whose and when: every report of it, asked for."""

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.packs import Absent, Pack, Part
from channelctl.packs.asking import ask, completed, options
from channelctl.packs.definition import PackPlan, PartPlan, said

_SCOPE = {"--office", "--region"}
_PLACE = re.compile(r"\{(\w+)\}")


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
        UsageError: a command line of it is none.
        RefusedError: there is nothing for any of its reports.
    """
    parts: list[Part] = []
    absent: list[Absent] = []
    taken: Counter[str] = Counter()
    for one in plan.part:
        words = _words(one, asked)
        if words is None:
            continue
        made = _part(one, words, taken)
        if isinstance(made, Part):
            parts.append(made)
        else:
            absent.append(made)
    if not parts:
        raise RefusedError(
            _("there is nothing to report: {title}").format(title=asked.title), absent[0].reason if absent else ""
        )
    params = {option.removeprefix("--").replace("-", "_"): value for option, value in asked.given.items()}
    return Pack(name, asked.title, parts, params, absent, asked.origin, plan.one_page)


def _words(one: PartPlan, asked: Asked) -> tuple[str, ...] | None:
    """The command line of a part; None where the pack is not one that it stands in."""
    if one.for_ and (one.for_ == "office") != (asked.office is not None):
        return None
    plain = shlex.split(one.report)
    if not plain:
        raise UsageError(_("a report without a command line"), _('report = "tier"'))
    if any(place not in asked.places for word in plain for place in _PLACE.findall(word)):
        return None
    words = [_PLACE.sub(lambda found: asked.places[found[1]], word) for word in plain]
    if not one.everywhere and not _SCOPE & asked.given.keys() <= options(words):
        return None
    return completed(words, asked.given)


def _part(one: PartPlan, words: tuple[str, ...], taken: Counter[str]) -> Part | Absent:
    """What a command line gives, or why it gives nothing."""
    title = said(one.title)
    try:
        report = ask(words)
    except RefusedError as error:
        return Absent(title or " ".join(words), words, error.message)
    title = title or report.title.split(" · ")[0] or report.name
    if not (report.rows or any(section.rows for section in report.sections.values())):
        return Absent(title, words, next(iter([*report.notes, *report.closing]), _("nothing in this period")))
    if one.only:
        report = replace(report, only=one.only)
    if not one.charts:
        report = replace(report, charts=())
    slug = report.name.replace("_", "-")
    taken[slug] += 1
    return Part(slug if taken[slug] == 1 else f"{slug}-{taken[slug]}", title, words, report, one.most)
