"""Many reports in a row read by one connection: what is remembered, for how long, and that nobody can tell."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from channelctl import db, keeping, policy, postgres, settings, sqlite
from channelctl.commands import packing
from channelctl.errors import DatabaseError, UsageError
from channelctl.systems.sales.tables import SaleLine
from tests.conftest import Run
from tests.tables import connected, on_server

LINES = SaleLine.__table__  # type: ignore[attr-defined]
CUSTOMERS = sa.text("SELECT count(*) FROM customer")
asked: list[Any] = []


@keeping.once
def counted(session: Session, *words: Any, **more: Any) -> list[Any]:
    """How many customers there are, noted each time that it is looked up."""
    asked.append(words)
    return [session.execute(CUSTOMERS).scalar_one(), *words, *more.values()]


@pytest.fixture(autouse=True)
def nothing_asked() -> Iterator[None]:
    asked.clear()
    yield
    asked.clear()


@contextmanager
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """The connections that are opened meanwhile: whether each is to write."""
    opened: list[bool] = []
    engine = postgres if on_server() else sqlite
    connect: Callable[[Any, bool], Any] = engine.connect

    def noted(where: Any, write: bool) -> Any:
        opened.append(write)
        return connect(where, write)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "connect", noted)
        yield opened


def add_customer(database: Path) -> None:
    """Write as another program would."""
    with connected(database) as other:
        other.execute(
            "INSERT INTO customer (batch_id, code, name, name_key, pinyin, initials) "
            "VALUES (1, 'X1', '新客户', '新客户', '', '')"
        )


@pytest.mark.usefixtures("sample")
def test_a_plain_session_remembers_nothing() -> None:
    with db.session() as session:
        assert counted(session) == counted(session)
    assert len(asked) == 2


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("first", "second", "times"),
    [
        ((), (), 1),
        ((1,), (1,), 1),
        ((1,), (2,), 2),
        (([1, 2],), ([1, 2],), 1),
        (([1, 2],), ([2, 1],), 2),
        (({1, 2},), ({2, 1},), 1),
        (({"a": 1},), ({"a": 1},), 2),
    ],
)
def test_a_kept_session_answers_the_same_question_once(first: Any, second: Any, times: int) -> None:
    with db.kept():
        for words in (first, second):
            with db.session() as session:
                assert counted(session, *words)[1:] == list(words)
    assert len(asked) == times


@pytest.mark.usefixtures("sample")
def test_words_by_name_and_another_policy_are_other_questions(tmp_path: Path) -> None:
    with db.kept(), db.session() as session:
        assert counted(session, day=1)[1:] == [1]
        assert counted(session, day=2)[1:] == [2]
        assert counted(session, month=1)[1:] == [1]
        with policy.using(tmp_path / "other.toml"):
            counted(session, day=1)
    assert len(asked) == 4


@pytest.mark.usefixtures("sample")
def test_a_list_is_the_askers_own() -> None:
    with db.kept(), db.session() as session:
        counted(session).append("mine")
        assert len(counted(session)) == 1


@pytest.mark.usefixtures("sample")
def test_all_is_read_by_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    # A server tells that somebody wrote, not in which database: tests of another process do, too.
    monkeypatch.setattr(postgres, "state", lambda _opened: "nobody wrote")
    with connections(monkeypatch) as opened, db.kept():
        for _report in range(5):
            with db.session() as session:
                session.execute(CUSTOMERS)
            db.rest()
    looks = [] if on_server() else [False]
    assert opened == [*looks, False], "of a file one that looks which version it is, and one for all the rest"


def test_what_others_wrote_is_read_after_a_rest(sample: Any, tmp_path: Path) -> None:
    database = tmp_path / "channel.db"
    with db.kept():
        with db.session() as session:
            before = counted(session)[0]
        db.rest()
        with db.session() as session:
            assert counted(session)[0] == before
        db.rest()
        add_customer(database)
        with db.session() as session:
            assert counted(session)[0] == before + 1
    # A server tells that somebody wrote, not in which database: tests of another process do, too.
    assert len(asked) == 2 or (on_server() and len(asked) == 3)


@pytest.mark.sqlite("files that lock, or are replaced")
def test_between_two_rests_nobody_can_change_what_is_read(sample: Any, tmp_path: Path) -> None:
    with db.kept(), db.session() as session:
        before = session.execute(CUSTOMERS).scalar_one()
        with (
            closing(sqlite3.connect(tmp_path / "channel.db", timeout=0.05)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("UPDATE customer SET name = name")
            other.commit()
        assert session.execute(CUSTOMERS).scalar_one() == before


@pytest.mark.sqlite("files that lock, or are replaced")
def test_another_file_in_its_place_is_read_after_a_rest(sample: Any, tmp_path: Path) -> None:
    database, copy = tmp_path / "channel.db", tmp_path / "copy.db"
    shutil.copy(database, copy)
    add_customer(copy)
    with db.kept():
        with db.session() as session:
            before = counted(session)[0]
        db.rest()
        copy.replace(database)
        with db.session() as session:
            assert counted(session)[0] == before + 1


def test_a_missing_database_is_said_as_ever() -> None:
    with pytest.raises(DatabaseError, match="there is no database at"), db.kept(), db.session():
        pass


@pytest.mark.usefixtures("sample")
def test_a_broken_database_is_said_as_ever() -> None:
    with pytest.raises(DatabaseError, match="is damaged"), db.kept(), db.session() as session:
        session.execute(sa.text("SELECT 1 FROM x"))


@pytest.mark.usefixtures("sample")
def test_nothing_is_written_while_reports_are_gathered() -> None:
    with (
        settings.reading(),
        db.kept(),
        pytest.raises(UsageError, match="nothing can be written"),
        db.session(write=True),
    ):
        pass


@pytest.mark.usefixtures("sample")
def test_what_was_known_is_read_beside_what_is(ch: Run) -> None:
    with db.kept():
        with db.session() as session:
            assert "known" not in session.info
        with settings.reading("1"), db.session() as session:
            assert session.info["known"].batch == 1
            assert settings.current.known == session.info["known"]
        with db.session() as session:
            assert "known" not in session.info


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("known", [False, True])
def test_lines_set_apart_are_the_same_lines(known: bool) -> None:
    query = sa.select(LINES).order_by(LINES.c.id)
    with db.session() as session:
        first = session.execute(sa.select(sa.func.min(LINES.c.batch_id))).scalar_one()
    with settings.reading(str(first) if known else None), db.kept(), db.session() as session:
        before = session.execute(query).all()
        db.set_apart(session, LINES, ("office_id", "customer_id", "date"))
        assert session.execute(query).all() == before
        if not on_server():
            plan = sa.text("EXPLAIN QUERY PLAN SELECT * FROM sale_line WHERE office_id = 1")
            assert "apart" in str(session.execute(plan).all())
        assert len(before) > 0


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("pack", "more"), [("daily", ()), ("month", ("--known", "2024-06-03"))])
def test_packs_of_many_offices_are_those_of_each(
    ch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: str, more: tuple[str, ...]
) -> None:
    monkeypatch.setattr(packing, "_MANY", 0)
    when = ("--month", "2024-05") if pack == "month" else ("--as-of", "2024-05-20")
    assert ch("report", pack, *when, *more, "--all-offices", "--format", "json", "--output", "packs").code == 0
    offices = ch("office", "list", "--format", "json").data["rows"]
    assert len(offices) > 1
    for office in offices:
        alone = ch("report", pack, *when, *more, "--office", office["code"], "--format", "json")
        together = next((tmp_path / "packs").glob(f"*-{office['code']}-*.json"))
        assert alone.out == together.read_text(encoding="utf-8")
