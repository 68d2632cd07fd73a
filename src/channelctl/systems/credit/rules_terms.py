"""Terms of payment as people write them, and the day that they make due."""

import calendar
import datetime as dt
import re
import unicodedata
from typing import NamedTuple

from channelctl.i18n import _
from channelctl.sheets.problems import Flaw

UNREAD = "E369"
_HALF_A_MONTH, _LONGEST = 15, 3650
_CASH = {
    "现款", "现金", "现结", "现付", "现款现货", "现金交易", "货到付款", "货到即付", "款到发货", "先款后货",
    "预付", "预付款", "全款", "即付", "cod", "cash", "prepaid", "cashondelivery", "dueonreceipt", "immediate",
}  # fmt: skip
_NUMBER = r"(\d{1,4})(?:\.0+)?"
_DAYS = rf"{_NUMBER}(?:天|日|days?|d)?"
_END = re.compile(rf"(?:当月结|月结|月末|月底|eom|endofmonth)(?:[+加后]?{_DAYS})?(?:后)?(?:付款|到期|结算)?")
_END_LAST = re.compile(rf"(?:net)?{_DAYS}(?:eom|月结)")
_NET = re.compile(
    rf"(?:net|n/?|账期|帐期|信用期|赊销|票到|货到|开票后|发货后|t/?t)?{_NUMBER}"
    r"(?:(?:天|days?|d)?(?:账期|帐期|内付款|内|后付款|后)?|日(?:账期|帐期|内付款|内|后付款|后))"
)
_FIXED = re.compile(
    r"(每月|每个月|次月|下月|下个月)(?:的)?(?:(\d{1,2})(?:日|号)?|(底|末))(?:前)?(?:付款|到期|结算|结)?"
)


class Terms(NamedTuple):
    """When a document is due: after a month's end or not, so many days or on a day of a month, this one or the next.

    `day` is 1 to 31 (31 also for a month's last), `months` how many months ahead of the document's own.
    """

    days: int = 0
    month_end: bool = False
    day: int | None = None
    months: int = 0

    @property
    def mean_days(self) -> int:
        """How long a document waits on the average, of documents spread over the month."""
        if self.day is not None:
            return _HALF_A_MONTH + (self.day if self.months else 0)
        return self.days + (_HALF_A_MONTH if self.month_end else 0)


def parse(text: str) -> Terms | Flaw:
    """What terms as they are written mean."""
    word = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    if word in _CASH:
        return Terms()
    if found := _END.fullmatch(word) or _END_LAST.fullmatch(word):
        return _checked(Terms(days=int(found[1] or 0), month_end=True), text)
    if found := _FIXED.fullmatch(word):
        day = 31 if found[3] else int(found[2])
        return _checked(Terms(day=day, months=0 if found[1].startswith("每") else 1), text)
    if found := _NET.fullmatch(word):
        return _checked(Terms(days=int(found[1])), text)
    return _flaw(text)


def due(date: dt.date, terms: Terms) -> dt.date:
    """The day on which a document of a day is due."""
    if terms.day is not None:
        month = _ahead(date, terms.months)
        fixed = _on(month, terms.day)
        return fixed if fixed >= date else _on(_ahead(date, 1), terms.day)
    start = _on(date, 31) if terms.month_end else date
    return start + dt.timedelta(days=terms.days)


def _ahead(date: dt.date, months: int) -> dt.date:
    """The first day of the month so many months on."""
    years, month = divmod(date.month - 1 + months, 12)
    return dt.date(date.year + years, month + 1, 1)


def _on(month: dt.date, day: int) -> dt.date:
    """A day of a month, its last where it is shorter."""
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def _checked(terms: Terms, text: str) -> Terms | Flaw:
    """Terms that are possible: days of a month from 1 to 31, waits of ten years at most."""
    possible = terms.days <= _LONGEST and (terms.day is None or 1 <= terms.day <= 31)
    return terms if possible else _flaw(text)


def _flaw(text: str) -> Flaw:
    return Flaw(
        UNREAD,
        _("terms “{text}” cannot be read; write 30, net 30, 月结, 月结30天, 次月25日, 每月25日 or 现款").format(
            text=text
        ),
    )
