"""A person at a terminal is asked what unknown headings mean, and nothing is read that was not confirmed."""

import os
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sheets import written
from tests.tables import address, is_there
from tests.terminal import Talk, talk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")

LINES = [
    ["开单日", "购货单位", "片区", "机型", "台数", "开单额(万元)", "备注"],
    ["2024.5.3", "杭州恒达通讯", "杭州", "I9300", 3, 1.2504, None],
    ["2024年5月6日", "南京明远电器", "南京", "I9300", 2, 0.8336, "急"],
    ["20240506", "南京明远电器", "南京", "C65", 20, 0.123, None],
]
COLUMNS = """\
orders.csv: not all headings are known. As sales, which column is what?
   1  开单日        2024.5.3
   2  购货单位      杭州恒达通讯  = customer
   3  片区          杭州
   4  机型          I9300  = product
   5  台数          3  = quantity
   6  开单额(万元)  1.2504
   7  备注          急
a date? [1 开单日, 89 %: like “订单日期”, dates] """


@pytest.fixture
def ask(tmp_path: Path) -> "Ask":
    written.comma(tmp_path / "orders.csv", LINES)
    return Ask(tmp_path)


class Ask:
    """Imports orders.csv before a person who answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *answers: str, words: tuple[str, ...] = ("orders.csv",)) -> Talk:
        return talk(["import", *words], list(answers), self.folder, CHANNELCTL_DB=address(self.folder / "channel.db"))


def how(data: list[dict[str, str]]) -> dict[str, str]:
    return {row["heading"]: row["field"] for row in data if row["how"] == "map"}


def test_enter_takes_what_is_likely_and_a_name_keeps_it(ask: Ask, ch: Run) -> None:
    done = ask("", "", "", "dealers", words=("orders.csv", "--format", "json"))
    assert done.code == 0
    assert COLUMNS in done.shown
    assert "Keep this for sheets with the same headings? A name, or Enter for no: " in done.shown
    kept = ch("map", "show", "dealers", "--format", "json").data["rows"]
    assert {row["heading"]: row["field"] for row in kept} == {
        "开单日": "date",
        "片区": "office",
        "开单额(万元)": "amount",
    }
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 22070


def test_another_column_or_none_can_be_named(ask: Ask, ch: Run) -> None:
    done = ask("1", "9", "ja", "6", "-", "")
    assert done.code == 0
    assert done.shown.count("Enter takes what stands in brackets") == 2
    assert "  A 开单日 → date (--map)  2024.5.3\n" in done.out
    assert "  not read: C 片区, G 备注\n" in done.out
    assert ch("map", "list", "--format", "json").data["rows"] == []


def test_a_wrong_guess_is_mended_by_a_number(ask: Ask) -> None:
    """The column that was likeliest for one field is free for the others."""
    done = ask("", "5", "", "")
    assert "  E 台数 → amount (--map)  3\n" in done.out


@pytest.mark.parametrize(
    ("answers", "code", "says"),
    [
        (["^C"], 130, "interrupted"),
        (["", "^C"], 130, "interrupted"),
        (["^D"], 3, "If that is right: channelctl import orders.csv --map"),
        (["-", ""], 3, "Without these it cannot be read."),
        (["", "", "", "^C"], 130, "interrupted"),
    ],
)
def test_who_breaks_off_changes_nothing(answers: list[str], code: int, says: str, ask: Ask) -> None:
    done = ask(*answers)
    assert done.code == code
    assert says in done.shown + done.out
    assert not is_there(ask.folder / "channel.db")


def test_no_ask_refuses_as_without_a_terminal(ask: Ask) -> None:
    done = ask(words=("orders.csv", "--no-ask"))
    assert (done.code, done.shown.strip()) == (3, "")
    assert "If that is right: channelctl import orders.csv --map" in done.out


def test_a_dry_run_asks_too_but_keeps_nothing(ask: Ask) -> None:
    done = ask("", "", "", words=("orders.csv", "--dry-run"))
    assert done.code == 0
    assert "Keep this" not in done.shown
    assert "B 购货单位 → customer (alias)" in done.out
    assert not is_there(ask.folder / "channel.db")


def test_the_same_headings_are_asked_about_once(ask: Ask, ch: Run) -> None:
    later = [LINES[0], ["2024.6.3", "杭州恒达通讯", "杭州", "I9300", 1, 0.4168, None]]
    written.comma(ask.folder / "june.csv", later)
    done = ask("", "", "", "", words=("orders.csv", "june.csv"))
    assert done.code == 0
    assert done.shown.count("a date? ") == 1
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 26238


def test_a_known_file_asks_nothing(ask: Ask) -> None:
    assert ask("", "", "", "dealers").code == 0
    again = ask()
    assert (again.code, "a date?" in again.shown) == (0, False)
    assert "orders.csv: read with the mapping “dealers” (channelctl map show dealers)" in again.shown
