"""How like a heading is to the names we know: in writing, by a part of it, or in its sound."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from channelctl.records import Kind
from channelctl.records.names import pinyin
from channelctl.sheets import headings

# Parts of headings that speak of a field without being its name.
_SPEAK = {
    "date": "日期 时间 年月日 日子 哪天 何时 日 date time day when",
    "amount": "成交额 营业额 流水 货款 价款 总价 实收 收入 revenue turnover total value 额 金 款 钱",
    "unit_price": "售价 价格 单价 price 价",
    "quantity": "台次 pcs pieces units count 台数 件数 数目 量 数",
    "document": "单号 票号 流水号 合同号 合同 交易 voucher slip receipt",
    "line_no": "序号 项次",
    "customer": "客户 买家 买方 购方 门店 终端 商户 店名 店铺 网点 商家 公司 抬头 收货方 开票方 buyer client company"
    " shop store partner 客 商 店 户 谁",
    "customer_code": "客户号 客户码 会员号 店号",
    "office": "片区 网格 营业部 经营部 站点 机构 组织 部门 厅 处 department area",
    "region": "战区 省区 区",
    "rep": "销售人员 经手人 跟单 导购 顾问 seller agent 员 人 经理 代表",
    "product": "货品 货名 产品 商品 机器 手机 规格 物料 goods article part 品 货",
    "product_code": "货号 料号 条码 barcode ean sku",
    "profit": "利润 毛利 margin",
    "cost": "成本 进价",
    "document_type": "类型 type",
    "returned": "退款 退货 refund",
    "tax": "税",
    "status": "状态 status",
    "channel": "渠道",
    "category": "品类 类别 类",
    "brand": "品牌 牌",
    "phone": "电话 手机 联系方式 tel mobile",
    "email": "邮箱 邮件 mail",
    "address": "地址 住址 street",
    "city": "市 town",
    "province": "省 state",
    "contact": "联系人",
    "name": "名称 全称 简称 名字 名 name",
    "code": "编号 编码 代码 号 码",
    "month": "月份 月度 账期 月",
    "target": "目标 任务 指标 计划 goal",
    "role": "职务 岗位 职位 头衔 title job position",
}
_SPOKEN = {field: tuple(words.split()) for field, words in _SPEAK.items()}
_CODE = re.compile(r"(?:编码|编号|代码|代号|号码|码|(?<!型)号|id|no|nr|number|code)$")
_NAME = re.compile(r"(?:名称|全称|简称|名|name)$")
_SUM = re.compile(r"(?:金额|额|amount|amt)$")
_BACK = re.compile(r"退|返货|return|refund")
_UNTAXED, _TAXED = re.compile(r"不含税|[未无]税|excl|net|before"), re.compile(r"含税|价税|incl|gross|with")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_PART, _TAIL, _SOUND, _INITIALS, _TWO_INITIALS, _OTHER = 0.6, 0.45, 0.85, 0.8, 0.6, 0.8
_OTHER_SENSE, _WHOLE, _ENDING = 0.6, 0.9, 0.08
_LEAST = 0.35
_NAMED = {"code": "name"}


class Likeness(NamedTuple):
    """How like a heading is to a field's names, 0 to 1: to which of them, and by what."""

    score: float
    name: str
    by: Literal["name", "sound", "part"] = "name"


class _Name(NamedTuple):
    """A heading, or one of our names for a field: in plain form, in words, without what says it is a code or name.

    `tax` says whether it speaks of an amount with tax (1), without (-1), or of neither; `back` whether of returns.
    """

    field: str
    text: str
    plain: str
    words: tuple[str, ...]
    is_code: bool
    bare: str
    signs: frozenset[str]
    tax: int
    back: bool


