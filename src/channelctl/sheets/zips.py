"""Zip files as they are, whatever their directories claim."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_CHUNK = 1 << 22


def directory_size(file: BinaryIO, size: int) -> int:
    """Bytes of the zip's directory, read without taking it in: 70,000 members would fill the memory."""
    file.seek(max(size - (1 << 16) - 22, 0))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0:
        raise zipfile.BadZipFile
    if tail[at - 20 : at - 16] == b"PK\6\7" and tail[at - 76 : at - 72] == b"PK\6\6":
        return int.from_bytes(tail[at - 36 : at - 28], "little")
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def unpacked(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member holds, in pieces, on and on for as long as it goes, whatever the directory claims."""
    file.seek(member.header_offset)
    header = file.read(30)
    if header[:4] != b"PK\3\4" or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    at = member.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
    left = member.compress_size
    inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left:
        file.seek(at)
        packed = file.read(min(_CHUNK >> 2, left))
        if not packed:
            raise EOFError
        at += len(packed)
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed and not inflate.eof:
            if piece := inflate.decompress(packed, _CHUNK):
                yield piece
            packed = inflate.unconsumed_tail
    if inflate and not inflate.eof:
        raise EOFError
