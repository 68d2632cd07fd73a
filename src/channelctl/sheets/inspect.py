"""The second look at a workbook: what its sheets hold besides the values that a parser gives."""

import threading
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Protocol
from xml.parsers import expat

from channelctl import threads
from channelctl.sheets.guard import Harmless
from channelctl.sheets.scan import Exact, Plain, Scan, Tables
from channelctl.sheets.shown import PLAIN, Shown, shown
from channelctl.sheets.traces import Traces
from channelctl.sheets.zips import unpacked

_WORKBOOK, _RELATIONS, _TABLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml"
_STYLES = "xl/styles.xml"
_SMALL = 1 << 20
_LARGEST_INDEX = 16 << 20
_TRUE = ("1", "true")


class Inspector(Protocol):
    """Looks through the sheets of a workbook."""

    def begin(self, sheet: str) -> None:
        """A sheet is about to be parsed: the look may be taken meanwhile."""

    def traces(self, sheet: str) -> Traces:
        """What was found in it."""

    def close(self) -> None:
        """The file is about to be closed."""


def inspector(file: BinaryIO, found: Harmless) -> Inspector:
    """What looks through the sheets of a zipped workbook."""
    parts = {_plain(member.filename): member for member in found.members}
    if found.kind == "ods":
        return _OpenDocument(file, parts[_TABLES])
    return _Workbook(file, parts, found.unclear)


def _plain(path: str) -> str:
    return path.replace("\\", "/").lower()


class _OpenDocument:
    """Its tables stand in one part, so they are looked through at once."""

    def __init__(self, file: BinaryIO, member: zipfile.ZipInfo) -> None:
        self._file, self._member = file, member
        self._all: dict[str, Traces] | None = None

    def begin(self, sheet: str) -> None:
        """Waits until it is asked."""

    def traces(self, sheet: str) -> Traces:
        if self._all is None:
            tables = Tables()
            _feed(tables, unpacked(self._file, self._member))
            self._all = tables.all
        return self._all.get(sheet) or Traces()

    def close(self) -> None:
        """Nothing is under way."""


class _Workbook:
    """Each sheet is a part of its own; a large one is looked through by another thread while it is parsed."""

    def __init__(self, file: BinaryIO, parts: dict[str, zipfile.ZipInfo], unclear: frozenset[str]) -> None:
        self._file, self._parts, self._unclear = file, parts, unclear
        index, relations, styles = _Index(), _Relations(), _Styles()
        for path, one in ((_WORKBOOK, index), (_RELATIONS, relations), (_STYLES, styles)):
            member = parts.get(path)
            if member and member.file_size <= _LARGEST_INDEX:
                one.read(unpacked(file, member))
        self._formats = styles.formats()
        self._uncalculated, self._epoch_1904 = index.uncalculated, index.epoch_1904
        self._targets = {name: relations.targets.get(id_, "") for name, id_ in index.sheets.items()}
        self._all: dict[str, Traces] = {}
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None

    def begin(self, sheet: str) -> None:
        """Start looking."""
        self.close()
        if sheet in self._all:
            return
        traces = self._all[sheet] = Traces(self._epoch_1904)
        member = self._parts.get(_plain(self._targets.get(sheet, "")))
        if member is None:
            return
        if member.file_size < _SMALL or not threads.allowed():
            self._scan(member, traces)
        else:
            self._thread = threading.Thread(target=self._scan_beside, args=(member, traces), daemon=True)
            self._thread.start()

    def traces(self, sheet: str) -> Traces:
        """What was found, once all of it is."""
        self.begin(sheet)
        self.close()
        if self._error is not None:
            raise self._error
        return self._all[sheet]

    def close(self) -> None:
        """Wait for what is under way."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _scan(self, member: zipfile.ZipInfo, traces: Traces) -> None:
        scan = (Exact if member.filename in self._unclear else Plain)(traces, self._uncalculated, self._formats)
        _feed(scan, unpacked(self._file, member))

    def _scan_beside(self, member: zipfile.ZipInfo, traces: Traces) -> None:
        try:
            self._scan(member, traces)
        except Exception as error:
            self._error = error


def _feed(scan: Scan, chunks: Iterator[bytes]) -> None:
    for chunk in chunks:
        scan.feed(chunk)
    scan.feed(b"", last=True)


class _Small:
    """A short part; one that is not well-formed says nothing, and the parser will complain of it."""

    def read(self, chunks: Iterator[bytes]) -> None:
        """Take in all of it."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda name, attributes: self.start(name.rpartition(":")[2], attributes)
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)
        except expat.ExpatError:
            return

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag begins."""
        raise NotImplementedError


class _Index(_Small):
    """The workbook's own part: sheet name -> id, the day its days are counted from, whether it is to be worked out."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.epoch_1904 = self.uncalculated = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
            self.sheets[attributes.get("name", "")] = ids[0] if ids else ""
        elif name == "workbookPr":
            self.epoch_1904 = attributes.get("date1904") in _TRUE
        elif name == "calcPr":
            self.uncalculated = attributes.get("fullCalcOnLoad") in _TRUE


class _Relations(_Small):
    """Id -> the part's path."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = (
                target[1:] if target.startswith("/") else target if _plain(target).startswith("xl/") else f"xl/{target}"
            )
            self.targets[attributes.get("Id", "")] = path


class _Styles(_Small):
    """The number formats of the workbook's own, and which of its styles have them."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._styles: list[str] = []
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in ("cellXfs", "cellStyleXfs", "cellStyles"):
            self._in_cells = name == "cellXfs"
        elif name == "xf" and self._in_cells:
            self._styles.append(attributes.get("numFmtId", ""))

    def formats(self) -> dict[int, Shown]:
        """The styles, by number, that show a figure otherwise than its cell holds it."""
        ways = {id_: way for id_, code in self._codes.items() if (way := shown(code)) != PLAIN}
        return {number: ways[id_] for number, id_ in enumerate(self._styles) if id_ in ways}
