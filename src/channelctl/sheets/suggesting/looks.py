"""What the values of a column look like, and so which fields it can hold."""

import datetime as dt
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.records import Kind, kinds
from channelctl.records.names import name_key
from channelctl.sheets import convert, days, places, wording
from channelctl.sheets.suggesting.known import Known

_COMPANY = re.compile(
    r"(?:公司|集团|商行|经营部|门市部?|专卖店|旗舰店|店|超市|商场|广场|行|厂"
    r"|co\.?,? ?ltd\.?|inc\.?|gmbh|llc|stores?|shop)$"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_PERSON = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}")
_PHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}")
_MODEL = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9][a-z0-9 ./+-]{1,23}", re.IGNORECASE)
_CODE = re.compile(r"(?=.*\d)[a-z0-9][a-z0-9_./-]{1,31}", re.IGNORECASE)
_MOST, _SMALL, _SERIALS = 0.8, 100, (36_526, 55_153)
_ROWS_TRIED = 5
_PHONES = ("phone", "mobile", "tel")
_IMPOSSIBLE = -1.0


class Look(NamedTuple):
    """How far a column's values speak for a field, -1 (it cannot be) to 1, and what is seen in them."""

    weight: float
    seen: str = ""


@dataclass(frozen=True)
class Sample:
    """A column of a sheet: its place, heading, and some of its cells row by row, blanks among them."""

    index: int
    heading: str
    cells: Sequence[Any]
    factor: Decimal | None = field(default=None)
    looks: dict[Any, Look] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def filled(self) -> list[Any]:
        """The cells that hold something."""
        return [cell for cell in self.cells if wording.text(cell) is not None]

    @cached_property
    def words(self) -> list[str]:
        """The cells as texts."""
        return [word for cell in self.filled if (word := wording.text(cell))]

    @cached_property
    def figures(self) -> list[Decimal | None]:
        """Each cell as a number, in the units its heading names; None where it is none, or a date."""
        read = [None if _is_day(cell) else convert.number(cell) for cell in self.cells]
        return [one * (self.factor or 1) if isinstance(one, Decimal) and one.is_finite() else None for one in read]

    @cached_property
    def numbers(self) -> list[Decimal]:
        """The cells that are numbers."""
        return [one for one in self.figures if one is not None]

    def share(self, count: int) -> float:
        """A count of cells as a share of those that hold something."""
        return count / len(self.filled) if self.filled else 0.0

    @cached_property
    def days(self) -> float:
        """The share of dates."""
        return self.share(sum(_is_day(cell) for cell in self.filled))

    @cached_property
    def pieces(self) -> tuple[bool, Decimal]:
        """The less, the likelier it counts pieces: whole numbers before others, then small ones before large ones."""
        return any(n != int(n) for n in self.numbers), sum(map(abs, self.numbers), Decimal(0))

    @cached_property
    def counts_up(self) -> bool:
        """Whether it only numbers the rows: 1, 2, 3 …"""
        steps = {later - one for one, later in zip(self.numbers, self.numbers[1:], strict=False)}
        return len(self.numbers) > 2 and steps == {Decimal(1)} and self.numbers[0] in (0, 1)


def look(sample: Sample, kind: Kind, name: str, column: Col, known: Known) -> Look:
    """What a column's values say of its being a field of a kind."""
    of_kind = kind.name if name in ("code", "name") else column.ref or name.removesuffix("_code")
    asked = (column.kind, column.choices, of_kind, name in ("amount", *_PHONES) and name)
    if asked not in sample.looks:
        sample.looks[asked] = _look(sample, of_kind, name, column, known)
    return sample.looks[asked]


def _look(sample: Sample, of_kind: str, name: str, column: Col, known: Known) -> Look:
    if not sample.filled:
        return Look(0.0)
    if column.kind in ("date", "month"):
        return _date(sample, column.kind)
    if sample.days >= _MOST:
        return Look(_IMPOSSIBLE)
    if column.kind in ("money", "quantity", "count", "score", "share"):
        return _figure(sample, name, column)
    if column.kind == "flag":
        yes = sample.share(sum(isinstance(convert.flag(cell), bool) for cell in sample.filled))
        return Look(0.5, _("yes and no")) if yes >= _MOST else Look(_IMPOSSIBLE)
    if column.choices:
        fits = sample.share(sum(word in column.choices for word in sample.words))
        return Look(0.6, _("its words")) if fits >= _MOST else Look(_IMPOSSIBLE)
    if of_kind in kinds() and kinds()[of_kind].named:
        on_file = _on_file(sample, of_kind, column.kind == "code", known)
        if on_file is not None:
            return on_file
    return _code(sample) if column.kind == "code" else _words(sample, name, of_kind)


