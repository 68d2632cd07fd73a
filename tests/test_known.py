"""`--known`: a report from what had been imported by a day or batch is the report of then, whatever came since."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from channelctl import db
from channelctl.settings import reading
from tests import running
from tests.conftest import Run
from tests.making import exact, holds_to_schema, report, sheet
from tests.tables import columns, connected, everything, examples, table_names

SALES = "日期 单据编号 行号 客户编码 客户 办事处 型号 数量 金额"
DAYS = {"2024-05-10": 1, "2024-05-20": 2, "2024-06-01": 3}
REPORTS = (
    "tier --all-time",
    "tier --month 2024-05 --office 杭州 --include-inactive",
    "tier explain C1 --all-time",
    "score --month 2024-05",
    "score explain C2 --month 2024-05",
    "customer list",
    "customer show C1",
    "customer find 店",
    "customer alias list",
    "plan list",
    "class-target list",
    "export sales",
    "export customer",
)


def may(*amounts: int) -> Path:
    """Sheets of sales: the first customer's lines of May, one a document."""
    lines = [(f"2024-05-{day:02}", f"S{day}", 1, "C1", "甲店", "杭州", "X1", 1, n) for day, n in enumerate(amounts, 1)]
    return sheet(f"sales{'-'.join(map(str, amounts))}", SALES, lines)


