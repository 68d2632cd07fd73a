"""A person's data taken out of the database for good: the record stays as a number without a person."""

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from channelctl import audit, db
from channelctl import held as logins
from channelctl.columns import Col
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed, ngettext
from channelctl.records import Kind, kinds, store
from channelctl.records.names import name_key
from channelctl.storage import AuditEntry, Change, KeptFile

COMMAND = "erase"
# The columns that tell of a person; their name is one of them everywhere. The first ones tell who it is.
_NAME = ("name", "name_key", "pinyin", "initials")
_WHO = ("name", "phone", "email", "legal_representative")
_NAMES = ("name", "legal_representative")
PERSONAL: Mapping[str, tuple[str, ...]] = {
    "contact": ("position", "role", "phone", "email", "birthday", "likes", "remark"),
    "customer": ("address", "phone", "legal_representative", "culture", "needs", "remark"),
    "rep": ("phone", "email"),
}
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_LARGEST = 256 * 1024 * 1024


def what(place: str) -> str:
    """What was erased, as a person reads it."""
    known = {
        "fields": _("fields of the record"),
        "changes": _("earlier values, kept for undoing"),
        "aliases": _("other names of it"),
        "named": _("its name in other records, as of who did something"),
        "files": _("kept files"),
    }
    return known[place]


class ErasedRow(NamedTuple):
    """How much was erased of one sort."""

    place: Annotated[str, Col("内容", "What", words=what)]
    erased: Annotated[int, Col("数量", "Count", kind="count")]


@dataclass(frozen=True)
class Erased:
    """What an erasing came to: `code` stands for the person now; `left` says where the same words stand elsewhere."""

    code: str
    rows: list[ErasedRow]
    left: list[str]

    @property
    def changed(self) -> bool:
        """Whether there was anything to erase."""
        return any(row.erased for row in self.rows)


def erase(session: Session, kind_name: str, word: str, fields: Sequence[str] = ()) -> Erased:
    """Blank what tells of a person (or those fields of it) in the record, in what is kept for undoing, in kept files.

    Raises:
        UsageError: records of this kind tell of no person, there is no such record, nor ever was, or no such field.
        RefusedError: a login that is kept to a part of the database asks.
    """
    if kind_name not in PERSONAL:
        raise UsageError(
            _("there are no personal fields in {kind}").format(kind=kind_name),
            _("Erased are: {names}").format(names=listed(PERSONAL)),
        )
    if logins.is_held():
        raise RefusedError(
            _("{user} may not erase: what tells of a person is also where this login does not see it").format(
                user=audit.user()
            ),
            _("Whoever owns the database erases."),
        )
    kind = kinds()[kind_name]
    db.overwrite_deleted(session)
    number, code = _found(session, kind, word)
    changes = list(session.execute(_changes(kind, number)).scalars())
    blank = _blank(kind, code, fields)
    held, batches = _blank_record(session, kind, number, blank)
    for change in changes:
        batches.add(change.batch_id)
        held += _values(change)
    aliases = _drop_aliases(session, kind, number) if "name" in blank else []
    words = _telling([*_blanked(held, blank), *(("name", alias) for alias in aliases)], code)
    batch = audit.open_batch(session, f"{kind.command} {COMMAND}")
    audit.note(session, batch, "erased", kind.name, number)
    rewritten = sum(_rewrite(change, blank) for change in changes)
    names = {name_key(str(value)) for name, value in _blanked(held, blank) if name in _NAMES} | set(
        map(name_key, aliases)
    )
    named, renamed = _rename(session, names, code)
    session.flush()
    blanked = {name for name, _value in _blanked(held, blank)} - set(_NAME[1:])
    return Erased(
        code,
        [
            ErasedRow("fields", len(blanked)),
            ErasedRow("changes", rewritten + renamed),
            ErasedRow("aliases", len(aliases)),
            ErasedRow("named", named),
            ErasedRow("files", _drop_files(session, batches, words)),
        ],
        list(_elsewhere(session, words)),
    )


def _found(session: Session, kind: Kind, word: str) -> tuple[int, str]:
    """The number and the code of a record; also of one that was removed and could still be brought back."""
    try:
        number, row = store.one(session, kind, [word])
        return number, row.code
    except UsageError:
        wanted = name_key(word, kind.name)
        for change in session.execute(sa.select(Change).where(col(Change.kind) == kind.name)).scalars():
            before = json.loads(change.before)
            if "code" in before and wanted in (name_key(str(before["code"])), before.get("name_key")):
                return change.record_id, str(before["code"])
        raise


def _changes(kind: Kind, number: int) -> Any:
    return sa.select(Change).where(col(Change.kind) == kind.name, col(Change.record_id) == number)


def _blank(kind: Kind, code: str, fields: Sequence[str]) -> dict[str, Any]:
    """What stands in the personal columns from now on."""
    known = ("name", *PERSONAL[kind.name])
    chosen = [store.field_named(kind, word) for word in fields] or known
    wrong = [name for name in chosen if name not in known]
    if wrong:
        raise UsageError(
            _("{name} is no personal field").format(name=wrong[0]), _("Erased are: {names}").format(names=listed(known))
        )
    blank: dict[str, Any] = {name: None for name in chosen if name != "name"}
    if "name" in chosen:
        blank |= zip(_NAME, (code, name_key(code, kind.name), "", ""), strict=True)
    return blank


Held = list[tuple[str, Any]]


