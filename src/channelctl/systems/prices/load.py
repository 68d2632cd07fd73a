"""Prices from a sheet: "-" is a price that is not offered, blank channel, class and customer are any."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from channelctl.errors import RefusedError
from channelctl.i18n import _, listed
from channelctl.money import show
from channelctl.records.load import RecordLoader
from channelctl.sheets import headings, wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.prices.rules import NOT_OFFERED, TYPES

_DAY = re.compile(
    r"(?<!\d)(20\d{2})(?:(\d{2})(\d{2})|\s*[年.\-_/]\s*(\d{1,2})\s*[月.\-_/]\s*(\d{1,2})\s*[日号]?)(?!\d)"
)
# What a cell says that is not blank, and yet no price; it becomes NULL, where a blank one changes nothing.
_NONE = object()
FIELDS = tuple(f"{name}_price" for name in TYPES)


class PriceLoader(RecordLoader):
    """Loads prices; a sheet without a column of days takes the day from its title or name."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers |= {name: _or_none(self._readers[name]) for name in FIELDS}
        self._day: dt.date | None = None

    def _compose(self, values: dict[str, Any]) -> None:
        """The day of the title, where no column holds one."""
        super()._compose(values)
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
        return None if flaws else super()._resolve(number, values)

    def complete(self, number: int, values: dict[str, Any]) -> None:
        """Blank parts of the key are any; what is not offered has no price."""
        super().complete(number, values)
        for name, any_ in (("channel", ""), ("class", ""), ("customer_id", None)):
            values.setdefault(name, any_)
        values.update({name: None for name in FIELDS if values.get(name) is _NONE})


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The reading of a price, in which marks such as - are what is not offered."""

    def price(cell: Any) -> Any:
        word = wording.text(cell) if isinstance(cell, str) else None
        return _NONE if word and unicodedata.normalize("NFKC", word) in NOT_OFFERED else read(cell)

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
