"""What is sold."""

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import Named


class Product(Named, table=True):
    """A product or model."""

    id: int | None = Field(default=None, primary_key=True)
    brand: str | None = Field(default=None, sa_type=sa.Text)
    category: str | None = Field(default=None, sa_type=sa.Text)
    unit: str | None = Field(default=None, sa_type=sa.Text)
    specification: str | None = Field(default=None, sa_type=sa.Text)
