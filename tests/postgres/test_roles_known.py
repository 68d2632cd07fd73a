"""`--known` of logins that are kept to their offices: what they were shown then, whatever came since, and no more."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

import pytest

from channelctl import cli, settings
from tests import servers
from tests.conftest import Result, Run, Text, forget, sample_files
from tests.making import exact, sheet
from tests.postgres import world
from tests.postgres.conftest import connected, rows

pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = pytest.mark.sqlite("has a server of its own")

As = Callable[..., Result]
PEOPLE = {
    "k_reader": ("reader", "--office", "杭州"),
    "k_operator": ("operator", "--office", "杭州"),
    "k_approver": ("approver", "--office", "杭州"),
    "k_manager": ("manager", "--office", "杭州"),
    "k_region": ("reader", "--region", "西区"),
    "k_all": ("reader",),
}
# Those that every report is tried with; who may write as well is held by the same rules.
EVERY = ("k_reader", "k_region", "k_all")
# Of an office that is named, what whoever sees all is shown of it.
OF_OFFICE = (
    "tier --month 2024-05", "tier --by rep --month 2024-05", "tier --month 2024-05 --as-of 2024-05-20",
    "score --month 2024-05", "progress --as-of 2024-05-20 --by customer", "progress trend", "progress movers",
)  # fmt: skip
# Not of the office: what another's customer owes, and how the other offices do.
NOT_SHOWN = ("Credit", "Rank")
OF_LOGIN = (
    *OF_OFFICE, "customer list", "customer show {customer}", "customer find 0", "contact list", "product list",
    "rep list", "plan list", "plan check --month 2024-05", "price list", "receivable list", "export sales",
    "tier explain {customer} --month 2024-05", "score explain {customer} --month 2024-05", "freshness",
    "rebate accrue --month 2024-05", "rebate gap", "rebate policy show DL2024",
    "rebate explain {customer} --month 2024-05",
    "credit ageing", "credit overdue", "credit dso", "credit status", "credit risk", "stock cover", "stock check",
    "quality",
)  # fmt: skip
# These tell of their own commands.
PACKS = ("status", "report month --month 2024-05", "report customer {customer}")
_LINES = "日期 单据编号 行号 办事处 客户编码 型号 数量 金额"


class Past(NamedTuple):
    """A server with a database in which much was changed behind a batch, and what each login was shown at that."""

    address: servers.Address
    batch: int
    shown: dict[tuple[str, str], dict[str, Any]]


def customer_of(user: str) -> str:
    return "C00001" if user == "k_region" else "C00016"


def of_then(words: str, user: str) -> tuple[str, ...]:
    return (*words.format(customer=customer_of(user)).split(), "--format", "json")


def run(*words: object) -> str:
    """A command; what it writes."""
    settings.current = settings.Settings()
    forget()
    out, err = Text(), Text()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.run([str(word) for word in words])
    assert code in (0, 1), (words, err.text())
    return out.text()


def told(text: str) -> dict[str, Any]:
    """A report without what names the batch, and what tells of today's."""
    found: dict[str, Any] = json.loads(text)
    for name in ("known", "known_batch"):
        found["params"].pop(name, None)
    found["title"] = re.sub(r"( · )?as known on .*", "", found["title"])
    return found


