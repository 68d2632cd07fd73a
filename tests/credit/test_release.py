"""Releases: given within one's authority, for one customer, up to a day and an amount, and used once."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.credit.owed import answer, invoices, limits, take
from tests.making import holds_to_schema, policy, report
from tests.processes import environment, finish, start
from tests.tables import address

POLICY = """\
[credit]
authority = {manager = 1500, director = 100000}
approvers = {tester = "manager", boss = "director"}
"""
WORDS = ("--until", "2024-06-10", "--reason", "回款在途")


@pytest.fixture
def owing(ch: Run) -> None:
    """Batches 1 and 2: C1 owes 900 of 1,000, C2 nothing of 1,000; a manager may grant up to 1,500."""
    policy(POLICY)
    take(
        ch,
        invoices(("C1", "F1", "2024-05-10", "发票", 900, "2024-06-30")),
        limits(("C1", "2024-01-01", 1000, "", ""), ("C2", "2024-01-01", 1000, "", "")),
    )


def releases(ch: Run, *words: object) -> list[tuple[Any, ...]]:
    names = ("number", "customer_code", "amount", "state", "used_on", "document")
    return [tuple(row[name] for name in names) for row in report(ch, "credit", "releases", *words)["rows"]]


@pytest.mark.usefixtures("owing")
def test_a_release_is_given_used_once_and_listed(ch: Run) -> None:
    assert answer(ch, "C1", 500) == (1, "hold", "above_limit")
    given = ch("credit", "release", "C1", "500", *WORDS)
    assert (given.code, given.err) == (0, "")
    assert given.out == (
        "release R3 · C1 客户C1\n\n"
        "Number        R3\n"
        "Code          C1\n"
        "Customer      客户C1\n"
        "Amount, CNY   500.00\n"
        "Given on      2024-06-03\n"
        "Until         2024-06-10\n"
        "Approver      tester\n"
        "Role          manager\n"
        "Reason        回款在途\n"
        "State         unused\n"
        "\n"
        "Exposure with it and all that is released: 1,400.00\n"
        "Batch 3. Take it back: channelctl batch undo 3\n"
        "R3 lets 500.00 through once, up to 2024-06-10: channelctl credit check C1 500.00 --release R3\n"
    )
    assert releases(ch) == [("R3", "C1", 500, "open", None, None)]
    used = ch("credit", "check", "C1", "480", "--release", "R3", "--document", "S77")
    assert (used.code, used.err) == (0, "")
    assert used.out.splitlines()[-2:] == [
        "release R3 is used up: batch 4. Undo: channelctl batch undo 4",
        "pass: released; exposure 900.00 + 480.00 = 1,380.00 of 1,000.00",
    ]
    assert releases(ch) == [("R3", "C1", 500, "used", "2024-06-03", "S77")]
    refused = ch("credit", "check", "C1", "480", "--release", "r3")
    assert (refused.code, refused.out, refused.err) == (
        3,
        "",
        "channelctl: error: release R3 was used on 2024-06-03 by tester, for 480.00: it serves once\n"
        "channelctl credit release C1 480.00 --until DAY --reason TEXT gives another.\n",
    )
    assert ch("credit", "releases").out.splitlines()[-1] == "0 releases are unused: 0.00"


REFUSED = "\nchannelctl credit release {code} {amount} --until DAY --reason TEXT gives another.\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("C2", "1001"), 3, "release R3 is for C1, not for C2" + REFUSED.format(code="C2", amount="1001.00")),
        (("C1", "500.01"), 3, "release R3 is for 500.00, not for 500.01" + REFUSED.format(code="C1", amount="500.01")),
    ],
)
@pytest.mark.usefixtures("owing")
def test_a_release_serves_for_nothing_else(ch: Run, words: tuple[str, ...], code: int, said: str) -> None:
    assert ch("credit", "release", "C1", "500", *WORDS).code == 0
    done = ch("credit", "check", *words, "--release", "R3")
    assert (done.code, done.out, done.err) == (code, "", f"channelctl: error: {said}")
    assert releases(ch) == [("R3", "C1", 500, "open", None, None)]


@pytest.mark.usefixtures("owing")
def test_a_release_serves_up_to_its_last_day(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ch("credit", "release", "C1", "500", *WORDS).code == 0
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-06-11")
    assert releases(ch) == [("R3", "C1", 500, "expired", None, None)]
    done = ch("credit", "check", "C1", "500", "--release", "R3")
    assert (done.code, done.err.splitlines()[0]) == (3, "channelctl: error: release R3 expired on 2024-06-10")
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-06-10")
    assert ch("credit", "check", "C1", "500", "--release", "R3").code == 0
    assert releases(ch, "--as-of", "2024-06-09") == [("R3", "C1", 500, "open", None, None)]
    assert releases(ch, "--as-of", "2024-06-02") == []
    # A day that has gone brings no release back to life.
    done = ch("credit", "check", "C1", "500", "--release", "R3", "--as-of", "2024-06-05")
    assert (done.code, done.err) == (
        2,
        "channelctl: error: a release is used today, on no other day\nLeave --as-of out.\n",
    )


@pytest.mark.usefixtures("owing")
def test_a_release_that_is_not_needed_stays_open(ch: Run) -> None:
    assert ch("credit", "release", "C1", "500", *WORDS).code == 0
    done = ch("credit", "check", "C1", "50", "--release", "R3")
    assert (done.code, done.err) == (0, "release R3 was not needed and is still unused\n")
    assert done.out.splitlines()[-1] == "warn: near the limit; exposure 900.00 + 50.00 = 950.00 of 1,000.00"
    assert releases(ch) == [("R3", "C1", 500, "open", None, None)]


@pytest.mark.usefixtures("owing")
def test_a_release_serves_in_spite_of_a_hold_by_hand(ch: Run) -> None:
    assert ch("credit", "hold", "add", "C2", "2024-06-01", "reason=争议").code == 0
    assert ch("credit", "release", "C2", "10", *WORDS).code == 0
    assert answer(ch, "C2", 10) == (1, "hold", "held")
    assert answer(ch, "C2", 10, "--release", "R4") == (0, "pass", "released")
    assert answer(ch, "C2", 10) == (1, "hold", "held")


@pytest.mark.parametrize(
    ("user", "amount", "code", "said"),
    [
        ("tester", "600", 0, ""),
        (
            "tester",
            "600.01",
            3,
            "channelctl: error: tester (manager) may approve up to 1,500.00, not 1,500.01\n"
            "These may: boss (director)\n",
        ),
        ("boss", "600.01", 0, ""),
        (
            "nobody",
            "1",
            3,
            "channelctl: error: nobody may not decide on credit ([credit] approvers in the policy file)\n"
            "These may: boss, tester\n",
        ),
    ],
)
@pytest.mark.usefixtures("owing")
def test_who_releases_must_be_allowed_what_is_owed_then(
    ch: Run, monkeypatch: pytest.MonkeyPatch, user: str, amount: str, code: int, said: str
) -> None:
    monkeypatch.setenv("CHANNELCTL_USER", user)
    done = ch("credit", "release", "C1", amount, *WORDS)
    assert (done.code, done.err) == (code, said)
    assert len(releases(ch)) == (0 if code else 1)


@pytest.mark.usefixtures("owing")
def test_several_small_releases_are_no_way_around_ones_authority(ch: Run) -> None:
    assert ch("credit", "release", "C1", "400", *WORDS).code == 0
    done = ch("credit", "release", "C1", "400", *WORDS)
    assert (done.code, done.err) == (
        3,
        "channelctl: error: tester (manager) may approve up to 1,500.00, not 1,700.00\n"
        "400.00 of it are open releases: channelctl credit releases\n"
        "These may: boss (director)\n",
    )
    assert ch("credit", "release", "C1", "200", *WORDS).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("C1", "0", *WORDS), "a release is for more than 0, not 0.00\n"),
        (("C1", "5", "--until", "2024-06-10", "--reason", "  "), "a release needs a reason\n--reason TEXT\n"),
        (
            ("C1", "5", "--until", "2024-06-02", "--reason", "x"),
            "a release until 2024-06-02 has expired: today is 2024-06-03\n"
            "Give a day that is yet to come: --until DAY\n",
        ),
    ],
)
@pytest.mark.usefixtures("owing")
def test_a_release_says_all_that_it_must(ch: Run, words: tuple[str, ...], said: str) -> None:
    done = ch("credit", "release", *words)
    assert (done.code, done.out, done.err) == (2, "", f"channelctl: error: {said}")
    assert ch("credit", "release", "C1", "5").code == 2
    assert releases(ch) == []


@pytest.mark.parametrize("word", ["R9", "9", "x", "R", "-", "R2"])
@pytest.mark.usefixtures("owing")
def test_a_release_that_there_is_not(ch: Run, word: str) -> None:
    done = ch("credit", "check", "C1", "500", "--release", word)
    assert (done.code, done.err) == (
        2,
        f"channelctl: error: there is no release {word}\nchannelctl credit releases shows those there are.\n",
    )


@pytest.mark.usefixtures("owing")
def test_what_was_used_is_taken_back_first_and_no_number_serves_twice(ch: Run) -> None:
    assert ch("credit", "release", "C1", "500", *WORDS).code == 0
    assert ch("credit", "check", "C1", "500", "--release", "R3").code == 0
    refused = ch("batch", "undo", "3")
    assert refused.code == 3
    assert "batch 4 used release R3" in refused.err
    assert ch("batch", "undo", "4").code == 0
    assert releases(ch) == [("R3", "C1", 500, "open", None, None)]
    assert ch("batch", "undo", "3").code == 0
    assert releases(ch) == []
    assert ch("credit", "release", "C1", "500", *WORDS).code == 0
    assert [row[0] for row in releases(ch)] == ["R7"]


@pytest.mark.usefixtures("owing")
def test_a_release_follows_a_customer_that_is_merged(ch: Run) -> None:
    assert ch("credit", "release", "C1", "500", *WORDS).code == 0
    assert ch("customer", "add", "C3", "客户三").code == 0
    assert ch("customer", "merge", "C1", "C3").code == 0
    assert releases(ch, "C3") == [("R3", "C3", 500, "open", None, None)]
    assert ch("credit", "check", "C3", "500", "--release", "R3").code == 0


@pytest.mark.usefixtures("owing")
def test_what_was_known_before_a_use_shows_the_release_open(ch: Run) -> None:
    assert ch("credit", "release", "C1", "500", *WORDS).code == 0
    assert ch("credit", "check", "C1", "500", "--release", "R3").code == 0
    assert releases(ch, "--known", "3") == [("R3", "C1", 500, "open", None, None)]
    assert releases(ch, "--known", "2") == []
    assert ch("credit", "check", "C1", "500", "--release", "R3", "--known", "3").code == 2


@pytest.mark.usefixtures("owing")
def test_releases_hold_to_their_schemas(ch: Run) -> None:
    holds_to_schema(ch, "credit_release", "credit", "release", "C1", "5", *WORDS)
    holds_to_schema(ch, "credit_releases", "credit", "releases", "C1")
    holds_to_schema(ch, "credit_check", "credit", "check", "C1", "500", "--as-of", "2024-06-04")


@pytest.mark.usefixtures("owing")
def test_of_two_deliveries_at_once_one_goes_by_a_release(ch: Run, tmp_path: Path) -> None:
    assert ch("credit", "release", "C1", "500", *WORDS).code == 0
    env = environment(CHANNELCTL_DB=address(tmp_path / "channel.db"), HOME=str(tmp_path))
    words = ("credit", "check", "C1", "500", "--release", "R3", "--document")
    running = [start(*words, f"S{place}", env=env, cwd=os.fspath(tmp_path)) for place in range(2)]
    done = sorted(finish(one) for one in running)
    assert [code for code, _out, _err in done] == [0, 3]
    assert "it serves once" in done[1][2]
    assert [(number, state) for number, _code, _amount, state, _day, _document in releases(ch)] == [("R3", "used")]
