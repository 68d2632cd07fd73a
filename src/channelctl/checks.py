"""What can be checked of a database without knowing what is in it."""

import sqlite3
from collections import Counter
from typing import Annotated, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from channelctl import audit, checks_server, db, errors, held
from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.report import Report

_SHOWN = 3


def check_text(check: str) -> str:
    """A check as a person reads it."""
    known = {"integrity": _("whole"), "references": _("references"), "audit": _("audit log")}
    return known.get(check, check)


class CheckRow(NamedTuple):
    """One check and what it found."""

    check: Annotated[str, Col("检查", "Check", words=check_text)]
    passed: Annotated[bool, Col("通过", "Passed", kind="flag")]
    detail: Annotated[str, Col("说明", "Detail")]


def report() -> Report:
    """Every check; exit 1 where one fails."""
    with db.session() as session:
        whole = held.may_everywhere(session, "read")
        of_all = [_references(session), _log(session)] if whole else []
        rows = [_integrity(session), *of_all, _engine(session)]
    failed = [row for row in rows if not row.passed]
    closing = [
        _("Restore a backup made before: channelctl restore FILE") if failed else _("everything is as it should be")
    ]
    code = errors.FINDINGS if failed else errors.DONE
    warning = db.share_warning()
    notes = [warning] if warning else []
    if not whole:
        notes.append(_("the references and the audit log are checked by whoever sees all of the database"))
    return Report("check", CheckRow, rows, str(db.place()), notes=notes, closing=closing, exit_code=code)


def _integrity(session: Session) -> CheckRow:
    if db.on_server(session):
        found = checks_server.amiss(session)
        return CheckRow("integrity", not found, "; ".join(found[:_SHOWN]) or "ok")
    found = [row[0] for row in session.execute(sa.text("PRAGMA integrity_check"))]
    return CheckRow("integrity", found == ["ok"], "; ".join(found[:_SHOWN]))


def _references(session: Session) -> CheckRow:
    if db.on_server(session):
        broken = checks_server.broken_references(session)
    else:
        broken = Counter(str(row[0]) for row in session.execute(sa.text("PRAGMA foreign_key_check")))
    detail = _("{count} rows name a record that is not there ({tables})").format(
        count=sum(broken.values()), tables=", ".join(sorted(broken))
    )
    return CheckRow("references", not broken, detail if broken else "ok")


def _engine(session: Session) -> CheckRow:
    """The engine and its version."""
    version = checks_server.version(session) if db.on_server(session) else sqlite3.sqlite_version
    return CheckRow("postgresql" if db.on_server(session) else "sqlite", True, version)


def _log(session: Session) -> CheckRow:
    broken = list(audit.broken(session))
    seal = audit.head(session)
    detail = _("broken at entry {entry}").format(entry=broken[0]) if broken else _("last seal {seal}").format(seal=seal)
    return CheckRow("audit", not broken, detail)
