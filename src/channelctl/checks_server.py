"""What can be checked of a database on a server without knowing what is in it."""

from collections import Counter
from typing import TYPE_CHECKING

from channelctl.postgres import connection_of

if TYPE_CHECKING:
    from sqlmodel import Session


def version(opened: "Session") -> str:
    """The server's version."""
    return str(connection_of(opened).info.parameter_status("server_version") or "").partition(" ")[0]


def amiss(opened: "Session") -> list[str]:
    """Indexes that are not valid, rules that were never checked, guards that were switched off."""
    query = """
        SELECT 'index ' || indexrelid::regclass FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE NOT (indisvalid AND indisready) AND relnamespace = current_schema()::regnamespace
        UNION ALL SELECT 'constraint ' || conname FROM pg_constraint
        WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
        UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE tgenabled = 'D' AND relnamespace = current_schema()::regnamespace
        ORDER BY 1
    """
    return [row[0] for row in connection_of(opened).execute(query)]


def broken_references(opened: "Session") -> Counter[str]:
    """How many rows of each table name a record that is not there."""
    raw, found = connection_of(opened), Counter[str]()
    query = """
        SELECT owner.relname, mine.attname, other.relname, theirs.attname FROM pg_constraint c
        JOIN pg_class owner ON owner.oid = c.conrelid JOIN pg_class other ON other.oid = c.confrelid
        JOIN pg_attribute mine ON mine.attrelid = c.conrelid AND mine.attnum = c.conkey[1]
        JOIN pg_attribute theirs ON theirs.attrelid = c.confrelid AND theirs.attnum = c.confkey[1]
        WHERE c.contype = 'f' AND c.conparentid = 0 AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2
    """
    for table, column, other, key in raw.execute(query).fetchall():
        missing = (
            f'SELECT count(*) FROM "{table}" WHERE "{column}" IS NOT NULL'  # noqa: S608  our own names
            f' AND NOT EXISTS (SELECT 1 FROM "{other}" other WHERE other."{key}" = "{table}"."{column}")'
        )
        row = raw.execute(missing).fetchone()
        if row and row[0]:
            found[table] += row[0]
    return found
