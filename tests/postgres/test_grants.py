"""Roles on a server: given, taken, listed, and kept by a restore."""

import pytest

from tests import servers
from tests.conftest import Run
from tests.postgres import world
from tests.postgres.conftest import As, codes, connected, contents, rows

pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = pytest.mark.sqlite("has a server of its own")


@pytest.fixture(scope="module")
def model(system: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database that each test has a copy of."""
    world.made(system, "grants", tmp_path_factory.mktemp("grants"))
    return "grants"


def test_roles_are_listed(by: As) -> None:
    done = by("boss", "db", "users", "--format", "csv")
    assert done.code == 0
    assert done.out.splitlines()[1:] == [
        "channelctl,owner,everywhere,,,",
        "feng,operator,office,南京,,2024-06-03",
        "li,reader,region,,东区,2024-06-03",
        "qian,approver,office,杭州,,2024-06-03",
        "sun,reader,everywhere,,,2024-06-03",
        "wang,operator,office,杭州,,2024-06-03",
        "wu,manager,office,杭州,,2024-06-03",
        "zhao,reader,office,杭州,,2024-06-03",
        "zhou,manager,everywhere,,,2024-06-03",
    ]
    own = by("wang", "db", "users", "--format", "csv")
    assert own.out.splitlines()[1:] == ["channelctl,owner,everywhere,,,", "wang,operator,office,杭州,,2024-06-03"]


def test_a_role_is_given_and_taken(by: As, url: str) -> None:
    given = by("boss", "db", "grant", "--role", "operator", "--office", "NJ", "--user", "zhao")
    assert (given.code, given.out, given.err) == (0, "zhao: operator, NJ\n", "")
    again = by("boss", "db", "grant", "--role", "operator", "--office", "南京", "--user", "zhao")
    assert (again.code, again.out) == (0, "nothing to do: zhao is operator, 南京\n")
    assert codes(by("zhao", "customer", "list", "--format", "json")) == ["H1", "H2", "J1"]
    # What is seen and not written is told from what is not there.
    mixed = by("zhao", "customer", "set", "H1", "city=x")
    assert (mixed.code, mixed.err.splitlines()[0]) == (
        3,
        "channelctl: error: this login may not change that (customer); nothing was changed",
    )
    assert by("zhao", "customer", "set", "J1", "city=x").code == 0
    taken = by("boss", "db", "revoke", "--user", "zhao", "--role", "operator")
    assert (taken.code, taken.out) == (0, "zhao is no longer operator\n")
    assert by("zhao", "customer", "set", "H1", "city=x").code == 3
    assert by("boss", "db", "revoke", "--user", "zhao").code == 0
    assert by("zhao", "customer", "list").code == 3
    left = "SELECT count(*) FROM pg_class, aclexplode(relacl) WHERE grantee = 'zhao'::regrole"
    assert rows(url, left) == [(0,)]
    assert by("boss", "db", "revoke", "--user", "zhao").code == 2
    logged = [row["command"] for row in by("boss", "batch", "list", "--format", "json").data["rows"][:3]]
    assert logged == ["db revoke", "db revoke", "customer set"]
    assert by("boss", "batch", "undo", rows(url, "SELECT max(id) FROM batch")[0][0]).code == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--role", "chief", "--user", "wang"), 2, "no role “chief”"),
        (("--role", "reader", "--user", "wang", "--office", "合肥"), 2, "no office “合肥”"),
        (("--role", "reader", "--user", "wang", "--region", "南区"), 2, "no region “南区”"),
        (("--role", "reader", "--user", "nobody.there"), 2, "has no login “nobody.there”"),
        (("--role", "reader", "--user", servers.OWNER), 3, "owns the database or all of the server"),
        (("--role", "reader", "--user", "pg_monitor"), 3, "pg_monitor is no login, but a group"),
    ],
)
def test_a_grant_that_cannot_be_says_why(by: As, url: str, words: tuple[str, ...], code: int, said: str) -> None:
    before = contents(url)
    done = by("boss", "db", "grant", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert contents(url) == before


@pytest.mark.parametrize("words", [("grant", "--role", "reader", "--user", "x"), ("revoke", "--user", "x"), ("users",)])
def test_a_file_knows_no_logins(ch: Run, words: tuple[str, ...]) -> None:
    assert ch("--db", "here.db", "init").code == 0
    done = ch("--db", "here.db", "db", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "channelctl: error: here.db is a file, and a file knows no logins: whoever may open it sees all of it\n"
        "Roles are for a database on a server: --db postgresql://…\n"
    )


def test_roles_go_on_for_the_same_offices_after_a_restore(by: As, url: str, ch: Run) -> None:
    assert by("boss", "backup", "b.backup").code == 0
    with connected(url) as owner:
        owner.execute("UPDATE member SET office_id = 7777 WHERE login = 'feng'")
    ch("--db", "other.db", "init")
    for code, name in (("XX", "新处"), ("HZ", "杭州")):
        assert ch("--db", "other.db", "office", "add", f"code={code}", f"name={name}").code == 0
    assert by("boss", "restore", "other.db").code == 0
    held = "SELECT code FROM member JOIN office ON office.id = office_id WHERE login = 'wang'"
    assert rows(url, held) == [("HZ",)]
    assert rows(url, "SELECT count(*) FROM member WHERE login = 'feng'") == [(0,)]
