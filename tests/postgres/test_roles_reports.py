"""What an office's login is shown is what whoever sees all is shown of that office: customers buy in several."""

import csv
import io
import warnings
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from channelctl import cli, settings
from tests import servers
from tests.conftest import Run, Text, sample_files
from tests.making import exact, policy
from tests.postgres.conftest import connected, rows

pytestmark = pytest.mark.sqlite("has a server of its own")

OF_OFFICE = (
    "tier --month 2024-05", "tier --by rep", "tier --by product --month 2024-05", "tier --method share",
    "tier --method rfm", "score --month 2024-05", "progress", "progress --by customer", "progress --by rep",
    "progress movers", "progress stopped", "progress trend", "score --explain --month 2024-05", "score trend",
    "tier --include-inactive --month 2024-05", "tier alarms", "rebate accrue --month 2024-05", "stock cover",
    "credit status", "credit ageing", "quality", "plan show --month 2024-05",
)  # fmt: skip
# What else says the same with --office and without, of a login that sees one; a screen, a pack, sections.
ALONE = (
    *OF_OFFICE, "score explain --month 2024-05", "score explain C00016 --month 2024-05", "status", "rebate gap",
    "report month --month 2024-05", "report daily", "credit overdue", "price audit",
)  # fmt: skip
# Not of the office: what another's customer owes, and how the other offices do.
NOT_SHOWN = ("Credit", "Rank", "Offices")
OF_LOGIN = (
    *OF_OFFICE, "report month --month 2024-05", "report daily", "report customer {customer}", "status", "tier alarms",
    "score explain {customer} --month 2024-05", "customer list", "customer show {customer}", "customer duplicates",
    "rep list", "office list", "plan show --month 2024-05", "plan check --month 2024-05", "price list", "price audit",
    "price waterfall N7310 --customer {customer}", "rebate accrue --month 2024-05", "rebate gap",
    "rebate policy list", "rebate explain {customer} --month 2024-05", "credit ageing", "credit overdue",
    "credit dso", "credit risk", "credit status", "stock cover", "stock check", "stock strays", "freshness", "quality",
    "batch list", "audit list", "export sales", "export customer", "export plan",
)  # fmt: skip


@pytest.fixture(scope="module")
def region(system: servers.Server) -> Iterator[servers.Address]:
    """The sample region, with a reader and an operator of 杭州, and a reader of its whole region."""
    with connected(system.address.url()) as owner, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANNELCTL_DB", system.address.url("region"))
        patch.setenv("CHANNELCTL_TODAY", "2024-06-03")
        settings.current = settings.Settings()
        with redirect_stdout(Text()), redirect_stderr(Text()):
            assert cli.run(["import", *map(str, sample_files())]) == 0
            owner.execute("CREATE ROLE jun LOGIN")
            for user, role, where in (("rui", "reader", "杭州"), ("ou", "operator", "杭州")):
                owner.execute(f"CREATE ROLE {user} LOGIN")
                assert cli.run(["db", "grant", "--role", role, "--office", where, "--user", user]) == 0
        yield system.address
        owner.execute("DROP DATABASE region WITH (FORCE)")
        owner.execute("DROP ROLE rui, ou, jun")


