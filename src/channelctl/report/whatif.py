"""A report beside the same one under another policy: who changes, and what it does to the sums."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import make_dataclass, replace
from decimal import Decimal
from importlib import import_module
from typing import Annotated, Any, NamedTuple

from channelctl.columns import Col, columns, in_points
from channelctl.i18n import _, listed
from channelctl.report import Compared, Report, Table, cells

# What adds up: shares of different wholes and ranks do not.
_SUMMED = ("money", "quantity", "score")
_NEW, _CHANGE = "new_", "change_"
_RISES, _FALLS, _STAYS = "rises", "falls", "stays"


class SettingRow(NamedTuple):
    """A setting that differs between the two policies."""

    section: Annotated[str, Col("部分", "Section")]
    setting: Annotated[str, Col("设置", "Setting", kind="code")]
    value: Annotated[str, Col("现值", "In force", kind="code")]
    new_value: Annotated[str, Col("新值", "New", kind="code")]


def differing(
    known: Mapping[str, Col],
    key: Sequence[str],
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
) -> list[SettingRow]:
    """The fields in which records of one kind differ, by key; of one that is on one side only, on which."""
    words = {name.rstrip("_"): cells.words(col) for name, col in known.items() if name not in key}
    old, new = ({" ".join(str(row[name]) for name in key): row for row in rows} for rows in (before, after))
    made, found = _fields_row(known), list[SettingRow]()
    for name in dict.fromkeys((*old, *new)):
        if name not in old or name not in new:
            sides = (_("yes") if name in side else _("no") for side in (old, new))
            found.append(made(name, "", *sides))
            continue
        for field, say in words.items():
            values = [say(side[name].get(field)) for side in (old, new)]
            if values[0] != values[1]:
                found.append(made(name, field, *values))
    return found


def _fields_row(known: Mapping[str, Col]) -> type[SettingRow]:
    """The row of a record's field: people read the field by its heading."""
    headings = {name.rstrip("_"): col.label for name, col in known.items()}
    fields = {
        name: Annotated[str, replace(col, words=lambda field: headings.get(field, field)) if name == "setting" else col]
        for name, col in columns(SettingRow).items()
    }
    return type("FieldRow", (SettingRow,), {"__annotations__": fields})


def direction_text(direction: str) -> str:
    """Which way a figure goes, as a person reads it."""
    return {_RISES: _("rises"), _FALLS: _("falls")}.get(direction, _("stays"))


class _Pair(NamedTuple):
    """A row before and after; None where it is in one of the two reports only."""

    before: Any
    after: Any

    @property
    def either(self) -> Any:
        return self.after if self.before is None else self.before

    def values(self, name: str) -> tuple[Any, Any]:
        return getattr(self.before, name, None), getattr(self.after, name, None)

    def change(self, name: str) -> Any:
        """What the figure rises by; a row that is not there counts as nothing, an unknown figure makes none."""
        whole = self.before is not None and self.after is not None
        return _minus(*self.values(name)) if whole else _minus(*(value or 0 for value in self.values(name)))

    def differs(self, names: Iterable[str]) -> bool:
        return None in self or any(len(set(self.values(name))) > 1 for name in names)


def row_class(row: type, way: Compared) -> type:
    """The columns of a row that stands for both: shown words and figures twice, figures with their change."""
    known = columns(row)
    fields: list[tuple[str, Any]] = [(name, Annotated[Any, known[name]]) for name in (*way.key, *way.names)]
    for name in way.shown:
        fields += [(name, Annotated[Any, known[name]]), (_new(name), Annotated[Any, _renewed(known[name])])]
    for name in way.figures:
        fields += _figure(name, known[name])
    fields.append(("changed", Annotated[bool, Col("有变", "Changed", kind="flag", wide=True)]))
    return make_dataclass("WhatIfRow", fields, frozen=True)


