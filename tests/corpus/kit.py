"""What the themes of the corpus are made of: a case, its verdict, and ways to write a file."""

import datetime as dt
import random
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.sheets import made, written

Rows = Sequence[Sequence[Any]]
Make = Callable[[Path], Path]
REFUSED = 3
HEAD = ["日期", "单据编号", "客户编码", "客户名称", "型号", "数量", "单价", "金额"]
LINES: list[list[Any]] = [
    [dt.date(2024, 5, 3), "SO1", "00123", "杭州恒达通讯", "I9300", 3, 100, 300],
    [dt.date(2024, 5, 4), "SO2", "00124", "南京明远电器", "N7100", 2, Decimal("250.5"), 501],
    [dt.date(2024, 5, 5), "SO3", "00125", "苏州乐天数码", "X1", 1, Decimal("66.6667"), Decimal("66.6667")],
    [dt.date(2024, 5, 6), "TH4", "00123", "杭州恒达通讯", "I9300", -1, 100, -100],
]
TABLE = [HEAD, *LINES]
CUSTOMERS = ("杭州恒达通讯", "南京明远电器", "苏州乐天数码")


@dataclass(frozen=True)
class Verdict:
    """What is to become of a file: exit code, kinds read, rows, figures, customers, problems as "E204 H3", words.

    `skipped` and the figures are checked where they are not None; figures are those of all live sale lines afterwards.
    """

    code: int = 0
    kinds: tuple[str, ...] = ("sales",)
    taken: int = 0
    refused: int = 0
    skipped: int | None = 0
    net: str | None = None
    quantity: str | None = None
    customers: tuple[str, ...] | None = None
    problems: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def but(self, **other: Any) -> "Verdict":
        """The same but for this."""
        return replace(self, **other)


@dataclass(frozen=True)
class Case:
    """A made file, how it is imported, what was imported before, and its verdict."""

    name: str
    make: Make
    verdict: Verdict
    options: tuple[str, ...] = ()
    before: tuple[Make, ...] = ()


AMOUNT, QUANTITY, PRICE = 7, 5, 6
SHORT = ["日期", "客户名称", "数量", "金额"]
ONE = [[dt.date(2024, 5, 3), "杭州恒达", 3, 300], [dt.date(2024, 5, 4), "南京明远", 2, 500]]
TWO = [[dt.date(2024, 5, 5), "苏州乐天", 1, 70]]

BASE = Verdict(taken=4, net="767.6667", quantity="5", customers=CUSTOMERS)


def good(taken: int, net: str | None = None, **more: Any) -> Verdict:
    """All of it goes in."""
    return Verdict(taken=taken, net=net, **more)


def refused(*says: str) -> Verdict:
    """The file as a whole is refused, with these words."""
    return Verdict(REFUSED, (), net="0", problems=("E100",), says=says)


def bad(taken: int, *problems: str, **more: Any) -> Verdict:
    """Rows are wrong, so nothing is written; `taken` would be good."""
    rows = [problem.split()[1] for problem in problems if " " in problem and problem[0] == "E"]
    count = len({place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for place in rows})
    return Verdict(**{"code": REFUSED, "taken": taken, "refused": count, "problems": problems, **more})


def luck(name: str) -> random.Random:
    """The same chances for the same name, on every machine and in every version."""
    return random.Random(zlib.crc32(name.encode()))


def xlsx(rows: Rows, name: str = "销售.xlsx", sheet: str = "明细") -> Make:
    """A workbook of one sheet."""
    return lambda folder: written.book(folder / name, {sheet: rows})


def book(sheets: Mapping[str, Rows], name: str = "销售.xlsx", **more: Any) -> Make:
    """A workbook of several sheets."""
    return lambda folder: written.book(folder / name, sheets, **more)


def csv(rows: Rows, name: str = "销售.csv", encoding: str = "utf-8", sign: str = ",") -> Make:
    """Text, divided by a sign."""
    return lambda folder: written.comma(folder / name, rows, encoding, sign)


def text(content: str, name: str = "销售.csv", encoding: str = "utf-8") -> Make:
    """Text as it is."""
    return raw(content.encode(encoding), name)


def raw(content: bytes, name: str) -> Make:
    """Bytes as they are."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def drawn(draw: Callable[[Any, Any], Any], name: str = "销售.xlsx", sheet: str = "明细", **options: Any) -> Make:
    """A workbook by xlsxwriter, its one sheet filled by hand."""

    def make(folder: Path) -> Path:
        import xlsxwriter

        out = xlsxwriter.Workbook(str(folder / name), options)
        draw(out, out.add_worksheet(sheet))
        out.close()
        return folder / name

    return make


def member(name: str, content: Callable[[bytes], bytes | None]) -> Make:
    """The table as a workbook with one member changed, or without it."""

    def build(folder: Path) -> Path:
        change = lambda other, old: content(old) if other == name else old  # noqa: E731
        return made.bent(xlsx(TABLE, "quelle.xlsx")(folder), folder / "a.xlsx", change)

    return build


def filled(rows: Rows = TABLE, at: tuple[int, int] = (0, 0)) -> Callable[[Any, Any], None]:
    """Draws the rows, from a cell on."""

    def draw(out: Any, sheet: Any) -> None:
        day = out.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows, at[0]):
            for column, cell in enumerate(row, at[1]):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write_number(number, column, float(cell))

    return draw


def with_column(place: int, heading: str, values: Sequence[Any], rows: Rows = TABLE) -> list[list[Any]]:
    """The table with one column in another's place."""
    cells = [heading, *values]
    return [[*row[:place], cell, *row[place + 1 :]] for row, cell in zip(rows, cells, strict=True)]


def without(*places: int, rows: Rows = TABLE) -> list[list[Any]]:
    """The table without some columns."""
    return [[cell for place, cell in enumerate(row) if place not in places] for row in rows]


def stirred(path: Path, folder: Path) -> Path:
    """The same rows in other bytes, under the same name in another folder."""
    target = folder / path.name
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        target.write_bytes(content)
        with zipfile.ZipFile(target, "a") as archive:
            archive.comment = b"stirred"
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        target.write_bytes(content + bytes(512))
    else:
        wide = b"\0" in content[:4]
        target.write_bytes(content + ("\r\n".encode("utf-16-le") if wide else b"\r\n"))
    return target
