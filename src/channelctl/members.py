"""Members: the logins of a server that have a role in the database, and the offices that it is for."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from channelctl import audit, clock, db, held
from channelctl.columns import Col
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, either, listed
from channelctl.places import Server
from channelctl.postgres import connection_of
from channelctl.records.resolve import lookup

if TYPE_CHECKING:
    import psycopg
    from sqlmodel import Session

ROLES = ("reader", "operator", "approver", "manager")
OWNER = "owner"
Scope = tuple[int | None, int | None]
EVERYWHERE: Scope = (None, None)


def role_text(role: str) -> str:
    """A role as a person reads it."""
    known = {
        "reader": either("只读员", "reader"),
        "operator": either("操作员", "operator"),
        "approver": either("审批员", "approver"),
        "manager": either("经理", "manager"),
        OWNER: either("所有者", "owner"),
    }
    return known.get(role, role)


def scope_text(scope: str) -> str:
    """What a role is for, as a person reads it."""
    return {
        "everywhere": either("全部", "everywhere"),
        "office": either("办事处", "office"),
        "region": either("区域", "region"),
    }.get(scope, scope)


class UserRow(NamedTuple):
    """A role of a login, and where it holds; the owner's is no role that was given."""

    user: Annotated[str, Col("用户", "User")]
    role: Annotated[str, Col("角色", "Role", words=role_text)]
    scope: Annotated[str, Col("范围", "Scope", words=scope_text)]
    office: Annotated[str | None, Col("办事处", "Office")]
    region: Annotated[str | None, Col("区域", "Region")]
    since: Annotated[str | None, Col("起始", "Since", kind="date")]


class Granted(NamedTuple):
    """What became of a grant: whether the login and whether anything else was made."""

    made: bool
    changed: bool


def require_server() -> Server:
    """The server that the database is on.

    Raises:
        UsageError: it is a file.
    """
    where = db.place()
    if not isinstance(where, Server):
        raise UsageError(
            _("{path} is a file, and a file knows no logins: whoever may open it sees all of it").format(path=where),
            _("Roles are for a database on a server: --db postgresql://…"),
        )
    return where


def users() -> list[UserRow]:
    """Whoever owns the database, then every role of every login that the one who asks may know of, by login."""
    require_server()
    owner = "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'batch'::regclass"
    query = """
        SELECT login, role, CASE WHEN member.office_id IS NOT NULL THEN 'office'
            WHEN member.region_id IS NOT NULL THEN 'region' ELSE 'everywhere' END, office.name, region.name, since
        FROM member
        LEFT JOIN office ON office.id = member.office_id LEFT JOIN region ON region.id = member.region_id
        ORDER BY login, role, region.code NULLS FIRST, office.code NULLS FIRST
    """
    with db.session() as session:
        raw = connection_of(session)
        owners = [UserRow(str(name), OWNER, "everywhere", None, None, None) for (name,) in raw.execute(owner)]
        return owners + [UserRow(*row) for row in raw.execute(query)]


def grant(
    role: str, user: str, offices: Sequence[str], regions: Sequence[str], password: Callable[[], str] | None
) -> Granted:
    """Give a login a role, everywhere or for some offices; `password` asks for that of a login that is to be made.

    Raises:
        UsageError: no such role, office, region or login.
        RefusedError: whoever asks does not own the database, or the login does.
    """
    where = require_server()
    if role not in ROLES:
        raise UsageError(_("no role “{role}”").format(role=role), _("There are: {words}").format(words=listed(ROLES)))
    with db.session(write=True) as session:
        raw = _owned(session, where)
        scopes: list[Scope] = [(lookup(session, "office", word), None) for word in offices]
        scopes += [(None, lookup(session, "region", word)) for word in regions]
        made = _require_login(raw, user, where, password)
        changed = _add(raw, user, role, scopes or [EVERYWHERE])
        if not changed and not made:
            session.rollback()
            return Granted(False, False)
        raw.execute("SELECT channelctl_rights(%s)", (user,))
        _log(session, "db grant", user, role=role, offices=list(offices), regions=list(regions))
    return Granted(made, changed)


