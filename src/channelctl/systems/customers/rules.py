"""The words a customer's file uses: channels, classes, market levels, sizes."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, Field

from channelctl import policy
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


class CustomerPolicy(BaseModel, extra="forbid", frozen=True):
    """[customers]: the channels and the words that mean them, the classes and the market levels."""

    channels: dict[str, list[str]] = Field(default_factory=lambda: dict(_CHANNELS))
    classes: tuple[str, ...] = ("VKA", "V1", "V2", "V3", "V4")
    market_levels: tuple[str, ...] = ("T1", "T2", "T3", "T4", "T5", "T6")


SECTION = CustomerPolicy


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
