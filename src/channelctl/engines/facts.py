"""A lake: the tables that reports read as files in a folder, with a manifest of what they hold."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from channelctl.errors import DatabaseError
from channelctl.i18n import _, reason

MANIFEST = "facts.json"
LINES = "sale_line"
FORMATS = ("parquet", "csv")
_WHAT, _VERSION = "channelctl facts", 1
Type = Literal["text", "integer"]
# What imports find a line again by means nothing outside; a line that was corrected is not there at all. Of a changed
# record only is said that it was.
ABSENT: Mapping[str, Mapping[str, Type]] = {
    LINES: {"ended_batch_id": "integer", "line_key": "integer", "content_key": "integer"},
    "change": {"before": "text", "after": "text"},
}
# The database's own papers, and people's: a lake holds what figures are made of.
LEFT_OUT = frozenset({"audit_entry", "contact", "customer_seen", "kept_file", "member", "saved_map"})


@dataclass(frozen=True)
class File:
    """A file by its path within the folder."""

    path: str
    rows: int
    bytes: int


@dataclass(frozen=True)
class Month:
    """The sale lines of a month; amounts in 1/10,000 of a yuan: of all lines, and of those that are a sale."""

    rows: int = 0
    amount: int = 0
    net_sales: int = 0


@dataclass(frozen=True)
class Table:
    """A table: its columns, the files that hold its rows, and of sale lines the months."""

    rows: int
    columns: Mapping[str, Type]
    files: tuple[File, ...]
    months: Mapping[str, Month] = field(default_factory=dict)


@dataclass(frozen=True)
class Lake:
    """All that a manifest says."""

    schema: str
    day: str
    format: str
    tables: Mapping[str, Table]

    def json(self) -> str:
        """The manifest as it is written."""
        head = {"what": _WHAT, "version": _VERSION, "money": "whole numbers of 1/10,000"}
        return json.dumps({**head, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"


def found(folder: Path) -> Lake | None:
    """The lake in a folder; None where there is none.

    Raises:
        DatabaseError: its manifest cannot be read.
    """
    place = folder / MANIFEST
    try:
        text = place.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(place, reason(error)) from error
    except ValueError as error:
        raise _unreadable(place, str(error)) from error
    try:
        told = json.loads(text)
        if told["what"] != _WHAT:
            return None
        if told["version"] != _VERSION:
            raise DatabaseError(
                _("{path} was written by another version of channelctl").format(path=place), _again(folder)
            )
        tables = {str(name): _table(one) for name, one in told["tables"].items()}
        return Lake(str(told["schema"]), str(told["day"]), str(told["format"]), tables)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(place, str(error)) from error


def _table(told: Mapping[str, Any]) -> Table:
    files = tuple(File(str(one["path"]), int(one["rows"]), int(one["bytes"])) for one in told["files"])
    if any(Path(one.path).is_absolute() or ".." in Path(one.path).parts for one in files):
        raise ValueError(str([one.path for one in files]))
    columns: dict[str, Type] = {str(name): _type(type_) for name, type_ in told["columns"].items()}
    months = {str(month): Month(**figures) for month, figures in told["months"].items()}
    return Table(int(told["rows"]), columns, files, months)


def _type(word: str) -> Type:
    if word == "text":
        return "text"
    if word == "integer":
        return "integer"
    raise ValueError(word)


def opened(folder: Path, schema: str) -> Lake:
    """The lake that engines read in a folder.

    Raises:
        DatabaseError: there is none, it is of another schema or not Parquet, or not as its manifest says.
    """
    if not folder.is_dir():
        raise DatabaseError(
            _("there is no folder {path}").format(path=folder), _again(folder)
        )  # fmt: skip
    lake = found(folder)
    if lake is None:
        raise DatabaseError(
            _("{path} holds no exported facts: there is no whole {manifest} in it").format(
                path=folder, manifest=MANIFEST
            ),
            _again(folder),
        )
    if lake.schema != schema:
        raise DatabaseError(
            _("{path} is of another schema ({found}, this channelctl has {known})").format(
                path=folder, found=lake.schema, known=schema
            ),
            _again(folder),
        )
    if lake.format != "parquet":
        raise DatabaseError(
            _("{path} holds {format}, and engines read Parquet").format(path=folder, format=lake.format), _again(folder)
        )
    for table in lake.tables.values():
        for file in table.files:
            _check(folder, file)
    return lake


def _check(folder: Path, file: File) -> None:
    """Refuse a file that is missing or not as long as it was written."""
    place = folder / file.path
    try:
        size = place.stat().st_size
    except OSError as error:
        raise damaged(place, reason(error), folder) from error
    if size != file.bytes:
        told = _("{found} bytes, written were {known}").format(found=size, known=file.bytes)
        raise damaged(place, told, folder)


def check_rows(folder: Path, name: str, table: Table, seen: int) -> None:
    """Refuse to count by a table of which an engine sees more or fewer rows than were written."""
    if seen != table.rows:
        told = _("{table} has {seen} rows, written were {known}")
        raise damaged(folder / name, told.format(table=name, seen=seen, known=table.rows), folder)


def damaged(place: Path, why: str, folder: Path) -> DatabaseError:
    """A file of a lake is not what was written."""
    return DatabaseError(_("{path} is damaged ({reason})").format(path=place, reason=why), _again(folder))


def _unreadable(place: Path, why: str) -> DatabaseError:
    return damaged(place, why, place.parent)


def _again(folder: Path) -> str:
    return _("Write it from the database: channelctl export facts --output {folder}").format(folder=folder)