def revoke(user: str, role: str | None) -> list[str]:
    """Take a role, or all roles, from a login, and with the last one all that it may do; which they were.

    Raises:
        UsageError: it has no such role.
        RefusedError: whoever asks does not own the database.
    """
    where = require_server()
    with db.session(write=True) as session:
        raw = _owned(session, where)
        gone = "DELETE FROM member WHERE login = %s AND role = coalesce(%s, role) RETURNING role"
        taken = sorted({row[0] for row in raw.execute(gone, (user, role))})
        if not taken:
            raise UsageError(
                _("{user} has no such role in {path}").format(user=user, path=where),
                _("channelctl db users shows who has which."),
            )
        if raw.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (user,)).fetchone():
            raw.execute("SELECT channelctl_rights(%s)", (user,))
        _log(session, "db revoke", user, roles=taken)
    return taken


def _owned(session: "Session", where: Server) -> "psycopg.Connection[Any]":
    """The connection of whoever owns the database."""
    if held.is_held():
        raise RefusedError(
            _("{user} does not own {path}").format(user=audit.user(), path=where),
            _("Roles are given and taken by whoever made the database, or by a superuser of the server."),
        )
    return connection_of(session)


def _require_login(
    raw: "psycopg.Connection[Any]", user: str, where: Server, password: Callable[[], str] | None
) -> bool:
    """See to it that there is a login that can be held; True if it was made."""
    query = """
        SELECT rolcanlogin, rolsuper OR rolbypassrls OR pg_has_role(oid, (
            SELECT relowner FROM pg_class WHERE oid = 'batch'::regclass), 'MEMBER')
        FROM pg_roles WHERE rolname = %s
    """
    found = raw.execute(query, (user,)).fetchone()
    if found is None:
        if password is None:
            raise UsageError(
                _("the server of {path} has no login “{user}”").format(path=where, user=user),
                _("--create makes it, with a password that is asked for."),
            )
        _create(raw, user, password())
        return True
    if not found[0]:
        raise RefusedError(_("{user} is no login, but a group").format(user=user), _("Name a login of its own."))
    if found[1]:
        raise RefusedError(
            _("{user} owns the database or all of the server, and is held by no role").format(user=user),
            _("Name a login of its own for every person."),
        )
    return False


def _create(raw: "psycopg.Connection[Any]", user: str, password: str) -> None:
    """Make a login; what is sent of its password is only what checks it, made on this side."""
    from psycopg import sql

    secret = raw.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256").decode()
    raw.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(user), sql.Literal(secret)))


def _add(raw: "psycopg.Connection[Any]", user: str, role: str, scopes: Sequence[Scope]) -> bool:
    """Add what a role is not for yet; whether anything was. A role for everywhere is for every office, too."""
    have = {tuple(row) for row in raw.execute(_SCOPES, (user, role))}
    if EVERYWHERE in have:
        return False
    new = [one for one in dict.fromkeys(scopes) if one not in have]
    if EVERYWHERE in new:
        raw.execute("DELETE FROM member WHERE login = %s AND role = %s", (user, role))
    for office, region in new:
        raw.execute(
            "INSERT INTO member (login, role, office_id, region_id, since) VALUES (%s, %s, %s, %s, %s)",
            (user, role, office, region, clock.today().isoformat()),
        )
    return bool(new)


_SCOPES = "SELECT office_id, region_id FROM member WHERE login = %s AND role = %s"


def _log(session: "Session", command: str, user: str, **said: object) -> None:
    told = {"user": user, **{name: value for name, value in said.items() if value}}
    audit.open_batch(session, command, settings=json.dumps(told, ensure_ascii=False, sort_keys=True))


@contextmanager
def kept(raw: "psycopg.Connection[Any]") -> Iterator[None]:
    """Have roles hold for the offices of the same codes, whatever takes the place of all that is in a database."""
    query = """
        SELECT member.id, office.code, region.code FROM member
        LEFT JOIN office ON office.id = member.office_id LEFT JOIN region ON region.id = member.region_id
        WHERE member.office_id IS NOT NULL OR member.region_id IS NOT NULL
    """
    known = raw.execute(query).fetchall()
    yield
    for number, office, region in known:
        table, code = ("office", office) if office is not None else ("region", region)
        row = raw.execute(f"SELECT id FROM {table} WHERE code = %s", (code,)).fetchone()  # noqa: S608  our own names
        if row is None:
            raw.execute("DELETE FROM member WHERE id = %s", (number,))
        else:
            raw.execute(f"UPDATE member SET {table}_id = %s WHERE id = %s", (row[0], number))  # noqa: S608  our own names
