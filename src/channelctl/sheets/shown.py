"""What a number format shows of the figure that a cell holds: divided, and with a unit behind it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_UNITS = {
    "亿": 100_000_000,
    "千万": 10_000_000,
    "百万": 1_000_000,
    "万": 10_000,
    "千": 1_000,
    "k": 1_000,
    "m": 1_000_000,
}
# 万元 and 万台, but not 千克.
_UNIT = re.compile(r"[^\w万千百亿]*(?:人民币|rmb|cny)?\s*(亿|千万|百万|万|千|k|m)\s*[元台部件个只套箱吨支包瓶张]?\s*")
_PLACES = "0#?"


class Shown(NamedTuple):
    """A figure is shown divided by `scale`, in `unit` (0 where none is named): 12345 as 1.2万."""

    scale: int = 1
    unit: int = 0


PLAIN = Shown()


def shown(code: str) -> Shown:
    """What a format code makes of a figure, by the first of its sections that changes any: 0!.0,"万", #,##0,, …"""
    found: list[Shown] = [PLAIN]
    signs: list[tuple[str, bool]] = []
    for sign, literal in (*_signs(code), (";", False)):
        if (sign, literal) == (";", False):
            found.append(_section(signs))
            signs = []
        else:
            signs.append((sign, literal))
    return next((one for one in found if one != PLAIN), PLAIN)


def _signs(code: str) -> Iterator[tuple[str, bool]]:
    """The signs of a format one by one, and whether each stands for itself; what is in brackets is left out."""
    place = 0
    while place < len(code):
        sign = code[place]
        if sign == '"':
            end = code.find('"', place + 1)
            end = len(code) if end < 0 else end
            yield from ((one, True) for one in code[place + 1 : end])
            place = end + 1
        elif sign in "\\!" and place + 1 < len(code):
            yield code[place + 1], True
            place += 2
        elif sign in "_*":
            place += 2
        elif sign == "[":
            end = code.find("]", place)
            place = len(code) if end < 0 else end + 1
        else:
            yield sign, sign not in f"{_PLACES}.,;%/" and not (sign.isascii() and sign.isalpha())
            place += 1


def _section(signs: list[tuple[str, bool]]) -> Shown:
    """Digits behind a point that is only drawn divide by ten each, commas behind the last digit by a thousand each."""
    places = [at for at, (sign, literal) in enumerate(signs) if not literal and sign in _PLACES]
    if not places or any(not literal and (sign in "%/" or sign.isalpha()) for sign, literal in signs):
        return PLAIN
    point = next((at for at, (sign, literal) in enumerate(signs) if sign == "." and not literal), len(signs))
    whole = [at for at in places if at < point] or places
    drawn = next((at for at, one in enumerate(signs) if one == (".", True) and whole[0] < at < whole[-1]), None)
    digits = sum(at > drawn for at in whole) if drawn is not None else 0
    commas = 0
    while signs[places[-1] + 1 + commas : places[-1] + 2 + commas] == [(",", False)]:
        commas += 1
    if places[-1] > point:
        at = whole[-1] + 1
        while at < point and signs[at] == (",", False):
            commas, at = commas + 1, at + 1
    text = "".join(sign for sign, literal in signs if literal and sign != ".").strip().casefold()
    unit = _UNIT.fullmatch(text)
    return Shown(10**digits * 1000**commas, _UNITS[unit[1]] if unit else 0)
