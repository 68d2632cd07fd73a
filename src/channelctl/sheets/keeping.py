"""Imported files themselves, kept in the database where the policy wants it, and given back byte by byte."""

import hashlib
import zlib

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.sheets.read import Book
from channelctl.storage import Batch, KeptFile


def keep(session: Session, batch: int, book: Book) -> None:
    """Keep a file with its batch, compressed."""
    pressing, digest = zlib.compressobj(), hashlib.sha256()
    pieces: list[bytes] = []
    for piece in book.content():
        digest.update(piece)
        pieces.append(pressing.compress(piece))
    pieces.append(pressing.flush())
    if digest.hexdigest() != book.sha256:
        raise RefusedError(_("{file} was changed while it was read").format(file=book.name), _("Import it again."))
    session.add(KeptFile(batch_id=batch, content=b"".join(pieces)))
    session.flush()


def given_back(session: Session, batch: int) -> tuple[str, bytes]:
    """The name and the bytes of the file that a batch imported.

    Raises:
        UsageError: there is no such batch, or it imported no file.
        RefusedError: the file was not kept, or is no longer what was imported.
    """
    one = session.get(Batch, batch)
    if one is None:
        raise UsageError(
            _("there is no batch {batch}").format(batch=batch), _("channelctl batch list shows those there are.")
        )
    if one.file_name is None:
        raise UsageError(_("batch {batch} imported no file").format(batch=batch))
    kept = session.execute(select(KeptFile).where(col(KeptFile.batch_id) == batch)).scalar()
    if kept is None:
        raise RefusedError(
            _("the file of batch {batch} is not kept: {file}").format(batch=batch, file=one.file_name),
            _("With keep_files = true in [import] of the policy, files are kept from then on."),
        )
    try:
        content = zlib.decompress(kept.content)
    except zlib.error:
        content = b""
    if hashlib.sha256(content).hexdigest() != one.file_sha256:
        raise RefusedError(_("the file kept with batch {batch} is no longer what was imported").format(batch=batch))
    return one.file_name, content
