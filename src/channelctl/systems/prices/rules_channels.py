"""Which channels the words of a price list mean: in a cell, over a group of columns, in a title or a name."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from channelctl import policy
from channelctl.systems.customers.rules import channel_of, nearness
from channelctl.systems.prices.rules import PricePolicy, channel_named

_APART = re.compile(r"[、,;/\n]")
# What may stand before and behind the channel in a title, without a word between.
_AROUND = (
    "手机|产品|商品|机型|类|渠道|客户|专用|专属|供货|供应|进货|出货|提货|结算|最新|价格|价目|报价|调价|价|单|表|清单"
    "|明细|体系|政策|调整|执行|通知|版|用|的|price list|prices?|list|channel| "
)
# Behind what names a place or company.
_WHERE = "(?:公司|集团|省|市|区|县|办事处|营业部)"
# 零售价 is a price, not a channel; so is 分销进店价.
_TERMINAL, _PRICE, _PRICES = "terminal", re.compile(r"价(?![格目])"), re.compile(r"\s*(?:价|price)")
_OF_PRICE = r"(?![^\W\d_]{0,4}价(?![格目]))"


class Said(NamedTuple):
    """The channels that a text names, and a word of it that may be meant for one."""

    channels: tuple[str, ...]
    maybe: str


def is_channel(word: str) -> bool:
    """Whether a word is a channel's, or that for all of the social channel."""
    return _plain(word) in _words(str(policy.file()))


def parts(text: str) -> tuple[str, ...]:
    """The words of one cell, by 、 , ; / or a new line, each once; a word that is a channel's stays whole."""
    if is_channel(text):
        return (text,)
    plain = text.replace("，", ",").replace("；", ";").replace("／", "/")
    return tuple(dict.fromkeys(word.strip() for word in _APART.split(plain) if word.strip()))


def field_of(heading: str) -> str:
    """The field that a heading over several columns fills: it names channels, or none ("")."""
    found = parts(heading)
    return "channel" if found and all(map(is_channel, found)) else ""


def said(text: str) -> Said:
    """What a title or a name says of channels: 社会渠道价格表 names one, 手机终端价格表 may."""
    plain = _plain(text)
    known = sorted(_words(str(policy.file())), key=len, reverse=True)
    words = "|".join(map(re.escape, known))
    whole = re.compile(rf"(?:.*?{_WHERE})?(?:{_AROUND})*?({words})((?:{_AROUND})*)")
    channels: dict[str, None] = {}
    maybe = ""
    for piece in _pieces(plain):
        if found := whole.fullmatch(piece):
            is_price = _PRICES if channel_of(found[1]) == _TERMINAL else _PRICE
            if is_price.match(found[2]):
                maybe = found[1]
            else:
                channels[channel_named(found[1])] = None
    if not channels and not maybe:
        inner = "|".join(re.escape(word) for word in known if not word.isascii())
        match = re.search(rf"(?:{inner}){_OF_PRICE}", plain) if inner else None
        maybe = match[0] if match else ""
    return Said(tuple(channels), "" if channels else maybe)


def _pieces(plain: str) -> Iterable[str]:
    """The parts of a text between signs and digits, and those between blanks."""
    pieces = [piece.strip() for piece in re.split(r"[^\w ]+|[\d_]+", plain)]
    return dict.fromkeys(word for piece in pieces for word in (piece, *piece.split()) if word)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


@cache
def _words(policy_file: str) -> frozenset[str]:
    """Every word for a channel, in plain form."""
    channels = nearness().channels
    social = policy.section("prices", PricePolicy).social_words
    known = (word for name, words in channels.items() for word in (name, *words))
    return frozenset(map(_plain, (*known, *social)))