@pytest.fixture(scope="module")
def past(system: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    """The sample region, and after it changes to records of every office."""
    address = system.address
    with connected(address.url()) as owner, pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("past"))
        patch.setenv("CHANNELCTL_TODAY", "2024-06-03")
        patch.setenv("CHANNELCTL_USER", "boss")
        patch.setenv("CHANNELCTL_DB", address.url("past"))
        run("import", *map(str, sample_files()))
        run("region", "add", "code=XQ", "name=西区")
        for office in ("南京", "无锡"):
            run("office", "set", office, "region=西区")
        for user, (role, *where) in PEOPLE.items():
            owner.execute(f"CREATE ROLE {user} LOGIN")
            run("db", "grant", "--role", role, *where, "--user", user)
        shown = {}
        for user in PEOPLE:
            patch.setenv("CHANNELCTL_DB", address.url("past", user))
            for words in OF_LOGIN if user in EVERY else OF_OFFICE:
                shown[user, words] = told(run(*of_then(words, user)))
        patch.setenv("CHANNELCTL_DB", address.url("past"))
        batch = rows(address.url("past"), "SELECT max(id) FROM batch")[0][0]
        patch.setenv("CHANNELCTL_TODAY", "2024-06-05")
        change_much(address.url("past"))
        yield Past(address, batch, shown)
        owner.execute("DROP DATABASE past WITH (FORCE)")
        owner.execute(f"DROP ROLE {', '.join(PEOPLE)}")


def change_much(url: str) -> None:
    """What the owner does afterwards, to records of 杭州 and of others."""
    query = """
        SELECT s.date, document, line_no, o.name, c.code, p.code, s.quantity / 10000, s.amount / 5000
        FROM sale_line s JOIN customer c ON c.id = customer_id JOIN office o ON o.id = s.office_id
        JOIN product p ON p.id = product_id WHERE s.date ~ '^2024-05' AND s.ended_batch_id IS NULL
        AND original_document IS NULL AND o.name IN ('杭州', '南京') ORDER BY s.id LIMIT 40
    """
    run("import", sheet("again", _LINES, rows(url, query)))
    new = [("2024-06-01", f"Z{code}", 1, office, code, "P003", 3, 9_000) for code, office in
           (("C00016", "杭州"), ("C00001", "南京"), ("C00020", "杭州"))]  # fmt: skip
    run("import", sheet("new", _LINES, new))
    for code in ("C00016", "C00001", "C00019"):
        run("customer", "set", code, f"name=新{code}", "class=V4", "phone=555")
    for code, document in rows(
        url, "SELECT code, number FROM receivable r JOIN customer c ON c.id = customer_id LIMIT 9"
    ):
        run("receivable", "set", code, document, "amount=1000")
    run("customer", "add", "code=Q1", "name=新店一号", "office=杭州")
    run("product", "set", "P001", "name=改名")
    run("rebate", "rule", "set", "DL2024", "1", "1", "rates=8/2", "thresholds=10/4")


def csv_rows(text: str) -> list[dict[str, str]]:
    found = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    return [{name: cell for name, cell in row.items() if name not in NOT_SHOWN} for row in found]


