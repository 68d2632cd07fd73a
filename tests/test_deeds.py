"""What was done, told in the language in force; what programs read stays as it is."""

import csv
import io
from pathlib import Path

import pytest

from channelctl import i18n
from channelctl.deeds import action_text, command_text
from channelctl.systems.tiers.screen_facts import boundary_text
from tests.conftest import Run

COMMANDS = [
    "import",
    "tier apply",
    "score close",
    "plan freeze",
    "batch undo",
    "customer set",
    "tier mark add",
    "map edit",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_in_english_a_command_is_told_as_it_is_typed(command: str) -> None:
    assert command_text(command) == command
    assert action_text(command.rpartition(" ")[2]) == command.rpartition(" ")[2]


@pytest.mark.parametrize(
    ("command", "about"), [("customer set", "客户"), ("plan freeze", "规划客户"), ("tier mark add", "手工等级")]
)
def test_in_chinese_it_is_told_by_what_it_is_about(command: str, about: str) -> None:
    i18n.use("zh")
    assert command_text(command).startswith(about)
    assert command_text("nothing known") != ""


def test_the_list_of_batches_keeps_the_command_for_programs(ch: Run, sample: Path) -> None:
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    english, chinese = (ch("batch", "list", "--format", "json", "--lang", lang).data["rows"] for lang in ("en", "zh"))
    assert english == chinese
    assert chinese[0]["command"] == "tier apply"
    assert "tier apply" in ch("batch", "list").out
    assert "tier apply" not in ch("batch", "list", "--lang", "zh").out
    assert "tier apply" not in ch("audit", "list", "--lang", "zh").out


def test_words_of_a_csv_are_those_of_its_language(ch: Run, sample: Path) -> None:
    done = ch("tier", "--month", "2024-05", "--include-inactive", "--format", "csv", "--lang", "zh")
    reasons = {row["原因"] for row in csv.DictReader(io.StringIO(done.out))}
    assert reasons >= {"无销售"}
    assert not any(word.isascii() and word for word in reasons)
    data = ch("tier", "--month", "2024-05", "--include-inactive", "--format", "json", "--lang", "zh").data
    assert {row["reason"] for row in data["rows"]} >= {"no_sales", None}


def test_a_csv_of_records_comes_back_as_it_was(ch: Run, sample: Path) -> None:
    """Words of channels are told in the language; the import knows them in both."""
    for lang in ("en", "zh"):
        name = f"{lang}.csv"
        assert ch("export", "customer", "--output", name, "--lang", lang).code == 0
        row = ch("import", name, "--format", "json").data["rows"][0]
        assert (row["new"], row["changed"], row["existing"]) == (0, 0, row["rows"])


@pytest.mark.parametrize("boundary", ["reach", "within"])
def test_a_boundary_has_a_word(boundary: str) -> None:
    assert boundary_text(boundary) == boundary