def _blank_record(session: Session, kind: Kind, number: int, blank: Mapping[str, Any]) -> tuple[Held, set[int]]:
    """Blank the record itself, if it is there; what it held, and the batch that made it."""
    table = kind.model().__table__
    columns = [table.c[name] for name in (*blank, "batch_id")]
    row = session.execute(sa.select(*columns).where(table.c.id == number)).one_or_none()
    if row is None:
        return [], set()
    session.execute(sa.update(table).where(table.c.id == number).values(dict(blank)))
    return list(zip(blank, row, strict=False)), {row[-1]}


def _values(change: Change) -> Held:
    """The values that an earlier change keeps."""
    texts = [text for text in (change.before, change.after) if text]
    return [item for text in texts for item in json.loads(text).items()]


def _blanked(held: Held, blank: Mapping[str, Any]) -> Held:
    return [(name, value) for name, value in held if name in blank and value not in (None, "", blank[name])]


def _telling(held: Held, code: str) -> list[str]:
    """The words that tell who it is; the code that stays is none of them."""
    found = {str(value).strip() for name, value in held if name in _WHO and value}
    return sorted(word for word in found if len(word) > 1 and word != code)


def _rewrite(change: Change, blank: Mapping[str, Any]) -> bool:
    """Blank the values that a change keeps; undoing its batch then brings the blank ones."""
    return _put(change, lambda values: {name: blank.get(name, value) for name, value in values.items()})


def _put(change: Change, become: Callable[[dict[str, Any]], dict[str, Any]]) -> bool:
    """Let the values that a change keeps become others; whether they are."""
    old = [json.loads(text) if text else None for text in (change.before, change.after)]
    new = [values and become(values) for values in old]
    if new == old:
        return False
    before, after = (json.dumps(values, ensure_ascii=False, sort_keys=True) if values else None for values in new)
    change.before, change.after = before or change.before, after or change.after
    return True


def _rename(session: Session, names: set[str], code: str) -> tuple[int, int]:
    """Let the code stand for the person in columns that say who did something; how many cells, and earlier values.

    A name that another person on file has is left: it may be that one's.
    """
    for kind_name in PERSONAL:
        column = kinds()[kind_name].model().__table__.c.name_key
        names = names - set(session.execute(sa.select(column).where(column.in_(names))).scalars())
    if not names:
        return 0, 0
    kind_names = {kind.model().__table__.name: kind.name for kind in kinds().values()}
    cells, places = 0, {}
    for table in SQLModel.metadata.sorted_tables:
        columns = [column for column in table.c if column.info.get("person")]
        if columns:
            places[kind_names.get(table.name, table.name)] = {column.name for column in columns}
        for column in columns:
            words = session.execute(sa.select(column).where(column.is_not(None)).distinct()).scalars()
            meant = [word for word in words if name_key(word) in names]
            cells += session.execute(sa.select(sa.func.count()).where(column.in_(meant))).scalar_one()
            session.execute(sa.update(table).where(column.in_(meant)).values({column.name: code}))
    changes = session.execute(sa.select(Change).where(col(Change.kind).in_(places))).scalars()
    return cells, sum(_put(change, _renamed(names, code, places[change.kind])) for change in changes)


def _renamed(names: set[str], code: str, fields: Collection[str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Puts the code for the names in these fields."""

    def become(values: dict[str, Any]) -> dict[str, Any]:
        meant = {name for name in fields if values.get(name) and name_key(str(values[name])) in names}
        return {name: code if name in meant else value for name, value in values.items()}

    return become


def _drop_aliases(session: Session, kind: Kind, number: int) -> list[str]:
    """The other names that a record goes by go."""
    table = SQLModel.metadata.tables.get(f"{kind.name}_alias")
    if table is None:
        return []
    ours = table.c[f"{kind.name}_id"] == number
    names = [row[0] for row in session.execute(sa.select(table.c.alias).where(ours))]
    session.execute(sa.delete(table).where(ours))
    return names


def _drop_files(session: Session, batches: Iterable[int], words: Sequence[str]) -> int:
    """Drop the kept files that brought the person, and those in which the words stand; how many."""
    touched = set(batches)
    dropped = 0
    query = sa.select(col(KeptFile.id), col(KeptFile.batch_id), col(KeptFile.content))
    for number, batch, content in session.execute(query.execution_options(yield_per=1)).all():
        if batch in touched or _holds(content, words):
            session.execute(sa.delete(KeptFile).where(col(KeptFile.id) == number))
            dropped += 1
    return dropped


def _holds(content: bytes, words: Sequence[str]) -> bool:
    """Whether one of the words stands in a kept file, as text or in a workbook; also where that cannot be told."""
    needles = {word.encode(encoding, "replace") for word in words for encoding in _ENCODINGS}
    try:
        plain = zlib.decompress(content)
        if any(needle in plain for needle in needles):
            return True
        if not plain.startswith(b"PK"):
            return False
        with zipfile.ZipFile(io.BytesIO(plain)) as members:
            if sum(member.file_size for member in members.infolist()) > _LARGEST:
                return True
            return any(needle in members.read(member) for member in members.infolist() for needle in needles)
    except (zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return True


def _elsewhere(session: Session, words: Sequence[str]) -> Iterable[str]:
    """Where the same words stand in other records: said, not touched."""
    labels = {kind.model().__table__.name: kind.label for kind in kinds().values()}
    columns = [column for table in SQLModel.metadata.sorted_tables for column in table.c]
    for column in columns if words else ():
        name = column.table.name
        if not isinstance(column.type, sa.Text) or name == AuditEntry.__tablename__:
            continue
        holds = sa.or_(*(sa.func.replace(column, word, "") != column for word in words))
        count = session.execute(sa.select(sa.func.count()).where(holds)).scalar_one()
        if count:
            text = ngettext("{table}, {column}: {count} row", "{table}, {column}: {count} rows", count)
            yield text.format(table=labels.get(name, name), column=column.name, count=count)
