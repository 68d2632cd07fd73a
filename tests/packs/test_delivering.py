"""Packs come to their files whole or not at all, one run at a time."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from channelctl.errors import RefusedError
from channelctl.packs import delivering, making, xlsx
from channelctl.report import files, out
from tests.conftest import Run
from tests.marks import posix
from tests.packs.made import pack
from tests.processes import environment, finish, start
from tests.tables import address, is_there, names
from tests.test_locking import holder, let_go

SMALL = 'title = "Small"\n[[part]]\nreport = "tier"\nmost = 3\n'
NAMES = [
    "2024-05-HZ-杭州.md",
    "2024-05-NB-宁波.md",
    "2024-05-NJ-南京.md",
    "2024-05-SZ-苏州.md",
    "2024-05-WX-无锡.md",
    "2024-05-all.md",
]


@pytest.fixture
def small(sample: Path) -> list[str]:
    """The words of a pack that is soon made, for all offices."""
    assert is_there(sample)
    Path("small.toml").write_text(SMALL, encoding="utf-8")
    return ["report", "run", "small.toml", "--all-offices", "--format", "md", "--output", "packs"]


def state(folder: Path) -> dict[str, bytes] | None:
    """Everything in a folder; None where there is none."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else None


def test_all_offices_are_a_file_each_and_one_for_the_region(ch: Run, small: list[str]) -> None:
    assert ch(*small) == (0, "", "")
    folder = Path("packs")
    found = state(folder)
    assert found is not None and sorted(found) == NAMES
    titles = {name: data.decode().splitlines()[0] for name, data in found.items()}
    assert titles["2024-05-NJ-南京.md"] == "# Small · 南京 · May 2024"
    assert titles["2024-05-all.md"] == "# Small · all offices · May 2024"
    assert ch("report", "run", "small.toml", "--office", "NJ", "--output", "nj.md").code == 0
    assert Path("nj.md").read_bytes() == found["2024-05-NJ-南京.md"]
    assert ch(*small).code == 0 and state(folder) == found
    assert ch("--lang", "zh", *small).code == 0
    assert Path("packs/2024-05-全部.md").is_file()


@posix
def test_files_are_for_their_owner_only(ch: Run, small: list[str]) -> None:
    assert ch(*small).code == 0
    assert {path.stat().st_mode & 0o777 for path in Path("packs").iterdir()} == {0o600}


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("fault", [RefusedError("no"), KeyError("a bug")])
def test_a_fault_in_the_middle_leaves_the_folder_as_it_was(
    ch: Run, small: list[str], monkeypatch: pytest.MonkeyPatch, earlier: bool, fault: Exception
) -> None:
    if earlier:
        assert ch(*small, "--month", "2024-04").code == 0
        assert ch(*small).code == 0
        Path("packs/2024-05-NJ-南京.md").write_text("an earlier one", encoding="utf-8")
    before = state(Path("packs"))
    real, calls = making.make, []

    def failing(*given: object) -> object:
        calls.append(given)
        if len(calls) == 4:
            raise fault
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "make", failing)
    done = ch(*small)
    assert done.code == (3 if isinstance(fault, RefusedError) else 70)
    assert len(calls) == 4
    assert state(Path("packs")) == before


def test_an_office_without_anything_is_named_and_left_out(
    ch: Run, small: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = making.make

    def nothing(name: str, plan: object, asked: making.Asked) -> object:
        if asked.office == "HZ":
            raise making.NothingError("there is nothing to report: Small · 杭州")
        return real(name, plan, asked)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "make", nothing)
    assert ch(*small) == (0, "", "there is nothing to report: Small · 杭州\n")
    assert sorted(path.name for path in Path("packs").iterdir()) == NAMES[1:]


def test_a_run_without_any_pack_is_refused_and_makes_no_folder(
    ch: Run, small: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_given: object) -> object:
        raise making.NothingError("nothing here")

    monkeypatch.setattr(making, "make", nothing)
    done = ch(*small)
    assert (done.code, done.out) == (3, "")
    assert done.err == "nothing here\n" * 6 + "channelctl: error: there is nothing to report\n"
    assert not Path("packs").exists()


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("links", [True, False])
def test_names_given_before_one_that_cannot_be_are_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int, links: bool
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    paths = [tmp_path / name for name in "abc"]
    real = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if target == paths[place] and self.suffix == ".tmp":
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refusing)
    if not links:
        monkeypatch.setattr(os, "link", unable)
    with pytest.raises(RefusedError) as caught:
        files.write_all((path, b"new") for path in paths)
    assert caught.value.message == f"{paths[place]} cannot be written: Permission denied"
    assert state(tmp_path) == {"a": b"old"}
    monkeypatch.setattr(Path, "replace", real)
    files.write_all((path, b"new") for path in paths)
    assert state(tmp_path) == dict.fromkeys("abc", b"new")


def unable(*_given: object) -> None:
    raise OSError(95, "Operation not supported")


