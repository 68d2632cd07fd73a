"""A batch taken back leaves the database as if it had never been; the log tells of it for ever."""

import random
from collections import Counter
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests import running
from tests.conftest import SAMPLE, SHEETS, Run, sample_files
from tests.sheets import written
from tests.tables import connected, contents, everything, examples, execute, on_server, refusals

# A failure names its seed; there is nothing to shrink in it.
SEEDED = settings(max_examples=examples(8), phases=(Phase.explicit, Phase.reuse, Phase.generate))


def test_every_sample_sheet_can_be_taken_back_and_imported_again(ch: Run, tmp_path: Path) -> None:
    """From the last to the first, each undo gives back the state before that import."""
    database = tmp_path / "channel.db"
    states = []
    assert ch("init").code == 0
    for file in sample_files():
        states.append(contents(database))
        assert ch("import", file).code == 0
    full = contents(database)
    count = len(states)
    for place, before in reversed(list(enumerate(states))):
        done = ch("batch", "undo", place + 1)
        assert done.code == 0, done.err
        assert contents(database) == before
    for file in sample_files():
        assert ch("import", file).code == 0
    again = contents(database)
    batches = 2 * count + 1
    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in full.items()}
    assert ch("batch", "list", "--format", "json").data["rows"][0]["batch"] == batches + count - 1


def test_undo_brings_back_what_was_changed_and_removed(ch: Run, sample: Path) -> None:
    """`set` and `remove` are batches like any other."""
    ch("contact", "set", "N00001", "phone=1")
    before = contents(sample)
    last = ch("batch", "list", "--format", "json").data["rows"][0]["batch"]
    assert ch("customer", "set", "C00001", "class=V4", "city=").code == 0
    assert ch("contact", "remove", "N00001").code == 0
    assert contents(sample) != before
    assert ch("batch", "undo", last + 2).code == 0
    assert ch("batch", "undo", last + 1).code == 0
    assert contents(sample) == before


def test_what_came_from_no_file_is_not_said_to_have_one(ch: Run, sample: Path) -> None:
    last = ch("batch", "list", "--format", "json").data["rows"][0]["batch"]
    assert ch("customer", "set", "C00001", "class=V4").code == 0
    done = ch("batch", "undo", last + 1)
    title = f"undone: batch {last + 1} · taken back is what it had made, changed and removed\n"
    assert (done.code, done.out.startswith(title)) == (0, True)
    assert done.out.endswith(f"\nbatch {last + 1} is undone\n")
    assert ch("batch", "undo", last).out.endswith(f"\nbatch {last} is undone; its file can be imported again\n")


def test_a_changed_line_becomes_what_it_was(ch: Run, tmp_path: Path) -> None:
    """The version that a later sheet brought goes, the earlier one holds again."""
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    head = "单据编号,行号,日期,客户,金额\n"
    first.write_text(head + "S1,1,2024-05-01,甲,100\nS1,2,2024-05-01,甲,7\n")
    second.write_text(head + "S1,1,2024-05-01,甲,90\n")
    assert ch("import", first).code == 0
    before = contents(tmp_path / "channel.db")
    row = ch("import", second, "--format", "json").data["rows"][0]
    assert (row["changed"], row["new"]) == (1, 0)
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 97
    assert ch("batch", "undo", 2).code == 0
    assert contents(tmp_path / "channel.db") == before


