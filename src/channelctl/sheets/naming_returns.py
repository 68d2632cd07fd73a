"""Whether the name of a sheet or file, or a title, says that all of a sheet is returns, or only speaks of them."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from channelctl.sheets import headings, places

_WORD = re.compile(r"退货|红字|返货|(?<![a-z])returns?(?![a-z])")
_SALES = re.compile(r"销售|销货|出货|sale")
_APART = r"[\s_\-—()（）\[\]【】:：,，、]*"
# Words that make of returns what is off already, or is none; words that set them beside something else.
_NONE_BEFORE = re.compile(rf"[无净扣未不非否]{_APART}$|不含{_APART}$|(?<![a-z])(?:no|net of|without|excl\w*){_APART}$")
_NONE_BEHIND = re.compile(rf"{_APART}(?:[净率比扣无否]|[已未全]?[冲扣除减]|rates?|visits?)")
_SOME_BEFORE = re.compile(rf"(?:[含及和与&+]|是否|and|with|incl\w*){_APART}$")
_SOME_BEHIND = re.compile(rf"{_APART}(?:[含及和与&+]|and)")
_LIST = r"(?:单据|单|明细|汇总|清单|流水|记录|数据|统计|情况|发票|报表|表|台账|lists?|details?|notes?)*"
_END = re.compile(rf"(?:退货|红字|返货|returns?){_LIST}\s*(?:[(（][^()（）]*[)）])?$")
_WHOLE = re.compile(rf"(?:客户|产品|机器|sheet)?(?:退货|红字|返货|returns?){_LIST}")
_TIMES = re.compile(r"第?[\d一二三四]+(?:年度?|月份?|日|号|季度?|期)|上半年|下半年|[上本]月|年度|月度|[\W\d_]+")
_LONG_TITLE, _LONG_PLACE = 40, 8


class Said(NamedTuple):
    """Which of sheet, title and file says that all is returns, or which speaks of them without saying that."""

    all: str = ""
    some: str = ""


def said(titles: Sequence[str], sheet: str, file: str) -> Said:
    """What the nearest of them that speaks of sales or returns says; of the file's name only what says nothing else."""
    title = next((one for one in titles if _speaks(one)), "")
    for by, name in (("sheet", sheet), ("title", title), ("file", file)):
        plain = headings.simplify(name)
        if not _speaks(plain):
            continue
        found = _WORD.findall(plain)
        if not found or _is_denied(plain):
            return Said()
        if _SALES.search(plain) or _is_beside(plain):
            return Said(some=by)
        if by == "sheet" or (by == "title" and _END.search(plain)) or (by == "file" and _WHOLE.fullmatch(_bare(plain))):
            return Said(all=by)
        return Said(some=by)
    return Said()


def titles(rows: Sequence[Sequence[Any]], words: Sequence[str]) -> list[str]:
    """The texts that stand alone in a row above the heading and are no group of its headings, nearest first."""
    alone = [[cell for cell in row if cell != ""] for row in reversed(rows)]
    found = [row[0] for row in alone if len(row) == 1 and isinstance(row[0], str) and len(row[0]) <= _LONG_TITLE]
    groups = {word.partition("(")[0] for word in words if word.endswith(")")}
    return [cell for cell in found if cell.strip() not in groups]


def _speaks(name: str) -> bool:
    plain = headings.simplify(name)
    return bool(_WORD.search(plain) or _SALES.search(plain))


def _is_denied(plain: str) -> bool:
    """Whether 退货率, 无退货, 已扣退货: nothing of the sheet is returns."""
    return any(
        _NONE_BEFORE.search(plain[: one.start()]) or _NONE_BEHIND.match(plain, one.end()) for one in _spots(plain)
    )


def _is_beside(plain: str) -> bool:
    return any(
        _SOME_BEFORE.search(plain[: one.start()]) or _SOME_BEHIND.match(plain, one.end()) for one in _spots(plain)
    )


def _spots(plain: str) -> list[re.Match[str]]:
    return list(_WORD.finditer(plain))


def _bare(plain: str) -> str:
    """A file's name without times and places."""
    return "".join(map(_after_place, _TIMES.split(plain)))


def _after_place(word: str) -> str:
    """What stands behind the place that a word begins with."""
    ends = (end for end in range(min(len(word), _LONG_PLACE), 1, -1) if places.is_place(word[:end]))
    return word[next(ends, 0) :]