@pytest.fixture
def three_days(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sale lines on one day; on a later one the first is corrected; then a customer is renamed."""
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-05-10")
    assert ch("import", may(100, 30)).code == 0
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-05-20")
    assert ch("import", may(70)).code == 0
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-06-01")
    assert ch("customer", "set", "C1", "name=新甲店").code == 0
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-06-03")


def net(found: Any) -> tuple[Any, Any]:
    return found["rows"][0]["customer"], found["totals"]["net_sales"]


# --- which batch is meant --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three_days")
@pytest.mark.parametrize(
    ("word", "batch", "day", "customer", "net_sales"),
    [
        ("1", 1, "2024-05-10", "甲店", 130),
        ("2", 2, "2024-05-20", "甲店", 100),
        ("3", 3, "2024-06-01", "新甲店", 100),
        ("2024-05-10", 1, "2024-05-10", "甲店", 130),
        ("2024-05-19", 1, "2024-05-19", "甲店", 130),
        ("20240520", 2, "2024-05-20", "甲店", 100),
        ("2024年5月31日", 2, "2024-05-31", "甲店", 100),
        ("2024-06-30", 3, "2024-06-30", "新甲店", 100),
    ],
)
def test_a_day_is_the_last_batch_by_then(
    word: str, batch: int, day: str, customer: str, net_sales: int, ch: Run
) -> None:
    found = report(ch, "tier", "--month", "2024-05", "--known", word)
    assert (found["params"]["known"], found["params"]["known_batch"]) == (day, batch)
    assert found["title"].endswith(f" · as known on {day}, batch {batch}")
    assert net(found) == (customer, net_sales)


@pytest.mark.usefixtures("three_days")
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("4", "there is no batch 4\nThe last one is 3: channelctl batch list"),
        ("0", "there is no batch 0\nThe last one is 3: channelctl batch list"),
        ("2024-05-09", "nothing had been imported by 2024-05-09\nThe first batch, 1, is of 2024-05-10."),
        (
            "May",
            "--known takes a day or a batch, not “May”\n"
            "Write it as 2024-05-31, or as the number of a batch: channelctl batch list",
        ),
        (
            "2024-02-30",
            "--known takes a day or a batch, not “2024-02-30”\n"
            "Write it as 2024-05-31, or as the number of a batch: channelctl batch list",
        ),
    ],
)
@pytest.mark.parametrize("command", ["tier", "score", "customer list", "export sales", "score explain C1"])
def test_what_was_never_known_is_refused(word: str, said: str, command: str, ch: Run) -> None:
    assert ch(*command.split(), "--known", word) == (2, "", f"channelctl: error: {said}\n")


def test_an_empty_database_knew_nothing(ch: Run) -> None:
    assert ch("init").code == 0
    assert ch("tier", "--known", "1").err == "channelctl: error: there is no batch 1\nNo batch is there yet.\n"
    said = "channelctl: error: nothing had been imported by 2024-05-31\nNo batch is there yet.\n"
    assert ch("tier", "--known", "2024-05-31").err == said


@pytest.mark.usefixtures("three_days")
def test_a_batch_that_was_undone_is_as_if_it_had_never_been(ch: Run) -> None:
    assert ch("batch", "undo", "2").code == 0
    assert ch("tier", "--known", "2") == (
        2,
        "",
        "channelctl: error: batch 2 was undone by batch 4: it is as if it had never been\n"
        "channelctl batch list shows the others; a day will do too: --known 2024-05-10\n",
    )
    found = report(ch, "tier", "--month", "2024-05", "--known", "2024-05-31")
    assert (found["params"]["known_batch"], *net(found)) == (1, "甲店", 130)
    assert net(report(ch, "tier", "--month", "2024-05", "--known", "4")) == ("新甲店", 130)


@pytest.mark.usefixtures("three_days")
def test_a_batch_dated_back_does_not_change_what_was_known_by_then(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("tier", "--month", "2024-05", "--known", "2024-05-15", "--format", "json")
    before = ch(*words)
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-05-12")
    assert ch("import", may(1, 2, 3)).code == 0
    assert ch(*words) == before


# --- what it is from -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three_days")
def test_the_default_period_ends_with_the_last_sale_that_was_known(ch: Run) -> None:
    assert ch("import", sheet("june", SALES, [("2024-06-02", "T1", 1, "C2", "乙店", "杭州", "X1", 1, 5)])).code == 0
    assert report(ch, "tier")["params"]["to"] == "2024-06-02"
    assert report(ch, "tier", "--known", "3")["params"]["to"] == "2024-05-02"


def test_without_a_sale_the_default_period_ends_on_the_day_of_what_was_known(
    ch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-05-10")
    assert ch("init").code == 0
    assert ch("customer", "add", "C9", "空店").code == 0
    before = ch("tier", "--known", "1")
    monkeypatch.setenv("CHANNELCTL_TODAY", "2025-01-01")
    assert ch("import", may(5)).code == 0
    assert ch("tier", "--known", "1") == before
    assert "12 months to 2024-05-10 · " in before.out


@pytest.mark.usefixtures("three_days")
def test_as_of_and_known_are_two_things(ch: Run) -> None:
    words = ("tier", "--month", "2024-05", "--as-of", "2024-05-01")
    assert net(report(ch, *words))[1] == 70
    assert net(report(ch, *words, "--known", "1"))[1] == 100


@pytest.mark.usefixtures("three_days")
def test_the_policy_is_no_part_of_it(ch: Run) -> None:
    Path("policy.toml").write_text('[tiers]\nboundary = "within"\n', "utf-8")
    assert report(ch, "tier", "--known", "1")["params"]["boundary"] == "within"


@pytest.mark.usefixtures("three_days")
def test_an_option_before_the_verb_is_its_default(ch: Run) -> None:
    late = ch("tier", "explain", "C1", "--known", "1", "--format", "json")
    assert ch("tier", "--known", "1", "explain", "C1", "--format", "json") == late
    assert exact(late)["totals"]["amount"] == 130


@pytest.mark.usefixtures("three_days")
def test_a_line_that_was_corrected_later_counts_with_its_place_as_it_was(ch: Run) -> None:
    then, now = (report(ch, "tier", "explain", "C1", *words)["rows"] for words in (("--known", "1"), ()))
    assert [(row["amount"], row["batch"], row["row"]) for row in then] == [(100, 1, 2), (30, 1, 3)]
    assert [(row["amount"], row["batch"], row["row"]) for row in now] == [(70, 2, 2), (30, 1, 3)]


@pytest.mark.usefixtures("three_days")
def test_a_customer_that_is_gone_is_there_by_its_own_code(ch: Run) -> None:
    assert ch("customer", "add", "C2", "乙店").code == 0
    assert ch("customer", "merge", "C1", "C2").code == 0
    assert [row["code"] for row in report(ch, "customer", "list")["rows"]] == ["C2"]
    assert [row["code"] for row in report(ch, "customer", "list", "--known", "4")["rows"]] == ["C1", "C2"]
    assert report(ch, "customer", "alias", "list", "--known", "4")["rows"] == []
    assert net(report(ch, "tier", "--known", "4")) == ("新甲店", 100)
    assert report(ch, "tier", "explain", "C1", "--known", "4")["params"]["customer"] == "C1"
    assert report(ch, "tier", "explain", "C1")["params"]["customer"] == "C2"


@pytest.mark.usefixtures("three_days")
def test_a_record_that_was_removed_is_there(ch: Run) -> None:
    assert ch("customer", "add", "C2", "乙店", "phone=12345").code == 0
    assert ch("customer", "remove", "C2").code == 0
    card = report(ch, "customer", "show", "C2", "--known", "4")
    assert (card["rows"][0]["name"], card["rows"][0]["phone"]) == ("乙店", "12345")
    assert ch("customer", "show", "C2", "--known", "5").code == 2
    assert ch("customer", "show", "C2", "--known", "3").code == 2


@pytest.mark.usefixtures("three_days")
def test_of_several_changes_the_first_one_since_tells_what_was(ch: Run) -> None:
    for name in ("乙", "丙", "丁"):
        assert ch("customer", "set", "C1", f"name={name}").code == 0
    names = [report(ch, "customer", "show", "C1", "--known", batch)["rows"][0]["name"] for batch in range(1, 7)]
    assert names == ["甲店", "甲店", "新甲店", "乙", "丙", "丁"]


@pytest.mark.usefixtures("three_days")
@pytest.mark.parametrize("command", ["tier", "customer list"])
def test_it_holds_to_its_schema(command: str, ch: Run) -> None:
    name = command.partition(" ")[0]
    assert holds_to_schema(ch, name, *command.split(), "--known", "1")["params"]["known_batch"] == 1


def test_what_has_no_other_option_has_this_one(ch: Run, sample: Path) -> None:
    assert ch("rebate", "policy", "list", "--format", "json").data["rows"]
    assert ch("rebate", "policy", "list", "--known", "1", "--format", "json").data["rows"] == []


@pytest.mark.usefixtures("three_days")
def test_what_writes_has_no_such_option(ch: Run) -> None:
    said = ch("customer", "set", "C1", "class=V1", "--known", "1")
    assert (said.code, said.out) == (2, "")
    assert report(ch, "customer", "show", "C1")["rows"][0]["class"] is None


def test_looking_back_leaves_the_file_as_it_is(ch: Run, tmp_path: Path, three_days: None) -> None:
    before = everything(tmp_path / "channel.db")
    for word in REPORTS:
        ch(*word.split(), "--known", "1")
    assert everything(tmp_path / "channel.db") == before


# --- every table -----------------------------------------------------------------------------------------------------


def test_no_table_shows_a_row_of_a_later_batch(ch: Run, sample: Path) -> None:
    with connected(sample) as connection:
        last = connection.execute("SELECT max(id) FROM batch").fetchone()[0]
        every = [name for name in table_names(connection) if "batch_id" in columns(connection, name)]
    counts: dict[str, list[int]] = {}
    for batch in (last, 1):
        with reading(str(batch)), db.session() as session:
            for name in every:
                later = session.execute(sa.text(f'SELECT count(*) FROM "{name}" WHERE batch_id > 1')).scalar_one()
                counts.setdefault(name, []).append(later)
            kept = session.execute(sa.text("SELECT count(*) FROM batch")).scalar_one()
    assert counts["sale_line"][0] > 1_000
    assert {late for _all, late in counts.values()} == {0}
    assert kept == 1


# --- whatever came since ---------------------------------------------------------------------------------------------

CODES = ("C1", "C2", "C3")
LINE = st.tuples(
    st.integers(1, 28).map(lambda day: f"2024-05-{day:02}"),
    st.sampled_from(["", "S1", "S2", "S3"]),
    st.integers(1, 3),
    st.sampled_from(CODES),
    st.just(""),
    st.sampled_from(["", "杭州", "宁波"]),
    st.sampled_from(["X1", "X2"]),
    st.integers(-2, 9),
    st.integers(-50, 400),
)
CODE, OFFICE = st.sampled_from(CODES), st.sampled_from(["杭州", "宁波"])
Step = tuple[Any, ...]
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("sales"), st.lists(LINE, min_size=1, max_size=6)),
    st.tuples(st.just("plan"), st.lists(st.tuples(OFFICE, CODE, st.integers(10, 900)), min_size=1, max_size=3)),
    st.builds(lambda code, n: ("customer", "set", code, f"name=店{n}", f"class=V{n}"), CODE, st.integers(1, 3)),
    st.builds(lambda code, office: ("customer", "set", code, f"office={office}"), CODE, OFFICE),
    st.permutations(CODES).map(lambda order: ("customer", "merge", order[0], order[1])),
    st.builds(lambda code: ("customer", "remove", code), CODE),
    st.builds(lambda code, n: ("customer", "alias", "add", code, f"别店{n}"), CODE, st.integers(1, 2)),
    st.builds(lambda n: ("customer", "alias", "remove", f"别店{n}"), st.integers(1, 2)),
    st.builds(lambda office, code: ("plan", "remove", "2024-05", office, code), OFFICE, CODE),
    st.builds(lambda office, code, n: ("plan", "set", "2024-05", office, code, f"target={n}"), OFFICE, CODE,
              st.integers(10, 900)),
    st.builds(lambda n: ("class-target", "add", f"class=V{n}", "month=2024-04", f"target={n}00"), st.integers(1, 3)),
    st.builds(lambda n: ("class-target", "set", f"V{n}", "2024-04", f"target={n}50"), st.integers(1, 3)),
)  # fmt: skip


def do(step: Step, place: int) -> None:
    """Run a step; what cannot be done (a customer that is gone) is refused, and so changes nothing."""
    if step[0] == "sales":
        running.run("import", sheet(f"sales{place}", SALES, step[1]), "--partial")
    elif step[0] == "plan" and isinstance(step[1], list):
        rows = [("2024-05", *row) for row in step[1]]
        running.run("import", sheet(f"plan{place}", "月份 办事处 客户编码 目标", rows), "--partial")
    else:
        running.run(*step)


def last_batch() -> int:
    with connected("channel.db") as connection:
        return int(connection.execute("SELECT max(id) FROM batch").fetchone()[0])


def shown(batch: int) -> list[tuple[int, str, str]]:
    return [tuple(running.run(*words.split(), "--known", batch, "--format", "json")) for words in REPORTS]  # type: ignore[misc]


@settings(max_examples=examples(6))
@given(steps=st.lists(STEPS, min_size=4, max_size=9))
def test_the_same_known_gives_the_same_bytes_whatever_came_since(steps: Sequence[Step]) -> None:
    with running.folder():
        do(("sales", [("2024-05-01", "S1", 1, code, f"店{code}", "杭州", "X1", 1, 100) for code in CODES]), 0)
        do(("plan", [("杭州", "C1", 150), ("宁波", "C2", 90)]), 1)
        then = {last_batch(): shown(last_batch())}
        for place, step in enumerate(steps, 2):
            do(step, place)
            if (last := last_batch()) not in then:
                then[last] = shown(last)
        for batch, before in then.items():
            assert shown(batch) == before


@settings(max_examples=examples(3))
@given(steps=st.lists(STEPS, min_size=3, max_size=6))
def test_what_came_and_was_undone_changes_nothing_either(steps: Sequence[Step]) -> None:
    with running.folder():
        do(("sales", [("2024-05-01", "S1", 1, code, f"店{code}", "杭州", "X1", 1, 100) for code in CODES]), 0)
        do(("plan", [("杭州", "C1", 150), ("宁波", "C2", 90)]), 1)
        first = last_batch()
        before = shown(first)
        for place, step in enumerate(steps, 2):
            do(step, place)
        for batch in range(last_batch(), first, -1):
            assert running.run("batch", "undo", batch).code == 0
            assert shown(first) == before
