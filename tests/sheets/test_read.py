"""Reading: true row and column places from every format, whatever the file is called; one clear sentence otherwise."""

import codecs
import csv
import datetime as dt
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channelctl.errors import REFUSED, RefusedError, UsageError
from channelctl.sheets import text
from channelctl.sheets.guard import Limits
from channelctl.sheets.read import Book, open_book, open_stream

from . import made

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder of real sheets beside the repository is absent"
)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def refusal(path: Path, **options: Any) -> RefusedError:
    """What is said of a file, by opening it and reading it to its end."""
    with pytest.raises(RefusedError) as caught, open_book(path, **options) as book:
        for sheet in book.sheets:
            list(sheet.rows())
    assert caught.value.exit_code == REFUSED
    return caught.value


# Places


@pytest.mark.parametrize("make", [made.xlsx, made.xls, made.ods])
def test_row_and_column_places_are_those_of_the_sheet(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with open_book(make(tmp_path / f"c5.{make.__name__}")) as book:
        (sheet,) = book.sheets
        rows = list(sheet.rows())
        assert made.trimmed(rows) == made.FROM_C5_ROWS
        assert {len(row) for row in rows} == {4}
        assert sheet.height == 8
        assert list(sheet.rows()) == rows, "a second pass starts afresh"
        assert (sheet.name, sheet.number, sheet.hidden, book.encoding) == ("数据", 1, False, None)


def test_two_passes_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "".join(f"{n},x\n" for n in range(200_000)).encode())
    for book in (open_book(made.xlsx(tmp_path / "a.xlsx")), open_book(path)):
        with book:
            assert all(one == other for one, other in zip(book.sheets[0].rows(), book.sheets[0].rows(), strict=True))


def test_merged_ranges_are_absolute_and_from_zero(tmp_path: Path) -> None:
    for path in (
        made.xlsx(tmp_path / "a.xlsx", merge="E9:F10"),
        made.xls(tmp_path / "a.xls", merge=(8, 4, 9, 5)),
    ):
        with open_book(path) as book:
            assert list(book.sheets[0].merged) == [(8, 4, 9, 5)]
            assert list(book.sheets[0].rows())[8][4] == "合并"
    for path in (made.ods(tmp_path / "a.ods"), write(tmp_path / "a.csv", b"a,b\n")):
        with open_book(path) as book:
            assert list(book.sheets[0].merged) == []


def test_hidden_sheets_are_marked_and_chart_sheets_left_out(tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "a.xlsx", more=["旧", "chart", "尾"], hidden="旧")
    with open_book(path) as book:
        assert [(s.name, s.number, s.hidden) for s in book.sheets] == [
            ("数据", 1, False),
            ("旧", 2, True),
            ("尾", 4, False),
        ]
        assert [s.height for s in book.sheets] == [8, 0, 0]
        assert [list(s.rows()) for s in book.sheets[1:]] == [[], []]
        assert made.trimmed(book.sheets[0].rows()) == made.FROM_C5_ROWS, "after another sheet was read"


def test_values_keep_their_types(tmp_path: Path) -> None:
    import openpyxl

    values = ["00123", 7, 1.5, True, dt.date(2024, 5, 3), dt.datetime(2024, 5, 3, 8, 30), dt.time(8, 30)]
    book = openpyxl.Workbook()
    book.active.append(values)
    book.save(tmp_path / "a.xlsx")
    (row,) = made.rows_of(tmp_path / "a.xlsx")
    assert row == values
    assert [type(cell) for cell in row] == [str, float, float, bool, dt.date, dt.datetime, dt.time]


def test_size_and_sha256_are_those_of_the_file(tmp_path: Path) -> None:
    for path in (
        made.xlsx(tmp_path / "a.xlsx"),
        made.xls(tmp_path / "a.xls"),
        write(tmp_path / "a.csv", "客户,1\n".encode("gbk")),
    ):
        content = path.read_bytes()
        with open_book(path) as book:
            assert (book.size, book.sha256) == (len(content), hashlib.sha256(content).hexdigest())
            assert book.name == path.name


# Endings that lie


