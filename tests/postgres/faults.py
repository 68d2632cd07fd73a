"""`python -m tests.postgres.faults N`: that many faults of servers, connections and clients, and what came of them."""

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from tests import servers
from tests.faults import __main__ as warming
from tests.faults import stage
from tests.faults.stage import Done, Figures
from tests.postgres.proxy import Cut, Proxy

ROWS = 600
_LATE = 1.1
_WORDS = ("error: ", "interrupted")
_LOGS = Path("said.txt")
_FORKED = 0.05
_LENGTHS: dict[tuple[str, ...], dict[str, int]] = {}


class Work(NamedTuple):
    """A command that writes; the exit code it has where it was done already, and the states before and after."""

    words: Sequence[str]
    done_before: int
    old: str
    new: str
    seconds: float


class Ground(NamedTuple):
    """A server with a database to start from, and what is tried on it."""

    server: servers.Server
    works: Sequence[Work]


Hurt = Callable[["Ground", "Work", random.Random], tuple[Done, str]]


def _url(address: servers.Address, name: str = "tried") -> str:
    return address.url(name, password=quote(servers.PASSWORD))


def _asked(ground_server: servers.Server, query: str, name: str = "postgres") -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(_url(ground_server.address, name), autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def _begin_anew(server: servers.Server) -> None:
    _asked(server, 'DROP DATABASE IF EXISTS "tried" WITH (FORCE)')
    _asked(server, 'CREATE DATABASE "tried" TEMPLATE "base"')


def _state(server: servers.Server) -> str:
    """All rows of all tables."""
    import hashlib

    import psycopg

    digest = hashlib.sha256()
    tables = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition ORDER BY 1"
    )
    with psycopg.connect(_url(server.address)) as connection:
        for (name,) in connection.execute(tables).fetchall():
            rows = connection.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1').fetchall()
            digest.update(f"{name} {rows}".encode())
    return digest.hexdigest()


