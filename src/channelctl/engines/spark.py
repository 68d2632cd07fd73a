"""Apache Spark: one machine or a cluster of them, as CHANNELCTL_SPARK_MASTER says."""

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from channelctl.engines import facts
from channelctl.engines.facts import ABSENT, Lake, Table, Type
from channelctl.engines.libraries import library
from channelctl.engines.shim import Answer
from channelctl.errors import RefusedError
from channelctl.i18n import _

_MASTER, _HERE = "CHANNELCTL_SPARK_MASTER", "local[*]"
_TYPES: Mapping[Type, str] = {"text": "STRING", "integer": "BIGINT"}
_FEW = 8
_DAMAGED = ("FAILED_READ_FILE", "is not a Parquet file", "PATH_NOT_FOUND", "CANNOT_READ_FILE", "FileNotFound")


class Spark:
    """Spark's one session of this process, with a view for each table of a lake."""

    dialect = "spark"

    def __init__(self, folder: Path, lake: Lake) -> None:
        library("sqlglot", "spark")
        self._sql = library("pyspark.sql", "spark")
        self._folder = folder
        self._tables, self._seen = dict(lake.tables), list[str]()
        self._session = _session(self._sql)

    def _see(self, name: str) -> None:
        """Have a table by its name."""
        table = self._tables.pop(name)
        columns = [*map(_quoted, table.columns), *_nulls(ABSENT.get(name, {}))]
        read = self._read(table)
        if table.months:
            # A file that Spark does not find it takes for empty.
            facts.check_rows(self._folder, name, table, read.count())
        read.selectExpr(*columns).createOrReplaceTempView(name)
        self._seen.append(name)

    def _read(self, table: Table) -> Any:
        if not table.files:
            return self._session.sql(f"SELECT {', '.join(_nulls(table.columns))} WHERE FALSE")
        types = ", ".join(f"{_quoted(name)} {_TYPES[type_]}" for name, type_ in table.columns.items())
        files = (_plain(str((self._folder / file.path).resolve())) for file in table.files)
        return self._session.read.schema(types).parquet(*(f"file:{file}" for file in files))

    def ask(self, sql: str, tables: Collection[str]) -> Answer:
        """Run a query.

        Raises:
            DatabaseError: a file is not what was written.
        """
        try:
            for name in self._tables.keys() & tables:
                self._see(name)
            found = self._session.sql(sql)
            return found.columns, [tuple(row) for row in found.collect()]
        except Exception as error:
            if any(word in str(error) for word in _DAMAGED):
                raise facts.damaged(self._folder, _first(error), self._folder) from error
            raise

    def close(self) -> None:
        """Forget the tables; the session stays for the next."""
        for name in self._seen:
            self._session.catalog.dropTempView(name)


def _plain(path: str) -> str:
    """A path whose signs stand for themselves."""
    return re.sub(r"([][{}*?\\\\])", r"\\\1", path)


def _nulls(columns: Mapping[str, Type]) -> list[str]:
    return [f"CAST(NULL AS {_TYPES[type_]}) AS {_quoted(name)}" for name, type_ in columns.items()]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _session(sql: Any) -> Any:
    """The session, started if it is not there yet.

    Raises:
        RefusedError: there is no Java, or Spark does not start.
    """
    active = sql.SparkSession.getActiveSession()
    if active is not None:
        return active
    home = os.environ.get("JAVA_HOME", "")
    if not shutil.which("java", path=str(Path(home) / "bin") if home else None):
        raise RefusedError(
            _("Spark needs Java, which is not found here"),
            _("Install Java 17 or later, or say where it is: JAVA_HOME. On one machine --engine duckdb needs none."),
        )
    master = os.environ.get(_MASTER, "").strip() or _HERE
    told = tempfile.TemporaryFile()
    with told:
        try:
            with _aside(told), _utf8():
                return _builder(sql, master).getOrCreate()
        except Exception as error:
            raise RefusedError(
                _("Spark does not start on {master}: {reason}").format(master=master, reason=_why(error, told)),
                _("CHANNELCTL_SPARK_MASTER names the cluster: spark://host:7077; without it Spark runs here."),
            ) from error


def _builder(sql: Any, master: str) -> Any:
    options = {
        "spark.app.name": "channelctl",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.sql.ansi.enabled": "true",
    }
    if master.startswith("local"):
        # Its own default is made for clusters.
        options["spark.sql.shuffle.partitions"] = str(_FEW)
    builder = sql.SparkSession.builder.master(master)
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder


@contextmanager
def _aside(told: IO[bytes]) -> Iterator[None]:
    """Have a file take what new processes say; they keep it as their stdout and stderr."""
    held = [os.dup(number) for number in (1, 2)]
    try:
        for number in (1, 2):
            os.dup2(told.fileno(), number)
        yield
    finally:
        for number, own in zip((1, 2), held, strict=True):
            os.dup2(own, number)
            os.close(own)


@contextmanager
def _utf8() -> Iterator[None]:
    """Have Java take the names of files for UTF-8, as we do."""
    held = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        yield
    finally:
        os.environ.pop("LC_ALL")
        if held is not None:
            os.environ["LC_ALL"] = held


def _why(error: Exception, told: IO[bytes]) -> str:
    """The reason Spark gives: what its error says, else what it last said."""
    told.seek(0)
    said = [line.strip() for line in told.read().decode(errors="replace").splitlines() if line.strip()]
    causes = [line for line in (*str(error).splitlines(), *said) if "Exception:" in line or "Error:" in line]
    return (causes[-1] if causes else said[-1] if said else _first(error)).strip()


def _first(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