def test_undo_refuses_what_later_work_builds_on(ch: Run, sample: Path) -> None:
    """It says which batches, and changes nothing."""
    before = everything(sample)
    refused = ch("batch", "undo", 3)
    assert refused.code == 3
    assert refused.err.splitlines() == [
        "channelctl: error: batch 3 cannot be undone: later work builds on it",
        "  70 rows of batch 13 name customers that it made",
        "  30 rows of batch 4 name customers that it made",
        "  15 rows of batch 14 name customers that it made",
        "  26 rows of batch 15 name customers that it made",
        "  55 rows of batch 6 name customers that it made",
        "  and 6 more",
        "Undo those batches first, the latest first: channelctl batch undo N",
    ]
    assert everything(sample) == before


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (99, "channelctl: error: there is no batch 99\nchannelctl batch list shows those there are.\n"),
        (9, f"channelctl: error: batch 9 was undone before, by batch {SHEETS + 1}\n"),
        (SHEETS + 1, "channelctl: error: an undoing cannot be undone\nImport the file again instead.\n"),
    ],
)
def test_what_cannot_be_undone(ch: Run, sample: Path, number: int, said: str) -> None:
    """Numbers that there are not, and undone ones."""
    assert ch("batch", "undo", 9).code == 0
    result = ch("batch", "undo", number)
    assert (result.code, result.err) == (2, said)


def test_the_log_can_only_grow(ch: Run, sample: Path) -> None:
    """UPDATE, DELETE and what puts others in place of its rows are refused by the database itself."""
    replaced = "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 1"
    for statement in (
        "UPDATE audit_entry SET \"user\" = 'x' WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = 1",
        "TRUNCATE audit_entry" if on_server() else replaced,
    ):
        with pytest.raises(refusals(), match="append-only"):
            execute(sample, statement)


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE audit_entry SET \"user\" = 'somebody' WHERE id = 3", 3),
        ("DELETE FROM audit_entry WHERE id = 5", 5),
        ("UPDATE audit_entry SET digest = NULL WHERE id = 1", 1),
    ],
)
def test_a_break_in_the_log_is_found(ch: Run, sample: Path, statement: str, entry: int) -> None:
    """Even by somebody who drops the triggers first."""
    whole = ch("audit", "list")
    assert whole.code == 0
    with connected(sample) as connection:
        for name in ("update", "delete"):
            connection.execute(f"DROP TRIGGER audit_entry_no_{name}{' ON audit_entry' if on_server() else ''}")
        connection.execute(statement)
    found = ch("audit", "list")
    assert found.code == 1
    assert found.out.endswith(f"the log is broken at entry {entry}\n")


def test_the_log_holds_ids_not_values(ch: Run, sample: Path) -> None:
    """A phone number that was changed stands in the change, which can be erased, and not in the log."""
    assert ch("customer", "set", "C00001", "phone=13800001111").code == 0
    with connected(sample) as connection:
        log = "".join(str(row) for row in connection.execute("SELECT * FROM audit_entry"))
        changes = "".join(str(row) for row in connection.execute("SELECT * FROM change"))
    assert "13800001111" in changes
    assert "13800001111" not in log


