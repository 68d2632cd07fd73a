"""Other names and codes that stand for a record."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session

from channelctl.records import Kind, dotted
from channelctl.records.names import alias_key, name_key


class Aliases:
    """The aliases of a kind in memory: a code counts as it is written, a name as names are compared."""

    def __init__(self, session: Session, kind: Kind) -> None:
        self.by_text: dict[str, int] = {}
        self._by_key: dict[str, int | None] = {}
        if kind.aliases:
            table = table_of(kind)
            for alias, id_ in session.execute(select(table.c.alias, table.c[f"{kind.name}_id"])):
                self.add(alias, id_)

    def add(self, alias: str, id_: int) -> None:
        """One more; a name that two codes which differ by case come to stands for neither."""
        self.by_text[alias] = id_
        key = name_key(alias)
        self._by_key[key] = id_ if self._by_key.get(key, id_) == id_ else None

    def of(self, word: str) -> int | None:
        """The record that a typed or imported word stands for."""
        found = self.by_text.get(word)
        return self._by_key.get(name_key(word)) if found is None else found


def table_of(kind: Kind) -> Any:
    """The table of a kind's aliases."""
    return dotted(kind.aliases).__table__


def one(session: Session, kind: Kind, word: str) -> tuple[str, int] | None:
    """The alias that a typed word is, as it is written on file, and the record it stands for."""
    if not kind.aliases:
        return None
    table = table_of(kind)
    key = name_key(word)
    query = select(table.c.alias, table.c[f"{kind.name}_id"])
    same = or_(table.c.key.in_((alias_key(word), key)), func.lower(table.c.key) == key)
    rows = session.execute(query.where(same)).all()
    exact = [row for row in rows if row[0] == word]
    found = exact or (rows if len({row[1] for row in rows}) == 1 else [])
    return (found[0][0], found[0][1]) if found else None
