"""Which days are worked, as decreed and as set by hand."""

import csv
import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib import resources

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.systems.calendar import rules
from channelctl.systems.calendar.rules import Other, WorkDays
from channelctl.systems.calendar.tables import CalendarDay

_FILE = "decreed.csv"


def work_days(session: Session, first: dt.date, last: dt.date) -> WorkDays:
    """Which days are worked from one day to another, both included."""
    return rules.calendar(first, last, decreed(), _own(session, first, last))


@cache
def decreed() -> Mapping[dt.date, Other]:
    """China's public holidays on days from Monday to Friday, and the weekend days that are worked for them."""
    text = resources.files("channelctl.systems.calendar").joinpath(_FILE).read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {dt.date.fromisoformat(row["date"]): Other(row["day"] == "work", row["name"], False) for row in rows}


def _own(session: Session, first: dt.date, last: dt.date) -> dict[dt.date, Other]:
    """The days set by hand in the years of a span: many make the year known."""
    day = col(CalendarDay.date)
    years = dt.date(first.year, 1, 1), dt.date(last.year, 12, 31)
    query = select(day, col(CalendarDay.working), col(CalendarDay.name)).where(day.between(*years)).order_by(day)
    return {row[0]: Other(row[1], row[2], True) for row in session.execute(query)}