@pytest.mark.parametrize(("user", "words"), [
    *((user, words) for user in EVERY for words in OF_LOGIN),
    *((user, words) for user in PEOPLE if user not in EVERY for words in OF_OFFICE),
])  # fmt: skip
def test_it_is_shown_what_it_was_shown_then(
    words: str, user: str, ch: Run, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", past.address.url("past", user))
    done = ch(*of_then(words, user), "--known", past.batch)
    assert done.code in (0, 1), done.err
    assert told(done.out) == past.shown[user, words]


@pytest.mark.parametrize("known", ["batch", "2024-06-04"])
@pytest.mark.parametrize("words", OF_OFFICE)
def test_of_its_office_it_is_shown_what_anybody_is(
    words: str, known: str, ch: Run, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []
    for user in (servers.OWNER, "k_reader"):
        monkeypatch.setenv("CHANNELCTL_DB", past.address.url("past", user))
        asked = past.batch if known == "batch" else known
        done = ch(*words.split(), "--office", "杭州", "--known", asked, "--format", "csv")
        assert done.code in (0, 1), done.err
        shown.append(csv_rows(done.out))
    assert shown[0]
    assert shown[1] == shown[0]


@pytest.mark.parametrize("user", EVERY)
@pytest.mark.parametrize("words", PACKS)
def test_a_pack_is_made_of_what_was_known(
    words: str, user: str, ch: Run, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", past.address.url("past", user))
    done = ch(*of_then(words, user), "--known", past.batch)
    assert done.code in (0, 1), done.err


# --- what is hidden ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model(system: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database that each test has a copy of."""
    world.made(system, "roles_known", tmp_path_factory.mktemp("roles"))
    return "roles_known"


@pytest.fixture
def by(system: servers.Server, model: str, ch: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[As]:
    """A command of somebody's login, in a database of the test's own."""

    def run(user: str, *words: object) -> Result:
        monkeypatch.setenv("CHANNELCTL_DB", system.address.url("own", *([] if user == "boss" else [user])))
        return ch(*words)

    monkeypatch.setenv("CHANNELCTL_USER", "boss")
    with connected(system.address.url()) as owner:
        owner.execute(f'CREATE DATABASE own TEMPLATE "{model}" STRATEGY file_copy')
        yield run
        owner.execute("DROP DATABASE own WITH (FORCE)")


def last(by: As) -> int:
    return int(by("boss", "batch", "list", "--format", "json").data["rows"][0]["batch"])


def seen(by: As, user: str, *words: object) -> list[str]:
    done = by(user, "customer", "list", *words, "--format", "json")
    assert done.code == 0, done.err
    return [row["code"] for row in done.data["rows"]]


@pytest.mark.parametrize(
    ("user", "codes"),
    [
        ("zhao", ["H1", "Q3"]),
        ("li", ["B1", "H1", "Q3"]),
        ("feng", ["J1", "Q1"]),
        ("sun", ["B1", "H1", "H2", "J1", "Q1", "Q2", "Q3"]),
        ("boss", ["B1", "H1", "H2", "J1", "Q1", "Q2", "Q3"]),
    ],
)
def test_what_is_hidden_today_is_hidden_as_it_was(by: As, user: str, codes: list[str]) -> None:
    for login, code in (("boss", "Q1"), ("boss", "Q2"), ("wang", "Q3")):
        assert by(login, "customer", "add", f"code={code}", f"name={code}", "office=杭州").code == 0
    then = last(by)
    # It goes to another office; one is removed by somebody who sees more; one by somebody who does not.
    for login, *words in (
        ("boss", "set", "Q1", "office=南京"), ("boss", "remove", "Q2"), ("wang", "remove", "Q3"),
        ("boss", "merge", "H2", "H1"),
    ):  # fmt: skip
        assert by(login, "customer", *words).code == 0
    assert seen(by, user, "--known", then) == codes


@pytest.mark.parametrize(("user", "net_sales"), [("zhao", 1_300), ("li", 1_800), ("feng", 7_000), ("sun", 8_800)])
@pytest.mark.parametrize("words", ["tier --month 2024-05", "progress --by customer", "tier --by rep --month 2024-05"])
def test_sales_of_a_customer_that_went_into_another_are_there(by: As, user: str, net_sales: int, words: str) -> None:
    then = last(by)
    assert by("boss", "customer", "merge", "H2", "H1").code == 0
    found = by(user, *words.split(), "--known", then, "--format", "json")
    assert found.code == 0, found.err
    assert exact(found)["totals"].get("net_sales", exact(found)["totals"].get("month_to_date")) == net_sales


def test_a_record_that_went_with_one_that_is_gone_unseen_is_gone(by: As) -> None:
    assert by("boss", "customer", "add", "code=Q1", "name=一", "office=杭州").code == 0
    assert by("wang", "contact", "add", "customer=Q1", "name=王").code == 0
    then = last(by)
    (contact,) = by("wang", "contact", "list", "--format", "json").data["rows"]
    assert by("wang", "contact", "remove", contact["code"]).code == 0
    assert by("boss", "customer", "remove", "Q1").code == 0
    for user, there in (("zhao", 0), ("feng", 0), ("boss", 1)):
        assert len(by(user, "contact", "list", "--known", then, "--format", "json").data["rows"]) == there, user
