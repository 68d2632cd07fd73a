"""What columns may mean whose headings we do not know: a field, how sure that is, and why. Nothing is read by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from channelctl.i18n import _, listed
from channelctl.records import Kind, kinds
from channelctl.sheets import headings
from channelctl.sheets.naming import named
from channelctl.sheets.suggesting.known import Known
from channelctl.sheets.suggesting.likeness import Likeness, likeness
from channelctl.sheets.suggesting.looks import Look, Sample, look, products
from channelctl.sheets.wording import text

# From which confidence, in percent, a suggestion is worth typing; and for a sheet that can be read without it.
SUFFICIENT, PLAIN = 60, 75
_LEAST, _BY_PRODUCT = 30, 0.9
_CLOSE, _DOUBT_OF_COLUMN, _DOUBT_OF_FIELD = 0.2, 0.45, 0.25
# Rows looked at, the longest text that makes a row a heading, and the most columns and characters that are compared.
SAMPLE, _LONG, _WIDEST, _LONGEST = 200, 24, 200, 60
# Of a wide sheet fewer rows are looked at: so many cells, but so many rows at least.
_CELLS, _FEWEST = 10_000, 20
# Of these a sheet of sales mostly has one each; a column not read that looks like it is worth a word.
_LIKELY = (
    ("amount", "amount_taxed"),
    ("quantity",),
    ("customer", "customer_code"),
    ("product", "product_code"),
    ("office", "office_code", "region"),
)


class Suggestion(NamedTuple):
    """A column and the field it may be, with the confidence in percent and what speaks for it."""

    sample: Sample
    field: str
    confidence: int
    reasons: Sequence[str]

    @property
    def name(self) -> str:
        """The field as it is typed."""
        return self.field.rstrip("_")

    @property
    def why(self) -> str:
        """What speaks for it."""
        return listed(self.reasons)

    @property
    def example(self) -> str:
        """The first value of the column."""
        return self.sample.words[0] if self.sample.words else ""


@dataclass(frozen=True)
class Guess:
    """What a sheet may be: a kind, its heading row (0-based), the columns whose headings we know, and those we guess.

    `implied` are fields that its name or title gives; `by_kind` is set where it is read so only with --kind, `against`
    to the word of its own that says it is none.
    """

    sheet: str
    kind: Kind
    row: int
    samples: Sequence[Sample]
    sure: Mapping[int, str]
    ranked: Mapping[str, Sequence[Suggestion]]
    implied: frozenset[str] = field(default=frozenset())
    by_kind: bool = False
    against: str = ""

    @cached_property
    def chosen(self) -> Sequence[Suggestion]:
        """Each column as one field at most and each field once, the surest first."""
        found: list[Suggestion] = []
        every = sorted((one for ones in self.ranked.values() for one in ones), key=lambda one: -one.confidence)
        for one in every:
            if not any(one.field == other.field or one.sample.index == other.sample.index for other in found):
                found.append(one)
        return found

    @property
    def sufficient(self) -> Mapping[str, str]:
        """The suggestions that are sure enough, as a mapping in the order of the columns."""
        sure = [one for one in self.chosen if one.confidence >= SUFFICIENT]
        return {one.sample.heading: one.name for one in sorted(sure, key=lambda one: one.sample.index)}

    def lacking(self, told: Mapping[str, str] | None = None) -> list[tuple[str, ...]]:
        """The groups of needed fields of which the headings, and what was told, have none."""
        has = {*self.sure.values(), *self.implied, *(told or {}).values()}
        needed = [tuple(one.rstrip("!") for one in group) for group in self.kind.needs]
        return [group for group in needed if not has & {one.rstrip("_") for one in group}]

    @property
    def weight(self) -> float:
        """How many columns are known or surely guessed."""
        return len(self.sure) + sum(one.confidence / 100 for one in self.chosen if one.confidence >= SUFFICIENT)

    @property
    def complete(self) -> bool:
        """Whether with its suggestions it would have all that its kind needs, and little that is not understood."""
        if self.lacking(self.sufficient):
            return False
        return not self.kind.named or self.weight * 2 >= max(len(self.samples), 3)


def guess(
    rows: Sequence[Sequence[Any]], sheet: str, known: Known, wanted: str | None, names: Sequence[str]
) -> Guess | None:
    """What a sheet may be whose headings do not say it: as sales if it can be, else as what it is likelier.

    `rows` are its first ones; None where they hold no headings.
    """
    row = heading_row(rows)
    if row is None:
        return None
    found = samples(rows, row)
    titles = [*names, *(text(cell) or "" for above in rows[:row] for cell in above)]
    month = frozenset({"month"}) if any(headings.title_month(title) for title in titles) else frozenset[str]()
    guesses = [
        _of_kind(kind, sheet, row, found, known, month if kind.name == "plan" else frozenset())
        for kind in kinds().values()
        if wanted == kind.name or (wanted is None and not _is_too_wide(kind, found))
    ]
    return max(guesses, key=lambda one: (one.complete, one.kind.name == "sales", round(one.weight, 6)))


def _is_too_wide(kind: Kind, found: Sequence[Sample]) -> bool:
    """Whether most of so many columns can be no field of a kind, so that a guess would never be complete."""
    return kind.named and len(found) > 2 * len(kind.columns)


def _of_kind(kind: Kind, sheet: str, row: int, found: Sequence[Sample], known: Known, implied: frozenset[str]) -> Guess:
    sure: dict[int, str] = {}
    for sample in found:
        name = named(kind, sample.heading)
        if name and name not in sure.values():
            sure[sample.index] = name
    return Guess(sheet, kind, row, found, sure, _ranked(kind, found, sure, known), implied)


def unread(rows: Sequence[Sequence[Any]], row: int, columns: Mapping[str, int], known: Known) -> list[Suggestion]:
    """Columns of a sheet of sales that are not read but look plainly like something that it lacks.

    `columns` are those that are read: field -> place.
    """
    kind = kinds()["sales"]
    lacking = {name for group in _LIKELY if not {*group} & {*columns} for name in group}
    if not lacking:
        return []
    sure = {place: name for name, place in columns.items()}
    ranked = _ranked(kind, samples(rows, row), sure, known, by_sound=False)
    found = Guess("", kind, row, (), sure, ranked)
    return [one for one in found.chosen if one.field in lacking and one.confidence >= PLAIN]


def heading_row(rows: Sequence[Sequence[Any]]) -> int | None:
    """The likeliest heading: the first row with the most short, distinct texts that are neither numbers nor long."""
    best: tuple[int, int] | None = None
    for place, row in enumerate(rows):
        words = {word for cell in row if isinstance(cell, str) and (word := text(cell)) and len(word) <= _LONG}
        count = sum(not _is_figure(word) for word in words)
        if count and (best is None or count > best[0]):
            best = (count, place)
    return best[1] if best else None


def _is_figure(word: str) -> bool:
    """Whether a text begins as numbers and dates do."""
    return word.lstrip("+-(（¥￥$ ")[:1].isdigit()


def samples(rows: Sequence[Sequence[Any]], row: int) -> list[Sample]:
    """The columns under a heading row that have a heading, with some of their cells."""
    below = rows[row + 1 : row + 1 + max(_FEWEST, min(SAMPLE, _CELLS // len(rows[row])))]
    return [
        Sample(
            index,
            heading,
            [cells[index] if index < len(cells) else "" for cells in below],
            headings.read(heading).factor,
        )
        for index, cell in enumerate(rows[row][:_WIDEST])
        if isinstance(cell, str) and (heading := text(cell)) and len(heading) <= _LONGEST
    ]


def _ranked(
    kind: Kind, found: Sequence[Sample], sure: Mapping[int, str], known: Known, by_sound: bool = True
) -> dict[str, list[Suggestion]]:
    """Field -> the columns that may be it, the likeliest first."""
    scores: dict[tuple[int, str], float] = {}
    reasons: dict[tuple[int, str], list[str]] = {}
    places = {name: place for place, name in sure.items()}
    multiplied = products(found, places.get("quantity"), places.get("unit_price")) if kind.name == "sales" else {}
    for sample in found:
        if sample.index in sure:
            continue
        alike = likeness(kind, sample.heading, by_sound=by_sound)
        for name, column in kind.columns.items():
            if name in places:
                continue
            seen = look(sample, kind, name, column, known)
            if name in multiplied and multiplied[name][0] == sample.index:
                seen = Look(_BY_PRODUCT, multiplied[name][1])
            scores[sample.index, name] = _confidence(alike.get(name), seen)
            reasons[sample.index, name] = _reasons(alike.get(name), seen)
    by_index = {sample.index: sample for sample in found}
    ranked: dict[str, list[Suggestion]] = {}
    columns, fields = _best_two(scores, 1), _best_two(scores, 0)
    for (index, name), score in scores.items():
        doubt = _DOUBT_OF_COLUMN * _closeness(score, columns[name], index)
        doubt += _DOUBT_OF_FIELD * _closeness(score, fields[index], name)
        percent = round(100 * score * (1 - doubt))
        if percent >= _LEAST:
            one = Suggestion(by_index[index], name, percent, reasons[index, name])
            ranked.setdefault(name, []).append(one)
    return {name: sorted(ones, key=lambda one: -one.confidence) for name, ones in ranked.items()}


def _best_two(scores: Mapping[tuple[int, str], float], by: int) -> dict[Any, list[tuple[float, Any]]]:
    """The two best scores of each field, with their columns (`by` 1), or of each column with their fields (`by` 0)."""
    found: dict[Any, list[tuple[float, Any]]] = {}
    for key, score in scores.items():
        best = found.setdefault(key[by], [])
        best.append((score, key[1 - by]))
        best.sort(key=lambda one: -one[0])
        del best[2:]
    return found


def _closeness(score: float, best: Sequence[tuple[float, Any]], own: Any) -> float:
    """1 where another does as well, 0 where the best of the others lies well behind."""
    other = next((theirs for theirs, of in best if of != own), 0.0)
    return min(1.0, max(0.0, 1 - (score - other) / _CLOSE))


def _confidence(alike: Likeness | None, seen: Look) -> float:
    """Name and values together: what values speak against cannot be, whatever the name says."""
    by_name = alike.score if alike else 0.0
    return by_name * (1 + seen.weight) if seen.weight < 0 else 1 - (1 - by_name) * (1 - seen.weight)


def _reasons(alike: Likeness | None, seen: Look) -> list[str]:
    found = []
    if alike is not None:
        ways = {"name": _("like “{name}”"), "sound": _("sounds like “{name}”"), "part": _("“{name}” stands in it")}
        found.append(ways[alike.by].format(name=alike.name))
    return [*found, seen.seen] if seen.weight > 0 and seen.seen else found
