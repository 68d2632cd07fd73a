"""What every table is made of: exact types that STRICT SQLite and PostgreSQL both keep, and where a row came from."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from channelctl import money

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

STRICT = {"sqlite_strict": True}


class Units(sa.types.TypeDecorator[Decimal]):
    """Money or a quantity: a Decimal outside, a whole number of 1/10,000 in the database."""

    impl = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        return None if value is None else money.to_units(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else money.from_units(int(value))


class Day(sa.types.TypeDecorator[dt.date]):
    """A date, kept as ISO text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: sa.Dialect) -> Any:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> dt.date | None:
        return None if value is None else dt.date.fromisoformat(value)


class Flag(sa.types.TypeDecorator[bool]):
    """Yes or no, kept as 1 or 0."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: sa.Dialect) -> Any:
        return None if value is None else int(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> bool | None:
        return None if value is None else bool(value)


def is_set(flag: Any) -> sa.ColumnElement[bool]:
    """Whether a column of Flag says yes, as a condition."""
    return sa.type_coerce(flag, sa.Integer) == 1


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Base(SQLModel):
    """A table's common ground: STRICT, plain text columns."""

    __table_args__: Any = STRICT


class Batch(Base, table=True):
    """One import of one file, or one command that wrote."""

    id: int | None = Field(default=None, primary_key=True)
    at: str = Field(sa_type=sa.Text)
    user: str = Field(sa_type=sa.Text)
    command: str = Field(sa_type=sa.Text)
    file_name: str | None = Field(default=None, sa_type=sa.Text)
    file_size: int | None = Field(default=None, sa_type=BIG)
    file_sha256: str | None = Field(default=None, sa_type=sa.Text, index=True)
    settings: str | None = Field(default=None, sa_type=sa.Text)
    rejected: int = 0
    undone_by: int | None = Field(default=None)


class SourceSheet(Base, table=True):
    """A sheet of an imported file, with what it was read as."""

    __tablename__ = "source_sheet"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    name: str = Field(sa_type=sa.Text)
    kind: str = Field(sa_type=sa.Text)
    heading_row: int
    rows: int = 0
    net_sales: Decimal | None = Field(default=None, sa_type=Units)
    first_day: dt.date | None = Field(default=None, sa_type=Day)
    last_day: dt.date | None = Field(default=None, sa_type=Day)


class Change(Base, table=True):
    """A record's columns before and after a batch changed or removed it, as JSON: what undoing it brings back."""

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    kind: str = Field(sa_type=sa.Text)
    record_id: int
    before: str = Field(sa_type=sa.Text)
    after: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.Index("ix_change_record", "kind", "record_id"), STRICT)


class AuditEntry(Base, table=True):
    """Who did what: append-only, each entry sealed with the one before; it holds ids and digests, never values."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, primary_key=True)
    at: str = Field(sa_type=sa.Text)
    user: str = Field(sa_type=sa.Text)
    command: str = Field(sa_type=sa.Text)
    batch_id: int
    action: str = Field(sa_type=sa.Text)
    kind: str | None = Field(default=None, sa_type=sa.Text)
    record_id: int | None = Field(default=None)
    digest: str | None = Field(default=None, sa_type=sa.Text)
    seal: str = Field(sa_type=sa.Text)


class SavedMap(Base, table=True):
    """Headings mapped to fields by hand, kept under a name for sheets with the same headings."""

    __tablename__ = "saved_map"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=sa.Text, unique=True)
    fingerprint: str = Field(sa_type=sa.Text, index=True)
    mapping: str = Field(sa_type=sa.Text)


class KeptFile(Base, table=True):
    """An imported file itself, where the policy wants it kept."""

    __tablename__ = "kept_file"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", unique=True)
    content: bytes = Field(sa_type=sa.LargeBinary)


class Traced(Base):
    """A row that knows the batch, sheet and row it came from."""

    batch_id: int = Field(foreign_key="batch.id")
    sheet_id: int | None = Field(default=None, foreign_key="source_sheet.id")
    row_no: int | None = Field(default=None)


class Named(Traced):
    """A record people call by a code or a name; the other columns are what they search by."""

    code: str = Field(sa_type=sa.Text, unique=True)
    name: str = Field(sa_type=sa.Text)
    name_key: str = Field(sa_type=sa.Text, index=True)
    pinyin: str = Field(default="", sa_type=sa.Text)
    initials: str = Field(default="", sa_type=sa.Text)


def stored_values(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows as the database keeps them: whole units, ISO days, 1 and 0."""
    return [tuple(stored(row.get(name)) for name in names) for row in rows]


def stored(value: Any) -> Any:
    """A value as the database keeps it."""
    if isinstance(value, Decimal):
        return money.to_units(value)
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, dt.date) else value
