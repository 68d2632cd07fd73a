"""What PostgreSQL and its driver report, as errors that say what to do."""

import re
from contextlib import suppress
from typing import Any

from channelctl import postgres, settings
from channelctl.errors import BusyError, ChannelctlError, DatabaseError, RefusedError
from channelctl.i18n import _
from channelctl.places import Server
from channelctl.reported import damaged

_LOST = ("57P01", "57P02", "57P05", "25P03", "08")
_LOGIN = ("28000", "28P01")
_FULL = ("53100", "53400", "54")
_TURN = ("40001", "40P01")
_COMING = ("57P03", "53300")
# A table, column, function or rule is missing, or is there twice.
_DEFINED = ("42P01", "42P07", "42701", "42703", "42704", "42710", "42723", "42883")
_APPROVED = (
    "credit_decision", "credit_limit", "credit_release", "credit_writeoff", "plan_version", "rebate_settled",
    "rebate_settlement", "score_close", "score_closed",
)  # fmt: skip


def said(error: BaseException, where: Server, write: bool = False) -> ChannelctlError | None:
    """What the server reported, as an error that says what to do; None for what only a mistake of ours brings about."""
    error = getattr(error, "orig", None) or error
    state = getattr(error, "sqlstate", None) or ""
    if not state and _is_of_the_connection(error):
        return _unreachable(error, where) if not _was_open(error) else lost(where, write)
    if state == "55P03":
        return BusyError(
            _("{path} is being written by {who}").format(path=where, who=_holder(where)),
            _("Try again, or wait longer: --wait SECONDS"),
        )
    if state in _TURN:
        return BusyError(_("{path} is being written by somebody else").format(path=where), _("Run it again."))
    if state in _COMING:
        return _not_now(where, error)
    if state.startswith(_LOST):
        return lost(where, write)
    if state in _LOGIN:
        return _login(error, where)
    if state == "3D000":
        return missing(where)
    if state == "42501":
        return denied(error, where)
    if state in ("23503", "23505") and settings.current.login:
        return _unseen(where, state == "23503")
    if state == "25006":
        return RefusedError(
            _("{path} may only be read: the server is a copy, or set to read only; nothing was changed").format(
                path=where
            ),
            _("Name the server that may be written to: --db postgresql://…"),
        )
    if state.startswith(_FULL):
        return RefusedError(
            _(
                "{path} cannot be written, the server's disk is full or its limits are reached; nothing was changed"
            ).format(path=where),
            _("Make room there and run it again."),
        )
    if state == "53200":
        text = _("{path} has too few locks or too little memory for this ({reason}); nothing was changed")
        return RefusedError(
            text.format(path=where, reason=_first_line(error)),
            _("Each month of sales takes some: have max_locks_per_transaction raised (256) and the server restarted."),
        )
    if state == "57014":
        return BusyError(
            _("{path} ended the command: it took longer than the server allows").format(path=where),
            _("Ask for less, or have the server's statement_timeout raised."),
        )
    if state in _DEFINED:
        return damaged(where, _first_line(error))
    if state.startswith(("XX", "58")):
        return damaged(where, _first_line(error))
    return None


def is_lost(error: BaseException) -> bool:
    """Whether the connection broke."""
    error = getattr(error, "orig", None) or error
    state = getattr(error, "sqlstate", None) or ""
    return state.startswith(_LOST) if state else _is_of_the_connection(error)


def is_missing(error: BaseException, where: Server) -> bool:
    """Whether the server has no such database."""
    return str(said(error, where)) == str(missing(where))


def missing(where: Server) -> DatabaseError:
    """There is no such database on the server, or nothing in it yet."""
    return DatabaseError(
        _("there is no database at {path}").format(path=where),
        _("channelctl import FILE or channelctl init makes one; --db PATH names another."),
    )


def foreign(where: Server) -> DatabaseError:
    """Another program's database."""
    return DatabaseError(
        _("{path} is not a channelctl database; it was left as it is").format(path=where),
        _("Name another one: --db PATH"),
    )


def lost(where: Server, write: bool) -> DatabaseError:
    """The connection broke in the middle of a command."""
    text = (
        _("the connection to {path} was lost; nothing was changed") if write else _("the connection to {path} was lost")
    )
    return DatabaseError(text.format(path=where), _("Run it again once the server answers."))


def unknown_end(where: Server) -> DatabaseError:
    """The connection broke while a transaction was being committed, and nobody can be asked."""
    return DatabaseError(
        _("the connection to {path} was lost at the very end: whether it was written is not known").format(path=where),
        _(
            "Once the server answers: channelctl batch list shows it. A sheet can be imported again: rows that are"
            " there are not added twice."
        ),
    )


