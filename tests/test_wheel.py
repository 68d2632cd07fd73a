"""The wheel: everything the program needs is in it, and it runs where only it is."""

import os
import re
import subprocess
import sys
import zipfile
from importlib import util
from pathlib import Path

import pytest

from channelctl import __version__
from channelctl.systems import SYSTEMS
from tests.conftest import ROOT, SAMPLE
from tests.processes import environment, run
from tests.tables import address

pytestmark = [
    pytest.mark.skipif(not util.find_spec("hatchling"), reason="hatchling, which builds it, is not installed"),
    pytest.mark.sqlite("what is in the wheel, whatever the engine"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    env = environment(PYTHONPATH=os.pathsep.join(filter(None, sys.path)))
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, env=env, check=True, capture_output=True)
    [made] = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def unpacked(wheel: Path) -> Path:
    folder = wheel.parent / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_is_for_every_machine(wheel: Path) -> None:
    assert wheel.name == f"channelctl-{__version__}-py3-none-any.whl"


def test_it_holds_what_the_program_reads(wheel: Path) -> None:
    below = {
        "channelctl/_migrations": ROOT / "migrations",
        "channelctl/_sample_data": SAMPLE,
        "channelctl": ROOT / "src" / "channelctl",
    }
    wanted = {
        f"{place}/{file.relative_to(folder).as_posix()}"
        for place, folder in below.items()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    held = {name for name in names(wheel) if ".dist-info/" not in name}
    assert held == wanted
    assert held >= {
        "channelctl/py.typed",
        "channelctl/locale/zh/LC_MESSAGES/channelctl.mo",
        "channelctl/report/report.html.j2",
        "channelctl/_migrations/env.py",
        "channelctl/_migrations/versions/0001_first_schema.py",
        "channelctl/_sample_data/policy.toml",
        *(f"channelctl/systems/{system}/guide.md" for system in SYSTEMS),
    }


def test_it_names_its_command_licence_and_python(unpacked: Path) -> None:
    info = unpacked / f"channelctl-{__version__}.dist-info"
    entry = (info / "entry_points.txt").read_text()
    assert "channelctl = channelctl.__main__:main" in entry.splitlines()
    assert (info / "licenses" / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    metadata = (info / "METADATA").read_text(encoding="utf-8")
    assert "Requires-Python: >=3.11" in metadata
    needed = set(re.findall(r"^Requires-Dist: ([\w-]+)", metadata, re.M))
    assert needed >= {"typer", "sqlmodel", "alembic", "python-calamine", "xlsxwriter", "rich"}
    assert needed & {"pandas", "openpyxl", "pytest", "hatchling"} == set()


def test_it_runs_where_only_it_is(unpacked: Path, tmp_path: Path) -> None:
    env = environment(PYTHONPATH=str(unpacked), CHANNELCTL_DB=address(tmp_path / "x.db"))
    probe = [sys.executable, "-c", "import channelctl; print(channelctl.__file__)"]
    said = subprocess.run(probe, env=env, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()) == unpacked / "channelctl" / "__init__.py"
    assert run("init", env=env, cwd=tmp_path) == (0, f"new database: {tmp_path / 'x.db'}\n", "")
    assert run("--lang", "zh", "--help", env=env, cwd=tmp_path)[1].startswith("用法：channelctl")
    code, out, _err = run("demo", "--keep", "demo", env=env, cwd=tmp_path)
    assert code == 0
    assert "$ channelctl score --month 2024-05" in out.splitlines()
    words = ["--db", "demo/demo.db", "tier", "--month", "2024-05", "--output", "tiers.html"]
    assert run(*words, env=env, cwd=tmp_path)[0] == 0
    assert "<table" in (tmp_path / "tiers.html").read_text(encoding="utf-8")
