"""A parse in another process, for the format whose damaged files end the process that reads them."""

import os
import subprocess
import sys
from typing import BinaryIO

_SECONDS = 60
_BYTES = 1 << 30
_WIDEST = 256
_PROGRAM = f"""
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({_BYTES}, {_BYTES}))
except (ImportError, ValueError, OSError):
    pass
import python_calamine
try:
    book = python_calamine.CalamineWorkbook.from_filelike(sys.stdin.buffer)
    sheets = [book.get_sheet_by_index(index) for index in range(len(book.sheet_names))]
except python_calamine.CalamineError:
    sys.exit(0)
sys.exit(any(sheet.total_width > {_WIDEST} for sheet in sheets))
"""


def survives(file: BinaryIO) -> bool:
    """Whether an .xls is read, or refused in good order, within the memory and time that any real one needs.

    A flipped bit in one of its counters can ask for hundreds of gigabytes.
    """
    if not sys.executable:
        return True
    file.seek(0)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if place)}
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", "-W", "ignore", "-c", _PROGRAM],
            stdin=file,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
