"""Names near each other: the same but for blanks, brackets, company endings, words of the trade, sound or a letter."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from channelctl.i18n import _
from channelctl.records.towns import PROVINCES, TOWNS
from channelctl.records.traditional import simplified
from channelctl.sheets.headings import simplify

# What two names may differ by, the closest first.
WAYS = ("signs", "company", "trade", "sound", "letter", "place", "branch")
# Shops of one name that are not the same shop: listed as suspects, no doubt about a name in a sheet.
_SUSPECTS = "branch"
# A name with a place is near one without any, and not near one with another place: what stands for each of the two.
PLACED, BARE = "place+:", "place-:"
_IN_BRACKETS = re.compile(r"[(\[【〔{<《]([^()\[\]【】〔〕{}<>《》]*)[)\]】〕}>》]")
_DOTTED = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_FIGURES = "一二三四五六七八九十"
_COUNTER = "店部厅楼号期区仓馆"
_FIGURE = re.compile(f"第([{_FIGURES}]+)|([{_FIGURES}]+)(?=(?:分|专卖|旗舰|体验|手机|连锁)?[{_COUNTER}])")
_BRANCH = tuple("分子总支")
_SUBSTANCE = 2.0
_CHINESE = "\u2e80"
_REMEMBERED = 1_000


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


RANK = {way: place for place, way in enumerate(("", "code", *WAYS))}
_LONGEST = max(map(len, TOWNS))
_FIRST = frozenset(place[0] for place in TOWNS | PROVINCES)
_KEPT = re.compile(f"({_either(TOWNS | PROVINCES)}|[\\x00-\\x7f{_FIGURES}]+)")


class Settings(Protocol):
    """What the policy says of nearness."""

    @property
    def near(self) -> Sequence[str]:
        """The ways in which near names may differ; none: no name is near another."""

    @property
    def company_words(self) -> Sequence[str]:
        """What a company's name ends with."""

    @property
    def trade_words(self) -> Sequence[str]:
        """Words of the trade."""

    @property
    def branch_words(self) -> Sequence[str]:
        """What tells the shops of one name apart, at its end."""

    @property
    def sound_from(self) -> int:
        """From how many signs on, besides place, company and trade, a name may be near another by its sound."""

    @property
    def letter_from(self) -> int:
        """From how many letters on a name may differ by one."""


