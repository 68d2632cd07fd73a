"""Servers that are not there, refuse, fill up or end in the middle: all or nothing, and clear words."""

import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests import servers
from tests.conftest import ROOT, Run
from tests.faults import stage
from tests.postgres.conftest import connected, rows
from tests.postgres.faults import HURTS
from tests.processes import environment

pytestmark = [
    pytest.mark.sqlite("has a server of its own"),
    pytest.mark.skipif(sys.platform == "win32", reason="forks"),
]
PASSWORD = "geheim"
ERROR = "channelctl: error: "


@pytest.mark.usefixtures("system")
def test_a_broken_connection_leaves_all_or_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.postgres.faults", "22", "--json"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout)
    assert [fault for one in figures for fault in one["faults"]] == []
    assert done.returncode == 0, done.stderr
    assert {one["name"] for one in figures} == HURTS.keys()
    # What has to have been seen, or the check has checked nothing.
    assert all(one["counts"]["old"] + one["counts"]["new"] == one["runs"] for one in figures)
    assert sum(one["counts"]["hurt"] for one in figures) >= 12


# No connection at all


def _free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


WORDS = [["status"], ["customer", "add", "甲"], ["import", "sheet.csv"], ["init"], ["db", "copy", "URL", "new.db"]]


@pytest.mark.parametrize("words", WORDS, ids=lambda words: " ".join(words[:2]))
@pytest.mark.parametrize(
    ("host", "reason"),
    [("127.0.0.1:{port}", "refused"), ("no-such-host.invalid", "")],
    ids=["nobody listens", "no such host"],
)
def test_a_server_that_is_not_there_is_named(
    ch: Run, monkeypatch: pytest.MonkeyPatch, words: list[str], host: str, reason: str
) -> None:
    stage.sales(Path("sheet.csv"), range(10), 1)
    url = f"postgresql://wang:{PASSWORD}@{host.format(port=_free())}/channel"
    monkeypatch.setenv("CHANNELCTL_DB", url)
    result = ch(*(url if word == "URL" else word for word in words))
    assert (result.code, result.out) == (4, "")
    assert re.match(rf"{ERROR}postgresql://.* cannot be reached: .*{reason}", result.err)
    assert "Check the name of the server, its port and the network, and that it runs.\n" in result.err
    assert PASSWORD not in result.err


@contextmanager
def answering(*messages: bytes) -> Iterator[int]:
    """A server that says one thing to whoever comes, the last of them again and again; its port."""

    def serve(listening: socket.socket) -> None:
        left = list(messages)
        while True:
            with suppress(ConnectionError):
                try:
                    client, _address = listening.accept()
                except OSError:
                    return
                with client:
                    _say(client, left.pop(0) if len(left) > 1 else left[0])

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def _say(client: socket.socket, message: bytes) -> None:
    """Refuse TLS and the like, then answer what the connection begins with."""
    while True:
        length, kind = struct.unpack("!II", client.recv(8))
        if length > 8:
            client.recv(length - 8)
        if kind >> 16 == 3:
            break
        client.sendall(b"N")
    client.sendall(message)


def refusal(state: str, text: str) -> bytes:
    fields = b"SFATAL\0VFATAL\0C" + state.encode() + b"\0M" + text.encode() + b"\0\0"
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


STARTING = refusal("57P03", "the database system is starting up")
FULL = refusal("53300", "sorry, too many clients already")


@pytest.mark.parametrize(
    ("message", "code", "said"),
    [
        (STARTING, 75, "takes no connection now: the database system is starting up\nTry again in a moment.\n"),
        (FULL, 75, "takes no connection now: sorry, too many clients already\nTry again in a moment.\n"),
        (
            refusal("57P03", "the database system is shutting down"), 75,
            "takes no connection now: the database system is shutting down\nTry again in a moment.\n",
        ),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", 4, "cannot be reached: "),
        (b"", 4, "cannot be reached: "),
    ],
    ids=["starting", "too many", "ending", "another program's", "nothing"],
)  # fmt: skip
def test_a_server_that_takes_nobody_is_told_from_one_that_is_not_there(
    ch: Run, monkeypatch: pytest.MonkeyPatch, message: bytes, code: int, said: str
) -> None:
    with answering(message) as port:
        monkeypatch.setenv("CHANNELCTL_DB", f"postgresql://wang:{PASSWORD}@127.0.0.1:{port}/channel")
        result = ch("status")
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(f"{ERROR}postgresql://wang@127.0.0.1:{port}/channel {said}")
    assert PASSWORD not in result.err


# A server that is there


@pytest.fixture(scope="module")
def guarded() -> Iterator[servers.Server]:
    """A server that asks for a password, and has few places."""
    if servers.binaries("system") is None:
        pytest.skip("no PostgreSQL of the distribution is installed")
    server = servers.Server("system", login="scram-sha-256", max_connections="6", superuser_reserved_connections="0")
    with connected(_owner(server)) as connection:
        connection.execute(f"CREATE ROLE wang LOGIN PASSWORD '{PASSWORD}'")
    yield server
    server.remove()


def _owner(server: servers.Server, name: str = "postgres") -> str:
    from urllib.parse import quote

    return server.address.url(name, password=quote(servers.PASSWORD))


