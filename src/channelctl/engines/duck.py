"""DuckDB: one process, all cores of this machine."""

import glob
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from channelctl.engines import facts
from channelctl.engines.facts import ABSENT, Lake, Table, Type
from channelctl.engines.libraries import library
from channelctl.engines.shim import Answer
from channelctl.errors import RefusedError
from channelctl.i18n import _

_TYPES: Mapping[Type, str] = {"text": "VARCHAR", "integer": "BIGINT"}


class Duck:
    """A database in memory whose tables are the files of a lake."""

    dialect = "duckdb"

    def __init__(self, folder: Path, lake: Lake) -> None:
        self._library = library("duckdb", "duckdb")
        library("sqlglot", "duckdb")
        self._folder = folder
        config = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(Path(tempfile.gettempdir()) / "channelctl-duckdb"),
        }
        self._tables = dict(lake.tables)
        self._opened = self._library.connect(":memory:", config=config)

    def _see(self, name: str, table: Table) -> None:
        """Have a table by its name."""
        self._opened.execute(_view(self._folder, name, table))
        if table.months:
            rows = self._opened.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()  # noqa: S608  a quoted name
            facts.check_rows(self._folder, name, table, rows[0])

    def ask(self, sql: str, tables: Collection[str]) -> Answer:
        """Run a query.

        Raises:
            DatabaseError: a file is not what was written.
            RefusedError: there is too little memory, or room on the disk.
        """
        try:
            for name in self._tables.keys() & tables:
                self._see(name, self._tables.pop(name))
            done = self._opened.execute(sql)
            return [column[0] for column in done.description or ()], done.fetchall()
        except self._library.OutOfMemoryException as error:
            raise RefusedError(
                _("DuckDB has too little memory or room on the disk: {reason}").format(reason=_first(error)),
                _("On more than one machine: --engine spark"),
            ) from error
        except (self._library.IOException, self._library.InvalidInputException) as error:
            raise facts.damaged(self._folder, _first(error), self._folder) from error

    def close(self) -> None:
        """Let go of the files."""
        self._opened.close()


def _view(folder: Path, name: str, table: Table) -> str:
    columns = [*map(_quoted, table.columns), *_nulls(ABSENT.get(name, {}))]
    rows = f"read_parquet([{_files(folder, table)}], hive_partitioning=false)" if table.files else _nothing(table)
    return f"CREATE VIEW {_quoted(name)} AS SELECT {', '.join(columns)} FROM {rows}"  # noqa: S608  quoted names


def _files(folder: Path, table: Table) -> str:
    return ", ".join(_text(glob.escape(str((folder / file.path).resolve()))) for file in table.files)


def _nothing(table: Table) -> str:
    return f"(SELECT {', '.join(_nulls(table.columns))} WHERE FALSE)"


def _nulls(columns: Mapping[str, Type]) -> list[str]:
    return [f"CAST(NULL AS {_TYPES[type_]}) AS {_quoted(name)}" for name, type_ in columns.items()]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
