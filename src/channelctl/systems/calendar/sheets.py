"""The sheet of calendar days."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind


@dataclass(frozen=True)
class CalendarDayRow:
    """A day that is otherwise than the decreed calendar has it."""

    date: Annotated[
        dt.date,
        Col("日期", "Date", ("放假日期", "调休日期", "day"), kind="date", required=True, example="2027-02-08"),
    ]
    working: Annotated[
        bool,
        Col(
            "是否上班",
            "Working",
            (
                "上班", "上班/休息", "是否工作日", "工作日", "是否工作", "班休", "日期类型", "日类型",
                "is working day", "working day", "workday", "is workday", "day type",
            ),
            kind="flag",
            required=True,
            example="休息",
            note="Whether the day is worked: yes or no, or the words for a work day and for a day off.",
        ),
    ]  # fmt: skip
    name: Annotated[
        str | None,
        Col("名称", "Name", ("节日", "节假日", "节日名称", "节假日名称", "假期", "holiday"), example="春节"),
    ]


KINDS = (
    Kind(
        "calendar_day",
        "工作日历",
        "calendar days",
        CalendarDayRow,
        "channelctl.systems.calendar.tables:CalendarDay",
        key=("date",),
        needs=(("date",), ("working!",)),
        verbs="calendar",
    ),
)
