"""The words of rebate sheets: what a rule, a payout or an activation says, and how it is said back."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from channelctl.i18n import _, either, listed, ngettext
from channelctl.money import show_figure
from channelctl.sheets.problems import Flaw
from channelctl.systems.rebates.rules import (
    ACTIVATION,
    ALL_UNITS,
    AMOUNT,
    BEST,
    BOTH,
    CONTRACT,
    FIXED,
    HALF,
    MONTH,
    OTHER,
    PER_UNIT,
    PERCENT,
    PICKUP,
    PRIORITY,
    QUANTITY,
    QUARTER,
    STEPPED,
    VOLUME,
    WHOLE,
    YEAR,
)
from channelctl.systems.rebates.rules_settle import DONE, ISSUED, PLANNED, VOID

WORD = "E341"
_SPACE = re.compile(r"[\s_-]+")
ALONE = frozenset(("否", "不", "不叠加", "不可叠加", "no"))
ENDLESS = frozenset(("长期", "永久", "长期有效", "永久有效", "无限期", "untilfurthernotice"))


class Words(NamedTuple):
    """The words of a field: what they are kept as, how sheets write them, and how they are said."""

    known: Mapping[str, tuple[str, ...]]
    said: Callable[[str | None], str]


def type_text(type_: str | None) -> str:
    """What kind of rebate it is, as a person reads it."""
    known = {PICKUP: _("pick-up"), VOLUME: _("volume"), CONTRACT: _("contract"), OTHER: _("other")}
    return known.get(type_ or "", type_ or "")


def window_text(window: str | None) -> str:
    """Over what a rule counts, as a person reads it."""
    known = {
        MONTH: _("month"),
        QUARTER: _("quarter"),
        HALF: _("half a year"),
        YEAR: _("year"),
        WHOLE: _("whole policy"),
    }
    return known.get(window or "", window or "")


def basis_text(basis: str | None) -> str:
    """What a rule counts, as a person reads it."""
    known = {QUANTITY: _("units"), AMOUNT: _("net sales"), ACTIVATION: _("registrations")}
    return known.get(basis or "", basis or "")


def figure_text(basis: str, figure: Decimal) -> str:
    """A figure with what it counts: 400 units, 1,000 yuan."""
    said = show_figure(figure)
    if basis == AMOUNT:
        return _("{figure} yuan").format(figure=said)
    count = 1 if figure == 1 else 2
    if basis == ACTIVATION:
        return ngettext("{figure} registration", "{figure} registrations", count).format(figure=said)
    return ngettext("{figure} unit", "{figure} units", count).format(figure=said)


def method_text(method: str | None) -> str:
    """On what a bracket pays, as a person reads it."""
    known = {ALL_UNITS: _("all units"), STEPPED: _("stepped")}
    return known.get(method or "", method or "")


def unit_text(unit: str | None) -> str:
    """What a rate is, as a person reads it."""
    known = {PER_UNIT: _("yuan per unit"), PERCENT: _("percent"), FIXED: _("fixed sum")}
    return known.get(unit or "", unit or "")


def meeting_text(meeting: str | None) -> str:
    """What happens where policies meet, as a person reads it."""
    known = {BOTH: _("both pay"), BEST: _("the best pays"), PRIORITY: _("by priority")}
    return known.get(meeting or "", meeting or "")


def form_text(form: str | None) -> str:
    """How a rebate is paid out, as a person reads it."""
    known = {"credit_note": _("credit note"), "goods": _("goods"), "offset": _("offset against payment")}
    return known.get(form or "", form or "")


def state_text(state: str | None) -> str:
    """How far a payout has got, as a person reads it."""
    known = {PLANNED: _("planned"), ISSUED: _("issued"), DONE: _("paid out"), VOID: _("void")}
    return known.get(state or "", state or "")


FIELDS: Mapping[str, Words] = {
    "type_": Words(
        {
            PICKUP: ("提货返利", "提货", "进货返利", "pick-up", "pick up"),
            VOLUME: ("达量返利", "达量", "销量返利", "量返", "阶梯返利"),
            CONTRACT: ("合约计划返利", "合约返利", "合约计划", "合约"),
            OTHER: ("其他返利", "其他", "其它", "其它返利"),
        },
        type_text,
    ),
    "window": Words(
        {
            MONTH: ("月", "月度", "按月", "每月", "自然月", "monthly"),
            QUARTER: ("季", "季度", "按季", "每季", "quarterly"),
            HALF: ("半年", "半年度", "按半年", "每半年", "half a year", "half year", "half-yearly"),
            YEAR: ("年", "年度", "按年", "每年", "全年", "自然年", "yearly", "annual"),
            WHOLE: ("整个政策期", "政策期", "整期", "全期", "whole policy", "whole period", "policy"),
        },
        window_text,
    ),
    "basis": Words(
        {
            QUANTITY: ("台数", "数量", "台", "提货量", "销量", "units", "qty"),
            AMOUNT: ("净额", "金额", "销售额", "净销售额", "提货额", "net sales", "net amount"),
            ACTIVATION: ("合约办理数", "办理数", "合约办理", "办理量", "合约数", "registrations", "activations"),
        },
        basis_text,
    ),
    "method": Words(
        {
            ALL_UNITS: ("全量", "全部", "全额", "全额累进", "all"),
            STEPPED: ("超额", "分段", "阶梯", "超额累进", "超出部分", "marginal"),
        },
        method_text,
    ),
    "unit": Words(
        {
            PER_UNIT: ("元/台", "每台", "元每台", "单台", "yuan per unit", "yuan/unit", "per unit"),
            PERCENT: ("百分比", "比例", "%", "点", "percentage"),
            FIXED: ("定额", "固定金额", "一次性", "fixed sum", "lump sum"),
        },
        unit_text,
    ),
    "meeting": Words(
        {
            BOTH: ("叠加", "可叠加", "同享", "累加", "是", "yes", "both pay"),
            BEST: ("取高", "择高", "就高", "取优", "不叠加取高", "the best pays"),
            PRIORITY: ("按优先级", "优先级", "优先", "by priority"),
        },
        meeting_text,
    ),
    "form": Words(
        {
            "credit_note": ("贷项", "红字", "贷项/红字", "红字发票", "贷项通知单", "credit"),
            "goods": ("货补", "实物", "货物", "返货", "in kind"),
            "offset": ("抵货款", "冲货款", "冲抵", "抵扣", "抵款", "offset against payment"),
        },
        form_text,
    ),
    "state": Words(
        {
            PLANNED: ("计划", "待兑付", "待开", "plan"),
            ISSUED: ("已开", "已开具", "已下发"),
            DONE: ("已兑付", "已付", "完成", "已完成", "paid out", "paid"),
            VOID: ("作废", "已作废", "取消", "cancelled"),
        },
        state_text,
    ),
}


def no_rules_text() -> str:
    """Why there is nothing to see where there is no rule."""
    return _("there are no rebate rules yet: channelctl rebate policy import FILE")


def word_of(field: str, text: str) -> str | Flaw:
    """The word that a field keeps, however the sheet writes it."""
    words, plain = FIELDS[field], _plain(text)
    for word, others in words.known.items():
        if plain in {_plain(one) for one in (word, words.said(word), *others)}:
            return word
    said = _("“{value}” is none of {choices}")
    return Flaw(WORD, said.format(value=text, choices=listed(others[0] for others in words.known.values())))


def offered(field: str) -> Sequence[str]:
    """The words of a field, one for each that is kept, in the language in force."""
    words = FIELDS[field]
    return [either(others[0], words.said(word)) for word, others in words.known.items()]


def is_alone(text: str) -> bool:
    """Whether it says that the rebates of several policies do not add up, and not which of them pays."""
    return _plain(text) in ALONE


def is_endless(text: str) -> bool:
    """Whether a word in place of a last day says that there is none."""
    return _plain(text) in ENDLESS


def _plain(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()
