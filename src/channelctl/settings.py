"""What the options that stand anywhere on the line asked for: --db, --lang, --policy, --wait, --debug."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Settings:
    """The choices of this run.

    `draft_of` is the database that a draft in use stands for; `remarks` are said when the command is over.
    """

    database: str = ""
    policy: Path | None = None
    wait: float | None = None
    debug: bool = False
    draft_of: Path | None = None
    remarks: list[str] = field(default_factory=list)


current = Settings()
