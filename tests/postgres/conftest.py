"""A server of the distribution's own PostgreSQL, and databases on it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests import servers


@pytest.fixture(scope="session")
def system() -> Iterator[servers.Server]:
    """The distribution's PostgreSQL, or a skip where it is not installed."""
    if servers.binaries("system") is None:
        pytest.skip("no PostgreSQL of the distribution is installed")
    server = servers.Server("system")
    yield server
    server.remove()


@pytest.fixture
def home(system: servers.Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database of the test's own that is not there yet."""
    name = f"own_{abs(hash(request.node.nodeid)):x}"
    yield system.address.url(name)
    with suppress(servers_error()), connected(system.address.url()) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


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
