"""Windows of half a year and a year, and how windows are called."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from channelctl import i18n
from channelctl.systems.rebates.rules import Breakpoint, Rule
from channelctl.systems.rebates.rules_windows import window_key, window_words, windows
from channelctl.systems.rebates.rules_words import word_of
from tests.conftest import Run
from tests.making import report
from tests.rebates.ledger import SAMPLE, rules, settle, sold, take

DAY = dt.date.fromisoformat
RULE = Rule(
    *("P", "1", "1", "政策", "volume", DAY("2023-10-01"), DAY("2025-03-31")),
    *("month", "quantity", "all_units", "per_unit", (Breakpoint(Decimal(0), Decimal(1)),)),
)


@pytest.mark.parametrize(
    ("window", "first", "last", "english", "chinese", "kept"),
    [
        ("half", "2024-06-30", "2024-07-01", ["H1 2024", "H2 2024"], ["2024年上半年", "2024年下半年"], "2024-H1"),
        ("half", "2024-01-01", "2024-01-01", ["H1 2024"], ["2024年上半年"], "2024-H1"),
        ("year", "2024-12-31", "2024-12-31", ["2024"], ["2024年"], "2024"),
        (
            "year",
            "2023-12-31",
            "2024-01-01",
            ["Q4 2023", "2024"],
            ["2023年第4季度", "2024年"],
            "2023-Q4",
        ),
        ("half", "2025-03-31", "2025-12-31", ["Q1 2025"], ["2025年第1季度"], "2025-Q1"),
    ],
)
def test_windows_of_the_calendar(
    window: str,
    first: str,
    last: str,
    english: list[str],
    chinese: list[str],
    kept: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = replace(RULE, window=window)
    assert [one.label for one in windows(rule, DAY(first), DAY(last))] == english
    for name in ("_catalogue", "_language"):
        monkeypatch.setattr(i18n, name, getattr(i18n, name))
    i18n.use("zh")
    found = windows(rule, DAY(first), DAY(last))
    assert [one.label for one in found] == chinese
    assert window_words(window_key(found[0])) == kept


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2024-02-01/2024-04-30", "2024-02-01 to 2024-04-30"),
        ("2024-04-01/2024-09-30", "2024-04-01 to 2024-09-30"),
        ("2024-01-01/2024-02-29", "2024-01-01 to 2024-02-29"),
        ("2023-12-01/2024-02-29", "2023-12-01 to 2024-02-29"),
        ("2024-01-01/2024-06-29", "2024-01-01 to 2024-06-29"),
        ("2023-01-01/2024-12-31", "2023-01-01 to 2024-12-31"),
        ("2024-07-01/2024-12-31", "2024-H2"),
        ("2024-12-01/2024-12-31", "2024-12"),
    ],
)
def test_other_spans_are_called_by_their_days(key: str, words: str) -> None:
    assert window_words(key) == words


@pytest.mark.parametrize(
    ("word", "kept"),
    [("半年", "half"), ("按半年", "half"), ("half", "half"), ("half a year", "half"), ("年", "year"), ("年度", "year")],
)
def test_the_words_of_a_sheet(word: str, kept: str) -> None:
    assert word_of("window", word) == kept


def test_a_half_is_settled_month_by_month(ch: Run) -> None:
    """300 in January and 100 in May reach 400 in the half, and no window begins between them."""
    take(
        ch,
        sold("sales", ("2024-01-05", "A", "C1", 300), ("2024-05-05", "B", "C1", 100)),
        rules((*SAMPLE[:6], "半年", *SAMPLE[7:])),
    )
    assert settle(ch, "2024-01") == [("C1", "2024-01-01/2024-06-30", 0, 0, 0)]
    assert settle(ch, "2024-05") == [("C1", "2024-01-01/2024-06-30", 8000, 0, 8000)]
    windows_ = [row["windows"] for row in report(ch, "rebate", "history")["rows"]]
    assert windows_ == ["2024-H1", "2024-H1"]