def denied(error: BaseException, where: Server) -> RefusedError:
    """The login may not do that."""
    table = getattr(getattr(error, "diag", None), "table_name", None) or _table(str(error))
    if table == "alembic_version":
        return _no_role(where)
    if table == "tier_run" and "row-level security" in str(error):
        return RefusedError(
            _("this login may not keep tiers of all offices; nothing was changed"),
            _("Name an office that it writes for: --office OFFICE"),
        )
    if "permission denied to create" in str(error):
        return RefusedError(
            _("this login may not do that: {reason}; nothing was changed").format(reason=_first_line(error)),
            _(
                "Whoever runs the server lets it: ALTER ROLE … CREATEDB, or CREATEROLE for new logins; or makes an"
                " empty database that belongs to it: CREATE DATABASE … OWNER …"
            ),
        )
    if "would be affected by row-level security" in str(error):
        return RefusedError(
            _("only whoever owns {path} may copy or replace all of it; nothing was changed").format(path=where),
            _("Run it with the owner's login: --db postgresql://OWNER@…"),
        )
    if table == "channelctl_gate":
        text = _("this login may only read; nothing was changed")
    elif "row-level security" in str(error) and table in _APPROVED:
        text = _(
            "this login gives no such approval ({table}): its role does not, it is of another office, or it approves"
            " what it brought in itself; nothing was changed"
        )
    elif "row-level security" in str(error):
        text = _(
            "this login may not write such rows ({table}): they are of another office or of none; nothing was changed"
        )
    elif table:
        text = _("this login may not do that ({table}); nothing was changed")
    else:
        text = _("this login may not do that: {reason}; nothing was changed")
    return RefusedError(
        text.format(table=table, reason=_first_line(error)),
        _("channelctl db users shows what each login may do; whoever owns {path} can grant more.").format(path=where),
    )


def _no_role(where: Server) -> RefusedError:
    return RefusedError(
        _("this login has no role in {path}").format(path=where),
        _("Whoever owns the database gives it one: channelctl db grant --role reader --user USER"),
    )


def _unseen(where: Server, refers: bool) -> RefusedError:
    """There is such a record, or one that refers to this one, and this login does not see it."""
    if refers:
        return RefusedError(
            _("records that this login does not see refer to what is to go; nothing was changed"),
            _("Ask whoever sees all of {path}.").format(path=where),
        )
    return RefusedError(
        _("an office that this login does not see has a record of that name or number already; nothing was changed"),
        _("Choose another, or ask whoever sees all of {path}.").format(path=where),
    )


def _holder(where: Server) -> str:
    """Who keeps others out: login and command, where the server tells; of all, or of a table."""
    psycopg = postgres.driver()
    # Whoever writes keeps the gate, the one who waits for a table too: who keeps a table without it comes first.
    query = """
        SELECT usename, application_name, pid FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE granted AND pid <> pg_backend_pid()
            AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND ((locktype = 'advisory' AND classid = 0 AND objid = %s)
                OR (locktype = 'relation' AND mode = 'AccessExclusiveLock'))
        GROUP BY usename, application_name, pid ORDER BY bool_or(locktype = 'advisory'), pid LIMIT 1
    """
    with suppress(psycopg.Error), postgres.connect(where, write=False) as connection:
        row = connection.execute(query, (postgres.GATE,)).fetchone()
        if row is not None:
            return _("{user}: {command} (process {process} of the server)").format(
                user=row[0], command=row[1] or "?", process=row[2]
            )
    return _("somebody else")


def _table(text: str) -> str:
    found = re.search(r'(?:table|relation|sequence|function) "?(\w+)"?', text)
    return found[1] if found else ""


def _is_of_the_connection(error: BaseException) -> bool:
    import psycopg

    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _was_open(error: BaseException) -> bool:
    text = str(error)
    words = (
        "server closed the connection",
        "connection is lost",
        "connection is closed",
        "SSL connection has been",
        "terminating connection",
        "could not receive data",
        "could not send data",
        "consuming input failed",
        "the connection is closed",
        "no connection to the server",
        "EOF detected",
    )
    return any(word in text for word in words) and not text.startswith("connection failed")


def _unreachable(error: BaseException, where: Server) -> ChannelctlError:
    """A connection could not be made; libpq tells why in words of its own, which name no password."""
    text = str(error)
    if "does not exist" in text and "database" in text:
        return missing(where)
    if "permission denied for database" in text:
        return _no_role(where)
    if any(word in text for word in ("starting up", "shutting down", "too many clients", "too many connections")):
        return _not_now(where, error)
    logins = ("password", "authentication", "pg_hba.conf", "role")
    if any(word in text for word in logins) and "expected authentication request" not in text:
        return _login(error, where)
    if "definition of service" in text or "service file" in text:
        hint = _("PGSERVICEFILE (~/.pg_service.conf) has the services that a URL can name.")
    elif any(word in text for word in ("certificate", "SSL", "TLS", "sslmode")):
        hint = _("The URL says how TLS is checked: ?sslmode=verify-full&sslrootcert=FILE; docs/server.md tells more.")
    else:
        hint = _("Check the name of the server, its port and the network, and that it runs.")
    return DatabaseError(_("{path} cannot be reached: {reason}").format(path=where, reason=_first_line(error)), hint)


def _login(error: BaseException, where: Server) -> DatabaseError:
    return DatabaseError(
        _("{path} refused the login: {reason}").format(path=where, reason=_first_line(error)),
        _(
            "Check the login and its password, which PGPASSFILE (~/.pgpass), a service file or the keyring keeps;"
            " docs/server.md tells how."
        ),
    )


def _not_now(where: Server, error: BaseException) -> BusyError:
    return BusyError(
        _("{path} takes no connection now: {reason}").format(path=where, reason=_first_line(error)),
        _("Try again in a moment."),
    )


def _first_line(error: Any) -> str:
    """The server's own first line, without where it stands in our SQL."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    for word in ("FATAL:", "ERROR:"):
        text = text.rpartition(word)[2].strip() if word in text else text
    return text
