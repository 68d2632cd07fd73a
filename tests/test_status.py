"""The dashboard: every figure is its command's, and it fits the screen."""

import datetime as dt
import json
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from channelctl import i18n, status
from channelctl.money import show
from channelctl.packs.asking import ask
from channelctl.report import cells, plot, table
from channelctl.report.width import width
from tests.conftest import Run, sample_files
from tests.marks import chinese
from tests.processes import environment, run
from tests.tables import address, everything, is_there

SCOPES = [(), ("--office", "南京", "--as-of", "2024-05-20"), ("--as-of", "2024-04-10"), ("--region", "JD")]


def told(ch: Run, *words: str) -> dict[str, str]:
    """What is said, by label, further lines of a label joined by a newline."""
    found: dict[str, str] = {}
    label = ""
    for line in ch("status", *words).out.splitlines()[2:]:
        left, _gap, text = line.partition("  ")
        label = left or label
        found[label] = f"{found[label]}\n{text.strip()}" if label in found else text.strip()
    return found


def ends(text: str) -> list[list[str]]:
    """The first and the last column of lines."""
    return [[columns[0], columns[-1]] for columns in (re.split(r"  +", line) for line in text.splitlines())]


def test_in_a_pipe_it_is_plain_lines(ch: Run, sample: Path) -> None:
    done = ch("status", "--office", "南京", "--as-of", "2024-05-20")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:9] == [
        "How it stands · 南京 · 2024-05-20",
        "",
        *(
            f"{label:18}  {text}"
            for label, text in [
                ("Month to date, CNY", " 65.5%  2,198,305.39 of 3,356,000.00"),
                ("Time gone", " 57.1%  the month is ▲ 8.4 points ahead"),
                ("Forecast, CNY", "114.6%  3,847,034.42"),
                ("Same days", "On month ▲ 1.5%"),
                ("Day by day", "Today 0.00"),
                ("By month", "2024-03 – 2024-05"),
                ("Score", "50.7%  rank 3 of 5 · all offices 51.9%"),
            ]
        ),
    ]
    assert not set(done.out) & set("█▓▒░▁▂▃▄▅▆▇")


@pytest.mark.parametrize("scope", SCOPES, ids=" ".join)
def test_every_figure_is_the_one_that_its_command_gives(ch: Run, sample: Path, scope: tuple[str, ...]) -> None:
    rows = ch("status", *scope, "--format", "json").data["rows"]
    assert {"progress", "progress_trend", "progress_movers", "rebate_gap", "freshness"} <= {
        row["report"] for row in rows
    }
    assert len({(row["report"], row["name"]) for row in rows}) == len(rows)
    for row in rows:
        program, *words = shlex.split(row["command"])
        assert program == "channelctl"
        own = next(one for one in ask(words).figures if one.name == row["name"])
        values = [
            json.loads(cells.literal(own.col)(value)) if value is not None else None
            for value in (own.value, own.before)
        ]
        assert [row["value"], row["before"]] == values
        assert (row["label"], row["kind"], row["good"], row["remark"]) == (
            own.col.label,
            own.col.kind,
            own.good,
            own.said,
        )
        totals = ch(*words, "--format", "json").data["totals"]
        assert totals.get(row["name"], row["value"]) == row["value"]  # fmt: skip


@pytest.mark.parametrize("scope", SCOPES[:3], ids=" ".join)
def test_every_line_says_what_its_command_says(ch: Run, sample: Path, scope: tuple[str, ...]) -> None:
    lines = told(ch, *scope)
    day = scope[-1] if scope else "2024-05-31"
    options = (*scope[:2], "--as-of", day) if "--office" in scope else ("--as-of", day)

    def data(*words: str) -> dict[str, Any]:
        found: dict[str, Any] = ch(*words, *options, "--format", "json").data
        return found

    def said(value: float) -> str:
        return show(Decimal(str(value)))

    month = data("progress")["totals"]
    target = f" of {said(month['target'])}" if month["target"] is not None else ", no target is set"
    assert lines["Month to date, CNY"].endswith(f"{said(month['month_to_date'])}{target}")
    assert lines["Forecast, CNY"].endswith(said(month["forecast"]))
    assert cells.percent(month["time_gone"]) in lines["Time gone"]
    assert lines["Day by day"] == f"Today {said(month['today'])}"
    movers = sorted(data("progress", "movers")["rows"], key=lambda row: -abs(row["difference"]))[:5]
    assert ends(lines["Moved most, CNY"]) == [[said(row["difference"]), row["name"]] for row in movers]
    tiers = data("tier")["tiers"]
    assert lines["Tiers"] == " · ".join(
        f"{row['tier']} {row['customers']} {cells.percent(row['customers_share'])}" for row in tiers
    )
    open_ = [row for row in data("rebate", "gap")["rows"] if row["worth"] and row["days_left"] != 0]
    gaps = sorted(open_, key=lambda row: -row["worth"])[:5]
    assert ends(lines["Rebate gaps, CNY"]) == [[said(row["worth"]), row["customer"]] for row in gaps]


def test_before_the_first_sale_there_are_no_tiers(ch: Run, sample: Path) -> None:
    assert is_there(sample)
    done = ch("status", "--as-of", "2023-12-31")
    assert done.code == 0
    assert "Tiers" not in done.out and "Their sales" not in done.out
    assert "Tiers" in ch("status", "--as-of", "2024-05-31").out