@pytest.mark.parametrize("sales_of", ["office", "customer"])
@pytest.mark.parametrize("words", OF_OFFICE)
def test_of_its_office_it_is_shown_what_anybody_is(
    words: str, sales_of: str, ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(f'[scores]\nsales_of = "{sales_of}"\n')
    shown = []
    for user in (servers.OWNER, "rui"):
        monkeypatch.setenv("CHANNELCTL_DB", region.url("region", user))
        done = ch(*words.split(), "--office", "杭州", "--format", "csv")
        assert done.code in (0, 1), done.err
        table = list(csv.DictReader(io.StringIO(done.out.lstrip("\ufeff"))))
        assert table
        shown.append([{name: cell for name, cell in row.items() if name not in NOT_SHOWN} for row in table])
    assert shown[1] == shown[0]


@pytest.mark.parametrize("user", ["rui", "ou"])
@pytest.mark.parametrize("words", OF_LOGIN)
def test_every_report_is_of_what_it_sees(
    words: str, user: str, ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", user))
    done = ch(*words.format(customer="C00016").split())
    assert done.code in (0, 1), done.err


@pytest.mark.parametrize("sales_of", ["office", "customer"])
@pytest.mark.parametrize("words", ALONE)
def test_who_sees_one_office_need_not_name_it(
    words: str, sales_of: str, ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(f'[scores]\nsales_of = "{sales_of}"\n')
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "rui"))
    office = "HZ" if words == "status" else "杭州"
    for form in ("json", "md" if words.startswith("report") else "html" if words == "status" else "table"):
        assert ch(*words.split(), "--format", form) == ch(*words.split(), "--office", office, "--format", form)


def test_an_office_is_scored_by_its_own_customers(
    ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    def levels(user: str, *words: str) -> list[tuple[str, int, int]]:
        monkeypatch.setenv("CHANNELCTL_DB", region.url("region", user))
        data = ch("score", "--month", "2024-05", *words, "--format", "json").data
        return [(row["level"], row["planned"], row["customers"]) for row in data["levels"]]

    wanted = levels(servers.OWNER, "--office", "杭州")
    assert levels("rui") == wanted
    # C00001 of 南京 buys there, too.
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "rui"))
    assert ch("customer", "show", "C00001").code == 0


