"""A server of the distribution's own PostgreSQL, and databases on it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests import servers
from tests.conftest import Result, Run

As = Callable[..., Result]


@pytest.fixture(scope="session")
def system() -> Iterator[servers.Server]:
    """The distribution's PostgreSQL, or a skip where it is not installed."""
    if servers.binaries("system") is None:
        pytest.skip("no PostgreSQL of the distribution is installed")
    server = servers.Server("system")
    yield server
    server.remove()


@pytest.fixture
def url(system: servers.Server, model: str) -> Iterator[str]:
    """A copy, for its owner, of the database that a module calls `model`."""
    with connected(system.address.url()) as owner:
        owner.execute(f'CREATE DATABASE own TEMPLATE "{model}" STRATEGY file_copy')
        yield system.address.url("own")
        owner.execute("DROP DATABASE own WITH (FORCE)")


@pytest.fixture
def by(url: str, system: servers.Server, ch: Run, monkeypatch: pytest.MonkeyPatch) -> As:
    """A command of somebody's login: by("wang", "customer", "list")."""

    def run(user: str, *words: object) -> Result:
        monkeypatch.setenv("CHANNELCTL_DB", url if user == "boss" else system.address.url("own", user))
        return ch(*words)

    monkeypatch.setenv("CHANNELCTL_USER", "boss")
    return run


@pytest.fixture
def home(system: servers.Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database of the test's own that is not there yet."""
    name = f"own_{abs(hash(request.node.nodeid)):x}"
    yield system.address.url(name)
    with suppress(servers_error()), connected(system.address.url()) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def codes(result: Result) -> list[str]:
    """Those of the records that a list shows."""
    assert result.code == 0, result.err
    return [row["code"] for row in result.data["rows"]]


def contents(url: str) -> list[object]:
    """How many rows each table has, and the customers and offices as they are."""
    named = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition ORDER BY 1"
    )
    with connected(url) as owner:
        names = [name for (name,) in owner.execute(named)]
        counts = [(name, owner.execute(f'SELECT count(*) FROM "{name}"').fetchone()) for name in names]
        whole = [owner.execute(f"SELECT * FROM {name} ORDER BY id").fetchall() for name in ("customer", "office")]
    return [*counts, *whole]


def servers_error() -> type[Exception]:
    """What the driver raises."""
    import psycopg

    return psycopg.Error


def connected(url: str) -> Any:
    """A connection of the driver's own, each statement by itself."""
    import psycopg

    return psycopg.connect(url, autocommit=True)


def rows(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What a query gives."""
    with connected(url) as connection:
        found: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
        return found