@pytest.mark.parametrize(
    ("make", "ending"),
    [
        (made.xls, "xlsx"),
        (made.xlsx, "xls"),
        (made.ods, "xlsx"),
        (made.xlsx, "csv"),
        (made.xls, "csv"),
        (made.xlsx, "dat"),
    ],
)
def test_a_workbook_is_read_whatever_its_ending(make: Callable[[Path], Path], ending: str, tmp_path: Path) -> None:
    path = make(tmp_path / f"right.{make.__name__}").rename(tmp_path / f"wrong.{ending}")
    assert made.rows_of(path) == made.FROM_C5_ROWS


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", ["\t", ","])
def test_text_saved_as_xls_is_read_as_a_csv(sign: str, encoding: str, tmp_path: Path) -> None:
    path = write(tmp_path / "导出.xls", f"客户{sign}金额\r\n苏宁{sign}1.5\r\n".encode(encoding))
    assert made.rows_of(path) == [["客户", "金额"], ["苏宁", "1.5"]]


PAGE = "<table><tr><td>客户</td></tr></table>"
SPREADSHEET_ML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xls", f"<html><body>{PAGE}", "a.xls is a web page saved with the ending .xls"),
        ("a.xls", f"\n <!DOCTYPE HTML>\n<html>{PAGE}", "a.xls is a web page saved with the ending .xls"),
        ("a.xlsx", PAGE, "a.xlsx is a web page saved with the ending .xlsx"),
        ("a.csv", f"<!-- x --><HTML>{PAGE}", "a.csv is a web page saved with the ending .csv"),
        ("a.xls", SPREADSHEET_ML, "a.xls is an XML file saved with the ending .xls"),
    ],
)
@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_web_pages_and_xml_are_named(encoding: str, name: str, content: str, message: str, tmp_path: Path) -> None:
    error = refusal(write(tmp_path / name, content.encode(encoding)))
    assert (error.message, error.hint) == (message, "Open it in Excel and save it as .xlsx.")


