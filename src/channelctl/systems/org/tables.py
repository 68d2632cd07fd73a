"""Where the team works."""

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import Named


class Region(Named, table=True):
    """A region or province."""

    id: int | None = Field(default=None, primary_key=True)


class Office(Named, table=True):
    """An office of a region."""

    id: int | None = Field(default=None, primary_key=True)
    region_id: int | None = Field(default=None, foreign_key="region.id", index=True)
    city: str | None = Field(default=None, sa_type=sa.Text)
    address: str | None = Field(default=None, sa_type=sa.Text)
    phone: str | None = Field(default=None, sa_type=sa.Text)


class Rep(Named, table=True):
    """Somebody who looks after customers."""

    id: int | None = Field(default=None, primary_key=True)
    office_id: int | None = Field(default=None, foreign_key="office.id", index=True)
    manager_id: int | None = Field(default=None, foreign_key="rep.id")
    role: str | None = Field(default=None, sa_type=sa.Text)
    phone: str | None = Field(default=None, sa_type=sa.Text)
    email: str | None = Field(default=None, sa_type=sa.Text)
