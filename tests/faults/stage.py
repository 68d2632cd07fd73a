"""The stage for faults: made sheets, the program in forked processes, and what is asked of a database afterwards."""

import faulthandler
import hashlib
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from channelctl import audit, cli, db, policy, settings

BROKEN = 97  # the exit code of a child that ends by an exception nobody caught
PATIENCE = 60.0
HEADINGS = "销售日期,单号,行号,客户编码,客户名称,办事处,型号,数量,金额"
Prepare = Callable[[], None]


class Done(NamedTuple):
    """How a command ended: its exit code (minus the signal that killed it), and what it said."""

    code: int
    said: str


class Figures(NamedTuple):
    """What a number of runs came to; `counts` by what was seen, `faults` in words: there should be none."""

    name: str
    runs: int
    counts: dict[str, int]
    faults: list[str]
    seconds: float


def settle(folder: Path) -> None:
    """Work in a folder, with its channel.db, on a fixed day."""
    for name in ("CHANNELCTL_POLICY", "CHANNELCTL_LANG", "LANG", "LC_ALL", "LC_MESSAGES"):
        os.environ.pop(name, None)
    os.environ |= {
        "CHANNELCTL_DB": str(folder / "channel.db"),
        "CHANNELCTL_TODAY": "2024-06-03",
        "CHANNELCTL_USER": "tester",
        "XDG_DATA_HOME": str(folder / "data"),
    }
    os.chdir(folder)


@contextmanager
def folder(where: str | None = None) -> Iterator[Path]:
    """A folder to work in, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="channelctl-faults-", dir=where) as name:
        try:
            yield Path(name)
        finally:
            os.chdir("/")


def start(words: Sequence[str], log: Path, prepare: Prepare | None = None) -> int:
    """A command in a child of this warm process; its number. What it says goes into `log`."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return process
    code = BROKEN
    try:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
        faulthandler.register(signal.SIGTERM, file=handle, chain=True)
        settings.current = settings.Settings()
        for kept in (policy._located, policy._read, policy._checked):
            kept.cache_clear()
        if prepare is not None:
            prepare()
        code = cli.run(list(words))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(process: int, log: Path) -> Done:
    """Wait for a child; one that does not end is ended, and that is its signal."""
    until = time.monotonic() + PATIENCE
    while not is_over(process):
        if time.monotonic() > until:
            os.kill(process, signal.SIGTERM)
            break
        pause(0.001)
    _process, status = os.waitpid(process, 0)
    return Done(os.waitstatus_to_exitcode(status), log.read_text("utf-8", "replace") if log.exists() else "")


def run(*words: str, prepare: Prepare | None = None, log: Path | None = None) -> Done:
    """A command from its start to its end."""
    said = log or Path("said.txt")
    return ended(start(words, said, prepare), said)


def kill(process: int) -> None:
    """End a child of ours at once."""
    os.kill(process, signal.SIGKILL)


def is_over(process: int) -> bool:
    """Whether a child has ended; it can still be waited for."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def pause(seconds: float) -> None:
    """Let others work."""
    time.sleep(seconds)


def state(database: Path) -> str:
    """What a database holds, every row of every table, as a digest; "none" where there is none."""
    if not database.exists():
        return "none"
    digest = hashlib.sha256()
    with closing(sqlite3.connect(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        for name in names:
            digest.update(name.encode())
            for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):
                digest.update(repr(row).encode())
        for row in connection.execute("SELECT name, sql FROM sqlite_master ORDER BY 1"):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def flaws(database: Path) -> list[str]:
    """What is wrong with a database: its pages, its references, its log."""
    if not database.exists():
        return []
    found: list[str] = []
    with closing(sqlite3.connect(database)) as connection:
        whole = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        if whole != ["ok"]:
            found.append(f"integrity: {whole[0]}")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            found.append("references to nothing")
        current = connection.execute("SELECT version_num FROM alembic_version").fetchone() == (db.HEAD,)
    if current:
        with db.session() as session:
            found += [f"log broken at {entry}" for entry in audit.broken(session)]
    return found


def halves(place: Path, known: Sequence[str] = ()) -> list[str]:
    """Files under final names that are not whole: databases that do not open, workbooks without an end."""
    found: list[str] = []
    for file in place.iterdir():
        if file.name.startswith(".") or file.name in known or not file.is_file() or file.name.endswith("-journal"):
            continue
        data = file.read_bytes()
        if file.suffix == ".xlsx" and b"PK\5\6" not in data[-200:]:
            found.append(file.name)
        if file.suffix in (".db", ".backup") or ".before-" in file.name:
            try:
                found += [f"{file.name}: {flaw}" for flaw in flaws_of_copy(file)]
            except sqlite3.Error as error:
                found.append(f"{file.name}: {error}")
    return found


def flaws_of_copy(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return [] if whole == "ok" else [whole]


def sales(file: Path, rows: range, seed: int, documents: bool = True, changed: int = 0, bad: int = 0) -> Path:
    """A sheet of sale lines: the same number is always the same line; every `changed`-th has another amount, every
    `bad`-th an impossible day."""
    chance = random.Random(seed)
    lines = [HEADINGS]
    for number in rows:
        amount = number % 9_973 + (1 if changed and number % changed == 0 else 0)
        day = "2024-02-30" if bad and number % bad == 0 else f"2024-05-{number % 28 + 1:02}"
        customer = number * 7 % 400
        document = f"D{number // 3:06},{number % 3 + 1}" if documents else ","
        who = f"C{customer:05},客户{customer}号店,办{customer % 7}"
        lines.append(f"{day},{document},{who},M{number % 40},{number % 7 + 1},{amount}.25")
    body = lines[1:]
    chance.shuffle(body)
    file.write_text("\n".join([lines[0], *body]) + "\n", encoding="utf-8")
    return file


def contacts(file: Path, count: int) -> Path:
    """A sheet of people at customers."""
    lines = ["联系人编码,客户编码,客户,姓名,职务,电话"]
    lines += [
        f"N{number:05},C{number:05},客户{number}号店,联系人{number}氏,经理,1380000{number:04}"
        for number in range(count)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