ZIP = made.zipped
RAW_BIFF4 = b"\x09\x04\x06\x00\x00\x00\x10\x00"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.xlsx is a picture (PNG), not a workbook that can be read"),
        ("a.xlsx", b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.xlsx is a picture (JPEG), not a workbook that can be read"),
        ("a.csv", b"GIF89a\1\0", "a.csv is a picture (GIF), not a workbook that can be read"),
        ("a.xls", b"%PDF-1.7\n", "a.xls is a PDF, not a workbook that can be read"),
        ("a.xlsx", b"Rar!\x1a\x07", "a.xlsx is a RAR archive, not a workbook that can be read"),
        ("a.csv", b"SQLite format 3\0", "a.csv is a database, not a workbook that can be read"),
        ("a.xls", RAW_BIFF4, "a.xls is a workbook of Excel 4, not a workbook that can be read"),
        ("a.docx", ZIP({"word/document.xml": b"<w/>"}), "a.docx is a Word document, not a workbook that can be read"),
        ("a.xlsx", ZIP({"ppt/x.xml": b"<p/>"}), "a.xlsx is a PowerPoint presentation, not a workbook that can be read"),
        (
            "a.xlsb",
            ZIP({"xl/workbook.bin": b""}),
            "a.xlsb is a binary workbook (.xlsb), not a workbook that can be read",
        ),
        (
            "a.xlsx",
            ZIP({"Index/Tables/DataList.iwa": b""}),
            "a.xlsx is an Apple Numbers document, not a workbook that can be read",
        ),
        (
            "a.ods",
            ZIP({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
            "a.ods is an OpenDocument file that is not a spreadsheet, not a workbook that can be read",
        ),
        ("a.zip", ZIP({"a.xlsx": b"", "b.xlsx": b""}), "a.zip is a zip archive, not a workbook"),
        ("a.xlsx", ZIP({}), "a.xlsx is a zip archive, not a workbook"),
        ("a.xlsx", made.ole("EncryptionInfo", "EncryptedPackage"), "a.xlsx is protected by a password"),
        ("a.xls", made.ole("WordDocument"), "a.xls is a Word document, not a workbook that can be read"),
        (
            "a.xls",
            made.ole("PowerPoint Document"),
            "a.xls is a PowerPoint presentation, not a workbook that can be read",
        ),
        ("a.msg", made.ole("__nameid_version1.0"), "a.msg is damaged and cannot be read"),
        ("a.xls", made.ole("Workbook"), "a.xls is damaged and cannot be read"),
        ("a.xlsx", b"PK\3\4" + b"\0" * 60, "a.xlsx is damaged and cannot be read"),
        ("a.xlsx", bytes(range(256)) * 8, "a.xlsx is damaged and cannot be read"),
        ("a.xlsx", b"hello\n", "a.xlsx is plain text, not a workbook that can be read"),
        ("a.json", b'{"a": 1, "b": 2}', "a.json is a .json file, not a workbook that can be read"),
        ("a.csv", b"", "a.csv is empty"),
        ("a.xlsx", b"", "a.xlsx is empty"),
        ("a.csv", b"\xef\xbb\xbf", "a.csv is empty"),
        ("a.csv", b" \r\n\r\n", "a.csv is empty"),
        ("a.csv", b"a,b\n1,\0\n", "a.csv:2: holds a NUL character, which text never does"),
        ("a.csv", b"a,b\n1,2\n\xff\xff,3\n", "a.csv:3: neither UTF-8 nor GB18030 text"),
        ("a.csv", "客户名称和金额,1\n苏宁\n".encode() + b"\xff,2\n", "a.csv:3: byte 31 is not UTF-8 text"),
        ("a.csv", codecs.BOM_UTF8 + b"a\n\xff", "a.csv:2: byte 5 is not UTF-8 text"),
        ("a.csv", b'a,b\n1,"2\n3,4\n', "a.csv:2-3: the quotation marks do not match"),
        ("a.csv", b'a,b\n1,"2"x\n3,4\n', "a.csv:2: the quotation marks do not match"),
        ("a.csv", b'a,b\n"x\ny",2\n1,"2"x\n', "a.csv:4: the quotation marks do not match"),
        ("a.csv", b"a,b\n1," + b"x" * 1_048_577 + b"\n", "a.csv:2: a cell of more than 1,048,576 characters"),
        ("a.csv", b"a," * 16_383 + b"b,c\n1\n", "a.csv:1: 16,385 columns; a sheet has no more than 16,384"),
        ("a.csv", b"a,b\n" + b"1," * 1_000_000 + b"\n", "a.csv:2: 1,000,001 columns; a sheet has no more than 16,384"),
        ("a.csv", b"a,b\n" + b"1," * (9 << 20) + b"\n", "a.csv:2: a line of more than 16,777,216 characters"),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_named(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    error = refusal(write(tmp_path / name, content))
    assert error.message == message
    assert error.hint


@pytest.mark.parametrize("missing", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_with_a_part_missing_is_damaged(missing: str, tmp_path: Path) -> None:
    path = made.bent(
        made.xlsx(tmp_path / "good.xlsx"), tmp_path / "bad.xlsx", lambda name, old: None if name == missing else old
    )
    assert refusal(path).message == "bad.xlsx is damaged and cannot be read"


def test_a_workbook_of_charts_only_is_refused(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=图!$A$1:$A$2"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()
    assert refusal(tmp_path / "a.xlsx").message == "a.xlsx holds no sheet with cells"


@pytest.mark.parametrize("length", [1_000, 2_500, 4_000])
def test_an_xls_cut_short_is_damaged_or_whole(length: int, tmp_path: Path) -> None:
    whole = made.xls(tmp_path / "a.xls", {(row, 0): f"客户{row}" for row in range(300)}).read_bytes()
    assert refusal(write(tmp_path / "cut.xls", whole[:length])).message == "cut.xls is damaged and cannot be read"


# Paths


def test_a_missing_file_names_those_like_it(tmp_path: Path) -> None:
    for name in ("销售5月.xlsx", "销售6月.xlsx", "库存.xlsx"):
        write(tmp_path / name, b"")
    error = refusal(tmp_path / "销售5月.xls")
    assert error.message == f"there is no file {tmp_path / '销售5月.xls'}"
    assert error.hint == "Near it: 销售5月.xlsx, 销售6月.xlsx"
    assert refusal(tmp_path / "q").hint == "Check the folder and the spelling."
    assert refusal(tmp_path / "no" / "a.csv").hint == f"There is no folder {tmp_path / 'no'} either."


def test_folders_pipes_devices_and_dangling_links_are_told_apart(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert (error.message, error.hint) == (f"{tmp_path} is a folder", f"Name the files in it: {tmp_path}/*.xlsx")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/null")):
        assert refusal(path).message == f"{path} is a pipe or a device, not a file"
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    assert refusal(tmp_path / "link.csv").message == f"there is no file {tmp_path / 'link.csv'}"
    assert (
        refusal(write(tmp_path / "a.csv", b"x") / "b.csv").message == f"there is no file {tmp_path / 'a.csv' / 'b.csv'}"
    )
    assert refusal(tmp_path / "a\0b").message == r"'a\x00b' is not the name of a file"
    assert "cannot be read" in refusal(tmp_path / ("x" * 300)).message


def test_a_file_one_may_not_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.csv", b"a\n")

    def forbidden(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert refusal(path).message == "a.csv may not be read by you"


# CSV

TABLES = st.lists(
    st.lists(
        st.text(
            st.characters(codec="gb18030", exclude_categories=("Cs", "Cc"), include_characters="\n\t\r"), max_size=6
        ),
        min_size=2,
        max_size=4,
    ),
    min_size=1,
    max_size=6,
)


def as_csv(table: list[list[str]], sign: str) -> str:
    import csv

    out = io.StringIO()
    csv.writer(out, delimiter=sign, quoting=csv.QUOTE_ALL).writerows(table)
    return out.getvalue()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=TABLES,
    encoding=st.sampled_from(
        [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("gb18030", "gb18030"), ("utf-16-be", "utf-16-be")]
    ),
)
def test_what_was_written_is_read(table: list[list[str]], encoding: tuple[str, str | None], tmp_path: Path) -> None:
    codec, told = encoding
    path = write(tmp_path / "a.csv", ("甲,乙\n" * 3 + as_csv(table, ",")).encode(codec))
    with open_book(path, encoding=told) as book:
        assert list(book.sheets[0].rows()) == [["甲", "乙"]] * 3 + table
        assert book.sheets[0].height >= 3 + len(table)


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_reads_the_same_when_told(codec: str, found: str, tmp_path: Path) -> None:
    words = "name,amount" if codec == "ascii" else "客户名称,amount"
    path = write(tmp_path / "a.csv", f"{words}\r\nA01,1\r\n".encode(codec))
    with open_book(path) as book:
        assert book.encoding == found
        assert list(book.sheets[0].rows()) == [words.split(","), ["A01", "1"]]
    assert made.rows_of(path, encoding=found) == [words.split(","), ["A01", "1"]]


def test_a_long_gbk_file_is_not_taken_for_damaged_utf8(tmp_path: Path) -> None:
    line = "江苏五星电器有限公司,南京,2024年5月3日,4168.00\n"
    path = write(tmp_path / "a.csv", (line * 50_000).encode("gbk"))
    assert len(path.read_bytes()) > 2 * (1 << 20), "several chunks, cut inside characters"
    rows = made.rows_of(path)
    assert len(rows) == 50_000
    assert set(map(tuple, rows)) == {tuple(line.strip().split(","))}


def test_a_file_that_stops_being_utf8_far_down_names_the_line(tmp_path: Path) -> None:
    line = "江苏五星电器有限公司,南京\n".encode()
    path = write(tmp_path / "a.csv", line * 60_000 + "苏宁,".encode() + b"\xc4\xcf\n" + line)
    assert refusal(path).message == f"a.csv:60001: byte {len(line) * 60_000 + 7:,} is not UTF-8 text"


def test_a_told_encoding_is_held_to_strictly(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "客戶,金額\n蘇寧,1\n".encode("big5"))
    assert made.rows_of(path, encoding="big5") == [["客戶", "金額"], ["蘇寧", "1"]]
    error = refusal(write(tmp_path / "b.csv", "a,b\n客户,1\n".encode("gbk")), encoding="UTF8")
    assert error.message == "b.csv:2: byte 4 is not UTF-8 text"
    assert "--encoding" in error.hint


@pytest.mark.parametrize("value", ["klingon", "hex", "rot13", "\0", ""])
def test_an_unknown_encoding_is_a_usage_error(value: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"a,b\n")
    if not value:
        assert made.rows_of(path, encoding=value) == [["a", "b"]]
        return
    with pytest.raises(UsageError) as caught:
        open_book(path, encoding=value)
    assert caught.value.message == f"“{value}” is not an encoding"


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b\n1,5;2,5\n2,5;3\n", ";"),
        ("a\tb\n1,234\t5\n1,000\t6,000\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("2024年5月销售表\n制表：王\n客户;金额\n苏宁;1\n国美;2\n", ";"),
        ('a,b\n"x;y;z",1\n"p;q;r",2\n', ","),
        ('a;b\n"one, two,\nthree";1\n', ";"),
        ('name,size\nTV,55"\nTV,65"\n', ","),
        ("alone\nlines\n", ","),
        ("", ","),
        ("sep=;\na,b;c\n", ";"),
        ("SEP=|\na,b\n", "|"),
    ],
)
def test_the_delimiter_is_the_one_most_lines_agree_on(content: str, sign: str) -> None:
    assert text.delimiter(content) == sign


def test_records_keep_their_numbers(tmp_path: Path) -> None:
    content = b'sep=;\r\na;b\r\n\r\n"x\r\ny";"say ""hi"""\r\n 55";z\r\n'
    with open_book(write(tmp_path / "a.csv", content)) as book:
        assert list(book.sheets[0].rows()) == [[], ["a", "b"], [], ["x\r\ny", 'say "hi"'], [' 55"', "z"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_line(end: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f"a,b{end}1,2{end}3,4".encode())
    with open_book(path) as book:
        assert list(book.sheets[0].rows()) == [["a", "b"], ["1", "2"], ["3", "4"]]
        assert book.sheets[0].height == 3


def test_as_many_columns_as_a_sheet_has_are_read(tmp_path: Path) -> None:
    assert made.rows_of(write(tmp_path / "a.csv", b"a," * 16_383 + b"b\n")) == [["a"] * 16_383 + ["b"]]


@pytest.fixture
def csv_limit() -> Iterator[None]:
    """The csv module's limit holds for the whole process: what a test lowers it brings back."""
    before = csv.field_size_limit()
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("csv_limit")
def test_the_limit_of_a_cell_can_be_set(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"a,b\n1234567890,2\n")
    assert made.rows_of(path, limits=Limits(cell=10)) == [["a", "b"], ["1234567890", "2"]]
    assert refusal(path, limits=Limits(cell=9)).message == "a.csv:2: a cell of more than 9 characters"


# Pipes


@pytest.mark.parametrize("make", [made.xlsx, made.xls, made.ods])
def test_a_workbook_comes_through_a_pipe(make: Callable[[Path], Path], tmp_path: Path) -> None:
    content = make(tmp_path / "a").read_bytes() if make is not made.ods else make(tmp_path / "a.ods").read_bytes()
    with open_stream("-", io.BytesIO(content)) as book:
        assert made.trimmed(book.sheets[0].rows()) == made.FROM_C5_ROWS
        assert (book.name, book.size, book.sha256) == ("-", len(content), hashlib.sha256(content).hexdigest())


def test_a_csv_comes_through_a_pipe_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_stream("stdin", io.BytesIO("客户,1\n".encode("gbk"))) as book:
        assert list(book.sheets[0].rows()) == [["客户", "1"]]
        assert book.encoding == "gb18030"
        assert list(tmp_path.iterdir()) == []
    with pytest.raises(RefusedError, match=r"^- is empty$"):
        open_stream("-", io.BytesIO())


# Real sheets


def by_name(book: Book, name: str) -> list[list[Any]]:
    return next(list(sheet.rows()) for sheet in book.sheets if sheet.name == name)


@needs_shared
def test_a_real_xls_gives_its_10000_lines() -> None:
    with open_book(SHARED / "superstore_zh" / "示例 - 超市.xls") as book:
        rows = by_name(book, "订单")
        assert [sheet.number for sheet in book.sheets] == [1, 2, 3]
    assert len(rows) == 10_001
    assert rows[0][:3] == ["行 ID", "订单 ID", "订单日期"]


@needs_shared
def test_the_same_lines_in_other_dress_have_the_same_number_of_rows() -> None:
    folder = SHARED / "zh_variants"
    with open_book(folder / "v01_gbk.csv") as gbk, open_book(folder / "v02_utf8bom_nianyueri.csv") as marked:
        assert (gbk.encoding, marked.encoding) == ("gb18030", "utf-8")
        assert sum(1 for _row in gbk.sheets[0].rows()) == sum(1 for _row in marked.sheets[0].rows()) == 10_001
    with open_book(folder / "v04_wanyuan.xlsx") as book:
        assert sum(1 for _row in book.sheets[0].rows()) >= 10_001


@needs_shared
@pytest.mark.parametrize(
    "path", sorted(SHARED.rglob("*.csv")) + sorted(SHARED.rglob("*.xls*")), ids=lambda path: path.name
)
def test_every_real_sheet_is_read_to_its_end(path: Path) -> None:
    with open_book(path, encoding="latin-1" if path.name == "sales_data_sample.csv" else None) as book:
        for sheet in book.sheets:
            count = sum(1 for _row in sheet.rows())
            assert 0 < count <= sheet.height
