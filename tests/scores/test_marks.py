"""Scores set by hand: typed or from a sheet, with a reason, only for who is planned."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets.problems import Flaw
from channelctl.systems.scores.load import score_of
from tests.conftest import Run
from tests.making import policy, report, sheet
from tests.scores.months import MARKS, offices, plan, sold

D = Decimal
MAY = ("--month", "2024-05")


@pytest.fixture(autouse=True)
def may(ch: Run) -> None:
    """杭州 0.5, 宁波 0.4, 无锡 0.9; K1 is on the plan of 宁波 too."""
    more = plan("2024-05", {"宁波": ("K1",)}, "more")
    sales = sold("2024-05", {"K1": 50, "K2": 50, "K3": 80, "K4": 0, "K5": 90})
    assert ch("import", offices(), plan("2024-05"), more, sales).code == 0


def points(ch: Run, office: str) -> dict[str, tuple[Decimal, str]]:
    rows = report(ch, "score", *MAY, "--office", office, "--explain")["rows"]
    return {row["customer_code"]: (row["achieved"], row["rule"]) for row in rows}


# --- what a score is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("0.8", "0.8"), ("0", "0"), ("1", "1"), ("1.0", "1"), (0.85, "0.85"), (1.0, "1"), (0, "0"),
        ("80%", "0.8"), ("85 %", "0.85"), ("100%", "1"), ("100 %", "1"), ("0%", "0"), ("８５％", "0.85"),
        ("33.33%", "0.3333"), ("85", None), (85.0, None), ("1.01", None), ("101%", None), ("-0.1", None), ("-5%", None),
        ("好", None), ("%", ...),
    ],
)  # fmt: skip
def test_a_score_is_a_fraction_or_has_a_percent_sign(cell: object, score: object) -> None:
    found = score_of(cell)
    if isinstance(score, str):
        assert found == D(score)
    elif score is None:
        assert isinstance(found, Flaw)
        assert found.code in ("E204", "E212")
    else:
        assert found is None


@given(st.integers(0, 10_000))
def test_every_score_reads_the_same_with_and_without_the_sign(units: int) -> None:
    share = D(units).scaleb(-4)
    assert score_of(f"{share}") == score_of(f"{share * 100}%") == share


# --- score set -------------------------------------------------------------------------------------------------------


def test_a_score_set_by_hand_counts_instead_of_the_sales(ch: Run) -> None:
    done = ch("score", "set", "K2", "80%", *MAY, "--reason", "断货两周")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "2024-05 · 杭州 · K2 客户K2 · set\n"
        "\n"
        "Month           2024-05\n"
        "Office          杭州\n"
        "Customer code   K2\n"
        "Customer        客户K2\n"
        "Score           0.80\n"
        "Reason          断货两周\n"
    )
    assert points(ch, "杭州") == {"K1": (D("0.5"), "own_target"), "K2": (D("0.8"), "hand")}
    row = report(ch, "score", *MAY, "--office", "杭州")["rows"][0]
    assert (row["cooperation_rate"], row["core_quality"]) == (D("0.65"), D("0.25"))
    assert "1 score was set by hand\n" in ch("score", *MAY).out
    screen = ch("score", "explain", "K2", *MAY).out
    assert "set by hand" in screen
    assert "杭州, K2: 0.80 set by hand: 断货两周\n" in screen
    places = report(ch, "score", "explain", "K2", *MAY)["places"]
    assert [(one["what"], one["score"], one["reason"], one["batch"]) for one in places] == [
        ("plan", None, None, 2),
        ("hand", D("0.8"), "断货两周", 5),
    ]


@pytest.mark.parametrize("mode", ["ratio", "binary", "stepped"])
def test_a_score_set_by_hand_holds_in_every_mode_and_above_every_floor(ch: Run, mode: str) -> None:
    assert ch("score", "set", "K2", "0.37", *MAY, "--reason", "x").code == 0
    policy(f'[scores]\nmode = "{mode}"\nfloor = "0.6"\n')
    assert points(ch, "杭州")["K2"] == (D("0.37"), "hand")


def test_it_is_changed_set_again_and_undone(ch: Run) -> None:
    assert ch("score", "set", "K2", "0.8", *MAY, "--reason", "x").code == 0
    assert "nothing to change" in ch("score", "set", "K2", "80%", *MAY, "--reason", "x").out
    assert ch("score", "set", "K2", "0.9", *MAY, "--reason", "y").out.splitlines()[-2:] == [
        "Score           0.90",
        "Reason          y",
    ]
    commands = [(row["batch"], row["command"]) for row in report(ch, "batch", "list")["rows"]]
    assert commands[:2] == [(6, "score mark set"), (5, "score mark add")]
    assert points(ch, "杭州")["K2"] == (D("0.9"), "hand")
    assert ch("batch", "undo", 6).code == 0
    assert points(ch, "杭州")["K2"] == (D("0.8"), "hand")
    assert ch("score", "mark", "remove", "2024-05", "杭州", "K2").code == 0
    assert points(ch, "杭州")["K2"] == (D("0.5"), "own_target")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["K2", "0.8", *MAY], 2, ["a score set by hand needs --reason"]),
        (["K2", "0.8", *MAY, "--reason", " "], 2, ["a score set by hand needs --reason"]),
        (["K2", "0.8", "--reason", "x"], 2, ["a score set by hand needs --month"]),
        (["K2", "85", *MAY, "--reason", "x"], 2, ["85 is no score: it goes from 0 to 1, or from 0% to 100%"]),
        (["K2", "gut", *MAY, "--reason", "x"], 2, ["“gut” is not a number"]),
        (["K9", "0.8", *MAY, "--reason", "x"], 2, ["no customer “K9”"]),
        (["K1", "0.8", *MAY, "--reason", "x"], 2, ["K1 is planned by 杭州, 宁波", "Say which: --office 杭州"]),
        (["K2", "0.8", *MAY, "--office", "宁波", "--reason", "x"], 3, ["it is on the plan of 杭州"]),
        (["K2", "0.8", "--month", "2024-06", "--reason", "x"], 3, ["K2 is on no plan for 2024-06"]),
        (["K2", "0.8", "--month", "2024-13", "--reason", "x"], 2, ["“2024-13” is not a month"]),
    ],
)  # fmt: skip
def test_what_cannot_be_set(ch: Run, words: list[str], code: int, said: list[str]) -> None:
    found = ch("score", "set", *words)
    assert (found.code, found.out) == (code, "")
    for text in said:
        assert text in found.err
    assert report(ch, "score", "mark", "list")["rows"] == []
    assert report(ch, "batch", "list")["rows"][0]["batch"] == 4


def test_a_customer_of_two_offices_is_set_in_one(ch: Run) -> None:
    assert ch("score", "set", "K1", "1", *MAY, "--office", "NB", "--reason", "x").code == 0
    assert points(ch, "宁波")["K1"] == (D(1), "hand")
    assert points(ch, "杭州")["K1"] == (D("0.5"), "own_target")


# --- the sheet -------------------------------------------------------------------------------------------------------


def test_marks_come_from_a_sheet_and_go_back_into_one(ch: Run) -> None:
    marks = sheet("marks", MARKS, [("2024-05", "杭州", "K2", "85%", "断货"), ("2024年5月", "无锡", "K5", "1", "补单")])
    done = report(ch, "import", marks)
    assert [(row["kind"], row["new"]) for row in done["rows"]] == [("score_mark", 2)]
    assert points(ch, "杭州")["K2"] == (D("0.85"), "hand")
    before = report(ch, "score", "mark", "list")["rows"]
    assert ch("export", "score-mark", "--output", "back.xlsx").code == 0
    again = report(ch, "import", "back.xlsx")
    assert [(row["new"], row["changed"], row["existing"]) for row in again["rows"]] == [(0, 0, 2)]
    assert report(ch, "score", "mark", "list")["rows"] == before
    assert [row["customer_code"] for row in report(ch, "score", "mark", "list", "score=0.85")["rows"]] == ["K2"]


def test_a_row_for_somebody_who_is_not_planned_is_refused_and_makes_nobody(ch: Run) -> None:
    customers = report(ch, "customer", "list")["rows"]
    rows = [
        ("2024-05", "杭州", "K9", "1", "x"),
        ("2024-05", "赣州", "K1", "1", "x"),
        ("2024-06", "杭州", "K1", "1", "x"),
        ("2024-05", "杭州", "K1", "85", "x"),
        ("2024-05", "杭州", "K1", "", "x"),
        ("2024-05", "杭州", "K1", "0.5", ""),
        ("2024-05", "杭州", "K2", "0.5", "x"),
    ]
    done = ch("import", sheet("marks", MARKS, rows), "--partial", "--format", "json")
    assert done.code == 1
    assert [(problem["row"], problem["code"]) for problem in done.data["problems"] if problem["code"] != "W102"] == [
        (2, "E322"), (3, "E322"), (4, "E322"), (5, "E212"), (6, "E201"), (7, "E201"),
    ]  # fmt: skip
    assert report(ch, "customer", "list")["rows"] == customers
    assert [row["customer_code"] for row in report(ch, "score", "mark", "list")["rows"]] == ["K2"]


def test_a_plan_with_a_score_column_stays_a_plan(ch: Run) -> None:
    headings = "月份 办事处 客户编码 客户 规划等级 月度目标 得分"
    done = report(ch, "import", sheet("p", headings, [("2024-06", "杭州", "K1", "客户K1", "V1", 100, "0.8")]))
    assert [row["kind"] for row in done["rows"]] == ["plan"]
