"""A login of one office is kept out of another's rows, whatever it sends to the server."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from channelctl.records import kinds
from tests import servers
from tests.conftest import Run
from tests.postgres import world
from tests.postgres.conftest import connected
from tests.postgres.world import BELOW, COMMON, OF_BATCH, OF_OFFICE, OWN, UNDER, Office, Rows

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = pytest.mark.sqlite("has a server of its own")

APPROVED = ("credit_limit", "credit_release", "credit_writeoff")
MINE = (*OF_OFFICE, *BELOW, *UNDER)


class Held(NamedTuple):
    """A database with everybody's rows, and the two offices that are held apart."""

    system: servers.Server
    name: str
    own: Office
    other: Office
    made: dict[str, dict[str, object]]
    others: dict[str, dict[str, object]]
    columns: dict[str, dict[str, tuple[str, bool]]]

    def url(self, user: str = servers.OWNER) -> str:
        """The database for a login."""
        return self.system.address.url(self.name, user)


@pytest.fixture(scope="module")
def held(system: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """Built once: what tests change of it they take back."""
    url = world.made(system, "roles", tmp_path_factory.mktemp("roles"))
    own, other = world.office(url, "HZ", "H1"), world.office(url, "NJ", "J1")
    with connected(url) as owner:
        rows = Rows(owner)
        made, others = world.seed(rows, own, "2024-01"), world.seed(rows, other, "2024-02")
        owner.execute("ANALYZE")
    yield Held(system, "roles", own, other, made, others, rows.columns)


@pytest.fixture
def login(held: Held, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A connection of somebody's whose work is taken back; wu, who manages 杭州, unless another is named."""
    with psycopg.connect(held.url(getattr(request, "param", "wu"))) as connection:
        yield connection
        connection.rollback()


def refused(connection: Any, query: str, values: Any = None) -> str:
    """The state by which the server refuses a statement; "" where it does not."""
    connection.execute("SAVEPOINT tried")
    try:
        connection.execute(query, values)
    except psycopg.Error as error:
        connection.execute("ROLLBACK TO tried")
        return str(error.sqlstate)
    connection.execute("RELEASE tried")
    return ""


DENIED = "42501"


def key(row: dict[str, object]) -> tuple[str, list[object]]:
    """What finds a row again."""
    names = [name for name, value in row.items() if value is not None]
    return " AND ".join(f'"{name}" = %s' for name in names), [row[name] for name in names]


def test_every_table_is_decided_upon(held: Held) -> None:
    assert sorted(held.columns) == sorted([*MINE, *COMMON, *OF_BATCH, *OWN])


def test_row_level_security_is_on_for_every_table_but_the_versions(held: Held) -> None:
    with connected(held.url()) as owner:
        query = (
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND NOT relrowsecurity"
        )
        assert owner.execute(query).fetchall() == [("alembic_version",)]


def test_a_change_is_decided_upon_for_every_kind_of_record(held: Held) -> None:
    with connected(held.url()) as owner:
        said = owner.execute("SELECT qual FROM pg_policies WHERE policyname = 'change_read'").fetchone()[0]
    assert [name for name in kinds() if f"'{name}'::text" not in said] == []


@pytest.mark.parametrize("login", ["zhao", "wang", "qian", "wu"], indirect=True)
def test_who_is_of_one_office_sees_its_rows_and_no_other(held: Held, login: Any) -> None:
    for table in MINE:
        for row, seen in ((held.made[table], 1), (held.others[table], 0)):
            where, values = key(row)
            found = login.execute(f'SELECT count(*) FROM "{table}" WHERE {where}', values).fetchone()
            assert found == (seen,), (table, row)


@pytest.mark.parametrize("login", ["sun", "zhou"], indirect=True)
def test_who_is_of_all_offices_sees_all(held: Held, login: Any) -> None:
    for table in held.columns:
        with connected(held.url()) as owner:
            there = owner.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        assert login.execute(f'SELECT count(*) FROM "{table}"').fetchone() == there, table


@pytest.mark.parametrize("login", ["li"], indirect=True)
def test_a_region_is_its_offices(login: Any) -> None:
    found = login.execute("SELECT DISTINCT code FROM customer WHERE code !~ '^x' ORDER BY code").fetchall()
    assert found == [("B1",), ("H1",), ("H2",)]


def test_nobodys_row_of_another_office_is_changed_or_removed(held: Held, login: Any) -> None:
    for table in MINE:
        where, values = key(held.others[table])
        column = next(iter(held.columns[table]))
        changed = f'UPDATE "{table}" SET "{column}" = "{column}"'
        assert login.execute(f"{changed} WHERE {where}", values).rowcount == 0, table
        assert login.execute(f'DELETE FROM "{table}" WHERE {where}', values).rowcount == 0, table
    login.rollback()
    with connected(held.url()) as owner:
        for table in MINE:
            where, values = key(held.others[table])
            assert owner.execute(f'SELECT count(*) FROM "{table}" WHERE {where}', values).fetchone() == (1,), table


def test_no_row_is_made_for_another_office(held: Held, login: Any) -> None:
    rows = Rows(login)
    for table in MINE:
        said = world.of_office(table, held.other) if table in OF_OFFICE else dict(held.others[table])
        said |= {world.NAMED[table]: "wu"} if table in world.NAMED else {}
        insertion = rows.insertion(table, **said)
        assert refused(login, *insertion) == DENIED, table


@pytest.mark.parametrize("login", ["qian", "wu"], indirect=True)
def test_what_was_approved_is_not_rewritten(held: Held, login: Any) -> None:
    for table in APPROVED:
        where, values = key(held.made[table])
        assert login.execute(f'SELECT count(*) FROM "{table}" WHERE {where}', values).fetchone() == (1,), table
        assert login.execute(f'UPDATE "{table}" SET batch_id = batch_id WHERE {where}', values).rowcount == 0, table
        assert login.execute(f'DELETE FROM "{table}" WHERE {where}', values).rowcount == 0, table


def test_no_row_of_ones_own_is_made_another_offices(held: Held, login: Any) -> None:
    moved = {"customer_id": held.other.customer, "office_id": held.other.id, "customer_code": held.other.customer_code}
    tried = []
    for table in OF_OFFICE:
        to = {name: value for name, value in moved.items() if name in held.columns[table]}
        if to and table != "credit_decision":
            where, values = key(held.made[table])
            setting = ", ".join(f'"{name}" = %s' for name in to)
            state = refused(login, f'UPDATE "{table}" SET {setting} WHERE {where}', [*to.values(), *values])
            # What somebody else has approved the rule does not even find.
            assert state == DENIED or table in APPROVED, table
            tried.append(table)
    assert len(tried) > 20


@pytest.mark.parametrize("login", ["wu", "zhou", "zhao"], indirect=True)
def test_no_table_is_emptied_whole_or_loaded_past_the_rules(held: Held, login: Any) -> None:
    for table in MINE:
        assert refused(login, f'TRUNCATE "{table}"') == DENIED, table
        assert refused(login, f'COPY "{table}" FROM STDIN') != "", table
        assert refused(login, f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE') in ("", DENIED), table


def test_a_copy_out_holds_ones_own_rows(held: Held, login: Any) -> None:
    with login.cursor() as cursor, cursor.copy("COPY customer (code) TO STDOUT") as copy:
        codes = {bytes(line).decode().strip() for line in copy}
    assert {"H1", "H2"} <= codes
    assert not {"J1", "B1"} & codes


@pytest.mark.parametrize("login", ["wu", "zhou", "zhao"], indirect=True)
def test_months_of_sales_cannot_be_read_by_their_own_names(login: Any) -> None:
    names = [name for (name,) in login.execute("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")]
    assert names
    for name in names:
        for query in (f'SELECT 1 FROM "{name}"', f'DELETE FROM "{name}"', f'UPDATE "{name}" SET amount = 0'):
            assert refused(login, query) == DENIED, query


@pytest.mark.parametrize("login", ["wu", "zhou", "zhao"], indirect=True)
@pytest.mark.parametrize(
    "query",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE POLICY mine ON customer USING (true)",
        "ALTER TABLE customer DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "CREATE TRIGGER mine BEFORE INSERT ON customer FOR EACH ROW EXECUTE FUNCTION channelctl_append_only()",
        f"SET ROLE {servers.OWNER}",
        f"SET SESSION AUTHORIZATION {servers.OWNER}",
        "SET session_replication_role = replica",
        "INSERT INTO member (login, role, since) VALUES (session_user, 'manager', '2024-01-01')",
        "UPDATE member SET office_id = NULL",
        "DELETE FROM member",
        "SELECT channelctl_rights(session_user::text)",
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM change",
        "UPDATE change SET before = '{}'",
        "DELETE FROM batch",
        "UPDATE batch SET \"user\" = 'sun'",
        "COPY customer TO '/tmp/taken'",
        "COPY customer TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT * FROM pg_authid",
        "SELECT loid FROM pg_largeobject",
        "SELECT * FROM pg_statistic",
        "CREATE EXTENSION dblink",
        "SELECT setval('customer_id_seq', 1)",
    ],
)
def test_nothing_opens_what_is_held(login: Any, query: str) -> None:
    assert refused(login, query) == DENIED


@pytest.mark.parametrize("login", ["wu", "zhou"], indirect=True)
def test_what_one_may_do_cannot_be_passed_on(login: Any) -> None:
    login.execute("GRANT ALL ON customer TO PUBLIC")
    public = "SELECT count(*) FROM pg_class, aclexplode(relacl) WHERE relname = 'customer' AND grantee = 0"
    assert login.execute(public).fetchone() == (0,)


def test_row_security_switched_off_is_an_error_and_no_way_round(login: Any) -> None:
    login.execute("SET row_security = off")
    assert refused(login, "SELECT * FROM customer") == DENIED


def test_statistics_tell_no_value_of_a_table_that_is_held(login: Any) -> None:
    seen = {name for (name,) in login.execute("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'")}
    assert not seen & {*MINE, *OF_BATCH}
    assert not {name for name in seen if name.startswith("sale_line")}


def test_a_view_of_ones_own_shows_ones_own(login: Any) -> None:
    login.execute("CREATE TEMP VIEW mine AS SELECT code FROM customer WHERE code IN ('H1', 'J1')")
    assert login.execute("SELECT code FROM mine").fetchall() == [("H1",)]


def test_a_condition_that_tells_what_it_is_asked_about_hears_of_ones_own_rows_only(login: Any) -> None:
    heard: list[str] = []
    login.add_notice_handler(lambda notice: heard.append(notice.message_primary))
    login.execute("""
        CREATE FUNCTION pg_temp.tell(word text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001
        AS $$ BEGIN RAISE NOTICE '%', word; RETURN true; END $$
    """)
    login.execute("SELECT count(*) FROM customer WHERE pg_temp.tell(code)").fetchone()
    assert "H1" in heard
    assert not {"J1", "B1"} & set(heard)


@pytest.mark.parametrize("login", ["wu"], indirect=True)
def test_functions_of_the_owner_run_nothing_of_somebody_elses(held: Held, login: Any) -> None:
    login.execute("""
        CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE plpgsql AS $$
        BEGIN UPDATE public.member SET office_id = NULL; RETURN 1; END $$
    """)
    login.execute("CREATE TEMP VIEW trap AS SELECT pg_temp.mine() AS id")
    assert refused(login, "SELECT channelctl_last_id('trap', 'customer')") == "42P01"
    login.execute("CREATE TEMP TABLE member (login text, role text, office_id int, region_id int)")
    login.execute("INSERT INTO pg_temp.member VALUES (session_user, 'manager', NULL, NULL)")
    login.execute("CREATE TEMP TABLE plan_version (month text, office_id int)")
    assert login.execute("SELECT channelctl_all('read')").fetchone() == (False,)
    assert login.execute("SELECT count(*) FROM customer WHERE code = 'J1'").fetchone() == (0,)


@pytest.mark.parametrize("login", ["wu"], indirect=True)
def test_functions_tell_numbers_and_whether_a_code_is_taken_and_nothing_else(held: Held, login: Any) -> None:
    assert login.execute("SELECT * FROM channelctl_taken('customer', '{J1,Q9}')").fetchall() == [("J1",)]
    assert refused(login, "SELECT channelctl_last_number('customer', 'J')") == "22023"
    assert refused(login, "SELECT channelctl_last_number('batch', 'N')") == "22023"
    assert refused(login, "SELECT channelctl_left(1)") == DENIED
    assert refused(login, "SELECT channelctl_last_id('customer; DROP TABLE rep', 'x')") == "42P01"
    with connected(held.url()) as owner:
        query = """
            SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
            AND NOT coalesce('search_path=public, pg_temp' = ANY (proconfig), false)
        """
        assert owner.execute(query).fetchall() == []
        public = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proacl IS NULL"
        assert owner.execute(public).fetchall() == []


def test_the_rules_are_asked_once_a_query(held: Held, login: Any) -> None:
    plan = "\n".join(
        row[0] for row in login.execute("EXPLAIN (COSTS OFF) SELECT customer_id, sum(amount) FROM sale_line GROUP BY 1")
    )
    assert "channelctl" not in plan.replace("InitPlan", "")
    assert "InitPlan" in plan
    assert "hashed SubPlan" in plan


@pytest.mark.parametrize("login", ["zhao"], indirect=True)
def test_a_reader_writes_nothing(held: Held, login: Any) -> None:
    for table in held.columns:
        for query in (f'DELETE FROM "{table}"', f'INSERT INTO "{table}" DEFAULT VALUES'):
            assert refused(login, query) == DENIED, query
    assert refused(login, "SELECT channelctl_gate()") == DENIED


APPROVALS = ("credit_decision", "credit_limit", "credit_release", "credit_writeoff")


@pytest.mark.parametrize(
    ("login", "made"),
    [("wang", set()), ("qian", set(APPROVALS)), ("wu", set(APPROVALS))],
    indirect=["login"],
)
def test_approvals_are_made_by_approvers_only(held: Held, login: Any, made: set[str]) -> None:
    name, number = login.info.user, held.made["credit_application"]["number"]
    rows = Rows(login)
    done = set()
    for table in APPROVALS:
        said = world.of_office(table, held.own) | {world.NAMED[table]: name}
        # A limit comes of a decision of one's own, and that of what somebody else applied for.
        said |= {"credit_decision": {"application": number, "approved": 1}, "credit_limit": {"source": number}}.get(
            table, {}
        )
        said |= {"limit_amount": 5} if "limit_amount" in held.columns[table] else {}
        insertion = rows.insertion(table, **said)
        state = refused(login, *insertion)
        assert state in ("", DENIED), table
        done |= {table} if not state else set()
    assert done == made


@pytest.mark.parametrize("login", ["wu", "qian"], indirect=True)
def test_nobody_approves_in_anothers_name(held: Held, login: Any) -> None:
    rows = Rows(login)
    for table in APPROVALS:
        insertion = rows.insertion(table, **world.of_office(table, held.own), **{world.NAMED[table]: "boss"})
        assert refused(login, *insertion) == DENIED, table


def test_nobody_decides_what_he_brought_in_himself(held: Held, login: Any) -> None:
    rows = Rows(login)
    own = rows.insert("credit_application", customer_id=held.own.customer)
    insertion = rows.insertion("credit_decision", application=own["number"], customer_code="H1", decided_by="wu")
    assert refused(login, *insertion) == DENIED
    forged = rows.insertion("credit_application", customer_id=held.own.customer, batch_id=1)
    assert refused(login, *forged) == DENIED


@pytest.mark.parametrize("login", ["qian", "wu"], indirect=True)
def test_what_is_decided_was_applied_for_by_somebody_else_for_that_customer(held: Held, login: Any) -> None:
    rows, name = Rows(login), login.info.user
    asked = held.made["credit_application"]
    other = rows.insertion("credit_decision", application=asked["number"], customer_code="H2", decided_by=name)
    nobodys = rows.insertion("credit_decision", application="A0", customer_code="H1", decided_by=name)
    for insertion in (other, nobodys):
        assert refused(login, *insertion) == DENIED
    if name == "wu":
        own = rows.insert("credit_application", customer_id=held.own.customer, number="A9")
        for column, value in (("batch_id", 1), ("applicant", "x"), ("number", "A1"), ("date", "2024-01-01")):
            changed = f"UPDATE credit_application SET {column} = %s WHERE id = %s"
            assert refused(login, changed, [value, own["id"]]) == DENIED, column
    rows.insert("credit_decision", application=asked["number"], customer_code="H1", decided_by=name, approved=1)
    changed = "UPDATE credit_decision SET limit_amount = 9 WHERE application = %s"
    assert login.execute(changed, [asked["number"]]).rowcount == 0


@pytest.mark.parametrize("login", ["wang", "wu"], indirect=True)
@pytest.mark.parametrize("table", ["sale_line", "plan_line", "score_mark"])
def test_no_row_of_ones_own_names_a_customer_that_one_does_not_see(held: Held, login: Any, table: str) -> None:
    rows = Rows(login)
    said = world.of_office(table, held.own) | {"month": "2024-09", "date": "2024-05-09"}
    said = {name: value for name, value in said.items() if name in held.columns[table]}
    assert refused(login, *rows.insertion(table, **said | {"customer_id": held.other.customer})) == DENIED
    made = rows.insert(table, **said)
    changed = f"UPDATE {table} SET customer_id = %s WHERE id = %s"
    assert refused(login, changed, [held.other.customer, made["id"]]) == DENIED
    assert login.execute("SELECT count(*) FROM customer WHERE code = 'J1'").fetchone() == (0,)


@pytest.mark.parametrize("login", ["wang", "wu"], indirect=True)
def test_anothers_code_is_no_alias_nor_is_his_alias_a_code(held: Held, login: Any) -> None:
    rows = Rows(login)
    alias = rows.insertion("customer_alias", customer_id=held.own.customer, alias="J1")
    assert refused(login, *alias) == DENIED
    own = rows.insert("customer_alias", customer_id=held.own.customer, alias="J0")
    assert refused(login, "UPDATE customer_alias SET alias = 'J1' WHERE id = %s", [own["id"]]) == DENIED
    theirs = held.others["customer_alias"]["alias"]
    assert refused(login, "UPDATE customer SET code = %s WHERE code = 'H2'", [theirs]) == DENIED
    assert refused(login, *rows.insertion("customer", office_id=held.own.id, code=theirs)) == DENIED


@pytest.mark.parametrize("login", ["wang", "wu"], indirect=True)
def test_nobody_puts_a_customer_of_his_below_anothers(held: Held, login: Any) -> None:
    changed = "UPDATE customer SET parent_id = %s WHERE code = 'H2'"
    assert refused(login, changed, [held.other.customer]) == DENIED
    assert refused(login, changed, [held.own.customer]) == ""
    below = Rows(login).insertion("customer", office_id=held.own.id, parent_id=held.other.customer)
    assert refused(login, *below) == DENIED


@pytest.mark.parametrize("login", ["wang"], indirect=True)
def test_a_frozen_plan_is_thawed_by_nobody_but_who_froze_it(held: Held, login: Any) -> None:
    where, values = key(held.made["plan_version"])
    for query in ("DELETE FROM plan_version", "UPDATE plan_version SET number = 7"):
        assert login.execute(f"{query} WHERE {where}", values).rowcount == 0
    number = [held.made["plan_version"]["id"]]
    assert login.execute("UPDATE plan_version_line SET target = 1 WHERE version_id = %s", number).rowcount == 0
    rows = Rows(login)
    frozen = rows.insert("plan_version", office_id=held.own.id, month="2024-09")
    rows.insert("plan_version_line", version_id=frozen["id"])
    for table, name in (("plan_version_line", "version_id"), ("plan_version", "id")):
        assert login.execute(f"DELETE FROM {table} WHERE {name} = %s", [frozen["id"]]).rowcount == 1, table


def test_what_ones_customer_bought_elsewhere_is_another_offices(held: Held, login: Any) -> None:
    bought = {"office_id": held.other.id, "customer_id": held.own.customer, "date": "2024-05-10"}
    with connected(held.url()) as owner:
        where = [Rows(owner).insert("sale_line", **bought)["id"]]
    assert login.execute("SELECT count(*) FROM sale_line WHERE id = %s", where).fetchone() == (1,)
    for column, value in (("amount", 1), ("ended_batch_id", 1), ("office_id", held.own.id)):
        changed = f"UPDATE sale_line SET {column} = {value} WHERE id = %s"
        assert refused(login, changed, where) == DENIED, column
    merged = "UPDATE sale_line SET customer_id = (SELECT id FROM customer WHERE code = 'H2') WHERE id = %s"
    assert login.execute(merged, where).rowcount == 1
    assert login.execute("DELETE FROM sale_line WHERE id = %s", where).rowcount == 0
    insertion = Rows(login).insertion("sale_line", **bought)
    assert refused(login, *insertion) == DENIED
    login.rollback()
    with connected(held.url()) as owner:
        owner.execute("DELETE FROM sale_line WHERE id = %s", where)


@pytest.mark.parametrize("login", ["wang", "qian", "wu"], indirect=True)
def test_nobody_says_of_anothers_record_what_it_was(held: Held, login: Any) -> None:
    rows = Rows(login)
    sorts = {"plan_line": "plan", "sale_line": "sales"}
    tables = [table for table in OF_OFFICE if sorts.get(table, table) in kinds()]
    assert len(tables) > 15
    for table in tables:
        said = {"kind": sorts.get(table, table), "before": '{"x": 1}', "after": '{"x": 2}'}
        for one, state in ((held.others[table], DENIED), (held.made[table], "")):
            assert refused(login, *rows.insertion("change", **said, record_id=one["id"])) == state, (table, state)
            gone = {**said, "after": None, "before": world.told(one)}
            assert refused(login, *rows.insertion("change", **gone, record_id=99_999)) == state, (table, state)
        assert refused(login, *rows.insertion("change", **said, record_id=99_999)) == DENIED, table
    for kind in ("office", "region", "rebate_rule", "calendar_day", "class_target"):
        insertion = rows.insertion("change", kind=kind, record_id=1, before="{}", after="{}")
        assert refused(login, *insertion) == DENIED, kind


@pytest.mark.parametrize(
    ("login", "frozen", "state"),
    [("wang", False, ""), ("wang", True, DENIED), ("qian", False, DENIED), ("qian", True, ""), ("wu", True, "")],
    indirect=["login"],
)
def test_a_frozen_plan_is_changed_by_approvers_and_an_open_one_by_operators(
    held: Held, login: Any, frozen: bool, state: str
) -> None:
    month = held.made["plan_version"]["month"] if frozen else "2024-08"
    rows = Rows(login)
    insertion = rows.insertion("plan_line", month=month, office_id=held.own.id, customer_id=held.own.customer)
    assert refused(login, *insertion) == state


@pytest.mark.parametrize("login", ["wang", "qian", "zhou"], indirect=True)
def test_batches_and_the_log_are_in_ones_own_name(login: Any) -> None:
    entry = (
        'INSERT INTO audit_entry (id, at, "user", command, batch_id, action, seal)'
        " VALUES (%s, 'x', %s, 'x', 1, 'x', 'x')"
    )
    batch = "INSERT INTO batch (at, \"user\", command, rejected) VALUES ('x', %s, 'x', 0)"
    assert refused(login, batch, ["boss"]) == DENIED
    assert refused(login, entry, [10_000, "boss"]) == DENIED
    assert refused(login, batch, [login.info.user]) == ""
    assert refused(login, entry, [10_000, login.info.user]) == ""


@pytest.mark.parametrize("login", ["wang", "wu"], indirect=True)
def test_what_is_everybodys_is_written_by_who_writes_for_all(held: Held, login: Any) -> None:
    rows = Rows(login)
    for table in (
        "region",
        "office",
        "calendar_day",
        "class_target",
        "rebate_rule",
        "rebate_settlement",
        "score_close",
    ):
        insertion = rows.insertion(table)
        assert refused(login, *insertion) == DENIED, table
        assert login.execute(f'DELETE FROM "{table}"').rowcount == 0, table
    assert login.execute("UPDATE product SET name = 'x'").rowcount == 0
    rows.insert("product")


def test_a_grant_does_not_pass_to_whoever_gets_the_offices_number(held: Held) -> None:
    with psycopg.connect(held.url()) as owner:
        before = owner.execute("SELECT count(*) FROM member").fetchone()[0]
        number = owner.execute(
            "INSERT INTO office (id, batch_id, code, name, name_key, pinyin, initials)"
            " VALUES (99, 1, 'Q', 'Q', 'q', 'q', 'q') RETURNING id"
        ).fetchone()[0]
        owner.execute("INSERT INTO member (login, role, office_id, since) VALUES ('x', 'reader', %s, 'x')", (number,))
        owner.execute("DELETE FROM office WHERE id = 99")
        assert owner.execute("SELECT count(*) FROM member").fetchone()[0] == before
        owner.rollback()


def test_a_login_without_a_role_does_not_come_in(held: Held, ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(held.url()) as owner:
        owner.execute("DROP ROLE IF EXISTS nobody_here")
        owner.execute("CREATE ROLE nobody_here LOGIN")
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(held.url("nobody_here"))
        monkeypatch.setenv("CHANNELCTL_DB", held.url("nobody_here"))
        done = ch("status")
        assert (done.code, done.err) == (
            3,
            f"channelctl: error: this login has no role in {held.url('nobody_here')}\n"
            "Whoever owns the database gives it one: channelctl db grant --role reader --user USER\n",
        )
        owner.execute("GRANT CONNECT ON DATABASE roles TO nobody_here")
        with psycopg.connect(held.url("nobody_here")) as nobody:
            for table in held.columns:
                assert refused(nobody, f'SELECT 1 FROM "{table}"') == DENIED, table
        owner.execute("DROP OWNED BY nobody_here")
        owner.execute("DROP ROLE nobody_here")