def likeness(kind: Kind, heading: str, without: str = "", by_sound: bool = True) -> dict[str, Likeness]:
    """The fields that a heading may mean, each with the name it is likest to.

    `without` hides one of our names; without `by_sound` the dictionary of sounds, long to load, is left out.
    """
    own = _name("", headings.simplify(headings.read(heading).key), heading)
    hidden = headings.key(without)
    known = [name for name in names(kind) if name.plain != hidden]
    found: dict[str, Likeness] = {}
    for name in known:
        written = _written(own, name)
        if written:
            field, factor = _field(kind, own, name)
            factor *= _OTHER_SENSE if own.tax * name.tax < 0 else 1.0
            factor *= _OTHER_SENSE if own.back != name.back else 1.0
            _better(found, field, Likeness(written * factor, name.text))
    for name, score in _heard(kind, own.plain) if by_sound else ():
        if name.plain != hidden:
            _better(found, name.field, Likeness(score, name.text, "sound"))
    ends = {field for field, words in _SPOKEN.items() if own.plain[-1:] in words and field in kind.columns}
    for field, part, score in _parts(kind, own):
        _better(found, field, Likeness(score, part, "part"))
    rare = _rarity(kind, own.plain, hidden)
    for field, one in found.items():
        ending = 0.0 if not ends or one.score >= _WHOLE else _ENDING if field in ends else -_ENDING
        found[field] = one._replace(score=max(0.0, one.score * 0.85 + 0.15 * rare.get(field, 0.0) + ending))
    return {field: one for field, one in found.items() if one.score >= _LEAST}


def _better(found: dict[str, Likeness], field: str, one: Likeness) -> None:
    if one.score > 0 and (field not in found or one.score > found[field].score):
        found[field] = one


@cache
def names(kind: Kind) -> tuple[_Name, ...]:
    """All our names for all fields of a kind."""
    return tuple(
        _name(field, headings.key(text), text)
        for field, column in kind.columns.items()
        for text in dict.fromkeys(
            word.lstrip("~") for word in (column.zh, column.en, field.rstrip("_"), *column.aliases)
        )
    )


def _name(field: str, plain: str, text: str) -> _Name:
    words = tuple(word.lower() for word in _WORD.findall(text)) if plain.isascii() else ()
    is_code = bool(_CODE.search(plain)) and len(plain) > 1
    bare = (_CODE if is_code else _NAME).sub("", plain) or plain
    return _Name(
        field, text, plain, words, is_code, bare, frozenset(bare), _tax(plain), _BACK.search(plain) is not None
    )


def _field(kind: Kind, own: _Name, name: _Name) -> tuple[str, float]:
    """The field that a likeness speaks for: 客户编号 is like 客户, but means the code of it."""
    if own.is_code == name.is_code:
        return name.field, 1.0
    code = "code" if name.field == "name" else f"{name.field}_code"
    if own.is_code and code in kind.columns:
        return code, 0.95
    named = "name" if name.field == "code" else name.field.removesuffix("_code")
    if name.is_code and named != name.field and named in kind.columns:
        return named, 0.95
    return name.field, _OTHER


def _tax(plain: str) -> int:
    """Whether a heading speaks of an amount with tax (1), without (-1), or says nothing of it (0)."""
    return -1 if _UNTAXED.search(plain) else int(bool(_TAXED.search(plain)))


def _written(own: _Name, name: _Name) -> float:
    """Likeness of two headings as they are written: words of letters, or Chinese characters."""
    one, other = own.bare, name.bare
    if own.signs.isdisjoint(name.signs) or one.isascii() != other.isascii():
        return 0.0
    ratio = _ratio(one, other)
    if one.isascii():
        return max(_by_words(own.words, name.words), ratio if ratio >= 0.8 else 0.0, _within(one, other, 4))
    return max(ratio * 0.9 + (0.1 if one[-1] == other[-1] else 0.0), _within(one, other, 2))


@lru_cache(maxsize=65536)
def _ratio(one: str, other: str) -> float:
    return _scorer()(one, other) / 100


@cache
def _scorer() -> Callable[[str, str], float]:
    from rapidfuzz import fuzz

    return fuzz.ratio