def test_who_is_named(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHANNELCTL_USER stands by each batch."""
    monkeypatch.setenv("CHANNELCTL_USER", "王伟")
    assert ch("import", SAMPLE / "产品.xlsx").code == 0
    row = ch("batch", "list", "--format", "json").data["rows"][0]
    assert (row["user"], row["command"], row["file"], row["rows"]) == ("王伟", "import", "产品.xlsx", 12)


def line(chance: random.Random) -> list[Any]:
    """A sale line of a small world: the same again, or with another amount, comes up often."""
    document, number = chance.choice(["S1", "S2", "S3", ""]), chance.choice(["1", "2", ""])
    customer, product = chance.choice(["甲", "乙", "丙"]), chance.choice(["X", "Y"])
    day, net = f"2024-05-0{chance.randint(1, 4)}", chance.choice([5, 6, -5])
    return [
        document,
        number,
        day,
        customer,
        product,
        net,
        chance.choice(["", "杭州"]),
        chance.choice(["", "作废", "已审"]),
    ]


def file_of(chance: random.Random, number: int) -> Path:
    """A sheet of sale lines, of customers, of offices or a plan."""
    kind = chance.choice(["sales", "sales", "sales", "customer", "office", "plan"])
    some = range(chance.randint(1, 6))

    def customer() -> str:
        return chance.choice(["甲", "乙", "丙", "丁"])

    def office() -> str:
        return chance.choice(["杭州", "宁波"])

    tables: dict[str, list[list[Any]]] = {
        "sales": [
            ["单据编号", "行号", "日期", "客户", "型号", "金额", "办事处", "状态"],
            *(line(chance) for _ in some),
        ],
        "customer": [
            ["客户编码", "客户名称", "办事处", "等级", "上级客户", "电话"],
            *([f"C{n}", customer(), office(), chance.choice(["V1", "V2", ""]), "", chance.choice("12")] for n in some),
        ],
        "office": [["办事处编码", "办事处名称", "城市"], *([f"O{n}", office(), chance.choice("ab")] for n in range(2))],
        "plan": [
            ["月份", "办事处", "客户", "目标"],
            *(["2024-05", office(), name, chance.choice([5, 6])] for name in chance.sample(["甲", "乙", "丙"], 2)),
        ],
    }
    return written.comma(Path(f"{number}.{kind}.csv"), tables[kind])


@SEEDED
@given(st.integers(0, 10**9))
def test_undoing_the_last_import_gives_back_the_state_before(seed: int) -> None:
    """Imports that overlap, correct and change each other, taken back one by one; now and then a file goes in again."""
    chance = random.Random(seed)
    with running.folder() as folder:
        database = folder / "channel.db"
        stack: list[tuple[int, Any]] = []
        for number in range(6):
            before, path = contents(database), file_of(chance, number)
            if not (batch := batch_of(path)):
                assert contents(database) == before
                continue
            if chance.random() < 0.4:
                filled = contents(database)
                assert running.run("batch", "undo", batch).code == 0
                assert contents(database) == before
                batch = batch_of(path)
                assert nameless(contents(database)) == nameless(filled)
            stack.append((batch, before))
        for batch, before in reversed(stack):
            assert running.run("batch", "undo", batch).code == 0
            assert contents(database) == before
        assert not any(rows for name, rows in contents(database).items() if name != "alembic_version")


@SEEDED
@given(st.integers(0, 10**9))
def test_an_undo_out_of_turn_is_refused_whole_or_leaves_what_the_other_files_hold(seed: int) -> None:
    """Sheets of lines without documents: refused, nothing changed; else the others, imported again, miss no line."""
    chance = random.Random(seed)
    with running.folder() as folder:
        database = folder / "channel.db"
        files: list[tuple[int, Path, Counter[tuple[str, str, int]]]] = []
        for number in range(4):
            lines = [
                (f"2024-05-0{chance.randint(1, 3)}", chance.choice("甲乙"), chance.choice([5, 6])) for _ in range(5)
            ]
            path = written.comma(Path(f"{number}.csv"), [["日期", "客户", "金额"], *lines])
            files.append((batch_of(path), path, Counter(lines)))
        gone = chance.choice([place for place, (batch, _path, _lines) in enumerate(files) if batch])
        kept = everything(database)
        undone = running.run("batch", "undo", files[gone][0])
        assert undone.code in (0, 3), undone.err
        if undone.code == 3:
            assert everything(database) == kept
            return
        others = [(path, lines) for place, (_batch, path, lines) in enumerate(files) if place != gone]
        for path, _lines in others:
            assert running.run("import", path).code == 0
        assert live(database) == reduce(or_, (lines for _path, lines in others))


def batch_of(path: Path) -> int:
    """Import a sheet, its good rows; the number of its batch, 0 where it brought nothing."""
    rows = running.run("import", path, "--partial", "--format", "json").data["rows"]
    found = max((row["batch"] or 0 for row in rows), default=0)
    return found if any(row["new"] or row["changed"] for row in rows) else 0


def live(database: Path) -> Counter[tuple[str, str, int]]:
    """The lines that hold."""
    with connected(database) as connection:
        query = "SELECT s.date, c.name, s.amount / 10000 FROM sale_line s JOIN customer c ON c.id = s.customer_id"
        return Counter(connection.execute(f"{query} WHERE s.ended_batch_id IS NULL").fetchall())


def nameless(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, int]:
    """How many rows each table has: numbers of batches and sheets differ from one import to the next."""
    return {name: len(rows) for name, rows in tables.items()}
