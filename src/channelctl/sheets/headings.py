"""Headings as people write them, brought to one form."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

# Traditional characters that occur in headings, and their simplified forms.
_TRADITIONAL = (
    "業業務務員員產产品品編编號号碼码稱称類类別别單单據据訂订購购貨货價价額额數数量量銷销售售稅税總总計计處处辦办區区"
    "域域縣县戶户經经銷销聯联絡络繫系電电話话級级規规劃划標标準准備备註注狀状態态實实際际發发開开績绩營营運运職职"
    "責责負负標标行行業业應应進进項项圍围爭争競竞對对權权條条點点訊讯貿贸門门廠厂線线鎮镇鄉乡個个專专歷历曆历"
    "結结餘余庫库時时間间關关係系統统從从後后來来給给與与無无於于萬万千千億亿圓元圆元臺台噸吨週周報报表表會会"
    "審审製制圖图書书買买賣卖賬账帳账資资質质財财務务費费貼贴獎奖勵励補补償偿達达優优惠惠檔档碼码機机種种"
    "並并淨净毛毛潤润"
)
_SIMPLIFY = str.maketrans(dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)))
_FACTORS = {
    **dict.fromkeys(("元", "rmb", "cny", "yuan"), 1),
    **dict.fromkeys(("千元", "k", "thousand"), 1_000),
    **dict.fromkeys(("万元", "万", "10k", "wan"), 10_000),
    **dict.fromkeys(("百万元", "百万", "million"), 1_000_000),
    **dict.fromkeys(("亿元", "亿"), 100_000_000),
}
_BRACKETS = re.compile(r"[(\[【<](.*?)[)\]】>]")
_NOISE = re.compile(r"[\s_\-./:;,·*#'\"“”、|]+")
_TITLE_UNIT = re.compile(r"(?:单位|unit)[:：\s]*(?:人民币)?\s*(百万元|千元|万元|亿元|元)", re.IGNORECASE)


class Heading(NamedTuple):
    """A heading's plain form (`key`), and the unit it names."""

    key: str
    unit: str
    factor: Decimal | None


@lru_cache(maxsize=4096)
def read(text: str) -> Heading:
    """销售额（万元） → key 销售额, factor 10,000; brackets that hold no unit belong to the name."""
    plain = simplify(text)
    unit, factor = "", None
    for inner in _BRACKETS.findall(plain):
        words = [word for word in re.split(r"[:：,，/\s]+", inner) if word and word not in ("人民币", "单位")]
        if words and words[0] in _FACTORS:
            unit, factor = words[0], Decimal(_FACTORS[words[0]])
        elif len(inner) > 3 or not inner:
            continue
        else:
            unit = unit or inner
        plain = (
            plain.replace(f"({inner})", "")
            .replace(f"[{inner}]", "")
            .replace(f"【{inner}】", "")
            .replace(f"<{inner}>", "")
        )
    tail = re.search(r"[/_\-\s](百万元|千元|万元|亿元|元)$", plain)
    if tail:
        unit, factor, plain = tail[1], Decimal(_FACTORS[tail[1]]), plain[: tail.start()]
    return Heading(_NOISE.sub("", plain), unit, factor)


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """The plain form of an alias or heading without looking for units: no blanks, case, width or traditional forms."""
    return _NOISE.sub("", simplify(text))


def simplify(text: str) -> str:
    """Half-width, lower-case, simplified characters."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFY).strip()


def title_factor(row: list[Any]) -> Decimal | None:
    """The factor a title row such as 单位：万元 sets for the amounts below."""
    for cell in row:
        if isinstance(cell, str):
            found = _TITLE_UNIT.search(simplify(cell))
            if found:
                return Decimal(_FACTORS[found[1]])
    return None


def title_month(text: str) -> str | None:
    """2024-05 out of “2024年5月规划客户”, “plan 2024-05”; None where no one month is named."""
    found = set(re.findall(r"(?<!\d)(20\d{2})\s*[年.\-_/]?\s*(1[0-2]|0?[1-9])(?!\d)\s*月?", simplify(text)))
    months = {f"{year}-{int(month):02d}" for year, month in found}
    return months.pop() if len(months) == 1 else None
