"""Files made to harm: bombs, far-off cells, control characters, markup, formulas, odd names."""

import zipfile
from pathlib import Path

from tests.corpus.kit import BASE, TABLE, Case, Make, csv, good, member, raw, refused, text, xlsx
from tests.corpus.kit import with_column as column
from tests.sheets import bombs, made

NAME = 3
OTHERS = ("南京明远电器", "苏州乐天数码")
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def bomb(pieces: bombs.Pieces) -> Make:
    """The workbook with a member that unpacks to 80 MiB."""
    return lambda folder: bombs.bomb(xlsx(TABLE, "quelle.xlsx")(folder), folder / "bomb.xlsx", pieces, 80)


def sheet(data: bytes, prefix: bytes = b"") -> Make:
    """The workbook with other cells, as XML."""

    def build(folder: Path) -> Path:
        return made.with_sheet(xlsx(TABLE, "quelle.xlsx")(folder), folder / "a.xlsx", data, prefix)

    return build


def many_members(folder: Path) -> Path:
    path = xlsx(TABLE)(folder)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(5_001):
            archive.writestr(f"xl/x{number}", b"")
    return path


def outside(folder: Path) -> Path:
    path = xlsx(TABLE)(folder)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../outside.txt", b"x")
    return path


FAR = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="XFD1048576"><v>1</v></c></row>'
BOMBS = (
    Case("80 MiB of blanks", bomb(bombs.spaces), refused("unpacks to far more")),
    Case("80 MiB of rows", bomb(bombs.rows), refused("unpacks to far more")),
    Case("80 MiB of shared strings", bomb(bombs.strings), refused("unpacks to far more")),
    Case("a cell at the far corner", sheet(FAR), refused("reaches to cell XFD1048576")),
    Case("a row beyond the last", sheet(b'<row r="99999999"><c><v>1</v></c></row>'), refused("where a sheet ends")),
    Case("an entity bomb", sheet(b"<row/>", DOCTYPE), refused("document type")),
    Case("an external entity", sheet(b"<row/>", XXE), refused("document type")),
    Case("5,001 parts and more", many_members, refused("more than 5,000 parts")),
    Case(
        "a sheet in UTF-16",
        member(made.WORKSHEET, lambda old: old.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
        refused("UTF-16"),
    ),
    Case("a member that climbs out", outside, BASE),
    Case("a dimension that lies", member(made.WORKSHEET, lambda old: old.replace(b'ref="A1:H5"', b'ref="A1"')), BASE),
    Case(
        "a dimension of the whole sheet",
        member(made.WORKSHEET, lambda old: old.replace(b'ref="A1:H5"', b'ref="A1:XFD1048576"')),
        BASE,
    ),
)


def named(name: str, cell: str, meant: str) -> Case:
    """A customer with signs in its name that do harm elsewhere."""
    rows = column(NAME, "客户名称", [cell, *OTHERS, cell])
    return Case(name, xlsx(rows), BASE.but(customers=(meant, *OTHERS)))


SIGNS = (
    named("a terminal's escape codes", "恒达\x1b[2J\x1b[31m", "恒达[2J[31m"),
    named("an escape code spelt out", "恒达_x001B_[2J", "恒达_x001B_[2J"),
    Case(
        "an escape code in Excel's dress",
        member(made.STRINGS, lambda old: old.replace("杭州恒达通讯".encode(), "恒达_x001B_[2J".encode())),
        BASE.but(customers=("恒达[2J", *OTHERS)),
    ),
    named("C1 controls", "恒达\x9b2J", "恒达2J"),
    named("bidi controls", "恒\u202e达\u2066", "恒达"),
    named("markup", "[red]恒达[/red]", "[red]恒达[/red]"),
    named("markup that ends nothing", "恒达[/]", "恒达[/]"),
    named("a sign in words", ":warning: 恒达", ":warning: 恒达"),
    named("a formula", "=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
    named("an at sign", "@SUM(A1)", "@SUM(A1)"),
    named("a plus", "+1+1", "+1+1"),
    named("a minus", "-1-1", "-1-1"),
    named("a path", "../../etc/passwd", "../../etc/passwd"),
    named("a page's code", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    named("a query", "x'; DROP TABLE sale_line; --", "x'; DROP TABLE sale_line; --"),
    named("a bell and a backspace", "恒\x07\x08达", "恒达"),
    named("zero-width signs around", "\u200b恒达\ufeff", "恒达"),
    named("braces and per cent", "{name} %s %(x)s", "{name} %s %(x)s"),
    Case("a NUL in a csv", raw("日期,客户名称,金额\n2024-05-03,恒\0达,5\n".encode(), "a.csv"), refused("NUL")),
    Case(
        "escape codes in headings",
        csv([["日期", "客户名称", "金额", "\x1b[2J备注"], ["2024-05-03", "恒达", 5, ""]]),
        good(1, "5"),
    ),
    Case(
        "markup in headings nobody knows",
        csv([["日期", "[red]客户[/red]", "[/]"], ["2024-05-03", "恒达", 5]]),
        refused("[red]客户[/red]"),
    ),
    Case("a sheet's name with markup", xlsx(TABLE, sheet="(red)x(-red)"), BASE),
    Case(
        "a cell of a mebibyte in a csv",
        text(f"日期,客户名称,金额,备注\n2024-05-03,恒达,5,{'长' * ((1 << 20) + 1)}\n"),
        refused("characters"),
    ),
    Case("a file's name of signs", xlsx(TABLE, "[red] 销售 ; rm -rf 'x' $(id).xlsx"), BASE),
    Case("a file's name that starts a formula", xlsx(TABLE, "=1+1.xlsx"), BASE),
    Case("a file's name with a line break", xlsx(TABLE, "a\nb\x1b[2J.xlsx"), BASE),
    Case("a file's name of 200 signs", xlsx(TABLE, "长" * 60 + ".xlsx"), BASE),
    Case("a thousand columns", xlsx([[*row, *(["x"] * 1_000)] for row in TABLE]), BASE),
)

CASES = (*BOMBS, *SIGNS)
