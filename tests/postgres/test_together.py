"""Twenty at once on a server: nothing lost, nothing doubled, settled once, approved once, and readers never wait."""

import re
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from channelctl import making_server, places, postgres
from tests import servers
from tests.conftest import Run
from tests.credit.granting import POLICY, applied, begin
from tests.credit.owed import invoices, limits
from tests.credit.owed import take as owe
from tests.faults import stage
from tests.making import policy
from tests.postgres.conftest import connected, rows
from tests.processes import environment, finish, start
from tests.rebates.ledger import rules, sold, take

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = pytest.mark.sqlite("has a server of its own")

LINES = 300
PATIENCE = 200
Done = tuple[int, str, str]


@pytest.fixture
def here(home: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database of this test's commands, by its URL."""
    monkeypatch.setenv("CHANNELCTL_DB", home)
    return home


class Office(NamedTuple):
    """A database with work to be done: numbers of what waits for a decision, and of a batch to take back."""

    url: str
    application: str
    release: str
    wrong: int


@pytest.fixture
def office(ch: Run, here: str) -> Office:
    """Rebates of May to settle, a limit to approve, a release to use, a wrong sheet to take back."""
    begin(ch)
    take(ch, rules(), sold("sales", ("2024-05-10", "A2", "K1", 600), ("2024-05-31", "A3", "K1", 400)))
    owe(ch, invoices(("K2", "F1", "2024-05-10", "发票", 900, "2024-06-30")), limits(("K2", "2024-01-01", 1000, "", "")))
    number = applied(ch, "K1", "1000")
    policy(POLICY.replace('wang = "manager"', 'tester = "manager"'))
    given = ch("credit", "release", "K2", "500", "--until", "2024-06-10", "--reason", "回款在途")
    assert given.code == 0, given.err
    # All customers of these sheets are known before: nothing builds on those that a sheet made.
    assert ch("import", _sheet("known", range(20_000, 20_400))).code == 0
    assert ch("import", _sheet("wrong", range(9_000, 9_000 + LINES))).code == 0
    [(wrong,)] = rows(here, "SELECT max(id) FROM batch")
    release = re.search(r"release (R\d+)", given.out)
    assert release is not None
    return Office(here, number, release[1], wrong)


def _sheet(name: str, lines: range) -> Path:
    return stage.sales(Path(f"{name}.csv"), lines, 1)


def _amount(lines: range) -> int:
    return sum(number % 9_973 * 10_000 + 2_500 for number in lines)


def _begun(url: str, *words: object, user: str = "tester") -> "subprocess.Popen[bytes]":
    env = environment(CHANNELCTL_DB=url, CHANNELCTL_USER=user, HOME=str(Path.cwd()))
    return start(*words, env=env, cwd=Path.cwd())


def _ended(process: "subprocess.Popen[bytes]") -> Done:
    """Twenty on two processors take their time."""
    process.wait(PATIENCE)
    return finish(process)


def test_twenty_at_once_lose_and_double_nothing(ch: Run, office: Office) -> None:
    url = office.url
    [(lines, amount)] = rows(url, "SELECT count(*), sum(amount) FROM sale_line WHERE ended_batch_id IS NULL")
    sheets = [range(number * LINES, (number + 1) * LINES) for number in range(4)]
    check = ("credit", "check", "K2", "500", "--release", office.release, "--document")
    work = {
        "import": [_begun(url, "import", _sheet(f"sheet{one.start}", one)) for one in sheets],
        "import the same": [_begun(url, "import", _sheet("same", range(5_000, 5_000 + LINES))) for _one in range(3)],
        "settle": [_begun(url, "rebate", "settle", "--month", "2024-05") for _one in range(2)],
        "approve": [_begun(url, "credit", "approve", office.application, user=one) for one in ("lisi", "zhao", "lisi")],
        "use": [_begun(url, *check, f"S{one}") for one in range(3)],
        "undo": [_begun(url, "batch", "undo", office.wrong) for _one in range(2)],
        "read": [_begun(url, *words) for words in (["tier", "--all-time"], ["credit", "ageing"], ["status"])],
    }
    assert sum(map(len, work.values())) == 20
    done = {what: [_ended(one) for one in running] for what, running in work.items()}
    assert {what: sorted(code for code, _out, _err in ended) for what, ended in done.items()} == {
        "import": [0, 0, 0, 0],
        "import the same": [0, 0, 0],
        "settle": [0, 3],
        "approve": [0, 3, 3],
        "use": [0, 3, 3],
        "undo": [0, 2],
        "read": [0, 0, 0],
    }, done
    _nothing_lost(url, lines, amount, [*sheets, range(5_000, 5_000 + LINES)])
    _nothing_twice(url)
    checked = ch("db", "check")
    assert checked.code == 0, checked.out


def _nothing_lost(url: str, lines: int, amount: int, sheets: list[range]) -> None:
    """Every line of every sheet is there once, beside what was there; those of the wrong sheet are not."""
    wrong = range(9_000, 9_000 + LINES)
    expected = lines - LINES + sum(map(len, sheets)), amount - _amount(wrong) + sum(map(_amount, sheets))
    assert rows(url, "SELECT count(*), sum(amount) FROM sale_line WHERE ended_batch_id IS NULL") == [expected]
    doubled = (
        "SELECT count(*) FROM (SELECT line_key FROM sale_line WHERE ended_batch_id IS NULL AND line_key IS NOT NULL"
        " GROUP BY line_key HAVING count(*) > 1) AS doubled"
    )
    assert rows(url, doubled) == [(0,)]


def _nothing_twice(url: str) -> None:
    for table, times in (
        ("rebate_settlement", 1),
        ("credit_decision", 1),
        ("credit_release_use", 1),
    ):
        assert rows(url, f"SELECT count(*) FROM {table}") == [(times,)], table
    assert rows(url, "SELECT count(*) FROM batch WHERE undone_by IS NOT NULL") == [(1,)]
    for table in ("batch", "audit_entry"):
        assert rows(url, f"SELECT count(*) = max(id) FROM {table}") == [(True,)], f"numbers of {table} have a gap"


# Those who wait, and those who do not


@pytest.fixture
def writer(ch: Run, here: str) -> Iterator[Any]:
    """Somebody who writes and does not come to an end."""
    assert ch("import", _sheet("first", range(LINES))).code == 0
    import psycopg

    with psycopg.connect(here, application_name="channelctl import") as connection:
        connection.execute("SELECT channelctl_gate()")
        connection.execute("DELETE FROM sale_line")
        connection.execute("UPDATE customer SET name = 'half'")
        yield connection
        connection.rollback()


READING = [
    ["tier", "--all-time"],
    ["credit", "ageing"],
    ["status"],
    ["customer", "list"],
    ["batch", "list"],
    ["export", "sales", "--output", "out.csv"],
    ["db", "check"],
    ["backup", "copy.backup"],
    ["db", "copy", "URL", "copy.db"],
]


@pytest.mark.parametrize("words", READING, ids=lambda words: " ".join(words[:2]))
def test_readers_do_not_wait_for_a_writer_and_see_nothing_of_it(
    ch: Run, writer: Any, here: str, words: list[str]
) -> None:
    began = time.monotonic()
    result = ch("--wait", "0", *(here if word == "URL" else word for word in words))
    assert (result.code, time.monotonic() - began < 10) == (0, True), result.err
    assert "half" not in result.out
    assert writer.info.transaction_status.name == "INTRANS"


WRITING = [
    ["customer", "add", "甲"],
    ["import", "second.csv"],
    ["batch", "undo", "1"],
    ["rebate", "settle", "--month", "2024-05"],
]


@pytest.mark.parametrize("words", WRITING, ids=lambda words: " ".join(words[:2]))
def test_who_writes_is_said_to_who_does_not_wait(ch: Run, writer: Any, here: str, words: list[str]) -> None:
    _sheet("second", range(LINES, 2 * LINES))
    before = rows(here, "SELECT count(*) FROM batch")
    result = ch("--wait", "0", *words)
    process = writer.info.backend_pid
    assert (result.code, result.out) == (75, "")
    assert result.err == (
        f"channelctl: error: {here} is being written by channelctl: channelctl import"
        f" (process {process} of the server)\n"
        "Try again, or wait longer: --wait SECONDS\n"
    )
    assert rows(here, "SELECT count(*) FROM batch") == before


def test_a_writer_is_waited_for_no_longer_than_asked(ch: Run, writer: Any) -> None:
    began = time.monotonic()
    assert ch("--wait", "1", "customer", "add", "甲").code == 75
    assert 1 <= time.monotonic() - began < 10


@pytest.mark.parametrize("words", [["customer", "list"], ["customer", "add", "甲"]], ids=" ".join)
def test_a_table_that_an_administrator_keeps_is_not_waited_for_without_end(
    ch: Run, here: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ch("init").code == 0
    monkeypatch.setattr(postgres, "_TABLE_SECONDS", 0.2)
    with psycopg.connect(here, application_name="psql") as other:
        other.execute("LOCK TABLE customer")
        result = ch("--wait", "0", *words)
        process = other.info.backend_pid
        user = other.info.user
    assert (result.code, result.out) == (75, "")
    assert result.err == (
        f"channelctl: error: {here} is being written by {user}: psql (process {process} of the server)\n"
        "Try again, or wait longer: --wait SECONDS\n"
    )


def test_a_writer_that_comes_to_its_end_is_waited_for(writer: Any, here: str) -> None:
    waiting = start("--wait", "30", "customer", "add", "甲", env=environment(CHANNELCTL_DB=here))
    query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + 20
    while not rows(here, query):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert waiting.poll() is None
    writer.rollback()
    assert finish(waiting)[0] == 0


def test_readers_see_whole_batches(ch: Run, here: str) -> None:
    assert ch("init").code == 0
    sheets = [range(number * 2_000, (number + 1) * 2_000) for number in range(3)]
    writers = [_begun(here, "import", _sheet(f"s{one.start}", one)) for one in sheets]
    seen, readings = set(), 0
    with connected(here) as connection:
        while any(one.poll() is None for one in writers):
            seen.add(connection.execute("SELECT count(*), count(DISTINCT batch_id) FROM sale_line").fetchone())
            readings += 1
    assert [_ended(one)[0] for one in writers] == [0, 0, 0]
    assert readings > 20
    assert seen <= {(2_000 * number, number) for number in range(4)}
    assert rows(here, "SELECT count(*) FROM sale_line") == [(6_000,)]


# Making the database


def test_of_several_that_make_the_database_one_does(here: str) -> None:
    done = [_ended(one) for one in [_begun(here, "init") for _one in range(3)]]
    assert sorted((code, out.partition(":")[0]) for code, out, _err in done) == [
        (0, "new database"),
        *[(0, "there already")] * 2,
    ], done


def test_several_may_import_into_a_database_that_is_not_there_yet(ch: Run, here: str) -> None:
    sheets = [range(number * LINES, (number + 1) * LINES) for number in range(3)]
    done = [_ended(one) for one in [_begun(here, "import", _sheet(f"s{one.start}", one)) for one in sheets]]
    assert [code for code, _out, _err in done] == [0] * 3, done
    expected = sum(map(len, sheets)), sum(map(_amount, sheets))
    assert rows(here, "SELECT count(*), sum(amount) FROM sale_line") == [expected]
    assert rows(here, "SELECT count(*), max(id) FROM batch") == [(3, 3)]
    assert ch("db", "check").code == 0


def test_a_first_import_that_is_refused_takes_nothing_from_others(here: str) -> None:
    Path("bad.csv").write_text("what is this\n1\n", encoding="utf-8")
    bad = [_begun(here, "import", "bad.csv") for _one in range(2)]
    good = [_begun(here, "import", _sheet("good", range(LINES))) for _one in range(2)]
    assert {_ended(one)[0] for one in bad} == {3}
    assert [_ended(one)[0] for one in good] == [0, 0]
    assert rows(here, "SELECT count(*) FROM sale_line") == [(LINES,)]


def test_who_takes_back_what_he_made_takes_nothing_that_is_being_stored_in_it(here: str) -> None:
    where = places.Server(here)
    assert making_server.create(where)
    other = psycopg.connect(here)
    other.execute("INSERT INTO batch (at, \"user\", command, rejected) VALUES ('2024-06-03', 'li', 'import', 0)")

    def leave() -> None:
        other.commit()
        other.close()

    threading.Timer(0.5, leave).start()
    making_server.unmake(where)
    assert rows(here, 'SELECT "user" FROM batch') == [("li",)]


def test_what_he_made_and_nobody_else_uses_is_taken_back(here: str, system: servers.Server) -> None:
    where = places.Server(here)
    assert making_server.create(where)
    making_server.unmake(where)
    names = [name for (name,) in rows(system.address.url(), "SELECT datname FROM pg_database")]
    assert [name for name in names if name.startswith(where.name[:40])] == []
