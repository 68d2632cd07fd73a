"""Every made file has its verdict, and nothing else: no traceback, no wrong row, no half state, nothing twice."""

from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer

from channelctl import cli, settings
from channelctl.sheets.problems import Problem
from tests.conftest import Result, Run
from tests.corpus import (
    across,
    broken,
    cells,
    dates,
    encodings,
    figures,
    headings,
    hostile,
    identity,
    kinds,
    names,
    returns,
    totals,
)
from tests.corpus.kit import REFUSED, Case, luck, stirred
from tests.tables import Kept, address, connected, contents, everything, keep, on_server, put, rows

THEMES = (
    kinds, headings, figures, totals, returns, across, cells, dates, names, identity, encodings, broken, hostile
)  # fmt: skip
CASES = [case for theme in THEMES for case in theme.CASES]
# Themes whose every case is also imported again and taken back; of the others, which differ in how cells are written, a
# share is.
WHOLE = {case.name for theme in (kinds, totals, returns, across, names, identity) for case in theme.CASES}
SHARE = 0.2
LINES = "SELECT coalesce(sum(amount), 0), coalesce(sum(quantity), 0) FROM sale_line WHERE ended_batch_id IS NULL"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A database with nothing in it."""
    where = tmp_path_factory.mktemp("empty") / "empty.db"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        patch.setenv("CHANNELCTL_DB", address(where))
        patch.setenv("CHANNELCTL_TODAY", "2024-06-03")
        settings.current = settings.Settings()
        assert cli.run(["init"]) == 0
    return keep(where)


def test_the_corpus_is_large_and_every_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 200


@pytest.fixture(scope="module")
def commands() -> Any:
    """The whole command line, built once: it is the same for every case."""
    return typer.main.get_command(cli.program())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_made_file_has_its_verdict(
    case: Case, ch: Run, empty: Kept, commands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "program", lambda: None)
    monkeypatch.setattr(typer.main, "get_command", lambda _program: commands)
    database = tmp_path / "channel.db"
    put(empty, database)
    for number, make in enumerate(case.before):
        (folder := tmp_path / f"before{number}").mkdir()
        assert ch("import", make(folder), "--partial").code in (0, 1)
    (folder := tmp_path / "files").mkdir()
    path = case.make(folder)
    state, bytes_before = contents(database), everything(database)
    done = imported(ch, path, case)
    seen, expected = verdict(done, database), wanted(case)
    unlike = {name: f"{seen[name]}, not {value}" for name, value in expected.items() if value != seen[name]}
    assert not unlike, f"{case.name}: {unlike}"
    hints = ch("import", path, *case.options).out if done.code == REFUSED else ""
    said = "\n".join([done.err, hints, *done.data["notes"], *(one["message"] for one in done.data["problems"])])
    unsaid = [words for words in case.verdict.says if words not in said]
    assert not unsaid, f"{case.name}: {unsaid} is not in: {said}"
    whole(database)
    if case.verdict.code == REFUSED or not case.verdict.taken:
        assert everything(database) == bytes_before
    elif case.name in WHOLE or luck(case.name).random() < SHARE:
        comes_and_goes(case, ch, path, state, done)


def comes_and_goes(case: Case, ch: Run, path: Path, state: Any, done: Result) -> None:
    """The same rows in other bytes add nothing; taken back, all is as before; and the file goes in again."""
    database = path.parents[1] / "channel.db"
    filled = contents(database)
    (folder := path.parents[1] / "again").mkdir()
    again = imported(ch, stirred(path, folder), case)
    assert [(row["new"], row["changed"]) for row in again.data["rows"]] == [(0, 0)] * len(again.data["rows"])
    assert contents(database) == filled
    batch = max(row["batch"] or 0 for row in done.data["rows"])
    assert ch("batch", "undo", batch).code == 0
    assert contents(database) == state
    assert told(imported(ch, path, case)) == told(done)
    whole(database)


def imported(ch: Run, path: Path, case: Case) -> Result:
    """An import that never ends in a bug."""
    done = ch("import", path, *case.options, "--format", "json")
    assert done.code in (0, 1, 3), done.err
    return done


def whole(database: Path) -> None:
    """The database is sound; a server sees to that itself."""
    if not on_server():
        assert rows(database, "PRAGMA integrity_check") == [("ok",)]
        assert rows(database, "PRAGMA foreign_key_check") == []


def told(done: Result) -> Any:
    """What an import says of its sheets, but for the batch's number."""
    return [{name: value for name, value in row.items() if name != "batch"} for row in done.data["rows"]]


def places(problems: list[dict[str, Any]]) -> Iterator[str]:
    """E204 H3: the code, the column's letter and the row; a remark on the whole sheet is its code alone."""
    for problem in (Problem(**one) for one in problems):
        letter = problem.column.partition(" ")[0] if problem.row is not None else ""
        letter = letter if letter.isascii() and letter.isupper() else "?"
        yield f"{problem.code} {letter}{problem.row}" if problem.row is not None else problem.code


def verdict(done: Result, database: Path) -> dict[str, Any]:
    """What became of the file."""
    rows = [row for row in done.data["rows"] if row["kind"]]
    with connected(database) as found:
        net, quantity = (Decimal(figure).scaleb(-4) for figure in found.execute(LINES).fetchone())
        known = sorted(row[0] for row in found.execute("SELECT name FROM customer"))
    return {
        "code": done.code,
        "kinds": tuple(row["kind"] for row in rows),
        "taken": sum(row["new"] + row["changed"] for row in rows),
        "refused": sum(row["rejected"] for row in rows),
        "skipped": sum(row["skipped"] for row in rows),
        "net": net,
        "quantity": quantity,
        "customers": known,
        "problems": sorted(places(done.data["problems"])),
    }


def wanted(case: Case) -> dict[str, Any]:
    """The verdict in the same shape, as far as it says something."""
    one = case.verdict
    figures = {name: Decimal(value) for name in ("net", "quantity") if (value := getattr(one, name)) is not None}
    known = {"customers": sorted(one.customers)} if one.customers is not None else {}
    counted = {"skipped": one.skipped} if one.skipped is not None else {}
    rest = {name: getattr(one, name) for name in ("code", "kinds", "taken", "refused")}
    return {**rest, **counted, **figures, **known, "problems": sorted(one.problems)}