def _is_day(cell: Any) -> bool:
    """Whether a cell is written as a date; a bare number of five digits is not taken for one."""
    if isinstance(cell, dt.date):
        return True
    if not isinstance(cell, str | float | int) or isinstance(cell, bool):
        return False
    plain = wording.text(cell) or ""
    if re.fullmatch(r"\d{1,7}(?:\.\d+)?", plain):
        return False
    try:
        return days.Dates()[cell] is not None
    except days.OpenOrder:
        return True


def _date(sample: Sample, kind: str) -> Look:
    if sample.days >= _MOST:
        return Look(0.75, _("dates"))
    if kind == "month":
        months = sample.share(sum(isinstance(days.month(cell), str) for cell in sample.filled))
        return Look(0.6, _("months")) if months >= _MOST else Look(_IMPOSSIBLE)
    serial = [one for one in sample.numbers if _SERIALS[0] <= one <= _SERIALS[1] and one == int(one)]
    if sample.share(len(serial)) >= _MOST and max(serial) - min(serial) < 1_000:
        return Look(0.4, _("numbers such as Excel keeps for dates"))
    return Look(-0.3) if sample.days > 0.3 else Look(_IMPOSSIBLE)


def _figure(sample: Sample, name: str, column: Col) -> Look:
    numbers = sample.numbers
    if sample.share(len(numbers)) < _MOST or sample.counts_up:
        return Look(_IMPOSSIBLE)
    sizes = sorted(abs(one) for one in numbers)
    middle = sizes[len(sizes) // 2]
    whole = sum(one == int(one) for one in numbers) / len(numbers)
    if any(one >= 10**10 and one == int(one) for one in sizes):
        return Look(-0.9)
    if column.kind == "money":
        if whole < 1:
            return Look(0.4 if name == "amount" else 0.25, _("amounts of money"))
        if middle < 20 and not sample.factor:
            return Look(-0.5)
        return Look(0.3 if middle >= _SMALL and name == "amount" else 0.1, _("figures"))
    if column.kind == "quantity":
        if whole == 1 and middle <= _SMALL:
            return Look(0.45, _("small whole numbers"))
        return Look(-0.3 if whole < 0.5 else 0.0)
    return Look(0.1)


def _on_file(sample: Sample, kind: str, is_code: bool, known: Known) -> Look | None:
    """How many of the values are records' names or codes; None where too few are to say anything."""
    words = [name_key(word, kind) for word in sample.words]
    on_file = known[f"{kind} code" if is_code else kind]
    count = sum(word in on_file for word in words)
    share = sample.share(count)
    if share < 0.5 or _is_plain_number(sample):
        return None
    text = _("{count} of {all} are {kind} on file").format(count=count, all=len(words), kind=kinds()[kind].label)
    return Look(0.45 + share / 2, text)


def _is_plain_number(sample: Sample) -> bool:
    """Whether its figures are small enough to be records' codes by chance."""
    return sample.share(len(sample.numbers)) >= _MOST and all(abs(one) < 1_000 for one in sample.numbers)


def _code(sample: Sample) -> Look:
    coded = sample.share(sum(_CODE.fullmatch(word) is not None for word in sample.words))
    if any(one != int(one) for one in sample.numbers) or coded < 0.5:
        return Look(-0.8)
    if sample.counts_up:
        return Look(-0.6)
    letters = sample.share(sum(not word.isdigit() for word in sample.words))
    return Look(0.25, _("codes")) if coded >= _MOST and letters >= 0.5 else Look(0.0)


def _words(sample: Sample, name: str, of_kind: str) -> Look:
    """Names of records of a kind, and other texts."""
    phones = sample.share(sum(_PHONE.fullmatch(word) is not None for word in sample.words))
    if name in _PHONES:
        return Look(0.75, _("telephone numbers")) if phones >= _MOST else Look(-0.4)
    if sample.share(len(sample.numbers)) >= _MOST or phones >= _MOST:
        return Look(-0.5 if of_kind == "product" else _IMPOSSIBLE)
    plain = [unicodedata.normalize("NFKC", word).casefold() for word in sample.words]
    if of_kind == "customer" and sample.share(sum(bool(_COMPANY.search(word)) for word in plain)) >= 0.5:
        return Look(0.7, _("names of companies and shops"))
    is_place = of_kind in ("office", "region", "city", "province")
    if is_place and sample.share(sum(places.is_place(word) for word in plain)) >= 0.6:
        return Look(0.55 if of_kind == "office" else 0.45, _("places"))
    if of_kind in ("rep", "contact") and sample.share(sum(bool(_PERSON.fullmatch(word)) for word in plain)) >= _MOST:
        return Look(0.5, _("names of people"))
    if of_kind == "product" and sample.share(sum(bool(_MODEL.fullmatch(word)) for word in plain)) >= 0.6:
        return Look(0.4 if len({*plain}) < len(plain) else 0.2, _("model numbers"))
    return Look(0.0)


def products(samples: Sequence[Sample], quantity: int | None, price: int | None) -> Mapping[str, tuple[int, str]]:
    """The columns of which one times another is a third: field -> place and what was seen; {} where none are.

    `quantity` and `price` are the places of those that are known already.
    """
    numeric = [one for one in samples if one.share(len(one.numbers)) >= _MOST and not one.counts_up]
    wholes = _Wholes(numeric) if len(numeric) > 2 else None
    for count in numeric if wholes else ():
        for each in numeric:
            if count.index == each.index or quantity not in (None, count.index) or price not in (None, each.index):
                continue
            if quantity is None and price is None and not count.pieces < each.pieces:
                continue
            for whole in wholes.of(count, each) if wholes else ():
                if whole.index not in (count.index, each.index) and _multiply(count, each, whole):
                    text = _("{count} × {price} = {amount}").format(
                        count=count.heading, price=each.heading, amount=whole.heading
                    )
                    fields = {"quantity": count, "unit_price": each, "amount": whole}
                    return {name: (one.index, text) for name, one in fields.items()}
    return {}


class _Wholes:
    """Columns by their figures, row by row: those that may be two others multiplied are found without trying each."""

    def __init__(self, numeric: Sequence[Sample]) -> None:
        self._numeric = numeric
        self._floats = {one.index: [None if n is None else float(n) for n in one.figures] for one in numeric}
        self._rows: dict[int, list[tuple[float, int]]] = {}

    def of(self, one: Sample, other: Sample) -> Sequence[Sample]:
        """The columns that hold the product in one at least of the first rows where there is one."""
        found: set[int] = set()
        pairs = zip(self._floats[one.index], self._floats[other.index], strict=False)
        filled = ((row, a * b) for row, (a, b) in enumerate(pairs) if a and b)
        for row, product in islice(filled, _ROWS_TRIED):
            figures = self._row(row)
            off = max(0.011, abs(product) / 900)
            place = bisect_left(figures, (product - off, -1))
            while place < len(figures) and figures[place][0] <= product + off:
                found.add(figures[place][1])
                place += 1
        return [self._numeric[place] for place in sorted(found)]

    def _row(self, row: int) -> list[tuple[float, int]]:
        if row not in self._rows:
            columns = [self._floats[one.index] for one in self._numeric]
            self._rows[row] = sorted(
                (figure, place)
                for place, figures in enumerate(columns)
                if row < len(figures) and (figure := figures[row]) is not None
            )
        return self._rows[row]


def _multiply(one: Sample, other: Sample, whole: Sample) -> bool:
    """Whether in nearly all rows the third is the product of the first two, and not only because one of them is 1."""
    rows = [
        (a, b, c)
        for a, b, c in zip(one.figures, other.figures, whole.figures, strict=False)
        if a is not None and b is not None and c is not None and a and b
    ]
    telling = [row for row in rows if abs(row[0]) != 1 and abs(row[1]) != 1]
    fits = [row for row in rows if abs(row[0] * row[1] - row[2]) <= max(Decimal("0.01"), abs(row[2]) / 1000)]
    return bool(telling) and len(rows) >= 2 and len(fits) >= len(rows) * 0.9
