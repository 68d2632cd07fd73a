"""The words a customer's file uses: channels, classes, market levels, sizes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from channelctl import policy
from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.sheets.problems import Flaw

_CHANNELS = {
    "direct": ["直供", "社会渠道", "社会渠道直供", "直供客户", "直供零售"],
    "distribution": ["分销", "分销商", "分销平台", "批发", "distributor"],
    "key_account": ["大客户", "重点客户", "ka", "连锁", "key account"],
    "operator": [
        "运营商",
        "联通",
        "移动",
        "电信",
        "运营商直供",
        "运营商代销",
        "联通渠道",
        "operator dealer",
        "operator consignment",
    ],
    "terminal": ["零售终端", "终端", "零售", "门店", "retail"],
}


_COMPANY = (
    "有限责任公司", "股份有限公司", "有限公司", "总公司", "公司", "集团",
    "co", "company", "corp", "corporation", "inc", "incorporated", "ltd", "limited", "llc", "plc", "gmbh", "ag", "kg",
    "sa", "sas", "srl", "spa", "bv", "nv", "oy", "as", "pty",
)  # fmt: skip
_TRADE = (
    "通讯", "通信", "电讯", "电器", "家电", "电子", "数码", "手机", "商贸", "贸易", "经贸", "工贸",
    "科技", "技术", "器材", "设备", "连锁", "发展", "实业", "商行", "商店", "经营部", "门市部", "专卖店",
    "专营店", "大卖场", "卖场", "店",
    "telecom", "electronics", "trading", "store", "stores", "shop",
)  # fmt: skip


class CustomerPolicy(BaseModel, extra="forbid", frozen=True):
    """[customers]: channels and the words that mean them, classes, market levels, and when two names are near."""

    channels: dict[str, list[str]] = Field(default_factory=lambda: dict(_CHANNELS))
    classes: tuple[str, ...] = ("VKA", "V1", "V2", "V3", "V4")
    market_levels: tuple[str, ...] = ("T1", "T2", "T3", "T4", "T5", "T6")
    near: tuple[Literal["signs", "company", "trade", "sound", "letter", "place", "branch"], ...] = (
        "signs", "company", "trade", "sound", "letter", "place", "branch",
    )  # fmt: skip
    company_words: tuple[str, ...] = _COMPANY
    trade_words: tuple[str, ...] = _TRADE
    branch_words: tuple[str, ...] = ("总店", "分店")
    sound_from: int = Field(default=4, ge=2)
    letter_from: int = Field(default=10, ge=4)


SECTION = CustomerPolicy


class SuspectRow(NamedTuple):
    """Two customers that may be one; the command makes the first a part of the second."""

    code: Annotated[str, Col("客户编码", "Code", kind="code")]
    name: Annotated[str, Col("客户", "Customer")]
    office: Annotated[str | None, Col("办事处", "Office", wide=True)]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    other_code: Annotated[str, Col("相近编码", "Near", kind="code")]
    other: Annotated[str, Col("相近客户", "Near customer")]
    other_office: Annotated[str | None, Col("相近客户办事处", "Its office", wide=True)]
    other_net_sales: Annotated[Decimal, Col("其净销售额", "Its net sales", kind="money")]
    reason: Annotated[str, Col("原因", "Reason")]
    command: Annotated[str, Col("合并命令", "If they are the same", wide=True)]


def nearness() -> CustomerPolicy:
    """What the policy in force says of near names."""
    return policy.section("customers", CustomerPolicy)


@cache
def _channel_words(policy_file: str) -> Mapping[str, str]:
    channels = policy.section("customers", CustomerPolicy).channels
    return {word.casefold(): name for name, words in channels.items() for word in (name, *words)}


def channel_of(word: str) -> str | None:
    """The channel that a word means, None where the policy knows no such word."""
    return _channel_words(str(policy.file())).get(word.strip().casefold())


def channel_text(channel: str | None) -> str:
    """A channel as a person reads it."""
    known = {
        "direct": _("direct"),
        "distribution": _("distribution"),
        "key_account": _("key account"),
        "operator": _("operator"),
        "terminal": _("terminal"),
    }
    return known.get(channel or "", channel or "")


def tidy(values: dict[str, Any]) -> Iterator[tuple[Flaw, str]]:
    """Bring channel, class and market level to the policy's words; an unknown one stays as text, with a remark."""
    limits = policy.section("customers", CustomerPolicy)
    if values.get("channel"):
        known = channel_of(values["channel"])
        if known:
            values["channel"] = known
        else:
            yield Flaw("W102", _("unknown channel “{word}”").format(word=values["channel"])), "channel"
    for name, words in (("class", limits.classes), ("market_level", limits.market_levels)):
        if values.get(name):
            values[name] = values[name].upper() if values[name].upper() in words else values[name]
            if values[name] not in words:
                field = "class_" if name == "class" else name
                yield Flaw("W102", _("unknown word “{word}”").format(word=values[name])), field
