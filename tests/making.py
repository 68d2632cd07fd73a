"""Small sheets and policies written by tests, and reports read back exactly."""

import csv
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]

from tests.conftest import SAMPLE, Result, Run

EXPECTED = json.loads((SAMPLE / "expected.json").read_text("utf-8"))


def sheet(name: str, headings: str, rows: Iterable[Sequence[object]]) -> Path:
    """A CSV of that name here; headings are parted by blanks."""
    path = Path(f"{name}.csv")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings.split(), *rows])
    return path


def policy(text: str) -> None:
    """The policy file of this folder, which is in force."""
    Path("policy.toml").write_text(text, "utf-8")


def exact(result: Result) -> Any:
    """A report in JSON with its numbers as they are written."""
    assert result.code in (0, 1), result.err
    return json.loads(result.out, parse_float=Decimal)


def report(ch: Run, *words: object) -> Any:
    """The report of a command, exact."""
    return exact(ch(*words, "--format", "json"))


def holds_to_schema(ch: Run, name: str, *words: object) -> Any:
    """The report of a command, held against the schema that the command line prints for it."""
    schema = json.loads(ch("schema", name).out)
    data = json.loads(ch(*words, "--format", "json").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    return data
