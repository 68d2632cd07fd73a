"""Other engines than the database, over facts that were exported: the same questions, asked of more machines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from channelctl.errors import UsageError
from channelctl.i18n import _

if TYPE_CHECKING:
    from sqlmodel import Session

    from channelctl.engines.shim import Engine


@contextmanager
def session(name: str, folder: Path, schema: str, write: bool = False) -> Iterator["Session"]:
    """A session on the lake in a folder, which only reads.

    Raises:
        UsageError: it is to write.
        RefusedError: the engine is not installed, or does not start.
        DatabaseError: there is no lake of this schema, or a file of it is damaged.
    """
    from sqlmodel import Session

    from channelctl.engines import shim

    if write:
        raise UsageError(
            _("nothing can be written to exported facts"), _("Run the command on the database, without --engine.")
        )
    engine = _opened(name, folder, schema)
    try:
        with Session(shim.over(engine)) as opened:
            yield opened
    finally:
        engine.close()


def _opened(name: str, folder: Path, schema: str) -> "Engine":
    from channelctl.engines import facts

    lake = facts.opened(folder, schema)
    if name == "spark":
        from channelctl.engines import spark

        return spark.Spark(folder, lake)
    from channelctl.engines import duck

    return duck.Duck(folder, lake)