def _by_words(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """The words that two names share, their last ones, which say what it is, counting double."""
    if not one or not other:
        return 0.0
    shared = sum(1 + (word == one[-1] and word == other[-1]) for word in {*one} & {*other})
    return 2 * shared / (len({*one}) + len({*other}) + 2)


def _within(one: str, other: str, least: int) -> float:
    """For a name that is the end of the other more than for its beginning: 进货日期 is a 日期, 客户类型 no 客户."""
    short, long = sorted((one, other), key=len)
    if len(short) < least or short not in long:
        return 0.0
    return (0.65 if long.endswith(short) else 0.4) + 0.25 * len(short) / len(long)


def _heard(kind: Kind, plain: str) -> Iterator[tuple[_Name, float]]:
    """Our Chinese names that a heading in pinyin, or of homophones, sounds like, and how like they are."""
    from rapidfuzz import fuzz, process

    wholes, by_initials = _sounds(kind)
    own = plain if plain.isascii() else _sound(plain)[0]
    if len(own) >= 4:
        for _whole, score, name in process.extract(own, wholes, scorer=fuzz.ratio, limit=None, score_cutoff=80):
            if score > 80:
                yield name, score / 100 * _SOUND
    if plain.isascii() and len(plain) >= 2:
        for name in by_initials.get(plain, ()):
            yield name, _INITIALS if len(plain) > 2 else _TWO_INITIALS


@cache
def _sounds(kind: Kind) -> tuple[Mapping[_Name, str], Mapping[str, list[_Name]]]:
    """How our Chinese names for the fields of a kind sound, and which of them have the same initials."""
    sounds = {name: _sound(name.plain) for name in names(kind) if not name.plain.isascii()}
    by_initials: dict[str, list[_Name]] = {}
    for name, (_whole, initials) in sounds.items():
        by_initials.setdefault(initials, []).append(name)
    return {name: whole for name, (whole, _initials) in sounds.items()}, by_initials


@lru_cache(maxsize=4096)
def _sound(plain: str) -> tuple[str, str]:
    return pinyin(plain)


def _parts(kind: Kind, own: _Name) -> Iterator[tuple[str, str, float]]:
    """Fields that a part of the heading speaks of; a single character counts only at its end."""
    plain, stem = own.plain, _SUM.sub("", own.bare)
    for field, words in _SPOKEN.items():
        field = "name" if field == kind.name else field
        code = "code" if field == "name" else f"{field}_code"
        meant = code if own.is_code and code in kind.columns else field
        if meant not in kind.columns:
            continue
        for part in words:
            if part == stem != plain:
                yield meant, part, _WHOLE
            elif len(part) > 1 and part in plain:
                yield meant, part, _PART + (0.2 if plain.endswith(part) else 0.0) * len(part) / len(plain)
            elif len(part) == 1 and plain.endswith(part):
                yield meant, part, _TAIL


def _rarity(kind: Kind, plain: str, hidden: str) -> dict[str, float]:
    """How much of a heading's pieces is found in a field's names; a piece that many fields share says little."""
    pieces = _pieces(plain) if plain else set()
    found: defaultdict[str, float] = defaultdict(float)
    for piece in pieces:
        fields = {field for field, names in _piece_fields(kind).get(piece, {}).items() if names - {hidden}}
        for field in fields:
            found[field] += 1 / len(fields)
    return {field: score / len(pieces) for field, score in found.items()}


@cache
def _piece_fields(kind: Kind) -> Mapping[str, Mapping[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for name in names(kind):
        for piece in _pieces(name.plain):
            found.setdefault(piece, {}).setdefault(name.field, set()).add(name.plain)
    return found


def _pieces(plain: str) -> set[str]:
    """Two characters at a time, and the last of a Chinese heading; letters three at a time."""
    size = 3 if plain.isascii() else 2
    whole = f"{plain}$"
    return {whole[place : place + size] for place in range(max(1, len(whole) - size + 1))}
