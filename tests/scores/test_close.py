"""A closed month stays what it was, whatever happens afterwards; what it comes to today stands beside it."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.scores import rules_close
from channelctl.systems.scores.rules import PlannedRow, ScoreRow
from tests.conftest import Run
from tests.making import holds_to_schema, policy, report, sheet
from tests.scores.months import MARKS, SALES, offices, plan, sold
from tests.tables import connected, contents

D = Decimal
MAY = ("--month", "2024-05")
RESTATED = ("restated_rate", "restated_change")
BATCH = 5


def closed(ch: Run, *words: object) -> Any:
    """The figures of a closed month, without what they come to today."""
    found = report(ch, "score", *MAY, *words)
    rows = [{name: value for name, value in row.items() if name not in RESTATED} for row in found["rows"]]
    return rows, found["classes"], found["levels"], found["title"].replace("新杭州", "杭州")


def restated(ch: Run) -> dict[str, tuple[Any, Any]]:
    return {
        row["office_code"]: (row["restated_rate"], row["restated_change"]) for row in report(ch, "score", *MAY)["rows"]
    }


@pytest.fixture
def may(ch: Run) -> None:
    """Batches 1 to 4: offices, plan, sales, and a score set by hand: 杭州 0.65, 宁波 0.4, 无锡 0.9."""
    sales = sold("2024-05", {"K1": 50, "K2": 50, "K3": 80, "K5": 90})
    assert ch("import", offices(), plan("2024-05"), sales).code == 0
    assert ch("score", "set", "K2", "0.8", *MAY, "--reason", "断货").code == 0


# --- closing ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("may")
def test_closing_says_what_it_kept(ch: Run) -> None:
    done = ch("score", "close", *MAY)
    assert done.code == 0
    assert done.err == (
        "the sales reach to 2024-05-03, the month to 2024-05-31: what comes later does not change its scores\n"
    )
    assert done.out == (
        "2024-05 closed · May 2024 · data to 2024-05-03\n"
        "\n"
        "Code   Office   Planned   Achieved   Cooperation rate                     Core quality   Rank\n"
        "─────────────────────────────────────────────────────────────────────────────────────────────\n"
        "WX     无锡           1       0.90              90.0%   ██████████████▍          90.0%      1\n"
        "HZ     杭州           2       1.30              65.0%   ██████████▍              25.0%      2\n"
        "NB     宁波           2       0.80              40.0%   ██████▍                  40.0%      3\n"
        "\n"
        "3 offices, 5 planned customers\n"
        "Batch 5. Open it again: channelctl batch undo 5\n"
    )
    holds_to_schema(ch, "score", "score", *MAY)
    holds_to_schema(ch, "score_explain", "score", "explain", "--office", "HZ", *MAY)
    shown = ch("batch", "show", BATCH).out
    assert "closed months" in shown
    assert "score close" in ch("batch", "list").out


@pytest.mark.usefixtures("may")
def test_a_closed_month_says_so_and_what_it_comes_to_today(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    assert ch("import", late(-40)).code == 0
    done = ch("score", *MAY)
    assert done.code == 0
    assert done.out.splitlines()[0] == (
        "all 3 offices with a plan · May 2024 · plan 2024-05 · data to 2024-05-03 · closed 2024-06-03 (batch 5)"
    )
    assert [line.split() for line in done.out.splitlines()[-10:-5]] == [
        "Code Office Planned Achieved Cooperation rate Restated Since closing Core quality Rank".split(),
        ["─" * 120],
        "WX 无锡 1 0.90 90.0% ██████████████▍ 50.0% ▼ 40.0 90.0% 1".split(),
        "HZ 杭州 2 1.30 65.0% ██████████▍ 65.0% 0.0 25.0% 2".split(),
        "NB 宁波 2 0.80 40.0% ██████▍ 40.0% 0.0 40.0% 3".split(),
    ]
    assert done.out.splitlines()[-4:] == [
        "5 planned customers below 1.0: 1 no purchase, 4 below target (--explain)",
        "1 score was set by hand",
        "These are the figures of closing. From what is stored today: 52.0% (▼ 8.0)",
        "All offices together: 60.0%",
    ]
    one = ch("score", *MAY, "--office", "WX").out.splitlines()
    assert one[-2:] == [
        "These are the figures of closing. From what is stored today: 50.0% (▼ 40.0)",
        "Score 90.0%   rank 1 of 3   all offices 60.0%",
    ]
    explained = report(ch, "score", *MAY, "--office", "WX", "--explain")["rows"]
    assert [(row["customer_code"], row["achieved"], row["restated"]) for row in explained] == [
        ("K5", D("0.9"), D("0.5"))
    ]
    assert restated(ch)["WX"] == (D("0.5"), D("-0.4"))
    today = report(ch, "score", *MAY, "--restated")["rows"]
    assert [(row["office_code"], row["rank"], row["cooperation_rate"]) for row in today] == [
        ("HZ", 1, D("0.65")),
        ("WX", 2, D("0.5")),
        ("NB", 3, D("0.4")),
    ]


def late(net: int, code: str = "K5", office: str = "无锡") -> Path:
    """A return, or a sale, that arrives when the month is closed."""
    return sheet("late", SALES, [("2024-05-31", "R1", 1, code, f"客户{code}", office, net)])


# --- what it survives ------------------------------------------------------------------------------------------------


def _late(ch: Run) -> None:
    assert ch("import", late(-40)).code == 0


def _undone(ch: Run) -> None:
    assert ch("batch", "undo", 3).code == 0


def _policy(ch: Run) -> None:
    policy(
        '[scores]\nmode = "binary"\ncore_base = "core"\ncovered = ["T1", "T2", "T3"]\n[plans]\ncore_classes = ["V3"]\n'
    )


def _replanned(ch: Run) -> None:
    assert ch("plan", "set", "2024-05", "杭州", "K1", "target=10").code == 0
    assert ch("plan", "remove", "2024-05", "宁波", "K4").code == 0
    assert ch("plan", "add", "2024-05", "无锡", "K4", "target=7").code == 0


def _renamed(ch: Run) -> None:
    assert ch("office", "set", "HZ", "name=新杭州").code == 0


def _reclassed(ch: Run) -> None:
    assert ch("customer", "set", "K1", "class=V9", "market_level=T1", "closed_on=2024-01-01").code == 0
    assert ch("customer", "add", "K7", "谁", "class=V1", "market_level=T2", "office=HZ").code == 0


def _merged(ch: Run) -> None:
    assert ch("customer", "add", "K8", "别处").code == 0
    assert ch("customer", "merge", "K5", "K8").code == 0


def _removed(ch: Run) -> None:
    assert ch("score", "mark", "list").code == 0
    assert ch("batch", "undo", 3).code == 0
    assert ch("plan", "remove", "2024-05", "无锡", "K5").code == 0
    assert ch("customer", "remove", "K5").code == 0
    assert ch("office", "remove", "WX").code == 0


def _erased(ch: Run) -> None:
    assert ch("erase", "customer", "K5", "--yes").code == 0


HAPPENINGS = [_late, _undone, _policy, _replanned, _renamed, _reclassed, _merged, _removed, _erased]


@pytest.mark.usefixtures("may")
@pytest.mark.parametrize("happens", HAPPENINGS, ids=lambda one: one.__name__.lstrip("_"))
def test_a_closed_month_survives(ch: Run, happens: Callable[[Run], None]) -> None:
    assert ch("score", "close", *MAY).code == 0
    before, mine = closed(ch), closed(ch, "--office", "WX")
    customers = report(ch, "score", *MAY, "--explain")["rows"]
    happens(ch)
    after = closed(ch)
    for old, new in zip(before[0], after[0], strict=True):
        assert {**new, "office": old["office"]} == old
    assert after[1:] == before[1:]
    assert closed(ch, "--office", "WX") == mine
    told = ("customer_code", "core", "target", "net_sales", "achieved", "rule", "class")
    assert [[row[name] for name in told] for row in report(ch, "score", *MAY, "--explain")["rows"]] == [
        [row[name] for name in told] for row in customers
    ]
    trend = report(ch, "score", "trend")["rows"]
    assert {row["office_code"]: (row["cooperation_rate"], row["rank"], row["closed"]) for row in trend} == {
        row["office_code"]: (row["cooperation_rate"], row["rank"], True) for row in before[0]
    }


@pytest.mark.usefixtures("may")
def test_all_of_it_together_and_the_opening_shows_what_is_so(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    before = closed(ch)[0]
    for happens in (_late, _replanned, _renamed, _policy):
        happens(ch)
    assert [{**row, "office": ""} for row in closed(ch)[0]] == [{**row, "office": ""} for row in before]
    assert {row["office"] for row in report(ch, "score", *MAY)["rows"]} == {"新杭州", "宁波", "无锡"}
    today = report(ch, "score", *MAY, "--restated")["rows"]
    assert ch("batch", "undo", BATCH).code == 0
    opened = report(ch, "score", *MAY)["rows"]
    assert opened == today
    assert {row["restated_rate"] for row in opened} == {None}


@pytest.mark.usefixtures("may")
def test_restated_is_what_the_month_comes_to(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    assert restated(ch) == {"WX": (D("0.9"), 0), "HZ": (D("0.65"), 0), "NB": (D("0.4"), 0)}
    _removed(ch)
    assert restated(ch) == {"WX": (None, None), "HZ": (D("0.4"), D("-0.25")), "NB": (0, D("-0.4"))}
    assert ch("score", *MAY, "--office", "无锡").out.splitlines()[-2] == (
        "These are the figures of closing. From what is stored today: no plan any more"
    )
    policy('[plans]\ncore_classes = ["V3"]\n')
    assert ch("score", *MAY).out.splitlines()[-2] == (
        "These are the figures of closing. From what is stored today: 20.0% (▼ 40.0)"
    )


@pytest.mark.usefixtures("may")
def test_an_office_planned_afterwards_is_said_and_does_not_move_the_ranks(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    assert ch("office", "add", "GZ", "赣州").code == 0
    assert ch("plan", "add", "2024-05", "赣州", "K1", "target=1").code == 0
    done = ch("score", *MAY)
    assert [row["office_code"] for row in report(ch, "score", *MAY)["rows"]] == ["WX", "HZ", "NB"]
    assert "From what is stored today: 50.0% (▼ 10.0), with 1 office more\n" in done.out
    found = ch("score", *MAY, "--office", "GZ")
    assert (found.code, found.out) == (3, "")
    assert "GZ has no plan for 2024-05, so there is no score" in found.err


@pytest.mark.usefixtures("may")
def test_a_month_is_compared_with_the_closed_one_before(ch: Run) -> None:
    assert ch("import", plan("2024-06"), sold("2024-06", {"K1": 100, "K2": 100})).code == 0
    assert ch("score", "close", *MAY).code == 0
    _late(ch)
    rows = {row["office_code"]: row["on_month"] for row in report(ch, "score", "--month", "2024-06")["rows"]}
    assert rows == {"HZ": D("0.35"), "NB": D("-0.4"), "WX": D("-0.9")}


@pytest.mark.usefixtures("may")
def test_a_day_within_the_month_and_what_was_known_before_are_not_closed(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    _late(ch)
    early = report(ch, "score", *MAY, "--as-of", "2024-05-02")
    assert {row["achieved"] for row in early["rows"]} == {0, D("0.8")}
    assert "closed" not in early["title"]
    later = report(ch, "score", *MAY, "--as-of", "2024-07-01")
    assert "closed 2024-06-03 (batch 5)" in later["title"]
    known = report(ch, "score", *MAY, "--known", "4")
    assert "closed" not in known["title"]
    assert closed(ch)[0] == [{k: v for k, v in row.items() if k not in RESTATED} for row in known["rows"]]


# --- explaining ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("may")
def test_an_explanation_says_that_nothing_changed(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    _late(ch)
    assert ch("score", "explain", "K1", *MAY).out.splitlines()[-1] == (
        "2024-05 is closed (batch 5), and nothing of this has changed since"
    )


@pytest.mark.usefixtures("may")
@pytest.mark.parametrize(
    ("happens", "changed"),
    [
        (_late, [("WX", "K5", "net_sales", "0.9", "0.5")]),
        (_replanned, [("WX", "K4", "planned", None, "0"), ("HZ", "K1", "target", "0.5", "1"),
                      ("NB", "K4", "removed", "0", None)]),
        (_merged, []),
        (_renamed, []),
        (_policy, [("WX", "K5", "core", "0.9", "0"), ("HZ", "K1", "core", "0.5", "0"),
                   ("HZ", "K2", "core", "0.8", "0.8"),
                   ("NB", "K3", "core", "0.8", "0"), ("NB", "K4", "core", "0", "0")]),
    ],
    ids=["late", "replanned", "merged", "renamed", "policy"],
)  # fmt: skip
def test_an_explanation_says_what_changed_since(
    ch: Run, happens: Callable[[Run], None], changed: list[tuple[str, str, str, str | None, str | None]]
) -> None:
    assert ch("score", "close", *MAY).code == 0
    happens(ch)
    found = [
        row for code in ("WX", "HZ", "NB") for row in report(ch, "score", "explain", "--office", code, *MAY)["changed"]
    ]
    told = ("office_code", "customer_code", "what", "closed_achieved", "achieved")
    assert [tuple(row[name] for name in told) for row in found] == [
        (*who, None if old is None else D(old), None if new is None else D(new)) for *who, old, new in changed
    ]
    one = report(ch, "score", "explain", "K5", *MAY)
    assert [row["what"] for row in one["changed"]] == [what for _office, code, what, *_ in changed if code == "K5"]


@pytest.mark.usefixtures("may")
def test_an_explanation_reads_on_the_screen(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    _late(ch)
    lines = ch("score", "explain", "K5", *MAY).out.splitlines()
    place = lines.index("Changed since the month was closed")
    assert [line.split() for line in lines[place + 3 : place + 4]] == [
        ["无锡", "K5", "客户K5", "net", "sales", "90.00", "50.00", "0.90", "0.50"]
    ]
    assert lines[-3:] == [
        "无锡: closed with cooperation rate 90.0%, core quality 90.0%,"
        " today cooperation rate 50.0%, core quality 50.0%",
        "Batches after 4 came later; as it was known then: --known 4",
        "2024-05 is closed (batch 5); this is what is stored today",
    ]


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("may")
@pytest.mark.parametrize(
    ("words", "code", "err"),
    [
        ([], 2, "channelctl: error: closing needs --month\nchannelctl score close --month 2024-05\n"),
        (["--month", "2024-13"], 2, "channelctl: error: “2024-13” is not a month\nWrite it as 2024-05.\n"),
        (
            ["--month", "2024-04"],
            3,
            "channelctl: error: there is no plan for 2024-04, so there is no score\nThere are plans for: 2024-05\n",
        ),
    ],
)
def test_what_cannot_be_closed(ch: Run, words: list[str], code: int, err: str) -> None:
    assert ch("score", "close", *words) == (code, "", err)


@pytest.mark.usefixtures("may")
def test_a_month_is_closed_once_and_opened_by_undoing(ch: Run, tmp_path: Path) -> None:
    database = tmp_path / "channel.db"
    before = contents(database)
    assert ch("score", "close", *MAY).code == 0
    assert ch("score", "close", *MAY) == (
        3,
        "",
        "channelctl: error: 2024-05 is closed (batch 5)\nchannelctl batch undo 5 opens it again.\n",
    )
    assert ch("batch", "undo", BATCH).code == 0
    assert contents(database) == before
    assert ch("score", "close", *MAY).code == 0
    assert "closed 2024-06-03 (batch 7)" in ch("score", *MAY).out


@pytest.mark.parametrize(
    ("today", "sale", "forced", "code"),
    [
        ("2024-06-01", None, False, 0),
        ("2024-05-31", None, False, 3),
        ("2024-05-31", None, True, 0),
        ("2024-05-20", "2024-05-31", False, 3),
        ("2024-05-20", "2024-06-01", False, 0),
    ],
)
def test_a_month_is_over_when_today_or_a_sale_lies_behind_it(
    ch: Run, monkeypatch: pytest.MonkeyPatch, today: str, sale: str | None, forced: bool, code: int
) -> None:
    monkeypatch.setenv("CHANNELCTL_TODAY", today)
    sales = [sheet("more", SALES, [(sale, "S9", 1, "K9", "客户K9", "杭州", 5)])] if sale else []
    assert ch("import", offices(), plan("2024-05"), sold("2024-05", {"K1": 5}), *sales).code == 0
    done = ch("score", "close", *MAY, *(["--force"] if forced else []))
    assert done.code == code
    if code:
        assert done.err == (
            "channelctl: error: 2024-05 is not over yet: it is 2024-05-31\n"
            "Close it when all its sales are in, or close it as it is: --force\n"
        )


@pytest.mark.usefixtures("may")
def test_a_month_without_a_sale_is_closed_by_force_only_and_the_trend_reaches_to_it(ch: Run) -> None:
    assert ch("import", plan("2024-04")).code == 0
    assert ch("score", "close", "--month", "2024-04") == (
        3,
        "",
        "channelctl: error: 2024-04 has no sale, so every score would be closed with 0\n"
        "Import its sales first, or close it as it is: --force\n",
    )
    assert ch("import", plan("2024-06")).code == 0
    done = ch("score", "close", "--month", "2024-06", "--force")
    assert (done.code, done.err.split(":")[0]) == (0, "the sales reach to 2024-05-03, the month to 2024-06-30")
    assert {row["month"] for row in report(ch, "score", "trend")["rows"]} == {"2024-04", "2024-05", "2024-06"}
    early = report(ch, "score", "trend", "--as-of", "2024-05-20")["rows"]
    assert {row["month"] for row in early} == {"2024-04", "2024-05"}


@pytest.mark.usefixtures("may")
def test_a_month_whose_last_day_has_sales_is_closed_without_a_remark(ch: Run) -> None:
    _late(ch)
    assert ch("score", "close", *MAY).err == ""


@pytest.mark.usefixtures("may")
def test_rows_of_a_closed_month_are_remarked_on_once_a_file(ch: Run) -> None:
    june = sold("2024-06", {"K1": 5})
    assert ch("import", june).err == ""
    assert ch("score", "close", *MAY).code == 0
    said = "2024-05 is closed (batch 6): these rows do not change its scores\n"
    many = sheet("many", SALES, [("2024-05-30", f"R{n}", 1, "K5", "客户K5", "无锡", 1) for n in range(9)])
    assert ch("import", many).err == f"many.csv: {said}"
    more = plan("2024-05", {"无锡": ("K9",)}, name="more")
    assert ch("import", more, sold("2024-06", {"K2": 7}, "july")).err == f"more.csv: {said}"
    assert ch("batch", "undo", 7).err == said
    assert ch("import", "--dry-run", many).err == f"many.csv: {said}"


@pytest.mark.usefixtures("may")
def test_a_planned_customer_merged_since_stands_under_its_old_code(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    _merged(ch)
    _late(ch)
    told = ("customer_code", "customer", "achieved", "restated")
    rows = report(ch, "score", *MAY, "--office", "WX", "--explain")["rows"]
    assert [tuple(row[name] for name in told) for row in rows] == [("K5", "merged into K8", D("0.9"), D("0.5"))]
    changed = report(ch, "score", "explain", "--office", "WX", *MAY)["changed"]
    assert [(row["customer_code"], row["customer"]) for row in changed] == [("K5", "merged into K8")]


@pytest.mark.usefixtures("may")
def test_no_score_of_a_closed_month_is_set_by_hand(ch: Run) -> None:
    assert ch("score", "close", *MAY).code == 0
    said = "channelctl: error: 2024-05 is closed (batch 5)\nchannelctl batch undo 5 opens it again.\n"
    assert ch("score", "set", "K1", "1", *MAY, "--reason", "x") == (3, "", said)
    assert ch("score", "mark", "remove", "2024-05", "杭州", "K2") == (3, "", said)
    assert ch("score", "mark", "set", "2024-05", "杭州", "K2", "score=1") == (3, "", said)
    assert ch("score", "mark", "add", "2024-05", "杭州", "K1", "score=1", "reason=x") == (3, "", said)
    marks = sheet("marks", MARKS, [("2024-05", "杭州", "K1", "1", "x"), ("2024-05", "杭州", "K2", "0.8", "断货")])
    done = ch("import", marks)
    assert done.code == 3
    assert done.out.count("E321  月份: 2024-05 is closed (batch 5)") == 1
    same = report(ch, "import", sheet("same", MARKS, [("2024-05", "杭州", "K2", "80%", "断货")]))
    assert [(row["new"], row["changed"], row["existing"]) for row in same["rows"]] == [(0, 0, 1)]
    assert ch("batch", "undo", BATCH).code == 0
    assert ch("score", "set", "K1", "1", *MAY, "--reason", "x").code == 0


# --- what is kept ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("may")
def test_what_is_kept_names_no_customer(ch: Run, tmp_path: Path) -> None:
    assert ch("score", "close", *MAY).code == 0
    with connected(tmp_path / "channel.db") as connection:
        close = connection.execute("SELECT month, policy, known, batch_id FROM score_close").fetchall()
        kept = connection.execute("SELECT office_code, figures, customers FROM score_closed ORDER BY 1").fetchall()
    assert [(month, known, batch) for month, _policy, known, batch in close] == [("2024-05", 4, 5)]
    assert json.loads(close[0][1])["scores"]["mode"] == "ratio"
    assert [row[0] for row in kept] == ["", "HZ", "NB", "WX"]
    text = json.dumps([close, kept], ensure_ascii=False)
    assert "客户" not in text
    assert "断货" not in text, "a reason may tell of a person"
    assert {row["customer_code"] for row in json.loads(kept[1][2])} == {"K1", "K2"}


text = st.text(min_size=1, max_size=8)
units = st.integers(-(10**9), 10**9).map(lambda value: D(value).scaleb(-4))
shares = st.integers(0, 10**12).map(lambda value: D(value).scaleb(-12))
rows = st.builds(
    PlannedRow,
    customer_code=text,
    customer=st.just("?"),
    class_=st.none() | text,
    core=st.booleans(),
    target=st.none() | units,
    net_sales=units,
    achieved=shares,
    rule=st.sampled_from(["own_target", "class_target", "purchase", "hand"]),
    channel=st.none() | text,
    restated=st.none(),
)
offices_kept = st.builds(
    ScoreRow,
    office_code=text,
    office=text,
    month=st.just("2024-05"),
    planned=st.integers(1, 99),
    achieved=shares,
    cooperation_rate=shares,
    core_planned=st.integers(0, 9),
    core_achieved=shares,
    core_quality=st.none() | shares,
    core_only_quality=st.none() | shares,
    rank=st.integers(1, 99),
    on_month=st.none() | shares,
    on_year=st.none() | shares,
    restated_rate=st.none(),
    restated_change=st.none(),
)
counts = st.dictionaries(st.none() | text, st.integers(0, 999), max_size=4)


@given(offices_kept, st.lists(rows, max_size=5, unique_by=lambda row: row.customer_code), counts, counts)
def test_what_is_kept_is_read_as_it_was(
    office: ScoreRow, customers: list[PlannedRow], classes: dict[str | None, int], levels: dict[str | None, int]
) -> None:
    on_file = rules_close.OnFile(classes, levels)
    level_of = {row.customer_code: row.class_ for row in customers}
    names = {row.customer_code: "?" for row in customers}
    kept = rules_close.read_office(
        rules_close.figures_text(office, on_file), rules_close.customers_text(customers, level_of), names
    )
    assert kept == rules_close.Kept(office, customers, level_of, on_file)
    assert str(kept.row) == str(office), "to the last decimal"
    assert rules_close.changed(office, customers, customers, {}) == []