def prepared(server: servers.Server) -> Ground:
    """A database with two batches, and the commands that are hurt."""
    os.environ["CHANNELCTL_DB"] = _url(server.address, "base")
    stage.sales(Path("first.csv"), range(ROWS), 1)
    stage.sales(Path("new.csv"), range(2 * ROWS, 3 * ROWS), 2)
    stage.sales(Path("later.csv"), range(ROWS // 2, ROWS * 3 // 2), 3, changed=5)
    stage.contacts(Path("people.csv"), 60)
    for name in ("first.csv", "people.csv"):
        done = stage.run("import", name)
        assert done.code == 0, done
    os.environ["CHANNELCTL_DB"] = _url(server.address)
    works = []
    for words, done_before in ((["import", "new.csv"], 0), (["import", "later.csv"], 0), (["batch", "undo", "2"], 2)):
        _begin_anew(server)
        old, began = _state(server), time.monotonic()
        done = stage.run(*words)
        seconds = time.monotonic() - began
        assert done.code == 0, done
        works.append(Work(words, done_before, old, _state(server), seconds))
    return Ground(server, works)


def _moment(work: Work, chance: random.Random) -> float:
    return chance.uniform(0, work.seconds * _LATE)


def _run(words: Sequence[str], meanwhile: Callable[[int], None], after: float) -> Done:
    """A command to which something happens after so many seconds."""
    process = stage.start(words, _LOGS)
    until = time.monotonic() + after
    while time.monotonic() < until and not stage.is_over(process):
        stage.pause(0.0005)
    if not stage.is_over(process):
        meanwhile(process)
    return stage.ended(process, _LOGS)


def _signalled(sign: signal.Signals) -> Hurt:
    def hurt(_ground: Ground, work: Work, chance: random.Random) -> tuple[Done, str]:
        after = max(_moment(work, chance), _FORKED)
        return _run(work.words, lambda process: os.kill(process, sign), after), f"after {after * 1000:.0f} ms"

    return hurt


def _terminated(ground: Ground, work: Work, chance: random.Random) -> tuple[Done, str]:
    after = _moment(work, chance)

    def end(_process: int) -> None:
        _asked(
            ground.server,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tried'",
        )

    return _run(work.words, end, after), f"after {after * 1000:.0f} ms"


def _stopped(how: Any) -> Hurt:
    def hurt(ground: Ground, work: Work, chance: random.Random) -> tuple[Done, str]:
        after = _moment(work, chance)
        back = threading.Thread(target=ground.server.restart, args=(how,))
        done = _run(work.words, lambda _process: back.start(), after)
        if back.ident is not None:
            back.join()
        return done, f"after {after * 1000:.0f} ms"

    return hurt


def _length(ground: Ground, work: Work, direction: str) -> int:
    """How many bytes are said while nothing happens; found out once."""
    words = tuple(work.words)
    if words not in _LENGTHS:
        whole = Proxy(ground.server.address)
        done = _through(whole, work)
        whole.close()
        assert done.code == 0, done
        _begin_anew(ground.server)
        _LENGTHS[words] = {"sent": whole.sent, "received": whole.received}
    return _LENGTHS[words][direction]


def _cut(direction: str, for_good: bool = False) -> Hurt:
    def hurt(ground: Ground, work: Work, chance: random.Random) -> tuple[Done, str]:
        at = chance.randrange(_length(ground, work, direction))
        cut = Cut(sent=at, for_good=for_good) if direction == "sent" else Cut(received=at, for_good=for_good)
        broken = Proxy(ground.server.address, cut)
        done = _through(broken, work)
        broken.close()
        return done, f"at byte {at}"

    return hurt


def _cut_at_commit(commit: str, for_good: bool = False) -> Hurt:
    def hurt(ground: Ground, work: Work, _chance: random.Random) -> tuple[Done, str]:
        broken = Proxy(ground.server.address, Cut(commit=commit, for_good=for_good))
        done = _through(broken, work)
        broken.close()
        assert broken.broken
        return done, commit

    return hurt


def _through(proxy: Proxy, work: Work) -> Done:
    def prepare() -> None:
        os.environ["CHANNELCTL_DB"] = _url(proxy.address)

    return stage.run(*work.words, prepare=prepare)


# How often of ten, and what may be the exit code.
HURTS: dict[str, tuple[int, Hurt, set[int]]] = {
    "connection ended by the server": (3, _terminated, {0, 4}),
    "killed": (3, _signalled(signal.SIGKILL), {0, -9}),
    "interrupted": (2, _signalled(signal.SIGINT), {0, 130}),
    "server stopped at once": (1, _stopped("immediate"), {0, 4, 75}),
    "server stopped": (1, _stopped("fast"), {0, 4, 75}),
    "cut while sending": (4, _cut("sent"), {0, 4}),
    "cut while receiving": (4, _cut("received"), {0, 4}),
    "cut for good while receiving": (1, _cut("received", for_good=True), {0, 4}),
    "cut before COMMIT": (1, _cut_at_commit("before"), {4}),
    "cut after COMMIT": (1, _cut_at_commit("after"), {0}),
    "cut for good after COMMIT": (1, _cut_at_commit("after", for_good=True), {4}),
}


def hurt(ground: Ground, name: str, runs: int, seed: int) -> Figures:
    """One kind of fault, that many times."""
    began, chance = time.monotonic(), random.Random(f"{seed} {name}")
    counts = dict.fromkeys(("old", "new", "hurt"), 0)
    faults: list[str] = []
    _share, work_on, codes = HURTS[name]
    for number in range(runs):
        work = ground.works[number % len(ground.works)]
        _begin_anew(ground.server)
        done, when = work_on(ground, work, chance)
        left = _judge(ground, work, done, codes)
        counts["hurt"] += done.code != 0
        if left in ("old", "new"):
            counts[left] += 1
            left = _again(ground, work)
        if left:
            faults.append(f"{name}, {' '.join(work.words)}, run {number}, {when}: {left}")
    return Figures(name, runs, counts, faults, time.monotonic() - began)


def _judge(ground: Ground, work: Work, done: Done, codes: set[int]) -> str:
    """ "old" or "new"; anything else is a fault."""
    if done.code not in codes or "Traceback" in done.said or "Exception ignored" in done.said:
        return f"ended with {done}"
    if servers.PASSWORD in done.said or quote(servers.PASSWORD) in done.said:
        return f"the password is in {done.said}"
    if done.code > 0 and not any(word in done.said for word in _WORDS):
        return f"says nothing: {done}"
    found = _settled(ground.server)
    if found not in (work.old, work.new):
        return f"a state that is neither the one before nor the one after: {done}"
    if done.code == 0 and found != work.new:
        return "said to be done, and is not"
    if found == work.new and "nothing was changed" in done.said:
        return f"said to have changed nothing, and has: {done}"
    return "new" if found == work.new else "old"


def _settled(server: servers.Server) -> str:
    """The state once nobody else is at work: a backend whose client was killed sees that when it next speaks."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'tried'"
    until = time.monotonic() + stage.PATIENCE
    while time.monotonic() < until and _asked(server, query) != [(0,)]:
        stage.pause(0.005)
    return _state(server)


def _again(ground: Ground, work: Work) -> str:
    """Run it again; "" if that completes it."""
    done = stage.run(*work.words)
    if done.code not in (0, work.done_before):
        return f"the next run: {done}"
    return "" if _state(ground.server) == work.new else "the next run does not complete it"


def main() -> int:
    """Run that many faults; 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.postgres.faults", description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=22)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--only", choices=HURTS)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    asked = parser.parse_args()
    warming.warm()
    every = []
    with stage.folder() as place:
        stage.settle(place)
        server = servers.Server("system", safe=True, login="scram-sha-256")
        try:
            ground = prepared(server)
            total = sum(share for share, _hurt, _codes in HURTS.values())
            for name, (share, _hurt, _codes) in HURTS.items():
                if asked.only in (None, name):
                    one = hurt(ground, name, max(1, round(asked.runs * share / total)), asked.seed)
                    every.append(one)
                    if not asked.json:
                        warming.show(one)
        finally:
            with suppress(OSError):
                server.remove()
    if asked.json:
        print(json.dumps([one._asdict() for one in every], ensure_ascii=False))
    else:
        warming.show(
            Figures("together", sum(one.runs for one in every), {}, [f for one in every for f in one.faults], 0)
        )
    return int(any(one.faults for one in every))


if __name__ == "__main__":
    sys.exit(main())
