"""What makes hundreds of commands in one process cheaper, and changes nothing of what they do."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from channelctl import making_file, migrating

_made: dict[tuple[str, Path], bytes] = {}


def migrate_once(patch: pytest.MonkeyPatch) -> None:
    """Have a new file be a copy of the first one that the migrations made."""
    migrate = making_file.migrate

    def copied(where: Path, named: Path, revision: str) -> None:
        new, kind = where.stat().st_size == 0, (revision, migrating.scripts())
        if new and kind in _made:
            where.write_bytes(_made[kind])
            return
        migrate(where, named, revision)
        if new:
            _made[kind] = where.read_bytes()

    patch.setattr(making_file, "migrate", copied)


def share_compiled() -> None:
    """Have every engine of a kind take over what the first one has learned of its database and compiled for it.

    The program makes an engine for each session: a process seldom has more than one. Here thousands follow each other.
    """
    made, first = sa.create_engine, dict[str, sa.Engine]()

    def create_engine(url: str, **more: Any) -> sa.Engine:
        kind = sa.make_url(url).get_backend_name()
        known = first.get(kind)
        engine = made(url, **more, **({} if known is None else {"_initialize": False}))
        if known is None:
            sa.event.listen(engine, "connect", lambda *_: first.setdefault(kind, engine))
        else:
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        return engine

    sa.create_engine = create_engine  # type: ignore[assignment]
