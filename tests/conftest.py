"""What every test stands on: a database of its own, the command line as a function, the real sheets."""

import gc
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from channelctl import cli, i18n, policy, postgres, settings
from channelctl.systems.customers import rules as customer_rules
from tests import parking, quick, selecting, servers, tables

hypothesis_settings.register_profile("channelctl", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("channelctl")

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data"
REAL = ROOT.parent / "shared" / "data"


LEFT_OUT = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """--update rewrites what pages say that commands print, from what they really print."""
    parser.addoption("--update", action="store_true", help="rewrite the examples in the pages from real output")
    parser.addoption(
        "--engine", choices=("sqlite", "postgres"), default="sqlite", help="what keeps the databases of the tests"
    )
    parser.addoption(
        "--server", choices=("embedded", "system"), default="embedded", help="which PostgreSQL --engine postgres starts"
    )


def pytest_configure(config: pytest.Config) -> None:
    """On PostgreSQL one server is there for the run; with xdist the first process starts it for all."""
    config.addinivalue_line("markers", selecting.MARK)
    quick.share_compiled()
    if config.getoption("engine") != "postgres":
        os.environ.pop(tables.SERVER, None)
        selecting.listen()
        return
    parking.park()
    if tables.SERVER not in os.environ:
        server = servers.Server(config.getoption("server"))
        config.add_cleanup(server.remove)
        os.environ[tables.SERVER] = server.address.url("")[:-1]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing on a server that goes on, and nothing that an end would find left."""
    gc.unfreeze()
    if tables.on_server():
        tables.remove_all()


def pytest_report_header(config: pytest.Config) -> str:
    """What keeps the databases."""
    return f"databases: {tables.version()}"


def pytest_collection_finish() -> None:
    """What is there from now on stays, and is not looked through for what has gone; nor is the rest at every turn."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what comes to a database is run."""
    if tables.on_server():
        items[:], left_out = selecting.split(items)
        config.stash[LEFT_OUT] = len(left_out)
        config.hook.pytest_deselected(items=left_out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every worker has left out the same tests."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left out", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How many tests ran on the server."""
    if tables.on_server():
        ran = sum(len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed", "skipped"))
        left_out = config.stash.get(LEFT_OUT, 0)
        terminalreporter.write_line(f"{tables.version()}: {ran} tests; {left_out} need no server and ran on SQLite")


class Result(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)


Run = Callable[..., Result]


class Text(io.TextIOWrapper):
    """A stream that keeps bytes, as a pipe does."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")

    def text(self) -> str:
        self.flush()
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode()


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """A folder, database, language and day of the test's own."""
    for name in (
        "CHANNELCTL_LANG",
        "CHANNELCTL_POLICY",
        "CHANNELCTL_USER",
        "NO_COLOR",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHANNELCTL_DB", tables.address(tmp_path / "channel.db"))
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-06-03")
    monkeypatch.setenv("CHANNELCTL_USER", "tester")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    settings.current = settings.Settings()
    if tables.on_server():
        monkeypatch.setattr(postgres, "MODEL", tables.model())
    if request.node.get_closest_marker("sqlite") is None:
        quick.migrate_once(monkeypatch)
    forget()
    i18n.use("en")
    selecting.opened()
    yield
    i18n.use("en")
    if tables.on_server():
        tables.remove_all(but=tmp_path.parent, below=tmp_path)
    elif not selecting.comes_to_a_database(request.node):
        assert not selecting.opened(), "tests/selecting.py says of this test that it comes to no database"


def forget() -> None:
    """Let go of what a process keeps of the policy file."""
    policy._located.cache_clear()
    policy._read.cache_clear()
    policy._checked.cache_clear()
    customer_rules._channel_words.cache_clear()


@pytest.fixture
def ch() -> Run:
    """Run a command line in this process: ch("tier", "--month", "2024-05") -> code, out, err."""

    def run(*words: object) -> Result:
        out, err = Text(), Text()
        settings.current = settings.Settings()
        forget()
        with redirect_stdout(out), redirect_stderr(err):
            code = cli.run([str(word) for word in words])
        assert "Traceback" not in err.text(), err.text()
        return Result(code, out.text(), err.text())

    return run


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> tables.Kept:
    """The sample region, imported once."""
    where = tmp_path_factory.mktemp("sample") / "sample.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANNELCTL_DB", tables.address(where))
        patch.setenv("CHANNELCTL_TODAY", "2024-06-03")
        patch.setenv("CHANNELCTL_USER", "tester")
        settings.current = settings.Settings()
        with redirect_stdout(Text()), redirect_stderr(Text()):
            assert cli.run(["import", *map(str, sample_files())]) == 0
    return tables.keep(where)


def sample_files() -> list[Path]:
    """The sample sheets, those first that others refer to."""
    from channelctl.commands.demonstration import _in_order

    return _in_order(sorted(SAMPLE.iterdir()))


# Each sample sheet is a batch, so the first number after them is one more.
SHEETS = len(sample_files())


@pytest.fixture
def sample(sample_database: tables.Kept, tmp_path: Path) -> Path:
    """A database with the sample region in it."""
    where = tmp_path / "channel.db"
    tables.put(sample_database, where)
    return where


@pytest.fixture
def real() -> Path:
    """The folder of real sheets, or a skip that says so."""
    if not REAL.is_dir():
        pytest.skip("the real sheets are not on this machine (../shared/data)")
    return REAL


def python() -> str:
    """The interpreter that runs the tests."""
    return sys.executable