def pair_class(row: type, way: Compared, alike: Sequence[str] = ()) -> type:
    """The columns of the summary: from what to what, or which way, how many, and the sums that add up.

    Of figures that are `alike` in both reports people see one sum.
    """
    known = columns(row)
    if way.shown:
        first = known[way.shown[0]]
        words = first.words or cells.raw
        fields: list[tuple[str, Any]] = [
            (name, Annotated[str | None, replace(first, zh=zh, en=en, words=lambda value: words(value) or "-")])
            for name, zh, en in (("from_", "原", "From"), ("to", "新", "To"))
        ]
    else:
        label = known[way.figures[0]]
        fields = [("direction", Annotated[str, Col(label.zh, label.en, words=direction_text)])]
    fields.append(("rows", Annotated[int, Col("数量", "Count", kind="count")]))
    for name in _summed(known, way):
        fields += _figure(name, known[name], once=name in alike)
    return make_dataclass("WhatIfPair", fields, frozen=True)


def compared(
    before: Report,
    after: Report,
    way: Compared,
    settings: Sequence[SettingRow],
    policies: tuple[str | None, str],
) -> Report:
    """Both reports as one: those rows first that change; `policies` are the two files, None for the defaults."""
    pairs = _paired(before.rows, after.rows, way)
    said = (*way.shown, *way.figures)
    pairs.sort(key=lambda pair: (not (way.shown and pair.differs(way.shown)), not pair.differs(said)))
    made = row_class(before.row, way)
    old, new = policies[0] or _("the defaults"), policies[1]
    settled = Table(type(settings[0]) if settings else SettingRow, settings, _("What differs in the policy"))
    alike = [name for name in way.figures if not any(pair.differs([name]) for pair in pairs)]
    kind = pair_class(before.row, way, alike)
    summed = Table(kind, _summary(pairs, kind, _summed(columns(before.row), way), way), _("What it comes to"))
    return Report(
        f"whatif_{before.name}",
        made,
        [_row(made, pair, way) for pair in pairs],
        " · ".join([_("What if: {new} instead of {old}").format(old=old, new=new), *_title(before, after)]),
        params={**_same(before.params, after.params), "policy": policies[0], "new_policy": new},
        totals=_totals(before, after, way),
        notes=list(dict.fromkeys((*before.notes, *after.notes))),
        closing=_closing(pairs, columns(before.row), said, settings),
        sections={"settings": settled, "summary": summed},
        exit_code=max(before.exit_code, after.exit_code),
        only=[*way.key, *way.names, *_only(pairs, columns(before.row), way)],
    )


def _paired(before: Sequence[Any], after: Sequence[Any], way: Compared) -> list[_Pair]:
    """The rows of the first report in their order, then those that only the second has."""
    old, new = _keyed(before, way), _keyed(after, way)
    return [_Pair(old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new))]


def _keyed(rows: Sequence[Any], way: Compared) -> dict[tuple[Any, ...], Any]:
    """Rows by key, and by the how manieth of it where it stands for several."""
    counts: dict[tuple[Any, ...], int] = {}
    found: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        key = tuple(getattr(row, name) for name in way.key)
        counts[key] = counts.get(key, 0) + 1
        found[(*key, counts[key])] = row
    return found


def _row(made: type, pair: _Pair, way: Compared) -> Any:
    values = [getattr(pair.either, name) for name in (*way.key, *way.names)]
    for name in way.shown:
        values += pair.values(name)
    for name in way.figures:
        values += [*pair.values(name), pair.change(name)]
    return made(*values, pair.differs((*way.shown, *way.figures)))


def _summary(pairs: Sequence[_Pair], made: type, names: Sequence[str], way: Compared) -> list[Any]:
    """The rows by what they change from and to, those that stay last; the counts add up to all rows."""
    groups: dict[tuple[Any, ...], list[_Pair]] = {}
    for pair in pairs:
        key = pair.values(way.shown[0]) if way.shown else (_direction(pair.change(way.figures[0])),)
        groups.setdefault(key, []).append(pair)
    found = []
    for key in sorted(groups, key=lambda key: (key[0] == (key[1] if way.shown else _STAYS), *map(str, key))):
        sums: list[Any] = []
        for name in names:
            old, new = (_sum(group.values(name)[side] for group in groups[key]) for side in (0, 1))
            sums += [old, new, new - old]
        found.append(made(*key, len(groups[key]), *sums))
    return found