@pytest.mark.parametrize(
    ("login", "name", "code", "said"),
    [
        ("wang:falsch", "postgres", 4, 'refused the login: password authentication failed for user "wang"\nCheck the '),
        ("nobody:geheim", "postgres", 4, 'refused the login: password authentication failed for user "nobody"\n'),
        ("wang", "postgres", 4, "refused the login: "),
        ("wang:geheim", "nothing", 4, "there is no database at "),
    ],
    ids=["wrong password", "wrong user", "no password", "wrong database"],
)
def test_who_is_not_let_in_is_told_why(
    ch: Run, guarded: servers.Server, monkeypatch: pytest.MonkeyPatch, login: str, name: str, code: int, said: str
) -> None:
    address = guarded.address
    monkeypatch.setenv("CHANNELCTL_DB", f"postgresql://{login}@{address.host}:{address.port}/{name}")
    for words in (["status"], ["customer", "add", "甲"]):
        result = ch(*words)
        assert (result.code, result.out) == (code, "")
        assert said in result.err
        assert not {"falsch", PASSWORD} & set(re.split(r"\W", result.err))


def test_who_may_make_no_database_is_told_so(ch: Run, guarded: servers.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    url = guarded.address.url("new", user="wang", password=PASSWORD)
    monkeypatch.setenv("CHANNELCTL_DB", url)
    result = ch("init")
    assert (result.code, result.out) == (3, "")
    assert "this login may not do that: permission denied to create database" in result.err
    assert PASSWORD not in result.err


def test_no_place_left_is_said_and_a_place_that_comes_is_taken(
    ch: Run, guarded: servers.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", _owner(guarded, "many"))
    assert ch("init").code == 0
    with ExitStack() as taken:
        for _place in range(6):
            taken.enter_context(connected(_owner(guarded)))
        result = ch("status")
        assert (result.code, result.out) == (75, "")
        assert "takes no connection now: sorry, too many clients already\nTry again in a moment.\n" in result.err
        threading.Timer(0.5, taken.pop_all().close).start()
        assert ch("status").code == 0


def test_too_few_locks_are_said(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    server = servers.Server("embedded", max_connections="10", max_locks_per_transaction="10")
    try:
        monkeypatch.setenv("CHANNELCTL_DB", url := server.address.url("few"))
        done = ch("init")
        assert (done.code, done.out) == (3, "")
        assert done.err == (
            f"{ERROR}{url} has too few locks or too little memory for this (out of shared memory);"
            " nothing was changed\n"
            "Each month of sales takes some: have max_locks_per_transaction raised (256) and the server restarted.\n"
        )
        assert rows(url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [(0,)]
    finally:
        server.remove()


@pytest.fixture
def filled(ch: Run, home: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with a sheet in it, and another sheet to come."""
    monkeypatch.setenv("CHANNELCTL_DB", home)
    assert ch("import", stage.sales(Path("first.csv"), range(200), 1)).code == 0
    stage.sales(Path("second.csv"), range(200, 400), 1)
    return home


def _set(home: str, settings: str) -> None:
    address, _slash, name = home.rpartition("/")
    with connected(f"{address}/postgres") as connection:
        connection.execute(f'ALTER DATABASE "{name}" {settings}')


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        (
            "SET statement_timeout = 1", 75,
            "{url} ended the command: it took longer than the server allows\n"
            "Ask for less, or have the server's statement_timeout raised.\n",
        ),
        (
            "SET default_transaction_read_only = on", 3,
            "{url} may only be read: the server is a copy, or set to read only; nothing was changed\n"
            "Name the server that may be written to: --db postgresql://…\n",
        ),
        (
            "SET idle_in_transaction_session_timeout = 1", 4,
            "the connection to {url} was lost; nothing was changed\nRun it again once the server answers.\n",
        ),
    ],
    ids=["too long", "read only", "idle for too long"],
)  # fmt: skip
def test_what_the_server_does_not_allow_is_said(ch: Run, filled: str, settings: str, code: int, said: str) -> None:
    _set(filled, settings)
    result = ch("import", "second.csv")
    # What keeps a file from being taken stands in the report of the files.
    assert result.code == code
    assert [line for line in said.format(url=filled).splitlines() if line not in result.out + result.err] == []
    _set(filled, "RESET ALL")
    assert rows(filled, "SELECT count(*) FROM sale_line") == [(200,)]
    assert ch("import", "second.csv").code == 0
    assert rows(filled, "SELECT count(*) FROM sale_line") == [(400,)]


@pytest.fixture
def small(system: servers.Server, home: str) -> Iterator[str]:
    """A tablespace with room for a little."""
    import pwd

    if os.geteuid() != 0:
        pytest.skip("only root can make a small file system")
    folder = system.folder / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small file system can be made here: {mounted.stderr.strip()}")
    try:
        owner = pwd.getpwuid((system.folder / "data").stat().st_uid)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        with connected(system.address.url()) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            connection.execute(f'CREATE DATABASE "{home.rpartition("/")[2]}" TABLESPACE small')
            yield home
            connection.execute(f'DROP DATABASE "{home.rpartition("/")[2]}" WITH (FORCE)')
            connection.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_of_the_servers_leaves_what_was_there(ch: Run, small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", small)
    assert ch("import", stage.sales(Path("first.csv"), range(200), 1)).code == 0
    stage.sales(Path("large.csv"), range(200, 20_200), 1)
    result = ch("import", "large.csv")
    said = f"{small} cannot be written, the server's disk is full or its limits are reached; nothing was changed"
    assert (result.code, said in result.out, "Make room there and run it again." in result.out) == (3, True, True)
    assert rows(small, "SELECT count(*) FROM sale_line") == [(200,)]
    assert ch("db", "check").code == 0
