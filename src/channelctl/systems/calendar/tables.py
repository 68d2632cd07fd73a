"""Which days are worked."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import Day, Flag, Traced


class CalendarDay(Traced, table=True):
    """A day that is otherwise than the decreed calendar has it: worked or off, and what it is called."""

    __tablename__ = "calendar_day"
    id: int | None = Field(default=None, primary_key=True)
    date: dt.date = Field(sa_type=Day, unique=True)
    working: bool = Field(sa_type=Flag)
    name: str | None = Field(default=None, sa_type=sa.Text)
