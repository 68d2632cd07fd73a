"""Imported files that the policy keeps, and getting them back."""

from pathlib import Path

import pytest

from channelctl.sheets import keeping
from tests.conftest import SAMPLE, Result, Run
from tests.making import policy
from tests.tables import connected, is_there

FILES = sorted(file for file in SAMPLE.iterdir() if file.suffix in (".xlsx", ".xls", ".csv"))


def kept(database: Path) -> list[tuple[int, int]]:
    with connected(database) as connection:
        return connection.execute("SELECT batch_id, length(content) FROM kept_file ORDER BY 1").fetchall()


def test_a_kept_file_comes_back_byte_by_byte(ch: Run, tmp_path: Path) -> None:
    policy("[import]\nkeep_files = true\n")
    assert len(FILES) > 5
    result = ch("import", *FILES, "--format", "json")
    batches = {row["file"]: row["batch"] for row in result.data["rows"]}
    for number, file in enumerate(FILES):
        target = tmp_path / f"back{number}"
        assert ch("batch", "file", batches[file.name], "--output", target) == (0, "", f"written: {target}\n")
        assert target.read_bytes() == file.read_bytes()
        assert target.stat().st_mode & 0o777 == 0o600


def test_without_the_policy_no_file_is_kept(ch: Run, tmp_path: Path) -> None:
    assert ch("import", FILES[0]).code == 0
    assert kept(tmp_path / "channel.db") == []
    assert ch("batch", "file", 1, "--output", "x") == (
        3,
        "",
        f"channelctl: error: the file of batch 1 is not kept: {FILES[0].name}\n"
        "With keep_files = true in [import] of the policy, files are kept from then on.\n",
    )
    assert not Path("x").exists()


def sheet(name: str, *rows: str) -> Path:
    file = Path(name)
    file.write_text("\n".join(["客户名称,日期,金额", *rows]) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("options", [["--dry-run"], [], ["--partial"]])
def test_what_is_not_stored_is_not_kept(ch: Run, tmp_path: Path, options: list[str]) -> None:
    policy("[import]\nkeep_files = true\n")
    assert ch("init").code == 0
    bad = sheet("bad.csv", "甲,2024-05-32,1")
    assert ch("import", bad, *options).code in (1, 3)
    assert kept(tmp_path / "channel.db") == []


def test_a_file_imported_again_is_kept_once_and_undoing_leaves_it(ch: Run, tmp_path: Path) -> None:
    policy("[import]\nkeep_files = true\n")
    file = sheet("a.csv", "甲,2024-05-03,1")
    assert [ch("import", file).code for _time in range(2)] == [0, 0]
    assert [batch for batch, _size in kept(tmp_path / "channel.db")] == [1]
    assert ch("batch", "undo", 1).code == 0
    assert ch("batch", "file", 1, "--output", "back.csv").code == 0
    assert Path("back.csv").read_bytes() == file.read_bytes()
    assert ch("import", file).code == 0
    assert [batch for batch, _size in kept(tmp_path / "channel.db")] == [1, 3]


def test_a_pipe_is_kept_too(ch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy("[import]\nkeep_files = true\n")
    file = sheet("a.csv", "甲,2024-05-03,1")
    with file.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert ch("import", "-").code == 0
    assert ch("batch", "file", 1, "--output", "back.csv").code == 0
    assert Path("back.csv").read_bytes() == file.read_bytes()


def test_a_kept_file_never_takes_anothers_place(ch: Run) -> None:
    policy("[import]\nkeep_files = true\n")
    file = sheet("a.csv", "甲,2024-05-03,1")
    assert ch("import", file).code == 0
    before = file.read_bytes()
    there = "is there already; it was left as it is\nName another: --output FILE\n"
    assert ch("batch", "file", 1) == (3, "", f"channelctl: error: a.csv {there}")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (9, "there is no batch 9\nchannelctl batch list shows those there are.\n"),
        (2, "batch 2 imported no file\n"),
    ],
)
def test_a_batch_without_a_file_is_a_usage_error(ch: Run, number: int, said: str) -> None:
    assert ch("import", sheet("a.csv", "甲,2024-05-03,1")).code == 0
    assert ch("customer", "add", "乙").code == 0
    assert ch("batch", "file", number) == Result(2, "", f"channelctl: error: {said}")


@pytest.mark.parametrize("content", [b"", b"nothing that was pressed", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_a_kept_file_that_was_altered_is_not_given_back(ch: Run, tmp_path: Path, content: bytes) -> None:
    policy("[import]\nkeep_files = true\n")
    assert ch("import", sheet("a.csv", "甲,2024-05-03,1")).code == 0
    with connected(tmp_path / "channel.db") as connection:
        connection.execute("UPDATE kept_file SET content = ?", (content,))
    result = ch("batch", "file", 1, "--output", "back.csv")
    said = "channelctl: error: the file kept with batch 1 is no longer what was imported\n"
    assert result == (3, "", said)
    assert not Path("back.csv").exists()


def test_a_file_changed_while_it_is_read_is_refused(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is what was read, or nothing is stored."""
    policy("[import]\nkeep_files = true\n")
    file = sheet("a.csv", "甲,2024-05-03,1")
    before = keeping.keep

    def late(session: object, batch: int, book: object) -> None:
        file.write_bytes(file.read_bytes() + b"\n")
        before(session, batch, book)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "keep", late)
    result = ch("import", file)
    assert result.code == 3
    assert "a.csv was changed while it was read" in result.out + result.err
    assert not is_there("channel.db")
