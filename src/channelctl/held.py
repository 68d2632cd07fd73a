"""Logins that a server keeps to a part of a database: who they are, and what they may know of the whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from channelctl import settings
from channelctl.i18n import _, listed
from channelctl.postgres import connection_of

if TYPE_CHECKING:
    import psycopg
    from sqlmodel import Session

_SAID = 5


class Login(NamedTuple):
    """A login that row-level security holds, and the offices that it sees; None for all."""

    name: str
    offices: Sequence[str] | None


def login_of(raw: "psycopg.Connection[Any]") -> Login | None:
    """Who is held on a connection; None for whoever owns the tables."""
    query = """
        SELECT session_user::text, CASE WHEN channelctl_all('read') THEN NULL ELSE ARRAY(
            SELECT name FROM office WHERE id = ANY (channelctl_offices('read')) ORDER BY code) END
    """
    active = raw.execute("SELECT row_security_active('batch')").fetchone()
    found = raw.execute(query).fetchone() if active and active[0] else None
    raw.rollback()
    return Login(*found) if found else None


def enter(raw: "psycopg.Connection[Any]") -> None:
    """Keep who is held on a connection, and have said what a login that sees a part does see."""
    login = login_of(raw)
    settings.current.login, settings.current.seen = login.name if login else "", None
    settings.current.owner = "" if login else raw.info.user
    if login is None or login.offices is None:
        return
    names = listed(login.offices[:_SAID]) + (" …" if len(login.offices) > _SAID else "") or _("no office")
    remark = _("{user} sees {offices} only").format(user=login.name, offices=names)
    settings.current.seen = settings.Seen(names, remark)
    if remark not in settings.current.remarks:
        settings.current.remarks.append(remark)


def is_held() -> bool:
    """Whether the session in use is a login's that row-level security holds."""
    return bool(settings.current.login)


def may_everywhere(opened: "Session", deed: str) -> bool:
    """Whether whoever uses a session may read, write or approve everywhere."""
    return not is_held() or bool(_value(opened, "SELECT channelctl_all(%s)", deed))


def offices(opened: "Session") -> set[int] | None:
    """The offices for which a login may write or approve; None for all."""
    if may_everywhere(opened, "write") or may_everywhere(opened, "approve"):
        return None
    return set(_value(opened, "SELECT channelctl_offices('write') || channelctl_offices('approve')"))


def seen(opened: "Session") -> dict[int, str] | None:
    """The offices that a login sees, by number: their codes; None for all."""
    if may_everywhere(opened, "read"):
        return None
    query = "SELECT id, code FROM office WHERE id = ANY (channelctl_offices('read')) ORDER BY code"
    return dict(connection_of(opened).execute(query).fetchall())


def in_unseen_pools(opened: "Session", day: str) -> set[int]:
    """The customers of a login's own offices that share a limit, on a day, with customers that it does not see."""
    if may_everywhere(opened, "read"):
        return set()
    return {row[0] for row in connection_of(opened).execute("SELECT channelctl_pools(%s)", (day,))}


def is_taken(opened: "Session", kind: str, code: str) -> bool:
    """Whether a record has a code that this login does not see."""
    return bool(_value(opened, "SELECT count(*) FROM channelctl_taken(%s, ARRAY[%s])", kind, code))


def last_number(opened: "Session", kind: str, start: str) -> int:
    """The last number behind a beginning that records of a kind have or had, where not all of them are seen; else 0."""
    return int(_value(opened, "SELECT channelctl_last_number(%s, %s)", kind, start)) if is_held() else 0


def left(opened: "Session", batch: int) -> int:
    """How many rows a batch of one's own still has, also where one does not see them."""
    return int(_value(opened, "SELECT channelctl_left(%s)", batch)) if is_held() else 0


def _value(opened: "Session", query: str, *values: object) -> Any:
    row = connection_of(opened).execute(query, values).fetchone()
    assert row is not None  # noqa: S101
    return row[0]
