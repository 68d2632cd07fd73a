"""Where passwords come from, and that they stand in no message, log, list of processes or database."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from channelctl import cli, places, postgres, settings
from channelctl.errors import DatabaseError
from tests import servers
from tests.conftest import Run
from tests.postgres.conftest import connected
from tests.processes import environment

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = pytest.mark.sqlite("has a server of its own")

SECRET = "Qs7 %x/y@z"
QUOTED = "Qs7%20%25x%2Fy%40z"
REMARK = (
    "the password in that URL can be seen by others on this machine, and stays in the shell's history: keep it in"
    " PGPASSFILE (~/.pgpass), a service file or the keyring\n"
)


@pytest.fixture(scope="module")
def locked() -> Iterator[servers.Server]:
    """A server that asks for passwords."""
    if servers.binaries("system") is None:
        pytest.skip("no PostgreSQL of the distribution is installed")
    server = servers.Server("system", login="scram-sha-256")
    with owner(server) as connection:
        connection.execute("CREATE ROLE keeper LOGIN CREATEROLE CREATEDB")
        connection.execute(f"ALTER ROLE keeper PASSWORD '{SECRET}'")
        connection.execute("CREATE DATABASE channel OWNER keeper TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    yield server
    server.remove()


def owner(server: servers.Server) -> Any:
    address = server.address
    return psycopg.connect(
        host=address.host,
        port=address.port,
        dbname="postgres",
        user=servers.OWNER,
        password=servers.PASSWORD,
        autocommit=True,
    )


@pytest.fixture
def plain(locked: servers.Server, ch: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a database of ours without its password, which is used by nothing else here."""
    for name in ("PGPASSWORD", "PGPASSFILE", "PGSERVICEFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(Path.cwd()))
    monkeypatch.setitem(sys.modules, "keyring", None)
    url = locked.address.url("channel", "keeper")
    with monkeypatch.context() as once:
        once.setenv("PGPASSWORD", SECRET)
        assert ch("--db", url, "init").code == 0
    monkeypatch.setenv("CHANNELCTL_DB", url)
    return url


def test_without_a_password_it_is_said_where_to_keep_one(plain: str, ch: Run) -> None:
    done = ch("office", "list")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(f"channelctl: error: {plain} refused the login: ")
    assert done.err.endswith(
        "Check the login and its password, which PGPASSFILE (~/.pgpass), a service file or the keyring keeps;"
        " docs/server.md tells how.\n"
    )


def test_a_password_comes_from_where_libpq_takes_it(
    plain: str, locked: servers.Server, ch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    escaped = SECRET.replace("\\", "\\\\").replace(":", "\\:")
    Path("pass").write_text(f"{locked.address.host}:{locked.address.port}:*:keeper:{escaped}\n", encoding="utf-8")
    Path("pass").chmod(0o600)
    Path("services").write_text(
        f"[shop]\nhost={locked.address.host}\nport={locked.address.port}\ndbname=channel\nuser=keeper\n"
        f"password={SECRET}\n",
        encoding="utf-8",
    )
    for name, value, url in (
        ("PGPASSWORD", SECRET, plain),
        ("PGPASSFILE", str(Path("pass").absolute()), plain),
        ("PGSERVICEFILE", str(Path("services").absolute()), "postgresql:///?service=shop"),
    ):
        with monkeypatch.context() as once:
            once.setenv(name, value)
            once.setenv("CHANNELCTL_DB", url)
            done = ch("office", "list", "--format", "csv")
            assert (done.code, done.err) == (0, ""), name


def test_a_password_comes_from_the_keyring(plain: str, ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Ring(ModuleType):
        def get_password(self, service: str, name: str) -> str | None:
            asked.append((service, name))
            return SECRET

    monkeypatch.setitem(sys.modules, "keyring", Ring("keyring"))
    assert ch("office", "list").code == 0
    assert asked == [("channelctl", plain)]


def test_a_wrong_password_is_refused_and_not_repeated(plain: str, ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "not that one")
    done = ch("office", "list")
    assert done.code == 4
    assert "refused the login: password authentication failed" in done.err
    assert "not that one" not in done.err


def test_a_password_on_the_command_line_works_and_is_remarked_upon_once(plain: str, ch: Run) -> None:
    url = plain.replace("keeper@", f"keeper:{QUOTED}@")
    done = ch("--db", url, "office", "list", "--format", "csv")
    assert (done.code, done.err) == (0, REMARK)
    assert ch("--db", url, "db", "path").out == f"{plain}\n"


def test_a_password_in_the_environment_is_not_remarked_upon(
    plain: str, ch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", plain.replace("keeper@", f"keeper:{QUOTED}@"))
    assert ch("office", "list", "--format", "csv").err == ""
    assert ch("db", "path").out == f"{plain}\n"


def test_a_new_logins_password_leaves_as_what_checks_it_only(
    plain: str, locked: servers.Server, ch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with owner(locked) as server:
        server.execute("ALTER SYSTEM SET log_statement = 'all'")
        server.execute("SELECT pg_reload_conf()")
    monkeypatch.setattr(sys, "stdin", io.StringIO("Wang's own word\nand more\n"))
    done = ch("db", "grant", "--role", "reader", "--user", "wang", "--create")
    assert (done.code, done.out) == (0, "new login: wang\nwang: reader, everywhere\n"), done.err
    with owner(locked) as server:
        kept = server.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'wang'").fetchone()[0]
    assert kept.startswith("SCRAM-SHA-256$")
    assert "Wang's own word" not in locked.log() + done.out + done.err
    assert "SCRAM-SHA-256$" in locked.log()
    monkeypatch.setenv("PGPASSWORD", "Wang's own word")
    monkeypatch.setenv("CHANNELCTL_DB", locked.address.url("channel", "wang"))
    assert ch("office", "list").code == 0


def test_a_login_that_is_there_keeps_its_password(
    plain: str, locked: servers.Server, ch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with owner(locked) as server:
        server.execute("CREATE ROLE hu LOGIN PASSWORD 'first'")
        kept = server.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'hu'").fetchone()
    monkeypatch.setattr(sys, "stdin", io.StringIO("second\n"))
    done = ch("db", "grant", "--role", "reader", "--user", "hu", "--create")
    assert (done.code, done.out) == (0, "hu was there already and keeps its password\nhu: reader, everywhere\n"), (
        done.err
    )
    with owner(locked) as server:
        assert server.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'hu'").fetchone() == kept


@pytest.mark.parametrize(("typed", "said"), [("", "a login needs a password"), ("\nx\n", "a login needs a password")])
def test_a_login_without_a_password_is_not_made(
    plain: str, locked: servers.Server, ch: Run, monkeypatch: pytest.MonkeyPatch, typed: str, said: str
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    done = ch("db", "grant", "--role", "reader", "--user", "nobody", "--create")
    assert done.code == 2
    assert said in done.err
    with owner(locked) as server:
        assert server.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'nobody'").fetchone() == (0,)


def test_whoever_may_not_make_logins_is_told_so(
    plain: str, locked: servers.Server, ch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with owner(locked) as server:
        server.execute("ALTER ROLE keeper NOCREATEROLE")
    monkeypatch.setattr(sys, "stdin", io.StringIO("word\n"))
    done = ch("db", "grant", "--role", "reader", "--user", "another", "--create")
    with owner(locked) as server:
        server.execute("ALTER ROLE keeper CREATEROLE")
    assert (done.code, done.out) == (3, "")
    assert "permission denied to create role" in done.err


def test_the_servers_list_of_connections_names_the_command_and_no_option(
    plain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setattr(settings, "current", settings.Settings())
    cli._settle([f"--db=postgresql://u:{QUOTED}@h/x", "import", f"--db=postgresql://u:{QUOTED}@h/x", "a.csv"])
    with postgres.connect(places.Server(plain), write=False) as connection:
        found = connection.execute("SELECT current_setting('application_name')").fetchone()
    assert found == ("channelctl import",)


BROKEN = [
    "postgresql://u:Secret%zz@localhost:59/x",
    "postgresql://u:Secret%00@localhost:59/x",
    "postgresql://u:Secret@[::1/x",
    "postgresql://u:Secret@localhost:5x9/x",
    "postgresql://u:Secr@Secret@localhost:59/x",
    "postgresql://u:Se/Secret@localhost:59/x",
    "postgresql://u:Se#Secret@localhost:59/x",
    "postgresql://u:Se?Secret@localhost:59/x",
    "postgresql://u:Se:Secret@localhost:59/x",
    "postgresql://u:59/Secret@localhost:59/x",
    "postgresql://localhost:59/x?Secret",
    "postgresql:u:Secret@localhost/x",
]


@pytest.mark.parametrize("url", BROKEN)
@pytest.mark.parametrize("words", [("status",), ("db", "path"), ("--debug", "init")])
def test_a_url_that_cannot_be_read_is_not_repeated(ch: Run, url: str, words: tuple[str, ...]) -> None:
    done = ch("--db", url, *words)
    assert (done.code, done.out) == (4, "")
    assert "Secret" not in done.err
    assert done.err.splitlines()[0] == "channelctl: error: the URL of the database cannot be read"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://",
        "postgresql:///channel",
        "postgresql://h",
        "postgresql://h/x",
        "postgresql://u@h:5432/x",
        "postgresql://u:p%40@h/x",
        "postgresql://u@[::1]:5432/x",
        "postgresql://u@a:1,b:2/x?target_session_attrs=read-write",
        "postgresql:///x?host=/var/run&user=a@b",
        "postgresql://u@h/x?sslmode=verify-full&sslrootcert=%2Fetc%2Froot.crt",
        "postgres://u@h/x",
        "postgresql+psycopg://u@h/x",
    ],
)
def test_urls_of_all_usual_forms_are_read(url: str) -> None:
    found = places.server(url)
    assert found is not None
    assert found.url.partition("://")[2] == url.partition("://")[2]


@pytest.mark.parametrize("url", [url for url in BROKEN if "Secret" in url])
def test_no_broken_url_is_a_server(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        places.server(url)
    assert "Secret" not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-command", "{url}"),
        ("{url}",),
        ("import", "{url}"),
        ("--dbb", "{url}", "status"),
        ("--db={url}", "status"),
        ("db", "copy", "{url}", "here.db"),
        ("db", "copy", "here.db", "{url}"),
        ("--debug", "--db", "{url}", "status"),
        ("--db", "{url}", "db", "grant", "--role", "reader", "--user", "x"),
    ],
)
def test_no_message_repeats_a_password(ch: Run, words: tuple[str, ...]) -> None:
    url = f"postgresql://u:{QUOTED}@127.0.0.1:1/x?password={QUOTED}"
    done = ch(*(word.format(url=url) for word in words))
    assert done.code not in (0, 70)
    assert QUOTED not in done.out + done.err
    assert SECRET not in done.out + done.err


def test_no_log_of_a_bug_holds_a_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"postgresql://u:{QUOTED}@127.0.0.1:1/x"

    def fails(words: object) -> int:
        raise RuntimeError(f"cannot do it with {url}, that is {SECRET}")

    monkeypatch.setattr(cli, "command", fails)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for words in (["--db", url, "status"], ["--debug", "--db", url, "status"]):
        assert cli.run(words) == 70
        logs = list(tmp_path.glob("channelctl-bug-*.log"))
        said = capsys.readouterr().err + "".join(log.read_text("utf-8") for log in logs)
        assert "cannot do it with postgresql://u:…@127.0.0.1:1/x, that is …" in said
        assert QUOTED not in said
        assert SECRET not in said
        for log in logs:
            log.unlink()


@pytest.fixture(scope="module")
def secured(locked: servers.Server) -> servers.Server:
    """The server with a certificate that it signed itself, for localhost."""
    folder = locked.folder
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost"
        " -addext subjectAltName=DNS:localhost -keyout server.key -out server.crt"
    )
    other = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=other -keyout other.key -out other.crt"
    try:
        for line in (command, other):
            subprocess.run(line.split(), cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    for name in ("server.key", "server.crt", "other.crt"):
        path = folder / name
        path.chmod(0o600 if name.endswith("key") else 0o644)
        owned = folder.stat()
        os.chown(path, owned.st_uid, owned.st_gid)
    with owner(locked) as server:
        server.execute(f"ALTER SYSTEM SET ssl_cert_file = '{folder}/server.crt'")
        server.execute(f"ALTER SYSTEM SET ssl_key_file = '{folder}/server.key'")
        server.execute("ALTER SYSTEM SET ssl = on")
    locked.restart()
    return locked


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ("sslmode=verify-full&sslrootcert={folder}/server.crt", 0, ""),
        ("sslmode=verify-full&sslrootcert={folder}/server.crt&channel_binding=require", 0, ""),
        ("sslmode=require", 0, ""),
        ("sslmode=verify-full&sslrootcert={folder}/other.crt", 4, "certificate verify failed"),
        ("sslmode=verify-full&sslrootcert={folder}/none.crt", 4, "does not exist"),
        ("sslmode=disable&channel_binding=require", 4, "channel binding"),
    ],
)
def test_tls_is_as_the_url_says(
    secured: servers.Server, plain: str, ch: Run, monkeypatch: pytest.MonkeyPatch, asked: str, code: int, said: str
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    url = f"{plain.replace('127.0.0.1', 'localhost')}?hostaddr=127.0.0.1&{asked.format(folder=secured.folder)}"
    done = ch("--db", url, "office", "list", "--format", "csv")
    assert done.code == code, done.err
    assert said in done.err


def test_the_connection_is_encrypted(secured: servers.Server, plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    with postgres.connect(places.Server(f"{plain}?sslmode=require"), write=False) as connection:
        assert connection.execute(query).fetchone() == (True,)


def test_a_certificate_for_another_name_is_refused(
    secured: servers.Server, plain: str, ch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    done = ch("--db", f"{plain}?sslmode=verify-full&sslrootcert={secured.folder}/server.crt", "office", "list")
    assert done.code == 4
    assert "cannot be reached" in done.err
    assert "does not match host name" in done.err


def test_a_terminal_is_asked_twice_and_shows_nothing(plain: str, locked: servers.Server) -> None:
    import pty

    words = [sys.executable, "-m", "channelctl", "--db", plain, "db", "grant", "--role", "reader", "--user", "typed"]
    given = {**environment(), "PGPASSWORD": SECRET, "CHANNELCTL_USER": "boss"}
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(words[0], [*words, "--create"], given)
    said = b""
    for answer in (b"one word\n", b"one word\n"):
        while not said.endswith(b": "):
            said += os.read(terminal, 1024)
        os.write(terminal, answer)
        said += b"\n"
    try:
        while chunk := os.read(terminal, 1024):
            said += chunk
    except OSError:
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, said
    assert b"one word" not in said
    assert b"Password of typed: " in said
    assert b"Once more: " in said
    assert b"typed: reader, everywhere" in said
    with connected(locked.address.url("channel", "typed", "one%20word")) as own:
        assert own.execute("SELECT session_user::text").fetchone() == ("typed",)
