"""Which field a heading names: by our names for it, by --map, and in which unit its figures are."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from operator import itemgetter

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.records import Kind, kinds
from channelctl.sheets import headings
from channelctl.sheets.layout import Column
from channelctl.sheets.shapes import spans

IGNORE = "-"
WEAK = 1000
_NONE: Mapping[str, tuple[str, int]] = {}
_LETTER, _BRACKET = re.compile(r"[a-z\u3400-\u9fff]"), re.compile(r"[(（\[［【<＜]")
_SCRIPTS = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]*[A-Za-z][^\u3400-\u9fff]*")


def _field(kind: Kind, word: str) -> tuple[str, int]:
    """The field a heading names and how far down its list of names; ("", 0) for none."""
    return _fields(word).get(kind.name, ("", 0))


@lru_cache(maxsize=65536)
def _fields(word: str) -> Mapping[str, tuple[str, int]]:
    """The same for every kind that has such a field.

    A heading in two languages, 金额 Amount, names a field where both of its parts name that one.
    """
    if not _may_be_known(word):
        return _NONE
    known = _every_alias()
    found = {**known.get(headings.key(word), {}), **known.get(headings.read(word).key, {})}
    if word.isascii():
        return found
    parts = [known.get(headings.read(part).key, {}) for part in _SCRIPTS.findall(word)]
    for kind in set().union(*parts) - found.keys():
        said = {part.get(kind, ("", 0)) for part in parts}
        if len({name for name, _rank in said}) == 1:
            found[kind] = max(said, key=itemgetter(1))
    return found


def _may_be_known(word: str) -> bool:
    """Whether it begins as one of our names does, or has brackets: most texts do neither, which is soon found out."""
    plain = headings.key(word)
    first = _LETTER.search(plain)
    begin = plain[first.start() : first.start() + 2] if first else plain[:2]
    starts = _starts()
    return begin in starts or begin[:1] in starts or plain[:2] in starts or _BRACKET.search(word) is not None


def is_known(word: str, told: Collection[str] = ()) -> bool:
    """Whether a heading names a field of any kind, or is among those told (in plain form)."""
    return bool(_fields(word)) or (bool(told) and not {headings.key(word), headings.read(word).key}.isdisjoint(told))


@lru_cache(maxsize=65536)
def may_group(word: str) -> bool:
    """Whether a heading may be the upper part of one that names a field, as 金额 over 含税 is."""
    if not _may_be_known(word):
        return False
    own = {headings.key(word), headings.read(word).key}
    return not own.isdisjoint(_affixes()) or any(
        headings.read(one).key in _every_alias() for one in _SCRIPTS.findall(word)
    )


def named(kind: Kind, word: str) -> str:
    """The field that a heading names of itself, "" for none."""
    return _field(kind, word)[0]


def ignored(unread: Mapping[int, str], mapping: Mapping[str, str]) -> frozenset[int]:
    """The columns that --map leaves out."""
    left = {headings.key(heading) for heading, target in mapping.items() if target == IGNORE}
    return frozenset(index for index, word in unread.items() if headings.key(word) in left)


def matched(
    kind: Kind, words: Mapping[int, str], mapping: Mapping[str, str], title: Decimal | None
) -> tuple[dict[str, Column], dict[str, tuple[int, int]]]:
    """The fields that the headings name, each with its column, and how near the name was: (rank, column)."""
    columns: dict[str, Column] = {}
    ranks: dict[str, tuple[int, int]] = {}
    plain_mapping = {headings.key(heading): target for heading, target in mapping.items()}
    for index, word in words.items():
        if not is_known(word, plain_mapping):
            continue
        heading = headings.read(word)
        told = plain_mapping.get(headings.key(word), plain_mapping.get(heading.key)) if plain_mapping else None
        if told is not None:
            name = target_field(kind, told)
            match, rank = ("--map", -1) if name else ("", 0)
        else:
            name, rank = ("", 0) if _is_aside(kind, word) else _field(kind, word)
            match = ("name" if rank == 0 else "alias" if rank < WEAK else "hint") if name else ""
        if not name or not match or (name in ranks and ranks[name] <= (rank, index)):
            continue
        factor = factor_of(kind.columns[name], name, heading, title)
        columns[name], ranks[name] = Column(index, word, match, factor), (rank, index)
    hints = _hints(kind)
    for index, word in words.items() if hints else ():
        hinted = hints.get(headings.key(word))
        if hinted and hinted not in columns:
            columns[hinted], ranks[hinted] = Column(index, word, "hint"), (WEAK, index)
    return columns, ranks


def _is_aside(kind: Kind, word: str) -> bool:
    """Whether a heading speaks of sales of another time, or up to a day: no figure of the line it stands in."""
    if kind.name != "sales" or not (spans.is_running(word) or spans.is_other(word)):
        return False
    return kind.columns[name].is_number if (name := _field(kind, word)[0]) else False


def factor_of(column: Col, name: str, heading: headings.Heading, title: Decimal | None) -> Decimal | None:
    """What the column's figures are multiplied by: its own unit, else the title's, but never that for unit prices."""
    if column.kind == "quantity" and not headings.is_money(heading.unit):
        return heading.factor
    if column.kind != "money":
        return None
    factor = heading.factor or (title if name != "unit_price" else None)
    return None if factor == 1 else factor


@cache
def _aliases(kind: Kind) -> Mapping[str, tuple[str, int]]:
    """Plain heading -> (field, how far down its list of names); 1000 and more for names that only support others."""
    found: dict[str, tuple[str, int]] = {}
    for name, column in kind.columns.items():
        for place, alias in enumerate((column.zh, column.en, name.rstrip("_"), *column.aliases)):
            weak = alias.startswith("~")
            rank = (WEAK if weak else 0) + (0 if place < 3 else place)
            key = headings.key(alias.lstrip("~"))
            if key not in found or rank < found[key][1]:
                found[key] = (name, rank)
    return found


@cache
def _every_alias() -> Mapping[str, Mapping[str, tuple[str, int]]]:
    """Plain heading -> kind -> (field, how far down its list of names)."""
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for kind in kinds().values():
        for key, said in _aliases(kind).items():
            found.setdefault(key, {})[kind.name] = said
    return found


@cache
def _starts() -> frozenset[str]:
    """The first two signs of each of our names, of the shortest the only one."""
    return frozenset(alias[:2] for alias in _every_alias())


@cache
def _affixes() -> frozenset[str]:
    """What our names begin and end with."""
    ends = (
        end for alias in _every_alias() for place in range(1, len(alias) + 1) for end in (alias[:place], alias[-place:])
    )
    return frozenset(ends)


@cache
def _hints(kind: Kind) -> Mapping[str, str]:
    """Plain heading -> the field it stands in for, besides its own: an office without a name goes by its city."""
    return {
        headings.key(alias[1:]): name
        for name, column in kind.columns.items()
        for alias in column.aliases
        if alias.startswith("~")
    }


def target_field(kind: Kind, target: str) -> str:
    """The field of a kind that --map's right side names, by field name, heading or alias; "" where it has none."""
    if target == IGNORE:
        return ""
    if target == kind.name and kind.named:
        return "name"
    plain = headings.key(target)
    for name in kind.columns:
        if plain == headings.key(name.rstrip("_")):
            return name
    return _aliases(kind).get(plain, ("", 0))[0]


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a --map whose right side is a field of no kind."""
    for heading, target in mapping.items():
        if target == IGNORE or any(target_field(kind, target) for kind in kinds().values()):
            continue
        fields = sorted({name.rstrip("_") for name in kinds()["sales"].columns})
        raise UsageError(
            _("--map {heading}={target}: there is no field {target}").format(heading=heading, target=target),
            _("The fields of a sale line are: {names}").format(names=listed(fields)),
        )
