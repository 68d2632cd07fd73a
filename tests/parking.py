"""Connections to a server, kept from one command to the next: to open one takes longer than most commands.

The program opens its own for each session and closes it. Here that is parked under its URL, and the next session on
that database gets it back as if it were new.
"""

from contextlib import suppress
from typing import Any
from weakref import WeakSet

from channelctl import making_server, postgres
from channelctl.places import Server, server

_parked: dict[str, list[Any]] = {}
# From these databases are made and taken away, which nobody may be connected with: meanwhile nothing is parked.
_homes: "WeakSet[Any]" = WeakSet()


def park() -> None:
    """Have what the program opens and closes from now on be parked."""
    opened = postgres._open

    def open_(psycopg: Any, where: Server) -> Any:
        if where.name in making_server.HOMES:
            let_go()
            found = opened(psycopg, where)
            _homes.add(found)
            return found
        found = _taken(psycopg, where.url) or opened(psycopg, where)
        found.close = lambda: _close(psycopg, where.url, found)
        return found

    postgres._open = open_


def connection(url: str) -> Any:
    """A connection of a test's own."""
    where = server(url)
    assert where is not None
    return postgres._open(postgres.driver(), where)


def let_go() -> None:
    """Close all that is parked."""
    for raw in [raw for kept in _parked.values() for raw in kept]:
        raw.finish()
    _parked.clear()


def _taken(psycopg: Any, url: str) -> Any:
    """A parked connection as good as new; None where there is none."""
    while _parked.get(url):
        found = psycopg.Connection(_parked[url].pop())
        try:
            found.autocommit = True
            found.execute("DISCARD ALL")
            found.execute("SELECT set_config('application_name', %s, false)", (postgres._application(),))
            found.autocommit = False
        except psycopg.Error:
            found.close()
        else:
            return found
    return None


def _close(psycopg: Any, url: str, found: Any) -> None:
    """Park what nothing is under way on; the one who had it finds it closed."""
    raw, status = found.pgconn, psycopg.pq.TransactionStatus
    if raw.transaction_status in (status.INTRANS, status.INERROR):
        with suppress(psycopg.Error):
            found.rollback()
    if raw.transaction_status == status.IDLE and all(home.closed for home in _homes):
        found.pgconn = psycopg.pq.PGconn()
        _parked.setdefault(url, []).append(raw)
    else:
        type(found).close(found)
