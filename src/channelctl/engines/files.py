"""The files of a lake: written in chunks of rows, each whole on the disk when it is closed."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from channelctl.engines.facts import Type
from channelctl.engines.libraries import library

Row = Sequence[Any]


class Writer(Protocol):
    """A file that is being written."""

    def write(self, rows: Sequence[Row]) -> None:
        """Put more rows into it."""

    def close(self) -> int:
        """Put it on the disk; returns how many bytes it has."""


def writer(format: str, path: Path, columns: Mapping[str, Type]) -> Writer:
    """A new file of a format, for its owner alone.

    Raises:
        RefusedError: what writes Parquet is not installed.
    """
    made = _Csv if format == "csv" else _parquet()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    return made(handle, columns)


def _parquet() -> Callable[[int, Mapping[str, Type]], Writer]:
    arrow, parquet = library("pyarrow", "parquet"), library("pyarrow.parquet", "parquet")
    return lambda handle, columns: _Parquet(arrow, parquet, handle, columns)


class _Parquet:
    """Whole numbers of 64 bits and text, as any engine reads them."""

    def __init__(self, arrow: Any, parquet: Any, handle: int, columns: Mapping[str, Type]) -> None:
        self._file = os.fdopen(handle, "wb")
        self._arrow = arrow
        types = {"text": self._arrow.string(), "integer": self._arrow.int64()}
        self._schema = self._arrow.schema([(name, types[type_]) for name, type_ in columns.items()])
        self._writer = parquet.ParquetWriter(self._file, self._schema, store_schema=False)

    def write(self, rows: Sequence[Row]) -> None:
        arrays = [
            self._arrow.array(values, field.type)
            for values, field in zip(zip(*rows, strict=True), self._schema, strict=True)
        ]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> int:
        self._writer.close()
        return _settled(self._file)


class _Csv:
    """UTF-8; text stands in quotes, so that an empty one differs from none at all."""

    def __init__(self, handle: int, columns: Mapping[str, Type]) -> None:
        self._file = os.fdopen(handle, "wb")
        self.write([list(columns)])

    def write(self, rows: Sequence[Row]) -> None:
        self._file.write("".join(map(_line, rows)).encode())

    def close(self) -> int:
        return _settled(self._file)


def _line(row: Iterable[Any]) -> str:
    return ",".join(map(_cell, row)) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else '"' + value.replace('"', '""') + '"'


def _settled(file: Any) -> int:
    """Close a file once it is on the disk; returns its length."""
    with file:
        file.flush()
        os.fsync(file.fileno())
        return int(os.fstat(file.fileno()).st_size)
