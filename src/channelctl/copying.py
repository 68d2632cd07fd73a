"""Moving house: every table of a database copied to another one, of the same engine or not, and compared there."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

from channelctl import postgres, reported, sqlite
from channelctl.columns import Col
from channelctl.errors import DatabaseError
from channelctl.i18n import _
from channelctl.places import Server
from channelctl.sides import Database, File, Side, Table


class CopiedRow(NamedTuple):
    """A table that was copied, and what its rows come to on both sides, whatever engine keeps them."""

    table: Annotated[str, Col("表", "Table")]
    rows: Annotated[int, Col("行数", "Rows", kind="count")]
    digest: Annotated[str, Col("校验值", "Digest")]


def alike(source: Side, target: Side, named: Path | Server) -> list[Table]:
    """The tables of a source, which are to be those of the target.

    Raises:
        DatabaseError: they are not, whatever version the source says that it is of.
    """
    tables = source.tables()
    ours, theirs = ({(table.name, *table.columns) for table in side} for side in (target.tables(), tables))
    if ours != theirs:
        raise reported.damaged(named, _("table {name}").format(name=min(ours ^ theirs)[0]))
    return tables


def between(source: Side, target: Side, tables: Sequence[Table], named: Path | Server) -> list[CopiedRow]:
    """Copy tables and read them back; both sides' transactions are the caller's.

    Raises:
        DatabaseError: what is read back is not what was copied.
        RefusedError: a table holds what the target cannot.
    """
    done = []
    for table in tables:
        seen = _Seen()
        target.store(table, seen.watch(source.lines(table)))
        stored = _Seen()
        for _chunk in stored.watch(target.lines(table)):
            pass
        if stored.said != seen.said:
            raise DatabaseError(
                _("{table} is not in {path} as it was: {rows} rows of {of}; nothing was kept").format(
                    table=table.name, path=named, rows=stored.rows, of=seen.rows
                )
            )
        done.append(CopiedRow(table.name, *seen.said))
    return done


class _Seen:
    """How many rows went by, and what they come to."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.rows += chunk.count(b"\n")
            self._digest.update(chunk)
            yield chunk

    @property
    def said(self) -> tuple[int, str]:
        return self.rows, self._digest.hexdigest()[:16]


@contextmanager
def reading(where: Path | Server) -> Iterator[Side]:
    """One state of a database, to be copied."""
    if isinstance(where, Server):
        with postgres.connect(where, write=False) as connection:
            yield Database(connection, where)
        return
    with closing(sqlite.connect(where, write=False)) as opened:
        opened.execute("BEGIN")
        yield File(opened, where)


def into_file(source: Path | Server, draft: Path, named: Path) -> list[CopiedRow]:
    """Copy all of a database into an empty file of ours, in one transaction.

    Raises:
        DatabaseError: the source is damaged, cannot be reached, or names records that it does not hold.
    """
    try:
        with closing(sqlite.connect(draft, write=True)) as opened, reading(source) as side:
            opened.execute("PRAGMA foreign_keys=OFF")
            opened.execute("BEGIN IMMEDIATE")
            done = _filled(opened, side, source, named)
            opened.execute("COMMIT")
    except sqlite3.Error as error:
        raise reported.said(error, named, write=True) or reported.damaged(named, str(error)) from error
    return done


def _filled(opened: sqlite3.Connection, side: Side, source: Path | Server, named: Path) -> list[CopiedRow]:
    """Indexes are made anew at the end: that is quicker than keeping them in order."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = opened.execute(query).fetchall()
    for name, _sql in indexes:
        opened.execute(f'DROP INDEX "{name}"')
    file = File(opened, named)
    done = between(side, file, alike(side, file, source), named)
    for _name, sql in indexes:
        opened.execute(sql)
    broken = opened.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise broken_references(source, broken[0])
    return done


def broken_references(source: Path | Server, table: str) -> DatabaseError:
    """What is copied names records that are not there."""
    return DatabaseError(
        _("{path} holds broken references ({table}); nothing was copied").format(path=source, table=table),
        _("channelctl db check tells of them; restore a backup made before."),
    )
