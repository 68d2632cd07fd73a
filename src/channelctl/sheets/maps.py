"""Mappings that are kept: by which headings a sheet is known again, and what its words mean."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import audit
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.sheets import headings
from channelctl.sheets.finding import Remembered
from channelctl.sheets.layout import Layout
from channelctl.sheets.naming import check_mapping
from channelctl.storage import SavedMap

KIND = "map"
_TABLE = SavedMap.__table__  # type: ignore[attr-defined]


def remembered(session: Session) -> Mapping[str, Remembered]:
    """The mappings kept, by the headings they are for; one can be for the sheets of several exports."""
    return {
        line: Remembered(one.name, json.loads(one.mapping))
        for one in kept(session)
        for line in one.fingerprint.splitlines()
    }


def kept(session: Session) -> list[SavedMap]:
    """Every mapping, by name."""
    return list(session.execute(select(SavedMap).order_by(col(SavedMap.name))).scalars())


def named(session: Session, name: str) -> SavedMap:
    """The mapping of that name.

    Raises:
        UsageError: there is none; says which there are.
    """
    found: SavedMap | None = session.execute(select(SavedMap).where(col(SavedMap.name) == name.strip())).scalar()
    if found is None:
        names = [one.name for one in kept(session)]
        raise UsageError(
            _("there is no mapping “{name}”").format(name=name),
            _("There are: {names}").format(names=listed(names))
            if names
            else _("None is kept yet: channelctl import FILE --map HEADING=FIELD --save-map NAME"),
        )
    return found


def keep(session: Session, batch: int, name: str, layouts: Sequence[Layout], mapping: Mapping[str, str]) -> bool:
    """Keep a mapping for sheets with the headings of these; whether that changed anything.

    Under a name that has the same mapping already the headings are added to it, else it becomes this one. Other
    mappings no longer serve these headings.
    """
    used = [layout for layout in layouts if _serves(mapping, layout)]
    if not used:
        raise UsageError(_("--save-map {name}: no --map applied to this file").format(name=name))
    lines = list(dict.fromkeys(layout.fingerprint for layout in used))
    before = remembered(session)
    told = {word: field for line in lines if line in before for word, field in before[line].mapping.items()}
    told |= mapping
    others = {one.name: one for one in kept(session)}
    same = others.pop(name.strip(), None)
    changes = [
        _change(session, batch, one, {"fingerprint": "\n".join(rest)})
        for one in others.values()
        if (rest := [line for line in one.fingerprint.splitlines() if line not in lines]) or one.fingerprint
    ]
    if same is None:
        values = {"name": name.strip(), "fingerprint": "\n".join(lines), "mapping": _text(told)}
        audit.make(session, batch, KIND, _TABLE, values)
        return True
    if json.loads(same.mapping) == told:
        lines = list(dict.fromkeys([*same.fingerprint.splitlines(), *lines]))
    return any([*changes, _change(session, batch, same, {"fingerprint": "\n".join(lines), "mapping": _text(told)})])


def edit(session: Session, name: str, changes: Mapping[str, str], rename: str = "") -> tuple[SavedMap, bool]:
    """The mapping with other words: heading -> field, "" for one that is to be forgotten; and whether it changed.

    Raises:
        UsageError: a field that no kind has, a heading that the mapping lacks, a name that another one has.
    """
    one = named(session, name)
    check_mapping({heading: field for heading, field in changes.items() if field})
    mapping: dict[str, str] = json.loads(one.mapping)
    for heading, field in changes.items():
        same = [old for old in mapping if headings.key(old) == headings.key(heading)]
        if not field and not same:
            raise UsageError(
                _("the mapping “{name}” has no heading “{heading}”").format(name=one.name, heading=heading),
                _("It has: {headings}").format(headings=listed(mapping)),
            )
        if field:
            mapping[same[0] if same else heading] = field
        else:
            for old in same:
                del mapping[old]
    if not mapping:
        raise UsageError(
            _("nothing would be left of the mapping “{name}”").format(name=one.name),
            _("To remove it: channelctl map remove {name}").format(name=one.name),
        )
    other = rename.strip()
    if other and other != one.name and any(known.name == other for known in kept(session)):
        raise UsageError(_("there is a mapping “{name}” already").format(name=other))
    batch = audit.open_batch(session, "map edit")
    changed = _change(session, batch, one, {"name": other or one.name, "mapping": _text(mapping)})
    return one, changed


def remove(session: Session, name: str) -> SavedMap:
    """Forget a mapping; what it was."""
    one = named(session, name)
    session.expunge(one)
    assert one.id is not None  # noqa: S101
    audit.remove(session, audit.open_batch(session, "map remove"), KIND, _TABLE, one.id)
    return one


def _serves(mapping: Mapping[str, str], layout: Layout) -> bool:
    """Whether a sheet has one of the headings that a mapping names."""
    words = {*layout.words, *(column.heading for column in layout.columns.values())}
    plain = {key for word in words for key in (headings.key(word), headings.read(word).key)}
    return any(headings.key(heading) in plain for heading in mapping)


def _change(session: Session, batch: int, one: SavedMap, values: Mapping[str, Any]) -> bool:
    new = {name: value for name, value in values.items() if getattr(one, name) != value}
    if not new:
        return False
    assert one.id is not None  # noqa: S101
    audit.amend(session, batch, KIND, _TABLE, one.id, new)
    session.refresh(one)
    return True


def _text(mapping: Mapping[str, str]) -> str:
    return json.dumps(dict(mapping), ensure_ascii=False)
