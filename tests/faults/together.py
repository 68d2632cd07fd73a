"""Several at once: every import that says it is done is all there once, and who reads meanwhile sees whole batches."""

import csv
import json
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from tests.faults import stage
from tests.faults.stage import Figures

ROWS = 1_500
WRITERS = 4


class Sum(NamedTuple):
    """How many lines there are, and their amount in 1/10,000."""

    lines: int
    amount: int


class Round(NamedTuple):
    """Four imports at once: the lines of each one's sheet, and whether there is a database before."""

    name: str
    sheets: Sequence[range]
    made_before: bool = True


ROUNDS = (
    Round("different files", [range(n * ROWS, (n + 1) * ROWS) for n in range(WRITERS)]),
    Round("the same file", [range(ROWS)] * WRITERS),
    Round("overlapping files", [range(n * ROWS // 2, n * ROWS // 2 + ROWS) for n in range(WRITERS)]),
    Round("different files, no database", [range(n * ROWS, (n + 1) * ROWS) for n in range(WRITERS)], False),
    Round("the same file, no database", [range(ROWS)] * WRITERS, False),
)


def run(runs: int, seed: int) -> Iterator[Figures]:
    """That many rounds, each sort in its turn."""
    for number, sort in enumerate(ROUNDS):
        share = runs // len(ROUNDS) + (number < runs % len(ROUNDS))
        if share:
            yield _rounds(sort, share, random.Random(f"{seed} {sort.name}"))


def _rounds(sort: Round, runs: int, chance: random.Random) -> Figures:
    began = time.monotonic()
    counts = {"imports": 0, "readings": 0}
    faults: list[str] = []
    whole = {_sum(chosen) for size in range(WRITERS + 1) for chosen in combinations(sort.sheets, size)}
    for _number in range(runs):
        with stage.folder() as place:
            stage.settle(place)
            if sort.made_before:
                assert stage.run("init").code == 0
            files = [_file(place, number, lines, chance) for number, lines in enumerate(sort.sheets)]
            writers = [stage.start(["import", file.name], Path(f"{file.stem}.txt")) for file in files]
            counts["imports"] += len(writers)
            readings = list(_read(place, writers, whole))
            counts["readings"] += len(readings)
            faults += [reading for reading in readings if reading]
            done = [stage.ended(one, Path(f"{file.stem}.txt")) for one, file in zip(writers, files, strict=True)]
            faults += [f"import: {one}" for one in done if one.code]
            found = _held(place / "channel.db")
            if found != _sum(sort.sheets):
                faults.append(f"{found} stored, not {_sum(sort.sheets)}")
            faults += stage.flaws(place / "channel.db") + [name for name in stage.halves(place)]
            faults += [f"left {file.name}" for file in place.iterdir() if file.name.startswith(".")]
    return Figures(f"at once: {sort.name}", runs, counts, faults, time.monotonic() - began)


def _file(place: Path, number: int, lines: range, chance: random.Random) -> Path:
    """A sheet; those of the same lines are the same bytes."""
    same = place / f"{lines.start}-{lines.stop}.csv"
    if not same.exists():
        stage.sales(same, lines, chance.randrange(1000))
    file = place / f"sheet{number}.csv"
    file.write_bytes(same.read_bytes())
    return file


def _amount(number: int) -> int:
    return (number % 9_973) * 10_000 + 2_500


def _sum(sheets: Sequence[range]) -> Sum:
    lines = set().union(*sheets)
    return Sum(len(lines), sum(map(_amount, lines)))


def _held(database: Path) -> Sum:
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT count(*), coalesce(sum(amount), 0) FROM sale_line WHERE ended_batch_id IS NULL"
        return Sum(*connection.execute(query).fetchone())


def _read(place: Path, writers: Sequence[int], whole: set[Sum]) -> Iterator[str]:
    """Reports and copies until the last import has ended; "" for each that saw whole batches only."""
    turn = 0
    while not all(map(stage.is_over, writers)):
        if not (place / "channel.db").exists():
            stage.pause(0.005)
            continue
        name, words = READERS[turn % len(READERS)]
        turn += 1
        result = place / f"read{turn}.{'csv' if name == 'export' else 'json'}"
        target = str(place / f"read{turn}.backup") if name == "backup" else str(result)
        done = stage.run(*words, target, log=place / "read.txt")
        if done.code:
            yield f"{name}: {done}"
            continue
        yield "" if _is_whole(name, Path(target), whole) else f"{name} saw a part of a batch"


READERS = (
    ("status", ["status", "--output"]),
    ("tier", ["tier", "--all-time", "--output"]),
    ("export", ["export", "sales", "--output"]),
    ("backup", ["backup"]),
)


def _is_whole(name: str, file: Path, whole: set[Sum]) -> bool:
    if name == "backup":
        return _held(file) in whole and not stage.flaws_of_copy(file)
    if name == "export":
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = list(csv.DictReader(text))
        amount = next((key for key in rows[0] if key.lower() == "amount"), "") if rows else ""
        return Sum(len(rows), round(sum(float(row[amount]) for row in rows) * 10_000)) in whole
    data = json.loads(file.read_text("utf-8"))
    if name == "status":
        count = next(row["records"] for row in data["records"] if row["kind"] == "sales")
        return count in {one.lines for one in whole}
    net = round(float(data["totals"].get("net_sales") or 0) * 10_000)
    return net in {one.amount for one in whole}