def _direction(change: Any) -> str:
    return _STAYS if not change else _RISES if change > 0 else _FALLS


def _sum(values: Iterable[Any]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal("0.00"))


def _summed(known: Mapping[str, Col], way: Compared) -> list[str]:
    return [name for name in way.figures if known[name].kind in _SUMMED]


def _totals(before: Report, after: Report, way: Compared) -> dict[str, Any]:
    """Every total of the report twice, and what it changes by."""
    figures = {
        name: (value, after.totals.get(name))
        for name, value in before.totals.items()
        if isinstance(value, int | Decimal)
    }
    for name, place in way.totals.items():
        total = _dotted(place)
        figures[name] = (total(before.rows), total(after.rows))
    found: dict[str, Any] = {}
    for name, (old, new) in figures.items():
        found |= {name: old, _new(name): new, f"{_CHANGE}{name}": _minus(old, new)}
    return found


def _dotted(place: str) -> Callable[[Sequence[Any]], Any]:
    module, _colon, name = place.partition(":")
    found: Callable[[Sequence[Any]], Any] = getattr(import_module(module), name)
    return found


def _minus(old: Any, new: Any) -> Any:
    return None if old is None or new is None else new - old


def _only(pairs: Sequence[_Pair], known: Mapping[str, Col], way: Compared) -> list[str]:
    """What people see: once what is the same under both, the change of the first figure only.

    Of other figures not those that the summary has the sums of.
    """
    found: list[str] = []
    summed = _summed(known, way)
    for name in (*way.shown, *way.figures):
        if name in summed and name not in way.figures[:1]:
            continue
        found.append(name)
        if any(pair.differs([name]) for pair in pairs):
            found += [_new(name), *([f"{_CHANGE}{name}"] if name in way.figures[:1] else [])]
    return found


def _title(before: Report, after: Report) -> list[str]:
    """What both titles say; what only one does follows from the policy."""
    other = after.title.split(" · ")
    return [part for part in before.title.split(" · ") if part in other]


def _same(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in before.items() if name in after and after[name] == value}


def _closing(
    pairs: Sequence[_Pair], known: Mapping[str, Col], said: Sequence[str], settings: Sequence[SettingRow]
) -> list[str]:
    """How many rows change, and in what."""
    lines = [] if settings else [_("The two policies do not differ.")]
    counts = {name: sum(pair.differs([name]) for pair in pairs) for name in said}
    changed = sum(pair.differs(said) for pair in pairs)
    if not changed:
        return [*lines, _("Changed: none of {rows}.").format(rows=f"{len(pairs):,}")]
    columns_ = listed(f"{_lower(known[name].label)} {count:,}" for name, count in counts.items() if count)
    text = _("Changed: {count} of {rows} ({columns}).")
    return [*lines, text.format(count=f"{changed:,}", rows=f"{len(pairs):,}", columns=columns_)]


def _figure(name: str, known: Col, once: bool = False) -> list[tuple[str, Any]]:
    """A figure, the new one and the change; people see the first where all are alike, a share's change in points."""
    said = in_points if known.kind == "share" else None
    change = Col(f"{known.zh}变化", f"Change in {_lower(known.en)}", kind=known.kind, words=said, wide=once)
    return [
        (name, Annotated[Any, replace(known, bar=False, wide=False)]),
        (_new(name), Annotated[Any, replace(_renewed(known), wide=once)]),
        (f"{_CHANGE}{name}", Annotated[Any, change]),
    ]


def _renewed(known: Col) -> Col:
    return replace(known, zh=f"新{known.zh}", en=f"New {_lower(known.en)}", bar=False)


def _lower(label: str) -> str:
    return label if label.isupper() else label[:1].lower() + label[1:]


def _new(name: str) -> str:
    return f"{_NEW}{name}"
