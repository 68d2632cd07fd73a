"""Cells as texts, and the texts that are no record's: totals, signatures."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from channelctl.sheets.failed import EXCEL_ERRORS, cut
from channelctl.sheets.problems import Flaw

# What stands for nothing in a cell.
BLANK_MARKS = frozenset(("-", "--", "—", "——", "/", "\\", "–"))
_CUT_FROM = 10**15
_FAILED = frozenset(("E208", "E209"))
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What an export puts a quotation mark before, so that no spreadsheet runs it.
_NEUTRALISED = ("=", "+", "-", "@")
# Blanks around a text, and signs of no width, in whatever order.
_EDGES = re.compile(r"\A[\s\ufeff\u200b]+|[\s\ufeff\u200b]+\Z")
_LINE_BREAK = re.compile(r"\s*[\r\n\t]+\s*")


def text(cell: Any) -> str | None:
    """A cell as text: 1003.0 is 1003, ="007" is 007; blanks around and control characters go; nothing left is None.

    A number of more digits than a spreadsheet keeps is one of EXCEL_ERRORS: 2.0240503E+17.
    """
    if type(cell) is str:
        clean = cell.strip()
        if not clean.isprintable():
            clean = _EDGES.sub("", _CONTROL.sub("", _LINE_BREAK.sub(" ", clean)))
        if clean[:2] == '="':
            clean = bare(clean)
        if clean[:1] == "'" and clean[1:2] in _NEUTRALISED:
            clean = clean[1:]
        return clean or None
    if cell is None:
        return None
    if type(cell) is float:
        if cell.is_integer():
            return str(int(cell)) if abs(cell) < _CUT_FROM else cut(cell)
        return format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)


def texts(cells: Sequence[Any]) -> list[str | None]:
    """A column as texts."""
    try:
        whole = "".join(cells)
    except TypeError:
        return [text(cell) for cell in cells]
    # Most columns of codes hold nothing to clean: a blank is the only one of the signs looked for that is printable.
    if whole.isprintable() and not any(sign in whole for sign in " ='"):
        return [cell or None for cell in cells]
    return [text(cell) for cell in cells]


def bare(cell: str) -> str:
    """Without blanks around, and out of the ="007" by which a CSV keeps Excel from taking a code for a number."""
    bare = cell.strip().strip("\ufeff\u200b")
    quoted = _AS_TEXT.fullmatch(bare) if bare[:2] == '="' else None
    return _EDGES.sub("", quoted[1]) if quoted else bare


class Texts(dict[Any, str | None]):
    """Cells to texts, each distinct cell cleaned once; `totals` label a totals row, `errors` are of EXCEL_ERRORS."""

    def __init__(self) -> None:
        super().__init__()
        self.totals: set[str] = set()
        self.errors: set[str] = set()

    def __missing__(self, cell: Any) -> str | None:
        clean = text(cell)
        if clean is not None and is_total(clean):
            self.totals.add(clean)
        elif clean is not None and clean in EXCEL_ERRORS:
            self.errors.add(clean)
        self[cell] = clean
        return clean


_TOTAL = re.compile(
    r"(?:.{0,12}?)(?:[小合总累共小合總纍]\s*[计計]|总额|總額)\s*(?:金额|金額|数量|數量)?\s*(?:[(（].{0,12}[)）])?\s*[:：]?"
    r"|(?:承|接|过|转|過|轉)(?:前|上|次|下)[页頁]"
    r"|(?:.{0,12} )?(?:grand |sub)?[ -]?totals?\s*:?",
    re.IGNORECASE,
)


def is_total(label: str) -> bool:
    """小计, 合计：, 华东 小计, Grand Total; and what is carried over from page to page, 承前页."""
    return len(label) < 24 and _TOTAL.fullmatch(label) is not None


_SIGNATURE = re.compile(
    r"(?:制表|制单|填表|编制|审核|复核|审批|批准|核准|主管|经理|部门经理|财务|会计|出纳|经办|签字|签名|签章|盖章|打印|导出|注|备注|说明)"
    r"(?:人|员|时间|日期)?\s*[:：].*"
    r"|(?:制表|制单|填表|审核|复核|审批|批准|核准|经办|签字|签名|签章|盖章|打印|导出)(?:人|员|时间|日期)?"
    r"|(?:prepared|approved|checked|reviewed|printed|exported)(?: (?:by|on))?\b.*",
    re.IGNORECASE | re.DOTALL,
)


def is_signature(label: str) -> bool:
    """制表：王伟, 审核人, 打印时间：…, Prepared by …: what stands below a table."""
    return _SIGNATURE.fullmatch(label) is not None


def is_unreadable(words: Sequence[str], codes: Sequence[str], day: Flaw | None) -> bool:
    """Whether a row with flaws is a record whose formulas failed, however little else it says.

    Formulas filled down below the last record, which have no day and no word beside them, are none.
    """
    if _FAILED.isdisjoint(codes) or is_signature(words[0] if words else ""):
        return False
    return (day is not None and day.code in _FAILED) or any(word not in EXCEL_ERRORS for word in words)
