"""The few figures and pictures that stand for a month's progress."""

import datetime as dt
from decimal import Decimal

import pytest

from channelctl import db
from channelctl.report.charts import Bars, Lines
from channelctl.systems.progress import screen, store
from channelctl.systems.sales.store import Scope
from tests.conftest import Run
from tests.making import report, sheet

D = Decimal
DAY = dt.date(2024, 5, 20)


@pytest.mark.usefixtures("sample")
def test_the_figures_are_the_reports(ch: Run) -> None:
    with db.session() as session:
        made = screen.progress(store.progress(session, "office", DAY, Scope(), "amount", ""), Scope())
    totals = report(ch, "progress", "--as-of", DAY)["totals"]
    assert {one.name: one.value for one in made.figures} == {
        name: totals[name] for name in ("today", "month_to_date", "attainment", "time_gone", "forecast")
    }
    assert {one.name: one.before for one in made.figures if one.before is not None} == {
        "month_to_date": totals["last_month"]
    }


@pytest.mark.usefixtures("sample")
def test_the_pictures_end_where_the_figures_do(ch: Run) -> None:
    with db.session() as session:
        made = screen.progress(store.progress(session, "rep", DAY, Scope(), "amount", ""), Scope())
    lines, bars = made.charts
    assert isinstance(lines, Lines) and isinstance(bars, Bars)
    this, last, even = (series.points for series in lines.series)
    totals = report(ch, "progress", "--as-of", DAY)["totals"]
    assert (len(this), this[-1].y) == (20, totals["month_to_date"])
    assert (len(last), last[19].y) == (30, totals["last_month"])
    assert (len(even), even[-1].y) == (31, totals["target"])
    assert even[3].y == 0 and even[19].y == (totals["target"] * 12 / 21).quantize(D("0.0001"))
    assert list(lines.steps) == [str(day) for day in range(1, 32)]
    shares = [share for _name, share in bars.bars]
    assert len(shares) == 12 and shares == sorted(shares, key=lambda share: -(share or 0))


def test_reps_of_one_name_are_told_apart_by_their_offices(ch: Run) -> None:
    lines = [
        ("2024-05-02", "C1", 100, office, rep) for office, rep in (("南京", "王伟"), ("杭州", "王伟"), ("南京", "李三"))
    ]
    assert ch("import", sheet("lines", "日期 客户编码 金额 办事处 业务员", lines)).code == 0
    rows = report(ch, "progress", "--as-of", "2024-05-02", "--by", "rep")["rows"]
    assert sorted(row["name"] for row in rows) == ["李三", "王伟 (南京)", "王伟 (杭州)"]
