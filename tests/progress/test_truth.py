"""The superstore's progress against sums made by plain Python from its workbook."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import Run
from tests.making import report

D = Decimal
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def lines() -> Iterator[Rows]:
    from tests.conftest import REAL

    path = REAL / "superstore_zh" / "示例 - 超市.xls"
    if not path.is_file():
        pytest.skip("the real sheets are not on this machine (../shared/data)")
    heading, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("订单").to_python()
    yield [dict(zip(map(str, heading), row, strict=True)) for row in rows]


@pytest.fixture
def imported(ch: Run, real: Path) -> None:
    assert ch("import", real / "superstore_zh" / "示例 - 超市.xls", "--map", "地区=office").code == 0


def day_of(row: dict[str, Any]) -> dt.date:
    day = row["订单日期"]
    return day.date() if isinstance(day, dt.datetime) else day


def net(rows: Rows, first: dt.date, last: dt.date) -> D:
    return sum((D(f"{row['销售额']:.15g}") for row in rows if first <= day_of(row) <= last), D(0))


def back(day: dt.date, months: int) -> dt.date:
    """So many months before; the last day there is where that month is shorter, or a month is over."""
    place = day.year * 12 + day.month - 1 - months
    for last in range(31 if (day + dt.timedelta(days=1)).day == 1 else day.day, 0, -1):
        try:
            return dt.date(place // 12, place % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


@pytest.mark.usefixtures("imported")
def test_progress_by_office_and_customer(ch: Run, lines: Rows) -> None:
    last = max(map(day_of, lines))
    keys: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
        "office": ("name", lambda row: row["地区"]),
        "customer": ("code", lambda row: row["客户 ID"]),
    }
    for as_of in (last, back(last, 6), back(last.replace(day=1) - dt.timedelta(days=1), 0)):
        ends = {"month_to_date": as_of, "last_month": back(as_of, 1), "last_year": back(as_of, 12)}
        spans = {name: (end.replace(day=1), end) for name, end in ends.items()}
        spans["today"] = (as_of, as_of)
        for by, (column, key) in keys.items():
            found = report(ch, "progress", "--by", by, "--as-of", as_of)
            groups: dict[str, Rows] = {}
            for row in lines:
                if any(first <= day_of(row) <= end for first, end in spans.values()):
                    groups.setdefault(key(row), []).append(row)
            told = {row[column]: tuple(row[name] for name in spans) for row in found["rows"]}
            assert told == {one: tuple(net(own, *span) for span in spans.values()) for one, own in groups.items()}
            assert tuple(found["totals"][name] for name in spans) == tuple(net(lines, *span) for span in spans.values())


@pytest.mark.usefixtures("imported")
def test_the_trend(ch: Run, lines: Rows) -> None:
    last = max(map(day_of, lines))
    found = report(ch, "progress", "trend", "--as-of", last, "--months", 24)
    assert len(found["rows"]) == 24
    for row in found["rows"]:
        year, month = int(row["month"][:4]), int(row["month"][5:])
        own = [one for one in lines if (day_of(one).year, day_of(one).month) == (year, month)]
        then = [one for one in lines if (day_of(one).year, day_of(one).month) == (year - 1, month)]
        assert row["net_sales"] == net(own, dt.date.min, last)
        assert row["last_year"] == net(then, dt.date.min, back(last, 12) if row["to_date"] else last)


@pytest.mark.usefixtures("imported")
def test_who_stopped(ch: Run, lines: Rows) -> None:
    last = max(map(day_of, lines))
    first = back(last, 12) + dt.timedelta(days=1)
    bought: dict[str, Rows] = {}
    for row in lines:
        if first <= day_of(row) <= last:
            bought.setdefault(row["客户 ID"], []).append(row)
    expected = []
    for code, own in bought.items():
        days = sorted({day_of(row) for row in own})
        if (last - days[-1]).days >= 90:
            gaps = [(after - before).days for before, after in pairwise(days)]
            expected.append(
                (code, (last - days[-1]).days, D(str(median(gaps))) if gaps else None, net(own, first, last))
            )
    found = report(ch, "progress", "stopped", "--as-of", last, "--days", 90)
    told = [(row["code"], row["days_since"], row["usual_gap"], row["net_sales"]) for row in found["rows"]]
    assert told == sorted(expected, key=lambda one: (-one[3], one[0]))
    assert len(told) > 50
