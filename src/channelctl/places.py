"""Where the database is: a file, or a database on a server."""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from channelctl import settings, shares
from channelctl.errors import DatabaseError, UsageError
from channelctl.i18n import _

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_NO_URL = re.compile(r"postgres(ql)?(\+\w+)?:(?!//)")
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")
_SECRET = ("password", "sslpassword")
_KEPT = ("host", "hostaddr", "port", "dbname", "user", "service")


class Server(NamedTuple):
    """A database on a server, by the URL that names it; as text without its password."""

    url: str

    def __str__(self) -> str:
        return _masked(self.url)

    @property
    def name(self) -> str:
        """The database's own name there."""
        return unquote(urlsplit(self.url).path.lstrip("/")) or self.asked.get("dbname", "")

    @property
    def asked(self) -> dict[str, str]:
        """What the URL asks of the connection: TLS, a service, a folder of sockets."""
        return dict(_asked(self.url))

    def other(self, name: str) -> "Server":
        """Another database of the same server."""
        parts = urlsplit(self.url)
        return Server(parts._replace(path=f"/{quote(name, safe='')}").geturl())


def server(word: str) -> Server | None:
    """What a URL of PostgreSQL names; None for a word of another kind.

    Raises:
        DatabaseError: it cannot be read; what was written is not repeated, it may hold a password.
    """
    scheme, found, rest = word.partition("://")
    if (found and scheme in _SCHEMES and not _is_sound(rest)) or _NO_URL.match(word):
        raise DatabaseError(
            _("the URL of the database cannot be read"),
            _(
                "Write it as postgresql://user@host:5432/name; in a name or password, @ is %40, : is %3A, / is %2F,"
                " ? is %3F, # is %23 and % is %25."
            ),
        )
    return Server(f"postgresql://{rest}") if found and scheme in _SCHEMES else None


def _is_sound(rest: str) -> bool:
    """Whether what follows the scheme can be read in one way only."""
    try:
        parts = urlsplit(f"postgresql://{rest}")
    except ValueError:
        return False
    login, _at, hosts = parts.netloc.rpartition("@")
    ports = [host.rpartition("]")[2].partition(":")[2] for host in hosts.split(",")]
    return (
        not _BROKEN.search(rest)
        and "#" not in rest
        and "@" not in login + parts.path
        and login.count(":") <= 1
        and all(port == "" or port.isdecimal() for port in ports)
        and all("=" in one for one in parts.query.split("&") if one)
    )


def is_url(word: str) -> bool:
    """Whether a word is meant to name a database on a server."""
    return word.partition("://")[0] in _SCHEMES and "://" in word


def secrets(words: Iterable[str]) -> list[str]:
    """The passwords in the URLs among some words, as they are written and as they are meant."""
    found: set[str] = set()
    for word in words:
        scheme, _colon, rest = word.partition(":")
        if scheme not in _SCHEMES:
            continue
        rest = rest.removeprefix("//")
        if _is_sound(rest):
            whole = f"postgresql://{rest}"
            found |= {urlsplit(whole).password or "", *(value for name, value in _asked(whole) if name in _SECRET)}
        else:
            # All between a name and the host: nobody can tell where a password ends in it.
            found.add(rest.rpartition("@")[0].partition(":")[2])
    return sorted({text for one in found if one for text in (one, unquote(one))}, key=len, reverse=True)


def _asked(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def _masked(url: str) -> str:
    try:
        parts = urlsplit(url)
        user, host = parts.username, parts.netloc.rpartition("@")[2]
    except ValueError:
        return "postgresql://…"
    query = "&".join(f"{name}={value}" for name, value in _asked(url) if name in _KEPT)
    return f"postgresql://{user + '@' if user else ''}{host}{parts.path}{'?' + query if query else ''}"


Place = Path | Server


def place() -> Place:
    """The database in use: --db, CHANNELCTL_DB, else the file channel.db in the user's data folder."""
    chosen = settings.current.database or os.environ.get("CHANNELCTL_DB", "").strip()
    if not chosen:
        return data_folder() / "channel.db"
    return place_of(chosen)


def place_of(chosen: str) -> Place:
    """What a path or a URL names.

    Raises:
        DatabaseError: it is a URL of another kind.
    """
    if chosen.startswith("sqlite:///"):
        return Path(chosen.removeprefix("sqlite:///"))
    named = server(chosen)
    if named is not None:
        return named
    if "://" in chosen:
        scheme = chosen.partition("://")[0]
        raise DatabaseError(
            _("{scheme} is not an engine this version knows").format(scheme=scheme),
            _("Give the path of a SQLite file, or a URL: --db channel.db or --db postgresql://user@host/name"),
        )
    return Path(chosen)


def path() -> Path:
    """The database in use where it is a file.

    Raises:
        UsageError: it is on a server.
    """
    found = place()
    if isinstance(found, Server):
        raise UsageError(
            _("{path} is no file").format(path=found), _("This works on a database in a file only: --db PATH")
        )
    return found


def data_folder() -> Path:
    """The folder where the system keeps a user's data."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = _home("Library/Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME", "") or _home(".local/share")
    if not base:
        raise DatabaseError(
            _("this system names no folder for your data"), _("Say where the database is: --db PATH or CHANNELCTL_DB.")
        )
    return Path(base) / "channelctl"


def _home(below: str) -> str:
    """A folder below the user's own, "" where the system names none."""
    try:
        return str(Path.home() / below)
    except RuntimeError:
        return ""


def warn_of_share() -> None:
    """Have it said once, when the command is over, that the database is on another machine."""
    warning = share_warning()
    if warning is not None and warning not in settings.current.remarks:
        settings.current.remarks.append(warning)


def share_warning() -> str | None:
    """What to say of a database in a file on another machine."""
    where = place()
    return None if isinstance(where, Server) else shares.warning(where)
