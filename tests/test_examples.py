"""The runner of the handbook's examples notices what it is there to notice."""

import shutil
from pathlib import Path

import pytest

from tests.pages import Block, NotHereError, Session, abridged, agree, blocks, commands_named, examples, write_file
from tests.tables import Kept


@pytest.mark.parametrize(
    ("printed", "real", "same"),
    [
        ([], [], True),
        (["a", "b"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        (["a", "b"], ["a"], False),
        (["a", "c"], ["a", "b"], False),
        (["a", "…", "d"], ["a", "b", "c", "d"], True),
        (["a", "…", "b"], ["a", "b"], False),
        (["…", "d"], ["a", "d"], True),
        (["a", "…"], ["a", "b", "c"], True),
        (["a", "…", "c", "…", "e"], ["a", "b", "c", "d", "e"], True),
        (["a", "…", "x", "…", "e"], ["a", "b", "c", "d", "e"], False),
        (["1.5 (x)"], ["1.5 (x)"], True),
        (["1.5 (x)"], ["1a5 (x)"], False),
        (["…"], [], False),
    ],
)
def test_a_page_agrees_only_with_what_is_printed(printed: list[str], real: list[str], same: bool) -> None:
    assert agree(printed, real) is same


@pytest.mark.parametrize(
    ("printed", "real", "now"),
    [
        (["old"], ["a", "b"], ["a", "b"]),
        (["x", "…", "y"], ["a", "b", "c", "d"], ["a", "…", "d"]),
        (["x", "x", "…"], ["a", "b", "c", "d"], ["a", "b", "…"]),
        (["…", "y", "y"], ["a", "b", "c", "d"], ["…", "c", "d"]),
        (["x", "…", "y"], ["a", "b"], ["a", "b"]),
        (["x", "…", "total 3", "…", "z"], ["a", "b", "c", "total 4", "d", "e"], ["a", "…", "total 4", "…", "e"]),
    ],
)
def test_a_rewritten_page_leaves_out_as_much_as_before(printed: list[str], real: list[str], now: list[str]) -> None:
    assert abridged(printed, real) == now
    assert agree(now, real)


PAGE = """# Title

<!-- example: sample zh -->
```console
$ channelctl status
one

two

$ echo $?
0
```

Text with `channelctl tier --month 2024-05` in it.

<!-- file: may.csv empty -->
```csv
a,b
```

```sh
channelctl import x.csv; make test
```
"""


def test_blocks_and_their_marks_are_found() -> None:
    found = list(blocks(PAGE))
    assert [(block.language, block.marks) for block in found] == [
        ("console", ("sample", "zh")),
        ("csv", ("file", "may.csv", "empty")),
        ("sh", ()),
    ]


def test_commands_and_what_they_print_are_told_apart() -> None:
    first, second = examples(next(blocks(PAGE)))
    assert first.command == "channelctl status"
    assert first.printed == ["one", "", "two"]
    assert PAGE.splitlines()[first.start : first.end] == ["one", "", "two", ""]
    assert (second.command, second.marks, second.printed) == ("echo $?", ("zh",), ["0"])


def test_commands_in_prose_and_in_shell_blocks_are_found() -> None:
    assert list(commands_named(PAGE)) == ["import x.csv", "tier --month 2024-05"]


@pytest.fixture
def session(tmp_path: Path, sample_database: Kept, monkeypatch: pytest.MonkeyPatch) -> Session:
    return Session(tmp_path, sample_database, monkeypatch)


def test_a_session_starts_where_it_is_told_and_goes_on_there(session: Session) -> None:
    session.settle(("empty",), chinese=False)
    write_file(Block("csv", ("file", "may.csv", "empty"), 0, ["Date,Customer,Amount", "2024-05-03,Hengda,12.50"]))
    assert session.run("channelctl import may.csv")[-1] == "may.csv: batch 1"
    session.settle((), chinese=True)
    assert "2024-05-03" in "\n".join(session.run("channelctl status | head -40"))
    session.settle(("sample",), chinese=False)
    assert not Path("may.csv").exists()
    assert session.run("channelctl tier --office nowhere")[0] == "channelctl: error: no office “nowhere”"
    assert session.run("echo $?") == ["2"]


def test_a_session_shows_no_path_of_this_machine(session: Session, tmp_path: Path) -> None:
    session.settle(("empty",), chinese=False)
    said = session.run("channelctl init")
    assert said == ["new database: ~/.local/share/channelctl/channel.db"]
    assert str(tmp_path) not in "".join(said)


def test_without_jq_at_least_the_names_are_checked(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.settle(("sample",), chinese=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(NotHereError):
        session.run("channelctl tier -f json | jq '.rows[].tier'")
    with pytest.raises(AssertionError, match="grade"):
        session.run("channelctl tier -f json | jq '.rows[].grade'")


def test_a_workbook_is_made_of_a_block(session: Session) -> None:
    session.settle(("empty",), chinese=False)
    write_file(Block("csv", ("file", "may.xlsx"), 0, ["Date,Customer,Amount", "2024-05-03,Hengda,12.50"]))
    assert session.run("channelctl import may.xlsx")[-1] == "may.xlsx: batch 1"
