"""Prices from a sheet: "-" is a price that is not offered, blank channel, class and customer are any."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from channelctl.errors import RefusedError
from channelctl.i18n import _, listed
from channelctl.money import show
from channelctl.records.load import RecordLoader
from channelctl.sheets import headings, wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.prices import rules_channels
from channelctl.systems.prices.rules import ENDED, NOT_OFFERED, TYPES, price_channel_text

_DAY = re.compile(
    r"(?<!\d)(20\d{2})(?:(\d{2})(\d{2})|\s*[年.\-_/]\s*(\d{1,2})\s*[月.\-_/]\s*(\d{1,2})\s*[日号]?)(?!\d)"
)
# What a cell says that is not blank, and yet no price; it becomes NULL, where a blank one changes nothing.
_NONE = object()
FIELDS = tuple(f"{name}_price" for name in TYPES)
_WHOSE = frozenset(("channel", "customer", "customer_code"))


class _Ended(str):
    """A word that says of a price that it is not offered any more, or not now."""

    __slots__ = ()


class _Given(NamedTuple):
    """A row of an earlier sheet: which, where, and its values."""

    sheet_id: int | None
    sheet: str
    row: int
    values: Mapping[str, Any]


class PriceLoader(RecordLoader):
    """Loads prices; a sheet without a column of days, or of channels, takes them from its title or name."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers |= {name: _or_none(self._readers[name]) for name in FIELDS}
        self._day: dt.date | None = None
        self._channels: tuple[str, ...] | None = None
        self._channel = ""
        self._before: dict[tuple[Any, ...], _Given] = target.shared.setdefault("prices", {})

    def take(self, number: int, cells: list[Any]) -> None:
        """Read a row, as one for each of its channels."""
        channels = self._channels_of(number, cells)
        if channels is None:
            self.target.counts.rejected += 1
            return
        for place, channel in enumerate(channels or ("",)):
            self._channel, rejected = channel, self.target.counts.rejected
            said = len(self.target.problems)
            super().take(number, cells)
            if place:
                del self.target.problems[said:]
            if self.target.counts.rejected > rejected:
                return

    def _channels_of(self, number: int, cells: list[Any]) -> tuple[str, ...] | None:
        """The channels of a row that are more, or others, than its cell says; None where some of them are none."""
        column = self.target.layout.columns.get("channel")
        if column is None:
            return self._channels_said() if self.target.sheet_id is not None else ()
        word = wording.text(cells[column.index]) if column.index < len(cells) else None
        parts = rules_channels.parts(word) if word else ()
        unknown = [part for part in parts if not rules_channels.is_channel(part)]
        if len(unknown) == len(parts) or parts == (word,):
            return ()
        if unknown or self.target.sheet_id is None:
            text = _("of several channels in one cell, these are none: {words}")
            said = text.format(words=listed(unknown)) if unknown else _("a price is typed for one channel at a time")
            self.target.report(Flaw("E364", said), number, "channel", word)
            return None
        return parts

    def _channels_said(self) -> tuple[str, ...]:
        """The channels that title or sheet name, else the file's name, speak of; which is said once a sheet.

        Raises:
            RefusedError: they speak of different ones.
        """
        if self._channels is not None:
            return self._channels
        self._channels = ()
        if _WHOSE & {*self.target.layout.columns}:
            return ()
        target = self.target
        near = [rules_channels.said(text) for text in (*target.layout.titles, target.sheet)]
        found = near if any(one.channels for one in near) else [*near, rules_channels.said(target.file)]
        different = {frozenset(one.channels): one.channels for one in found if one.channels}
        if len(different) > 1:
            where = f"{target.file}!{target.sheet}" if target.sheet else target.file
            said = listed(dict.fromkeys(price_channel_text(one) for channels in different.values() for one in channels))
            text = _("{where}: title and names speak of several channels for which these prices may hold: {channels}")
            hint = _("Add a column 渠道类型 (Channel).")
            raise RefusedError(text.format(where=where, channels=said), hint)
        if different:
            [self._channels] = different.values()
            text = _("the prices hold for {channels}, as title or name say")
            target.report(Flaw("W132", text.format(channels=listed(map(price_channel_text, self._channels)))), None, "")
        elif word := next((one.maybe for one in found if one.maybe), ""):
            text = _("the prices hold for any channel, though title or name hold the word “{word}”")
            target.report(Flaw("W132", text.format(word=word)), None, "")
        return self._channels

    def _compose(self, values: dict[str, Any]) -> None:
        """The day and the channel of the title, where no column holds one; of several channels, one."""
        super()._compose(values)
        if self._channel:
            values["channel"] = self._channel
        if self.target.sheet_id is not None and "valid_from" not in self.target.layout.columns:
            values["valid_from"] = self._day = self._day or self._day_said()

    def _day_said(self) -> dt.date:
        """The one day that the title, else the sheet's and the file's name speak of, or the first of a month.

        Raises:
            RefusedError: none does, or they speak of several.
        """
        target = self.target
        texts = [*target.layout.titles, target.sheet, target.file]
        days = set(filter(None, map(day_said, texts))) or set(filter(None, map(_month_said, texts)))
        where = f"{target.file}!{target.sheet}" if target.sheet else target.file
        hint = _("Add a column 生效日期 (From), or name the file by the day: 价格表_2024-05-16.xlsx.")
        if not days:
            raise RefusedError(_("{where}: nothing says from which day these prices hold").format(where=where), hint)
        if len(days) > 1:
            said = listed(sorted(day.isoformat() for day in days))
            text = _("{where}: title and names speak of several days from which these prices may hold: {days}")
            raise RefusedError(text.format(where=where, days=said), hint)
        [found] = days
        target.report(Flaw("W119", _("the prices hold from {day}, as title or name say").format(day=found)), None, "")
        return found

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        """A price of 0 or less, and one that ends before it begins, is refused."""
        flaws: dict[str, Flaw] = {}
        for name in FIELDS:
            value = values.get(name)
            if isinstance(value, Decimal) and value <= 0:
                text = _("{value} is no price; “-” says that it is not offered")
                flaws[name] = Flaw("E352", text.format(value=show(value)))
        last = values.get("last_day")
        if last is not None and last < values["valid_from"]:
            text = _("it ends ({until}) before it begins ({since})")
            flaws["last_day"] = Flaw("E351", text.format(until=last, since=values["valid_from"]))
        for field, flaw in flaws.items():
            self.target.report(flaw, number, field, str(values[field]))
        if flaws:
            return None
        for name in FIELDS:
            value = values.get(name)
            if isinstance(value, _Ended):
                text = _("“{word}” is read as -: not offered").format(word=value)
                self.target.report(Flaw("W133", text), number, name, str(value))
                values[name] = _NONE
        return super()._resolve(number, values)

    def _save(self, number: int, values: dict[str, Any]) -> None:
        """Save a row, unless another sheet of the file has another price in its place."""
        key, target = self._key(values), self.target
        own = {name: values[name] for name in (*FIELDS, "last_day") if name in values}
        before = self._before.get(key)
        if before is not None and before.sheet_id != target.sheet_id:
            other = next((name for name in own if before.values.get(name, own[name]) != own[name]), "")
            if other:
                said = [_price_said(one.get(other)) for one in (own, before.values)]
                text = _("{price} here, but {other} in row {row} of sheet {sheet}, for the same product and day")
                message = text.format(price=said[0], other=said[1], row=before.row, sheet=before.sheet)
                target.report(Flaw("E365", message), number, other, said[0])
                target.counts.rejected += 1
                return
        if target.sheet_id is not None:
            kept = before.values if before is not None else {}
            self._before[key] = _Given(target.sheet_id, target.sheet, int(number), {**kept, **own})
        super()._save(number, values)

    def complete(self, number: int, values: dict[str, Any]) -> None:
        """Blank parts of the key are any; what is not offered has no price."""
        super().complete(number, values)
        for name, any_ in (("channel", ""), ("class", ""), ("customer_id", None)):
            values.setdefault(name, any_)
        values.update({name: None for name in FIELDS if values.get(name) is _NONE})


