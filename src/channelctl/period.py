"""A span of days and how it is called."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from channelctl.errors import UsageError
from channelctl.i18n import _, either

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included."""

    start: dt.date
    end: dt.date
    label: str

    @classmethod
    def month(cls, text: str) -> "Period":
        """2024-05 (or 2024-5, 202405, 2024年5月)."""
        found = re.fullmatch(r"(\d{4})(?:[-./年](\d{1,2})月?|(\d\d))", text.strip())
        number = int(found[2] or found[3]) if found else 0
        if not found or not 1 <= number <= 12 or not 1900 <= int(found[1]) <= 9998:
            raise UsageError(_("“{value}” is not a month").format(value=text), _("Write it as 2024-05."))
        return _months(int(found[1]), number, 1, month_label(int(found[1]), number))

    @classmethod
    def quarter(cls, text: str) -> "Period":
        """2024-Q2."""
        found = re.fullmatch(r"(\d{4})[- ]?[Qq]([1-4])", text.strip())
        if not found or not 1900 <= int(found[1]) <= 9998:
            raise UsageError(_("“{value}” is not a quarter").format(value=text), _("Write it as 2024-Q2."))
        year, quarter = int(found[1]), int(found[2])
        return _months(year, quarter * 3 - 2, 3, either(f"{year}年第{quarter}季度", f"Q{quarter} {year}"))

    @classmethod
    def year(cls, text: str) -> "Period":
        """2024."""
        if not re.fullmatch(r"\d{4}", text.strip()) or not 1900 <= int(text) <= 9998:
            raise UsageError(_("“{value}” is not a year").format(value=text), _("Write it as 2024."))
        return _months(int(text), 1, 12, either(f"{int(text)}年", str(int(text))))

    @classmethod
    def between(cls, start: dt.date, end: dt.date) -> "Period":
        """From one day to another, both included."""
        if end < start:
            raise UsageError(_("the period ends ({end}) before it starts ({start})").format(start=start, end=end))
        return cls(start, end, either(f"{start} 至 {end}", f"{start} to {end}"))

    @classmethod
    def all_time(cls) -> "Period":
        """Every day there is."""
        return cls(dt.date.min, dt.date.max, either("全部时间", "all time"))

    @classmethod
    def twelve_months_to(cls, as_of: dt.date) -> "Period":
        """The 12 calendar months that end with the month of `as_of`, cut at that day."""
        months = as_of.year * 12 + as_of.month - 12
        start = dt.date(months // 12, months % 12 + 1, 1) if months >= 12 else dt.date.min
        label = either(f"截至 {as_of} 的 12 个月", f"12 months to {as_of}")
        return cls(start, as_of, label)

    @property
    def first(self) -> dt.date | None:
        """The first day, None where it begins with all time."""
        return None if self.start == dt.date.min else self.start

    @property
    def last(self) -> dt.date | None:
        """The last day, None where it has no end."""
        return None if self.end == dt.date.max else self.end

    def cut(self, as_of: dt.date | None) -> "Period":
        """Without the days after `as_of`; the title says so."""
        if as_of is None or as_of >= self.end:
            return self
        label = either(f"{self.label}（截至 {as_of}）", f"{self.label} to {as_of}")
        before = self.start - dt.timedelta(days=1) if self.start > dt.date.min else self.start
        return Period(self.start, max(as_of, before), label)


def month_label(year: int, month: int) -> str:
    """May 2024, 2024年5月."""
    return either(f"{year}年{month}月", f"{_MONTHS[month - 1]} {year}")


def day(text: str) -> dt.date:
    """A day a person typed: 2024-05-31, 2024.5.31, 2024/5/31, 20240531 or 2024年5月31日."""
    plain = text.strip()
    found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", plain) or re.fullmatch(
        r"(\d{4})(\d\d)(\d\d)", plain
    )
    try:
        return dt.date(*(int(part) for part in found.groups())) if found else dt.date.fromisoformat(plain)
    except ValueError:
        raise UsageError(_("“{value}” is not a date").format(value=text), _("Write it as 2024-05-31.")) from None


def _months(year: int, month: int, count: int, label: str) -> Period:
    last = month + count - 1
    return Period(dt.date(year, month, 1), dt.date(year, last, calendar.monthrange(year, last)[1]), label)