def test_a_fault_of_the_maker_is_not_taken_for_one_of_the_disk(tmp_path: Path) -> None:
    def drafts() -> object:
        yield tmp_path / "a", b"new"
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        files.write_all(drafts())  # type: ignore[arg-type]
    assert state(tmp_path) == {}


@posix
@pytest.mark.parametrize("earlier", [b"", b"an earlier one"])
def test_a_full_disk_is_said_and_leaves_what_was(sample: Path, tmp_path: Path, earlier: bytes) -> None:
    if earlier:
        (tmp_path / "x.md").write_bytes(earlier)
    program = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)); "
    program += "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    program += "import sys; from channelctl import cli; sys.exit(cli.run(sys.argv[1:]))"
    words = [sys.executable, "-c", program, "report", "month", "--output", "x.md"]
    env = environment(CHANNELCTL_DB=address(sample))
    done = subprocess.run(words, env=env, cwd=tmp_path, capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 3, done.stderr
    assert done.stderr.decode().startswith("channelctl: error: x.md cannot be written: ")
    assert names(tmp_path) == (["channel.db", "x.md"] if earlier else ["channel.db"])
    if earlier:
        assert (tmp_path / "x.md").read_bytes() == earlier


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_to(ch: Run, small: list[str]) -> None:
    folder = Path("packs")
    folder.mkdir(mode=0o500)
    assert ch(*small) == (
        3,
        "",
        "channelctl: error: nothing may be written in packs\nName another folder.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.touch, "packs is not a folder\nName a folder: --output packs/\n"),
        (lambda path: path.symlink_to("nowhere/at/all"), "cannot use the folder packs: File exists\n"),
    ],
)
def test_what_is_no_folder(ch: Run, small: list[str], make: Callable[[Path], None], said: str) -> None:
    make(Path("packs"))
    done = ch(*small)
    assert done.code == 3
    assert done.err.startswith(f"channelctl: error: {said}"), done.err


@pytest.mark.parametrize("many", [False, True])
def test_of_two_runs_the_second_waits_then_says_so(sample: Path, tmp_path: Path, many: bool) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "packs").mkdir()
    target = "packs" if many else "x.md"
    first = holder(tmp_path / target)
    more = ["--all-offices", "--format", "md"] if many else []
    words = ["report", "run", "small.toml", *more, "--output", target]
    env = environment(CHANNELCTL_DB=address(sample))
    assert finish(start("--wait", "0.2", *words, env=env, cwd=tmp_path)) == (
        75,
        "",
        f"channelctl: error: {target} is being written by another channelctl\n"
        "Try again, or wait longer: --wait SECONDS\n",
    )
    waiting = start("--wait", "30", *words, env=env, cwd=tmp_path)
    let_go(first)
    assert finish(waiting) == (0, "", "")
    left = names(tmp_path)
    assert left == ["channel.db", "packs", "small.toml", *([] if many else ["x.md"])]
    assert sorted(path.name for path in (tmp_path / "packs").iterdir()) == (NAMES if many else [])


@pytest.mark.parametrize("name", ["x.xlsx", "x.html", "x.htm", "x.md", "x.json", "x.txt", "X.XLSX"])
def test_the_ending_says_the_form(ch: Run, small: list[str], name: str) -> None:
    assert ch(*small[:3], "--output", name) == (0, "", "")
    data = Path(name).read_bytes()
    marks = {"xlsx": b"PK", "html": b"<!doctype html>", "md": b"# Small", "json": b"{", "txt": b"Small"}
    ending = name.lower().rpartition(".")[2]
    assert data.lower().startswith(marks["html" if ending == "htm" else ending].lower())


def test_a_person_is_told_what_was_written(ch: Run, small: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "is_terminal", lambda stream: stream is sys.stderr)
    assert ch(*small).err == "written: 6 files in packs\n"
    assert ch(*small[:3], "--output", "x.md").err == "written: x.md\n"


def test_a_workbook_is_not_shown_on_a_terminal(ch: Run, small: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "is_terminal", lambda _stream: True)
    assert ch(*small[:3], "--format", "xlsx") == (
        2,
        "",
        "channelctl: error: xlsx cannot be shown on a terminal\nAdd --output FILE.\n",
    )


def test_pdf_without_the_extra_is_refused_before_anything_is_worked_out(
    ch: Run, small: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert ch(*small[:3], "--output", "x.pdf") == (
        3,
        "",
        "channelctl: error: PDF needs the extra “pdf”, which is not installed\n"
        "Install channelctl[pdf], or write .html and print it to PDF from a browser.\n",
    )


def test_what_goes_to_a_pipe_is_what_goes_to_a_file() -> None:
    target = delivering.Target("xlsx", None, "yuan", False)
    assert delivering.content(pack(), target) == xlsx.render(pack())
    for form in ("md", "json", "html", "text"):
        assert delivering.content(pack(), target._replace(format=form)).decode().strip()
