"""Questions to a person at a terminal: which column is what. Nothing is taken that was not confirmed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from channelctl.i18n import _, either
from channelctl.report import out, safe
from channelctl.report.width import pad, width
from channelctl.sheets.results import FileResult
from channelctl.sheets.suggesting.suggest import SUFFICIENT, Guess, Suggestion
from channelctl.sheets.suggesting.unknown import needed, speaks_against

_LEAVE = "-"
_WIDEST = 24


class Answers(NamedTuple):
    """What was answered: heading -> field, the name to keep that under ("" for no), and the kind to read it as."""

    mapping: dict[str, str]
    save: str
    kind: str | None


def ask(result: FileResult, offer_to_keep: bool) -> Answers | None:
    """What the columns of a refused file are; None where that was not told, and the refusal stands.

    A question for each needed field that no heading names, with the likeliest column as default, then for each
    other column whose meaning is likely.
    """
    guess = result.guess
    if guess is None:
        return None
    _say(_introduction(result, guess))
    mapping: dict[str, str] = {}
    for group in guess.lacking():
        if _taken(mapping, group):
            continue
        ranked = sorted(
            (one for name in group for one in guess.ranked.get(name, ()) if one.sample.heading not in mapping),
            key=lambda one: -one.confidence,
        )
        answer = _column(guess, needed(guess.kind, group), group, ranked[:1], mapping)
        if answer is None:
            return None
        mapping |= answer
    if guess.lacking(mapping):
        _say([_("Without these it cannot be read.")])
        return None
    for one in guess.chosen:
        if one.confidence >= SUFFICIENT and one.sample.heading not in mapping and one.name not in mapping.values():
            answer = _column(guess, one.name, (one.field,), [one], mapping)
            if answer is None:
                return None
            mapping |= answer
    save = out.ask(_("Keep this for sheets with the same headings? A name, or Enter for no: ")) if offer_to_keep else ""
    return None if save is None else Answers(mapping, save, guess.kind.name if guess.by_kind else None)


def _taken(mapping: dict[str, str], group: Sequence[str]) -> bool:
    return any(name.rstrip("_") in mapping.values() for name in group)


def _introduction(result: FileResult, guess: Guess) -> Iterator[str]:
    """The columns by number, with the field of those we know and the first value of each."""
    where = f"{result.file} · {guess.sheet}" if guess.sheet else result.file
    yield _("{where}: not all headings are known. As {kind}, which column is what?").format(
        where=where, kind=guess.kind.label
    )
    if guess.against:
        yield speaks_against(guess)
    wide = min(_WIDEST, max(width(one.heading) for one in guess.samples))
    for number, one in enumerate(guess.samples, 1):
        field = guess.sure.get(one.index, "").rstrip("_")
        first = one.words[0] if one.words else ""
        yield f"{number:>4}  {pad(one.heading, wide)}  {first}{f'  = {field}' if field else ''}"


def _column(
    guess: Guess, what: str, group: Sequence[str], best: Sequence[Suggestion], mapping: dict[str, str]
) -> dict[str, str] | None:
    """The answer to one question, {} for none of them; None where the answers end."""
    if best:
        one = best[0]
        number = next(place for place, sample in enumerate(guess.samples, 1) if sample is one.sample)
        default = f"{number} {one.sample.heading}"
        why = either("：", ": ") + one.why if one.reasons else ""
        question = _("{what}? [{default}, {confidence} %{why}] ").format(
            what=what, default=default, confidence=one.confidence, why=why
        )
    else:
        question = _("{what}? (its number, or - for none) ").format(what=what)
    while (said := out.ask(safe.shown(question))) is not None:
        if not said and best:
            return {best[0].sample.heading: best[0].name}
        if said == _LEAVE:
            return {}
        if said.isdecimal() and 1 <= int(said) <= len(guess.samples):
            heading = guess.samples[int(said) - 1].heading
            if heading not in mapping:
                ranked = (one for name in group for one in guess.ranked.get(name, ()) if one.sample.heading == heading)
                found = max(ranked, key=lambda one: one.confidence, default=None)
                return {heading: found.name if found else group[0].rstrip("_")}
        _say([_("Enter takes what stands in brackets; the number of another column takes that; - leaves it out.")])
    return None


def _say(lines: Sequence[str] | Iterator[str]) -> None:
    for line in lines:
        out.remark(safe.shown(line))
