"""A file whose ending says one format and --format another is not written."""

from pathlib import Path

import pytest

from channelctl.report import FORMATS
from channelctl.report.deliver import ENDINGS
from tests.conftest import Run

CONTRADICTING = [(ending, said, format) for ending, said in ENDINGS.items() for format in FORMATS if format != said]


@pytest.mark.parametrize("turned", [False, True], ids=["output first", "format first"])
def test_a_contradiction_is_refused_in_whatever_order_it_stands(ch: Run, turned: bool) -> None:
    pairs = [["-o", "t.csv"], ["--format", "json"]]
    words = [word for pair in (reversed(pairs) if turned else pairs) for word in pair]
    assert ch("policy", "show", *words) == (
        2,
        "",
        "channelctl: error: --format json and the ending of t.csv, which says csv, contradict each other\n"
        "Leave --format out, or give the file the ending .json.\n",
    )
    assert not Path("t.csv").exists()


@pytest.mark.parametrize(("ending", "said", "format"), CONTRADICTING)
def test_every_ending_has_its_own_format_only(ch: Run, ending: str, said: str, format: str) -> None:
    done = ch("policy", "show", "--format", format, "--output", f"T{ending.upper()}")
    assert done.code == 2
    assert f"--format {format} and the ending of T{ending.upper()}, which says {said}" in done.err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("name", ["t", "t.dat", "t.JSON", "t.2024"])
def test_an_ending_that_says_nothing_or_the_same_goes_with_the_format(ch: Run, name: str) -> None:
    assert ch("policy", "show", "--format", "json", "--output", name).code == 0
    assert Path(name).read_text("utf-8").startswith("{")
