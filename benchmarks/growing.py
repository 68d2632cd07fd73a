"""`tier` and `score` of all offices against a script that runs the very SQL they send, from 100,000 lines on, tenfold.

What a command sends is written down while it runs once; the script runs that bare and makes the same table of it.
Customers and offices grow as the lines do: 50,000 and 300 for ten million. Both sides are measured in turn.

python -m benchmarks.growing [LARGEST] [ROUNDS]
"""

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks import made
from benchmarks.measure import PYTHON, Cost, environment, once, side_by_side

_MOST, _OF = 1.5, 10_000_000
_GROWTH = 10.0
_SENT = """
import json, sys
from pathlib import Path

from channelctl import sqlite
from channelctl.cli import run

sent, connect = [], sqlite.connect

def traced(where, write):
    connection = connect(where, write)
    connection.set_trace_callback(lambda sql: sent.append(sql) if sql.lstrip().startswith("SELECT") else None)
    return connection

sqlite.connect = traced
code = run(sys.argv[2:])
Path(sys.argv[1]).write_text(json.dumps(sent), encoding="utf-8")
sys.exit(code)
"""
_START = """
import json, sqlite3, sys
from pathlib import Path
from unicodedata import east_asian_width

database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA temp_store=MEMORY")
found = [(sql, database.execute(sql).fetchall()) for sql in json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))]

def results(words):
    return [rows for sql, rows in found if words in sql]

def wide(text):
    return len(text) + sum(east_asian_width(sign) in "WF" for sign in text)

def show(headings, rows):
    columns = [list(column) for column in zip(headings, *rows)]
    padded = []
    for column in columns:
        most = max(map(wide, column))
        padded.append([text + " " * (most - wide(text)) for text in column])
    for line in zip(*padded):
        print("   ".join(line))
"""
_TIER = """
nets, = results("GROUP BY sale_line.customer_id")
names = {row[0]: row[1:] for row in results("SELECT customer.id, customer.code, customer.name")[0]}
base = sum(net for _customer, net, _lines in nets if net > 0)
rows, before = [], 0
for place, (customer, net, _lines) in enumerate(sorted(nets, key=lambda row: -row[1]), 1):
    tier = "A" if before * 100 < base * 80 else "B" if before * 100 < base * 95 else "C"
    before += max(net, 0)
    bar = "█" * round(16 * net / nets[0][1]) if net > 0 else ""
    rows.append((str(place), *names[customer], f"{net / 10000:,.2f}", f"{net / base:.1%}", bar, f"{before / base:.1%}",
                 tier, "" if net > 0 else "net returns"))
show(("#", "Code", "Customer", "Net sales", "Share", "", "Cumulative", "Tier", "Reason"), rows)
"""
_SCORE = """
from fractions import Fraction

targets = dict(results("SELECT class_target.class")[0])

def month(plan):
    offices = {}
    for _id, code, name, _code, _name, class_, _core, target, _channel, net, _mark in plan:
        found = offices.setdefault((code, name), [0, Fraction(0), Fraction(0)])
        aim = target or targets[class_]
        points = Fraction(max(0, min(net, aim)), aim)
        found[0] += 1
        found[1] += points
        found[2] += points if class_ in ("VKA", "V1") else 0
    return offices

now, before, year = map(month, results("GROUP BY plan_line.id"))
rows = []
best = sorted(now.items(), key=lambda one: -one[1][1] / one[1][0])
for place, (office, (planned, points, core)) in enumerate(best, 1):
    changes = [float(points / planned - other[office][1] / other[office][0]) for other in (before, year)]
    rows.append((*office, str(planned), f"{float(points):.2f}", f"{float(points / planned):.1%}",
                 *(f"{change:+.1%}" for change in changes), f"{float(core / planned):.1%}", str(place)))
show(("Code", "Office", "Planned", "Achieved", "Rate", "On month", "On year", "Core", "Rank"), rows)
"""
_COMMANDS = {"tier": (("tier",), _TIER), "score": (("score", "--month", "2024-12"), _SCORE)}


class Measured(NamedTuple):
    """What a command and its SQL cost over a region of a size."""

    own: Cost
    bare: Cost


def main(largest: int, rounds: int) -> int:
    """Print the table; 1 where a limit is missed."""
    heads = ("lines", "customers", "offices", "own, s", "SQL, s", "ratio", "growth", "own, cpu s", "SQL, cpu s")
    print(" " * 8 + "".join(f"{head:>12}" for head in heads))
    lines, before, met = 100_000, dict[str, float](), True
    while lines <= largest:
        size = made.Size(lines)
        found = _measured(size, rounds)
        for name, (own, bare) in found.items():
            ratio, growth = own.wall / bare.wall, own.wall / before[name] if name in before else 0.0
            met = met and (lines < _OF or ratio <= _MOST) and growth <= _GROWTH
            counts = f"{lines:>12,}{size.customers:>12,}{size.offices:>12}"
            figures = (own.wall, bare.wall, ratio, growth, own.cpu, bare.cpu)
            print(f"{name:8}{counts}" + "".join(f"{figure:>12.2f}" for figure in figures), flush=True)
            before[name] = own.wall
        lines *= 10
    print(f"limits: ratio {_MOST:g} from {_OF:,} lines on, growth {_GROWTH:g}: {'met' if met else 'MISSED'}")
    return 0 if met else 1


def _measured(size: made.Size, rounds: int) -> dict[str, Measured]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "channel.db"
        env = environment(CHANNELCTL_DB=str(database))
        once((PYTHON, "-m", "channelctl", "init"), env)
        made.fill(database, size)
        commands = {}
        for name, (words, bare) in _COMMANDS.items():
            sent = str(Path(folder) / f"{name}.json")
            once((PYTHON, "-c", _SENT, sent, *words), env)
            commands[name] = (PYTHON, "-m", "channelctl", *words)
            commands[f"{name}, bare"] = (PYTHON, "-c", _START + bare, str(database), sent)
        costs = side_by_side(commands, rounds, env)
    return {name: Measured(costs[name], costs[f"{name}, bare"]) for name in _COMMANDS}


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in (sys.argv[1:] + ["10000000", "3"][len(sys.argv) - 1 :]))))