def test_of_several_offices_customers_on_file_are_theirs(
    ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Customers of other offices buy in both."""
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    offices = ("苏州", "无锡")
    for office in offices:
        assert ch("db", "grant", "--role", "reader", "--office", office, "--user", "jun").code == 0

    def codes(user: str, *words: str) -> set[str]:
        monkeypatch.setenv("CHANNELCTL_DB", region.url("region", user))
        return {row["customer_code"] for row in ch(*words, "--format", "json").data["rows"]}

    idle = ("tier", "--include-inactive", "--month", "2024-05")
    wanted = set.union(*(codes(servers.OWNER, *idle, "--office", office) for office in offices))
    found = codes("jun", *idle)
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "jun"))
    scored = ch("score", "--month", "2024-05", "--format", "json").data
    fresh = ch("freshness", "--by", "office", "--format", "json").data["rows"]
    checked = ch("plan", "check", "--month", "2024-05", "--format", "json").data
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    each = [ch("score", "--month", "2024-05", "--office", one, "--format", "json").data for one in offices]
    assert ch("db", "revoke", "--user", "jun").code == 0
    assert found == wanted
    assert sum(row["customers"] for row in scored["levels"]) == sum(
        row["customers"] for one in each for row in one["levels"]
    )
    assert {row["office"] for row in fresh} == {*offices}
    # What the province plans is for all its offices.
    assert checked["classes"] == []


def test_packs_of_all_offices_are_of_those_that_are_seen(
    ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "rui"))
    done = ch("report", "month", "--month", "2024-05", "--all-offices", "--format", "md", "--output", "packs")
    assert done.code in (0, 1), done.err
    assert [path.name for path in Path("packs").iterdir()] == ["2024-05-HZ-杭州.md"]


def test_of_several_offices_it_is_shown_what_they_sold(
    ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sold(user: str, *words: str) -> Decimal:
        monkeypatch.setenv("CHANNELCTL_DB", region.url("region", user))
        return Decimal(exact(ch("tier", "--month", "2024-05", *words, "--format", "json"))["totals"]["net_sales"])

    offices = ("南京", "无锡")
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    for office in offices:
        assert ch("db", "grant", "--role", "reader", "--office", office, "--user", "jun").code == 0
    assert sold("jun") == sum(sold(servers.OWNER, "--office", office) for office in offices)
    assert sold("jun", "--office", "南京") == sold(servers.OWNER, "--office", "南京")
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    assert ch("db", "revoke", "--user", "jun").code == 0


def test_what_an_office_exports_comes_in_again_and_changes_nothing(
    ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "ou"))
    assert ch("export", "sales", "--month", "2024-05", "--output", "mine.csv").code == 0
    done = ch("import", "mine.csv", "--format", "json")
    (row,) = done.data["rows"]
    assert (done.code, row["new"], row["changed"], row["rejected"]) == (0, 0, 0, 0), done.out


def test_tiers_of_all_are_those_of_an_office(ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    assert ch("tier", "--apply").code == 0
    wanted = ch("tier", "history", "C00016", "--format", "json").data["rows"]
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "rui"))
    found = ch("tier", "history", "C00016", "--format", "json").data["rows"]
    assert wanted
    assert found == wanted
    foreign = ch("tier", "history", "C00003")
    assert foreign.code == 2, foreign.out


@pytest.mark.parametrize("words", ["rebate gap", "rebate accrue --month 2024-05"])
@pytest.mark.parametrize("office", ["杭州", "南京", "无锡"])
def test_rebates_are_of_ones_own_customers_and_as_anybody_sees_them(
    words: str, office: str, ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = "SELECT c.code FROM customer c JOIN office o ON o.id = c.office_id WHERE o.name = %s"
    codes = {code for (code,) in rows(region.url("region"), own, office)}
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    assert ch("db", "grant", "--role", "reader", "--office", office, "--user", "jun").code == 0
    whole = ch(*words.split(), "--format", "json").data["rows"]
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "jun"))
    shown = ch(*words.split(), "--format", "json").data["rows"]
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    assert ch("db", "revoke", "--user", "jun").code == 0
    assert shown == [row for row in whole if row["customer_code"] in codes]
    assert shown


def test_an_office_grades_whoever_buys_in_it(ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("tier", "--month", "2024-05", "--office", "杭州", "--apply")
    graded = (
        "SELECT customer_code, tier, g.net, own.name <> '杭州' FROM tier_grade g JOIN tier_run r ON r.id = g.run_id"
        " JOIN customer c ON c.code = customer_code JOIN office own ON own.id = c.office_id"
        " WHERE run_id = (SELECT max(id) FROM tier_run) ORDER BY customer_code"
    )
    found = []
    for user in (servers.OWNER, "ou"):
        monkeypatch.setenv("CHANNELCTL_DB", region.url("region", user))
        done = ch(*words)
        assert done.code == 0, done.err
        found += [rows(region.url("region", one), graded) for one in (servers.OWNER, user)]
        batch = rows(region.url("region"), "SELECT max(id) FROM batch")[0][0]
        assert ch("batch", "undo", batch).code == 0
    assert found[0] == found[1] == found[2] == found[3]
    assert any(stranger for *_, stranger in found[0])


@pytest.mark.parametrize("office", ["无锡", "苏州", "南京", "宁波"])
@pytest.mark.parametrize(
    "words", ["tier", "tier --by rep", "status", "progress movers", "report month", "rebate accrue --month 2024-05"]
)
def test_every_office_has_its_reports(
    words: str, office: str, ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    assert ch("db", "grant", "--role", "reader", "--office", office, "--user", "jun").code == 0
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "jun"))
    done = ch(*words.split())
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    assert ch("db", "revoke", "--user", "jun").code == 0
    assert done.code in (0, 1), done.err


@pytest.mark.parametrize("file", ["out.md", "out.html", "out.json", "out.xlsx", "out.csv"])
def test_a_file_says_which_offices_it_is_of(
    file: str, ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    remark = "rui sees 杭州 only"
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "rui"))
    done = ch("tier", "--month", "2024-05", "--output", file)
    assert (done.code, done.err.splitlines()[-1]) == (0, remark)
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region"))
    assert ch("tier", "--month", "2024-05", "--output", f"whole_{file}").code == 0
    said = [remark in text(Path(name)) for name in (file, f"whole_{file}")]
    assert said == [file != "out.csv", False]


def text(file: Path) -> str:
    if file.suffix != ".xlsx":
        return file.read_text("utf-8")
    with warnings.catch_warnings(action="ignore"):
        book = load_workbook(file)
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def test_packs_are_of_the_offices_that_are_seen(
    ch: Run, region: servers.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", region.url("region", "rui"))
    done = ch("report", "month", "--month", "2024-05", "--output", "month.md")
    assert done.code == 0, done.err
    page = text(Path("month.md"))
    assert page.splitlines()[0].count("杭州") == 1
    assert "rui sees 杭州 only" in page
    done = ch("report", "month", "--month", "2024-05", "--all-offices", "--output", "packs/", "--format", "md")
    assert done.code == 0, done.err
    assert [name.stem.partition("-")[2] for name in sorted(Path("packs").iterdir())] == ["05-HZ-杭州"]
