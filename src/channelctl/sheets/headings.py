"""Headings as people write them, brought to one form."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

# Traditional characters that occur in headings, and their simplified forms.
_TRADITIONAL = (
    "產产編编號号碼码稱称類类別别單单據据訂订購购貨货價价額额數数銷销稅税總总計计處处辦办區区縣县戶户經经聯联絡络繫系電电話话級级規规劃划標标準准備备註注狀状態态實实際际發发開开績绩營营運运職职責责負负業业"
    "應应進进項项圍围爭争競竞對对權权條条點点訊讯貿贸門门廠厂線线鎮镇鄉乡個个專专歷历曆历結结餘余庫库時时間间關关係系統统從从後后來来給给與与無无於于萬万億亿圓元圆元臺台噸吨週周報报會会審审製制圖图書书買买"
    "賣卖賬账帳账資资質质財财務务費费貼贴獎奖勵励補补償偿達达優优檔档機机種种並并淨净潤润屬属郵邮愛爱決决範范簡简顧顾問问崗岗冊册場场鏈链興兴幣币倉仓終终連连鎖锁盤盘廢废閉闭簽签層层證证員员佈布協协議议執执"
)
_SIMPLIFY = str.maketrans(dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)))
_FACTORS = {
    **dict.fromkeys(("元", "rmb", "cny", "yuan"), 1),
    **dict.fromkeys(("千元", "千", "k", "000", "thousand"), 1_000),
    **dict.fromkeys(("万元", "万", "10k", "wan"), 10_000),
    **dict.fromkeys(("百万元", "百万", "million"), 1_000_000),
    **dict.fromkeys(("亿元", "亿"), 100_000_000),
}
_PIECES = "台部件个只套箱吨支包瓶张"
_COUNTED = {"百": 100, "千": 1_000, "万": 10_000}
_BRACKETS = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]")
_NOISE = re.compile(r"[\s_\-./:;,·*#'\"“”、|()\[\]【】<>]+")
_TAIL = re.compile(r"(?:[/_\-\s:,]\s*(百万元|千元|万元|亿元|元|万)|(百万元|千元|万元|亿元))$")
_TITLE_UNIT = re.compile(
    r"(?:单位|unit)[:\s]*.{0,8}?(百万元|千元|万元|亿元|元|万)(?!(?!人民币)[\u4e00-\u9fff])"
    r"|[(\[【]\s*(百万元|千元|万元|亿元)\s*[)\]】]",
    re.IGNORECASE,
)


class Heading(NamedTuple):
    """A heading's plain form (`key`), and the unit it names."""

    key: str
    unit: str
    factor: Decimal | None


@lru_cache(maxsize=16384)
def read(text: str) -> Heading:
    """销售额（万元） → key 销售额, factor 10,000; 金额（含税） is 含税金额; other brackets belong to the name."""
    plain = simplify(text)
    unit, factor, tax = "", None, ""
    for found in _BRACKETS.finditer(simplify(text)):
        words = [word for word in re.split(r"[:,/、\s]+", re.sub("人民币|单位|'", " ", found[1])) if word]
        told = [(value, word) for word in words if (value := _value(word))]
        taxed = next((word for word in words if "税" in word), "")
        if told:
            value, unit = max(told)
            factor = Decimal(value)
        elif not taxed and (len(found[1]) > 3 or not found[1]):
            continue
        else:
            unit = unit or found[1]
        tax = tax or taxed
        plain = plain.replace(found[0], "")
    if tail := _TAIL.search(plain):
        unit = tail[1] or tail[2]
        factor, plain = Decimal(_FACTORS[unit]), plain[: tail.start()]
    return Heading(_NOISE.sub("", tax + plain), unit, factor)


def _value(word: str) -> int:
    """How many yuan, or pieces, a unit stands for; 0 for a word that is no such unit."""
    if len(word) == 2 and word[0] in _COUNTED and word[1] in _PIECES:
        return _COUNTED[word[0]]
    return _FACTORS.get(word, 0)


def is_money(unit: str) -> bool:
    """Whether a unit can only be one of money: 万元, but neither 万 nor 万台."""
    return unit.endswith("元") or unit in ("rmb", "cny", "yuan")


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """The plain form of an alias or heading without looking for units: no blanks, case, width or traditional forms."""
    return _NOISE.sub("", simplify(text))


@lru_cache(maxsize=16384)
def simplify(text: str) -> str:
    """Half-width, lower-case, simplified characters."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFY).strip()


def title_factor(row: list[Any]) -> Decimal | None:
    """The factor a title row such as 单位：万元 sets for the amounts below."""
    for cell in row:
        if isinstance(cell, str):
            found = _TITLE_UNIT.search(simplify(cell))
            if found:
                return Decimal(_FACTORS[found[1] or found[2]])
    return None


def title_month(text: str) -> str | None:
    """2024-05 out of “2024年5月规划客户”, “plan 2024-05”; None where no one month is named."""
    found = set(re.findall(r"(?<!\d)(20\d{2})\s*[年.\-_/]?\s*(1[0-2]|0?[1-9])(?!\d)\s*月?", simplify(text)))
    months = {f"{year}-{int(month):02d}" for year, month in found}
    return months.pop() if len(months) == 1 else None