class Nearness:
    """Brings a name to the forms that it shares with names near it."""

    def __init__(self, settings: Settings) -> None:
        self._ways = [way for way in WAYS if way in settings.near]
        self._forms: dict[str, Mapping[str, str]] = {}
        self._sound_from, self._letter_from = settings.sound_from, settings.letter_from
        company, trade = (list(map(simplify, words)) for words in (settings.company_words, settings.trade_words))
        self._company_latin = frozenset(word for word in company if word.isascii())
        self._trade_latin = frozenset(word for word in trade if word.isascii())
        chinese = [word for word in company if not word.isascii()]
        # 有限公司 goes wherever it stands, 公司 only at the end and not in 分公司, which is a branch.
        self._within = _compiled(word for word in chinese if "有限" in word)
        self._ending = re.compile(f"(?:{_either(chinese)})$") if chinese else None
        self._trade = _compiled(word for word in trade if not word.isascii())
        branch = _either(map(simplify, settings.branch_words))
        self._branch = re.compile(f"(?:{branch})$") if branch else None

    def forms(self, name: str) -> Mapping[str, str]:
        """Form -> the way in which names that share it differ, the closest first."""
        if name not in self._forms:
            if len(self._forms) > _REMEMBERED:
                self._forms.clear()
            self._forms[name] = self._all(name)
        return self._forms[name]

    def _all(self, name: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        if not self._ways:
            return found
        for words in _readings(name):
            for way, form in self._of(words):
                if way in self._ways:
                    found.setdefault(form if way == "place" else f"{way}:{form}", way)
        return dict(sorted(found.items(), key=lambda one: RANK[one[1]]))

    def _of(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        signs = _joined(words)
        if _substance(signs) < _SUBSTANCE:
            return
        yield "signs", signs
        words = self._without_company(words)
        place, own = _parted(self._without_ending(_joined(words)))
        if _substance(own) < _SUBSTANCE:
            return
        company = place + own
        yield "company", company
        stem = self._core(self._branch.sub("", own) if self._branch else own)
        if _substance(stem) >= _SUBSTANCE:
            yield "branch", place + stem
        if not self._trade_latin.isdisjoint(words):
            words = [word for word in words if word not in self._trade_latin]
            place, own = _parted(self._without_ending(_joined(words)))
        core = self._core(own)
        if _substance(core) >= _SUBSTANCE:
            yield "place", (PLACED if place else BARE) + core
        own = self._without_trade(own)
        if _substance(own) < _SUBSTANCE:
            return
        yield "trade", place + own
        if place + own == signs:
            return
        if not company.isascii():
            if _substance(own) >= self._sound_from:
                yield "sound", _sounded(company)
        elif sum(map(str.isalpha, company)) >= self._letter_from:
            yield "letter", company
            for at, letter in enumerate(company):
                if letter.isalpha():
                    yield "letter", company[:at] + company[at + 1 :]

    def _core(self, own: str) -> str:
        """What is told of a name besides its place, without words of the trade where those make no difference."""
        return self._without_trade(own) if "trade" in self._ways else own

    def _without_company(self, words: Sequence[str]) -> Sequence[str]:
        end = len(words)
        while end > 1 and words[end - 1] in self._company_latin:
            end -= 1
        return words[:end]

    def _without_ending(self, text: str) -> str:
        text = self._within.sub("", text) if self._within else text
        while self._ending and (found := self._ending.search(text)) and not text[: found.start()].endswith(_BRANCH):
            text = text[: found.start()]
        return text

    def _without_trade(self, text: str) -> str:
        return self._trade.sub("", text) if self._trade else text


def _compiled(words: Iterable[str]) -> re.Pattern[str] | None:
    either = _either(words)
    return re.compile(either) if either else None


def _readings(name: str) -> Iterator[list[str]]:
    """The words of a name as it stands, and with what is in brackets before the rest: 恒达(杭州) is 杭州恒达 too."""
    plain = _FIGURE.sub(_in_digits, simplified(simplify(name)).replace("&", " and ").replace("'", "").replace("’", ""))
    plain = _DOTTED.sub("", plain)
    yield _WORD.findall(plain)
    inside = _IN_BRACKETS.findall(plain)
    if inside:
        yield _WORD.findall(" ".join([*inside, _IN_BRACKETS.sub(" ", plain)]))


def _in_digits(found: re.Match[str]) -> str:
    """二店 is 2店, 第十二 is 第12."""
    figure = found[1] or found[2]
    tens, ten, ones = figure.rpartition("十")
    values = [str(_FIGURES.index(sign) + 1) for sign in (tens or "一" if ten else "") + ones if sign != "十"]
    digits = "".join(values) + ("0" if ten and not ones else "")
    return f"第{digits}" if found[1] else digits


def _joined(words: Sequence[str]) -> str:
    """Words as one; figures beside each other stay apart, 1-12 is not 11-2."""
    text = ""
    for word in words:
        text += f"-{word}" if text[-1:].isdigit() and word[0].isdigit() else word
    return text


def _parted(text: str) -> tuple[str, str]:
    """A name's place and the rest: 浙江省杭州市恒达 is of 杭州."""
    province = _first(text, PROVINCES)
    rest = text[len(province) :].removeprefix("省") if province else text
    town = _first(rest, TOWNS)
    if town:
        return town, rest[len(town) :].removeprefix("市")
    return province, rest.removeprefix("市") if province else rest


def _first(text: str, places: Container[str]) -> str:
    """The place that a text begins with, else ""."""
    if text[:1] not in _FIRST:
        return ""
    return next((text[:end] for end in range(min(_LONGEST, len(text)), 1, -1) if text[:end] in places), "")


def _substance(text: str) -> float:
    """How much a text says besides its place: a Chinese sign as much as two letters, figures nothing."""
    return sum(1.0 if sign >= _CHINESE else 0.5 for sign in text if sign.isalpha())


def _sounded(text: str) -> str:
    """How a name sounds, its places and figures as they are written: 台州 is not 泰州."""
    parts = _KEPT.split(text)
    return "".join(part if place % 2 else "".join(map(_sound, part)) for place, part in enumerate(parts))


@lru_cache(maxsize=32768)
def _sound(sign: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return f"{lazy_pinyin(sign, style=Style.NORMAL)[0]} "


class Nearby:
    """Names by the forms they share with others."""

    def __init__(self, nearness: Nearness) -> None:
        self._nearness = nearness
        self._by_form: dict[str, list[int]] = {}

    def add(self, id_: int, name: str) -> None:
        """One more name of the record with this number."""
        for form in self._nearness.forms(name):
            self._by_form.setdefault(form, []).append(id_)

    def near(self, name: str) -> dict[int, str]:
        """The records with a name near this one, and by what that differs; the nearest first."""
        found: dict[int, str] = {}
        for form, way in self._nearness.forms(name).items():
            for id_ in self._by_form.get(sought(form), ()) if way != _SUSPECTS else ():
                found.setdefault(id_, way)
        return found


def sought(form: str) -> str:
    """The form of the names that are near one with this form."""
    if form.startswith(PLACED):
        return BARE + form.removeprefix(PLACED)
    return PLACED + form.removeprefix(BARE) if form.startswith(BARE) else form


def way_text(way: str) -> str:
    """By what two names differ, as a person reads it."""
    known = {
        "": _("same name"),
        "signs": _("but for signs"),
        "company": _("but for the ending"),
        "trade": _("but for trade words"),
        "sound": _("sounds the same"),
        "letter": _("but for one letter"),
        "place": _("but for the place"),
        "branch": _("another branch"),
        "code": _("same code but for case"),
    }
    return known.get(way, way)