def test_what_is_owed_is_what_the_ageing_says(ch: Run, sample: Path) -> None:
    ageing = ch("credit", "ageing", "--as-of", "2024-05-31", "--format", "json").data["totals"]
    late = sum((Decimal(str(ageing[f"age_{bucket}"])) for bucket in range(1, 5)), Decimal(0))
    first, buckets = told(ch)["Outstanding, CNY"].splitlines()
    assert first == f"{show(Decimal(str(ageing['outstanding'])))}, past due {show(late)}"
    assert buckets.startswith(f"Not due {show(Decimal(str(ageing['not_due'])))} · ")


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=chinese)])
@pytest.mark.parametrize(("wide", "high"), [(80, 24), (120, 40), (200, 60)])
def test_it_fits_the_screen(sample: Path, wide: int, high: int, language: str) -> None:
    """With the command line above it and the prompt below."""
    i18n.use(language)
    found = status.report()
    page = table.Page(width=wide, height=high, signs=plot.FULL)
    lines = (table.body(found, page) + table.ending(found)).splitlines()
    assert len(lines) + 2 <= high
    assert max(map(width, lines)) <= wide


def test_a_larger_screen_shows_more(sample: Path) -> None:
    found = status.report()
    small, large = (
        table.body(found, table.Page(width=wide, height=high, signs=plot.FULL)) for wide, high in ((80, 24), (120, 40))
    )
    assert ("苏州 " in small, "苏州 " in large) == (False, True)
    assert all(sign in small for sign in "█▓▒·")


def test_what_a_system_has_nothing_for_is_absent(ch: Run) -> None:
    """A region of sales alone."""
    files = [file for file in sample_files() if file.name.startswith(("组织", "产品", "客户", "销售_2024-05"))]
    assert ch("import", *files).code == 0
    lines = told(ch)
    assert lines["Month to date, CNY"] == "10,118,190.73, no target is set"
    assert {"Score", "Outstanding, CNY", "Rebate gaps, CNY"} & lines.keys() == set()
    assert ch("status", "--format", "json").code == 0


def test_before_the_first_sale_it_says_what_there_is(ch: Run, tmp_path: Path) -> None:
    ch("init")
    done = ch("status")
    assert done.code == 0
    assert done.out.startswith(f"{address(tmp_path / 'channel.db')}\n\nRecords ")
    assert done.out.endswith("\n\nnothing has been imported yet: channelctl import FILE\n")
    assert re.search(r"^sales +0$", done.out, re.MULTILINE)


def test_scripts_have_the_records(ch: Run, sample: Path) -> None:
    data = ch("status", "--format", "json").data
    counts = {row["kind"]: row["records"] for row in data["records"]}
    assert (counts["sales"], counts["customer"], counts["office"], counts["receivable"]) == (1423, 90, 5, 42)
    assert data["params"] == {
        "office": None, "region": None, "as_of": None, "first_sale": "2024-03-01", "last_sale": "2024-05-31",
        "last_batch": len(sample_files()),
    }  # fmt: skip
    schema = json.loads(ch("schema", "status").out)
    for name in ("rows", "records"):
        assert set(schema["properties"][name]["items"]["required"]) == set(data[name][0])


@pytest.mark.parametrize(("form", "holds"), [("md", "| Month to date, 10k CNY | 91.6% · 1,011.82 of 1,104.50 |"),
                                             ("html", "1,011.82 of 1,104.50"), ("csv", "month_to_date")])  # fmt: skip
def test_other_forms_say_the_same(ch: Run, sample: Path, form: str, holds: str) -> None:
    assert holds in ch("status", "--format", form, "--unit", "wan").out


def test_a_workbook_holds_lines_figures_and_records(ch: Run, sample: Path, tmp_path: Path) -> None:
    import openpyxl

    assert ch("status", "--output", tmp_path / "s.xlsx").code == 0
    cells_ = {
        str(cell)
        for sheet in openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    }
    assert {"Month to date, CNY", "month_to_date", "receivables"} <= cells_


def test_the_age_of_the_data_is_by_the_clock(ch: Run, sample: Path) -> None:
    """Unless a day is named."""
    today = dt.date(2024, 6, 3)
    for words, day in ([], today), (["--as-of", "2024-05-31"], dt.date(2024, 5, 31)):
        rows = ch("status", *words, "--format", "json").data["rows"]
        age = next(row["value"] for row in rows if row["name"] == "days_since_last_sale")
        assert age == (day - dt.date(2024, 5, 31)).days


def test_as_it_was_known(ch: Run, sample: Path) -> None:
    """Before the sales were imported there are none."""
    assert "sales       " in ch("status", "--known", "3").out
    known = ch("status", "--known", str(len(sample_files())))
    assert known.out.splitlines()[0] == (
        f"How it stands · all offices · 2024-05-31 · as known on 2024-06-03, batch {len(sample_files())}"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--office", "月球"], "月球"),
        (["--office", "南京", "--region", "JD"], "--office and --region contradict each other"),
        (["--as-of", "2024-13-01"], "2024-13-01"),
    ],
)
def test_what_there_is_not_is_said(ch: Run, sample: Path, words: list[str], said: str) -> None:
    done = ch("status", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_nothing_is_written(ch: Run, sample: Path) -> None:
    before = everything(sample)
    ch("status")
    assert everything(sample) == before


ASCII = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("more", [ASCII, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_in_a_bare_environment(sample: Path, more: dict[str, str]) -> None:
    code, out, _err = run("status", env=environment(CHANNELCTL_DB=address(sample), **more))
    assert code == 0
    assert "10,118,190.73 of 11,045,000.00" in out
