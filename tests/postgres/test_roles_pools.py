"""A limit that customers of several offices share: who sees only some of them is never told what is left of it."""

from pathlib import Path

import pytest

from tests import servers
from tests.making import policy
from tests.postgres import world
from tests.postgres.conftest import As, connected

pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = pytest.mark.sqlite("has a server of its own")

_BILLS = """\
客户编码,单号,日期,类型,金额,到期日
H1,F1,2024-05-20,发票,256000,2024-07-01
H2,F2,2024-05-20,发票,300000,2024-07-01
B1,F3,2024-05-20,发票,200000,2024-07-01
J1,F4,2024-05-20,发票,100,2024-07-01
"""
# H1, H2 of 杭州 and B1 of 宁波, both of 东区, share the limit of H1; J1 of 南京 has one of its own.
_LIMITS = """\
客户编码,生效日期,信用额度,含下级
H1,2024-01-01,700000,是
J1,2024-01-01,1000,
"""
_SHARES = "shares a limit with customers of offices that this login does not see"


@pytest.fixture(scope="module")
def model(system: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database that each test has a copy of."""
    folder = tmp_path_factory.mktemp("pools")
    url = world.made(system, "roles_pools", folder)
    for name, text in (("bills.csv", _BILLS), ("limits.csv", _LIMITS)):
        (folder / name).write_text(text, encoding="utf-8")
    for words in (
        *(("customer", "set", code, "parent=H1") for code in ("H2", "B1")),
        ("import", folder / "limits.csv", "--kind", "credit-limit"),
        ("import", folder / "bills.csv", "--kind", "receivable"),
    ):
        assert world.run(url, words) == 0, words
    return "roles_pools"


@pytest.mark.parametrize("customer", ["H1", "H2"])
def test_a_check_is_for_who_sees_the_whole_pool(by: As, customer: str) -> None:
    known = [by(user, "credit", "check", customer, 50_000, "--format", "json") for user in ("boss", "sun", "li")]
    assert {done.code for done in known} == {1}
    assert [(row["verdict"], row["exposure"], row["pool"]) for done in known for row in done.data["rows"]] == [
        ("hold", 756_000, "H1")
    ] * 3
    for amount in (0, 1, 50_000, 10_000_000):
        done = by("zhao", "credit", "check", customer, amount)
        assert (done.code, done.out) == (3, "")
        assert _SHARES in done.err, done.err


def test_a_check_by_a_part_that_holds_no_limit_is_refused_too(by: As, url: str) -> None:
    """B1's superior is another office's: its own login sees no limit at all, and H1 no more than a code."""
    assert world.run(url, ("db", "grant", "--role", "reader", "--office", "宁波", "--user", "feng")) == 0
    assert world.run(url, ("db", "revoke", "--role", "operator", "--user", "feng")) == 0
    done = by("feng", "credit", "check", "B1", 1)
    assert (done.code, done.out) == (3, "")
    assert _SHARES in done.err, done.err


def test_a_limit_of_ones_own_is_told_as_ever(by: As) -> None:
    wanted = by("boss", "credit", "check", "J1", 950, "--format", "json")
    found = by("feng", "credit", "check", "J1", 950, "--format", "json").data
    assert {**found, "notes": world.of_figures(found["notes"])} == wanted.data


def test_no_release_goes_by_a_pool_that_is_not_seen(by: As) -> None:
    policy('[credit]\nauthority = { manager = 9000000 }\napprovers = { qian = "manager" }\n')
    words = ("credit", "release", "H2", 50_000, "--until", "2024-06-30", "--reason", "x")
    done = by("qian", *words)
    assert (done.code, done.out) == (3, "")
    assert _SHARES in done.err, done.err


def test_lists_leave_out_what_nobody_there_can_tell(by: As) -> None:
    data = by("zhao", "credit", "status", "--format", "json").data
    found = {row["customer_code"]: row for row in data["rows"]}
    assert {code: (row["limit"], row["exposure"]) for code, row in found.items()} == {
        "H1": (700_000, 256_000),
        "H2": (None, 300_000),
    }
    assert {(row["available"], row["status"], row["reason"], row["pool"]) for row in found.values()} == {
        (None, None, "pool_not_seen", None)
    }
    assert data["pools"] == []
    assert world.of_figures(data["notes"]) == [
        f"2 customers share{_SHARES.removeprefix('shares')}: what is left is blank"
    ]
    shown = by("zhao", "credit", "status")
    assert (shown.code, "44,000" in shown.out, "-56,000" in shown.out) == (0, False, False), shown.out
    assert "2 customers:" not in shown.out
    month = by("zhao", "report", "month", "--month", "2024-05", "--format", "json").data["figures"]
    assert "blocked" in {row["name"] for row in month}
    assert "over_limit" not in {row["name"] for row in month}
    for user in ("sun", "li"):
        wanted = by("boss", "credit", "status", *(["--region", "东区"] if user == "li" else []), "--format", "json")
        assert by(user, "credit", "status", "--format", "json").data["rows"] == wanted.data["rows"]
        assert [row["exposure"] for row in wanted.data["pools"]] == [756_000]


def test_one_customer_is_shown_without_what_is_left(by: As) -> None:
    done = by("zhao", "credit", "status", "H2")
    assert done.code == 0, done.err
    assert "300,000" in done.out
    assert "its pool is not seen whole" in done.out
    assert "Available" not in done.out
    pack = by("zhao", "report", "customer", "H2")
    assert (pack.code, _SHARES.removeprefix("shares a ") in pack.out) == (0, True), pack.out + pack.err


def test_what_is_overdue_or_held_is_said_whoever_shares_the_limit(by: As) -> None:
    late = ("credit", "status", "--as-of", "2024-07-05", "--format", "json")
    known = {row["customer_code"]: row for row in by("boss", *late).data["rows"]}
    found = {row["customer_code"]: row for row in by("zhao", *late).data["rows"]}
    assert [(row["status"], row["available"]) for row in found.values()] == [("overdue", None)] * 2
    assert {code: row["status"] for code, row in found.items()} == {code: known[code]["status"] for code in found}
    said = by("zhao", "credit", "status", "H2", "--as-of", "2024-07-05")
    assert "it has no limit" not in said.out


def test_whose_limit_a_loss_was_in_is_for_who_sees_the_pool(by: As) -> None:
    policy('[credit]\nhandler_share = "0.5"\napprover_share = "0.3"\n')
    words = ("credit", "writeoff", "H2", 1000, "--handler", "甲", "--reason", "x", "--on", "2024-06-01")
    assert by("boss", *words).code == 0
    assert [row["handler_share"] for row in by("li", "credit", "liability", "--format", "json").data["rows"]] == [500]
    done = by("zhao", "credit", "liability")
    assert (done.code, done.out) == (3, "")
    assert _SHARES in done.err, done.err


def test_a_limit_that_has_run_out_is_nobodys(by: As, url: str, tmp_path: Path) -> None:
    ended = tmp_path / "ended.csv"
    ended.write_text("客户编码,生效日期,信用额度,含下级\nH2,2024-01-01,400000,\n", encoding="utf-8")
    assert world.run(url, ("import", ended, "--kind", "credit-limit")) == 0
    with connected(url) as owner:
        owner.execute("UPDATE credit_limit SET expires_on = '2024-05-31' WHERE pooled = 1")
    wanted = by("boss", "credit", "check", "H2", 50_000, "--format", "json").data
    found = by("zhao", "credit", "check", "H2", 50_000, "--format", "json").data
    assert {**found, "notes": world.of_figures(found["notes"])} == wanted
    assert by("zhao", "credit", "check", "H2", 1, "--as-of", "2024-05-30").code == 3


def test_the_server_tells_of_ones_own_customers_only(by: As, url: str, system: servers.Server) -> None:
    query = "SELECT code FROM customer WHERE id IN (SELECT channelctl_pools('2024-06-03')) ORDER BY code"
    for user, codes in (("zhao", ["H1", "H2"]), ("li", []), ("sun", []), ("feng", [])):
        with connected(system.address.url("own", user)) as login:
            assert [code for (code,) in login.execute(query)] == codes, user
    assert by("boss", "db", "grant", "--role", "reader", "--office", "宁波", "--user", "feng").code == 0
    with connected(system.address.url("own", "feng")) as login:
        assert [code for (code,) in login.execute(query)] == ["B1"]
