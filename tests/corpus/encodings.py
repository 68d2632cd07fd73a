"""Text files in every encoding and dress, and workbooks of every format."""

from pathlib import Path
from typing import Any

from tests.corpus.kit import BASE, TABLE, Case, bad, csv, good, raw, refused, text, xlsx
from tests.sheets import written

CSV = written.text(TABLE)
TRADITIONAL = "日期,客戶名稱,金額\r\n2024-05-03,臺灣電訊,5\r\n2024-05-04,香港寬頻,6\r\n"


def dressed(name: str, content: str, encoding: str = "utf-8", file: str = "销售.csv", **more: Any) -> Case:
    """The table as text."""
    return Case(name, text(content, file, encoding), BASE, **more)


def signed(name: str, sign: str, file: str = "销售.csv") -> Case:
    """The table, divided by a sign."""
    return Case(name, csv(TABLE, file, sign=sign), BASE)


def named(cell: str) -> str:
    """The table with this in the first customer's place, and in its other line's."""
    return CSV.replace("杭州恒达通讯", cell)


def xls(folder: Path) -> Path:
    return written.xls(folder / "销售.xls", TABLE)


def ods(folder: Path) -> Path:
    return written.ods(folder / "销售.ods", TABLE)


def xlsm(folder: Path) -> Path:
    return written.xlsm(folder / "销售.xlsm", TABLE)


ENCODINGS = (
    dressed("UTF-8", CSV),
    dressed("UTF-8 with a mark", CSV, "utf-8-sig"),
    dressed("GBK", CSV, "gbk"),
    dressed("GB18030 with a rare character", CSV.replace("X1", "𠮷1"), "gb18030"),
    dressed("GB2312", CSV, "gb2312"),
    dressed("UTF-16 with a mark", CSV, "utf-16"),
    Case("UTF-16 big-endian", raw(b"\xfe\xff" + CSV.encode("utf-16-be"), "销售.csv"), BASE),
    Case(
        "Big5, told",
        text(TRADITIONAL, encoding="big5"),
        good(2, "11", customers=("臺灣電訊", "香港寬頻")),
        ("--encoding", "big5"),
    ),
    Case("Big5, not told, is never guessed", text(TRADITIONAL, encoding="big5"), refused("--encoding big5")),
    Case(
        "Latin-1, not told",
        text("Date,Customer,Amount\n2024-05-03,Café Zürich,5\n2024-05-04,Señor Ñandú,6\n", encoding="latin-1"),
        refused("--encoding"),
    ),
    Case(
        "Latin-1, told",
        text("Date,Customer,Amount\n2024-05-03,Café Zürich,5\n", encoding="latin-1"),
        good(1, "5", customers=("Café Zürich",)),
        ("--encoding", "latin-1"),
    ),
    Case("UTF-8 that breaks far down", raw(CSV.encode() * 3 + b"2024-05-03,\xff\xfe\n", "销售.csv"), refused()),
    Case("UTF-16 without a mark", raw(CSV.encode("utf-16-le"), "销售.csv"), BASE),
    Case("a wrong encoding told", text(CSV), refused(), ("--encoding", "ascii")),
)

DRESSES = (
    signed("semicolons", ";"),
    signed("tabs", "\t", "销售.tsv"),
    signed("tabs in a txt", "\t", "销售.txt"),
    signed("bars", "|"),
    dressed("a sep line", "sep=;\r\n" + written.text(TABLE, ";")),
    dressed("line ends of LF", CSV.replace("\r\n", "\n")),
    dressed("line ends of CR", CSV.replace("\r\n", "\r")),
    dressed("no line end at the end", CSV.rstrip("\r\n")),
    dressed("blank lines between", CSV.replace("\r\n", "\r\n\r\n")),
    dressed("blank lines above and below", "\r\n\r\n" + CSV + "\r\n\r\n"),
    dressed("commas at every line's end", CSV.replace("\r\n", ",,,\r\n")),
    dressed(
        "every cell in quotes",
        "\r\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in CSV.splitlines()),
    ),
    Case(
        "line breaks in quoted cells",
        text(named('"杭州\r\n恒达通讯"')),
        BASE.but(customers=("杭州 恒达通讯", "南京明远电器", "苏州乐天数码")),
    ),
    Case(
        "commas and quotes in quoted cells",
        text(named('"杭州,""恒达"""')),
        BASE.but(customers=('杭州,"恒达"', "南京明远电器", "苏州乐天数码")),
    ),
    Case(
        "a semicolon in a comma's file",
        text(named("杭州;恒达;通讯")),
        BASE.but(customers=("杭州;恒达;通讯", "南京明远电器", "苏州乐天数码")),
    ),
    Case("ragged rows", text("日期,客户名称,金额,备注\n2024-05-03,恒达,5\n2024-05-04,新宇,6,急,多\n"), good(2, "11")),
    Case(
        "a quotation mark that is never closed",
        text(CSV.replace("南京明远电器", '"南京明远电器')),
        refused("quotation marks"),
    ),
    Case(
        "a quotation mark in the middle",
        text(named('杭州"恒达"')),
        BASE.but(customers=('杭州"恒达"', "南京明远电器", "苏州乐天数码")),
    ),
    Case("decimal commas are no numbers", text("日期;客户名称;金额\n2024-05-03;恒达;1.234,50\n"), bad(0, "E204 C2")),
    Case(
        "cells with a blank after each comma",
        text("日期, 客户名称, 金额\n2024-05-03, 恒达, 5\n"),
        good(1, "5", customers=("恒达",)),
    ),
    Case("a csv named xlsx", text(CSV, "销售.xlsx"), BASE),
    Case("a csv named xls, tabs in GBK", csv(TABLE, "销售.xls", "gbk", "\t"), BASE),
    Case("a csv without an ending", text(CSV, "销售"), BASE),
    Case("a title line above in a csv", text("5月销售明细\r\n" + CSV), BASE),
    Case("a wide no-break blank in the headings", text(CSV.replace("金额", "\u3000金\u00a0额")), BASE),
)


def renamed(make: Any, name: str) -> Any:
    """A file under another ending than its own."""
    return lambda folder: make(folder).rename(folder / name)


FORMATS = (
    Case("an xls", xls, BASE),
    Case("an ods", ods, BASE),
    Case("an xlsm", xlsm, BASE),
    Case("an xlsx named xls", renamed(xlsx(TABLE), "a.xls"), BASE),
    Case("an xls named xlsx", renamed(xls, "a.xlsx"), BASE),
    Case("an ods named xlsx", renamed(ods, "a.xlsx"), BASE),
    Case("an xlsx named csv", renamed(xlsx(TABLE), "a.csv"), BASE),
    Case("an ending in capitals", renamed(xlsx(TABLE), "SALES.XLSX"), BASE),
)

CASES = (*ENCODINGS, *DRESSES, *FORMATS)
