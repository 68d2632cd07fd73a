"""What the options that stand anywhere on the line asked for: --db, --lang, --policy, --wait, --debug."""

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Settings:
    """The choices of this run."""

    database: str = ""
    policy: Path | None = None
    wait: float | None = None
    debug: bool = False


current = Settings()
