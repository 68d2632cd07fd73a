"""What can be checked of a database without knowing what is in it."""

import sqlite3
from typing import Annotated, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from channelctl import audit, db, errors, shares
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
        rows = [_integrity(session), _references(session), _log(session)]
    rows.append(CheckRow("sqlite", True, sqlite3.sqlite_version))
    failed = [row for row in rows if not row.passed]
    closing = [
        _("Restore a backup made before: channelctl restore FILE") if failed else _("everything is as it should be")
    ]
    code = errors.FINDINGS if failed else errors.DONE
    warning = shares.warning(db.path())
    notes = [warning] if warning else []
    return Report("check", CheckRow, rows, str(db.path()), notes=notes, closing=closing, exit_code=code)


def _integrity(session: Session) -> CheckRow:
    found = [row[0] for row in session.execute(sa.text("PRAGMA integrity_check"))]
    return CheckRow("integrity", found == ["ok"], "; ".join(found[:_SHOWN]))


def _references(session: Session) -> CheckRow:
    broken = session.execute(sa.text("PRAGMA foreign_key_check")).all()
    tables = sorted({str(row[0]) for row in broken})
    detail = _("{count} rows name a record that is not there ({tables})").format(
        count=len(broken), tables=", ".join(tables)
    )
    return CheckRow("references", not broken, detail if broken else "ok")


def _log(session: Session) -> CheckRow:
    broken = list(audit.broken(session))
    seal = audit.head(session)
    detail = _("broken at entry {entry}").format(entry=broken[0]) if broken else _("last seal {seal}").format(seal=seal)
    return CheckRow("audit", not broken, detail)
