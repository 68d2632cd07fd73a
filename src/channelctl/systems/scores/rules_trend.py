"""Offices month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import make_dataclass
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from channelctl.columns import Col
from channelctl.systems.scores.rules import ScoreRow, change_text


def step(month: str, by: int) -> str:
    """The month so many months later."""
    place = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


class TrendRow(NamedTuple):
    """An office's month; `change` is that of the cooperation rate on the month before, None where there was no plan."""

    month: Annotated[str, Col("月份", "Month", kind="month")]
    office_code: Annotated[str, Col("编码", "Code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office", wide=True)]
    planned: Annotated[int, Col("规划数", "Planned", kind="count")]
    cooperation_rate: Annotated[Decimal, Col("传统渠道合作率", "Cooperation rate", kind="share", bar=True, whole=True)]
    change: Annotated[Decimal | None, Col("比上月", "On month", kind="share", words=change_text)]
    core_quality: Annotated[Decimal | None, Col("核心客户合作质量", "Core quality", kind="share")]
    rank: Annotated[int | None, Col("名次", "Rank", kind="count")]
    offices: Annotated[int, Col("办事处数", "Offices", kind="count")]
    closed: Annotated[bool, Col("已关账", "Closed", kind="flag")]


class TrendMonth(NamedTuple):
    """A month of a trend: its offices ranked, and whether it is closed."""

    month: str
    rows: Sequence[ScoreRow]
    closed: bool


def trend(months: Sequence[TrendMonth], office_code: str | None) -> list[TrendRow]:
    """A row per office and month, by office; `months` may begin with one that is only compared with."""
    found: list[TrendRow] = []
    rates = {(one.month, row.office_code): row.cooperation_rate for one in months for row in one.rows}
    for one in months:
        for row in one.rows:
            if office_code in (None, row.office_code):
                before = rates.get((step(one.month, -1), row.office_code))
                change = None if before is None else row.cooperation_rate - before
                told = (row.month, row.office_code, row.office, row.planned, row.cooperation_rate, change)
                found.append(TrendRow(*told, row.core_quality, row.rank, len(one.rows), one.closed))
    return sorted(found, key=lambda row: (row.office_code, row.month))


def across(rows: Sequence[TrendRow], totals: Mapping[str, Decimal | None], whole: str) -> tuple[type, list[Any]]:
    """The same with a column per month, for people: the class of its rows, and the rows.

    `totals` are the rates over all offices by month, `whole` what their row is called.
    """
    months = list(totals)
    fields: list[tuple[str, Any]] = [
        ("office_code", Annotated[str, Col("编码", "Code", kind="code")]),
        ("office", Annotated[str, Col("办事处", "Office")]),
    ]
    fields += [(_field(month), Annotated[Decimal | None, Col(month, month, kind="share")]) for month in months]
    changes = Annotated[Decimal | None, Col("期间变化", "Change", kind="share", words=change_text)]
    made = make_dataclass("MonthsRow", [*fields, ("change", changes)])
    names = {row.office_code: row.office for row in rows}
    found = []
    for code, name in names.items():
        rates = {row.month: row.cooperation_rate for row in rows if row.office_code == code}
        found.append(_across(made, code, name, [rates.get(month) for month in months]))
    return made, [*found, _across(made, "", whole, list(totals.values()))]


def _across(made: type, code: str, name: str, rates: Sequence[Decimal | None]) -> Any:
    first, last = rates[0], rates[-1]
    change = None if first is None or last is None or len(rates) == 1 else last - first
    return made(code, name, *rates, change)


def _field(month: str) -> str:
    return f"m{month.replace('-', '_')}"
