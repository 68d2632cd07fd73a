"""[import]: how sheets are read."""

from pydantic import BaseModel, Field


class ImportPolicy(BaseModel, extra="forbid", frozen=True):
    """How far down a heading may stand, and the limits that are checked before a file is parsed."""

    heading_within_rows: int = Field(default=40, ge=1, le=1000)
    max_members: int = Field(default=5_000, ge=1)
    max_unpacked_mib: int = Field(default=50, ge=1)
    max_ratio: int = Field(default=100, ge=2)
    keep_files: bool = False