def _price_said(value: Any) -> str:
    """A price, or a last day, as a person reads it."""
    return show(value) if isinstance(value, Decimal) else "-" if value is None else str(value)


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The reading of a price, in which marks such as - are what is not offered, and words such as 停产."""

    def price(cell: Any) -> Any:
        word = unicodedata.normalize("NFKC", wording.text(cell) or "") if isinstance(cell, str) else ""
        if word in NOT_OFFERED:
            return _NONE
        if word.casefold() in ENDED:
            return _Ended(word)
        found = read(cell)
        if isinstance(found, Flaw) and found.code == "E204" and not any(map(str.isdigit, word)):
            text = _("“{word}” is no price; digits are needed, such as 1,234.50, or “-” where it is not offered")
            return Flaw("E204", text.format(word=word))
        return found

    return price


def day_said(text: str) -> dt.date | None:
    """The one day that a text names: 价格表（2024年5月16日起）, prices_20240516.xlsx; None for none or several."""
    found = {_day(*(int(part) for part in match.groups() if part)) for match in _DAY.finditer(headings.simplify(text))}
    days = found - {None}
    return days.pop() if len(days) == 1 else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month_said(text: str) -> dt.date | None:
    month = headings.title_month(text)
    return dt.date.fromisoformat(f"{month}-01") if month else None
