"""Commands of logins that are kept to their offices: what they see, what is refused to them, and how that is said."""

from pathlib import Path

import pytest

from tests import making, servers
from tests.conftest import Run
from tests.making import policy
from tests.postgres import world
from tests.postgres.conftest import As, codes, connected, contents, rows

pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = pytest.mark.sqlite("has a server of its own")

_SURVEYED = (
    "ownership=私营", "legal_representative=王强", "founded_on=2010-03-01", "registered_capital=1000000",
    "premises=门店两间", "staff=0", "brands=星河", "yearly_sales=8000000", "assets=3000000", "debts=0", "bank=工行",
    "bank_rating=A", "payment_record=良好", "other_suppliers=好", "litigation=无",
)  # fmt: skip
_POLICY = '[credit]\nauthority = { manager = 300000 }\napprovers = { qian = "manager", wang = "manager" }\n'


@pytest.fixture(scope="module")
def model(system: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database that each test has a copy of."""
    world.made(system, "roles_cli", tmp_path_factory.mktemp("roles"))
    return "roles_cli"


def sheet(name: str, text: str) -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


@pytest.mark.parametrize(
    ("user", "seen"),
    [
        ("zhao", ["H1", "H2"]),
        ("wu", ["H1", "H2"]),
        ("feng", ["J1"]),
        ("li", ["B1", "H1", "H2"]),
        ("sun", ["B1", "H1", "H2", "J1"]),
    ],
)
def test_a_list_shows_what_is_ones_own(by: As, user: str, seen: list[str]) -> None:
    assert codes(by(user, "customer", "list", "--format", "json")) == seen


@pytest.mark.parametrize(
    ("user", "said"),
    [("zhao", "zhao sees 杭州 only\n"), ("li", "li sees 杭州, 宁波 only\n"), ("sun", ""), ("boss", "")],
)
def test_what_a_login_sees_is_said(by: As, user: str, said: str) -> None:
    assert by(user, "customer", "list").err == said


def test_reports_are_of_ones_own_rows(by: As) -> None:
    tiers = by("zhao", "tier", "--month", "2024-05", "--format", "json").data
    assert [(row["customer_code"], row["net_sales"]) for row in tiers["rows"]] == [("H1", 1000), ("H2", 300)]
    scores = by("zhao", "score", "--month", "2024-05", "--format", "json").data
    assert [row["office_code"] for row in scores["rows"]] == ["HZ"]
    batches = by("zhao", "batch", "list", "--format", "json").data
    assert {row["net_sales"] for row in batches["rows"]} == {None}
    assert by("zhao", "audit", "list", "--format", "json").data["rows"] == []
    assert by("boss", "audit", "list", "--format", "json").data["rows"] != []
    known = by("zhao", "customer", "list", "--known", "2024-06-03", "--format", "json")
    assert codes(known) == ["H1", "H2"]


@pytest.mark.parametrize("sales_of", ["office", "customer"])
def test_a_score_says_where_sales_that_count_are_not_seen(by: As, sales_of: str) -> None:
    """What H2 of 杭州 buys elsewhere is seen, and counts as the policy says; what J1 of 南京 buys there is not."""
    lines = (
        "日期,单号,行号,办事处,客户编码,客户名称,产品,数量,金额\n"
        "2024-05-06,N1,1,杭州,H2,杭州二号,手机,1,20000\n2024-05-06,N1,2,南京,H2,杭州二号,手机,1,306000\n"
        "2024-05-06,N1,3,杭州,J1,南京一号,手机,1,20000\n2024-05-06,N1,4,南京,J1,南京一号,手机,1,306000\n"
    )
    plan = "月份,办事处,客户编码,客户级别,月度目标\n2024-05,杭州,H2,V1,400000\n"
    policy(f'[scores]\nsales_of = "{sales_of}"\n')
    assert by("boss", "import", sheet("s.csv", lines)).code == by("boss", "import", sheet("p.csv", plan)).code == 0

    def scored(user: str, *words: str) -> tuple[dict[str, float], list[str]]:
        data = by(user, "score", "--explain", *words, "--format", "json").data
        return {row["customer_code"]: row["net_sales"] for row in data["rows"]}, world.of_figures(data["notes"])

    wanted = {"H1": 1000, "H2": 20_300 if sales_of == "office" else 326_300}
    assert scored("boss", "--office", "杭州") == scored("zhao") == (wanted, [])
    assert by("boss", "import", sheet("p2.csv", f"{plan}2024-05,杭州,J1,V1,400000\n")).code == 0
    bought, notes = scored("zhao")
    assert bought == {**wanted, "J1": 20_000}
    if sales_of == "office":
        assert (bought, notes) == scored("boss", "--office", "杭州")
        return
    said = "J1: a planned customer of another office; this login does not see all that it buys, which would count"
    assert notes == [said]
    for words in ("trend", "explain"):
        data = by("zhao", "score", words, "--format", "json").data
        assert world.of_figures(data["notes"]) == [said]
    assert scored("sun", "--office", "杭州") == scored("boss", "--office", "杭州")


_OF_ONE = (
    "credit check {} 5", "credit status {}", "credit statement {}", "credit risk {}", "credit limit show {}",
    "credit history {}", "credit suggest {}", "credit overdue --customer {}", "credit releases {}",
    "credit release {} 5 --until 2024-06-30 --reason x", "credit investigate {} staff=3", "credit apply {} 5",
    "credit writeoff {} 5 --handler x --reason x", "rebate explain {}", "rebate accrue --month 2024-05 --customer {}",
    "rebate gap --customer {}", "rebate statement {}", "price waterfall 手机 --customer {}",
    "stock cover --customer {}", "tier history {}",
)  # fmt: skip


@pytest.fixture
def stranger(by: As) -> str:
    """A customer of 南京 that buys in 杭州, too, and owes something."""
    line = "日期,单号,行号,办事处,客户编码,客户名称,产品,数量,金额\n2024-05-06,N1,1,杭州,J1,南京一号,手机,1,20000\n"
    bill = "客户编码,单号,日期,类型,金额,到期日\nJ1,F1,2024-05-20,发票,5000,2024-05-21\n"
    assert by("boss", "import", sheet("s.csv", line)).code == 0
    assert by("boss", "import", sheet("b.csv", bill), "--kind", "receivable").code == 0
    return "J1"


@pytest.mark.parametrize("words", _OF_ONE)
def test_what_hangs_on_another_offices_customer_is_not_told_to_be_nothing(by: As, stranger: str, words: str) -> None:
    done = by("wu", *words.format(stranger).split())
    assert (done.code, done.out) == (3, ""), done.out
    assert done.err.startswith("channelctl: error: J1 南京一号 is of 南京: its credit"), done.err
    for user, code in (("wu", "H1"), ("zhou", stranger)):
        own = by(user, *words.format(code).split())
        assert "this login does not see" not in own.err + own.out, own.err


def test_sales_to_another_offices_customer_are_told(by: As, stranger: str) -> None:
    assert by("zhao", "customer", "show", stranger).code == 0
    bought = by("zhao", "progress", "trend", "--customer", stranger, "--format", "json").data["rows"]
    assert [row["net_sales"] for row in bought] == [20_000]
    pack = by("zhao", "report", "customer", stranger)
    shown, left_out = pack.out.split("Left out:")
    assert (pack.code, "20,000.00" in shown, "Exposure" in shown) == (0, True, False), pack.out
    assert "  Credit: J1 南京一号 is of 南京: its credit" in left_out


@pytest.mark.parametrize("words", ["status", "ageing", "risk", "suggest", "overdue"])
def test_lists_of_credit_are_of_ones_own_customers(by: As, stranger: str, words: str) -> None:
    """Also where sales are what is owed: those of others are seen, and what these paid is not."""
    policy("[credit]\nsale_documents = true\n")
    day = "2024-06-30" if words == "suggest" else "2024-12-31"
    found = by("zhao", "credit", words, "--as-of", day, "--format", "json").data["rows"]
    assert found or words == "risk"
    assert {row.get("customer_code", row.get("code")) for row in found} <= {"H1", "H2"}
    tiers = by("zhao", "tier", "--month", "2024-05", "--format", "json").data["rows"]
    assert {row["customer_code"] for row in tiers} >= {stranger}
    assert {row["credit"] for row in tiers if row["customer_code"] == stranger} == {None}


def test_a_record_of_another_office_is_not_there(by: As) -> None:
    for words in (("customer", "show", "J1"), ("customer", "set", "J1", "city=x"), ("customer", "remove", "J1")):
        done = by("wu", *words)
        assert (done.code, done.err.splitlines()[0]) == (2, "channelctl: error: no customer “J1”"), words


def test_who_reads_only_writes_nothing(by: As) -> None:
    done = by("zhao", "customer", "set", "H1", "city=x")
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[0] == "channelctl: error: this login may only read; nothing was changed"


def test_who_has_no_role_is_told_so(by: As, system: servers.Server) -> None:
    with connected(system.address.url()) as owner:
        owner.execute("DROP ROLE IF EXISTS guest")
        owner.execute("CREATE ROLE guest LOGIN")
    done = by("guest", "customer", "list")
    where = system.address.url("own", "guest")
    assert (done.code, done.out, done.err) == (
        3,
        "",
        f"channelctl: error: this login has no role in {where}\n"
        "Whoever owns the database gives it one: channelctl db grant --role reader --user USER\n",
    )


def test_rows_of_other_offices_are_refused_row_by_row(by: As, url: str) -> None:
    text = (
        "日期,单号,行号,办事处,客户编码,客户名称,产品,数量,金额\n"
        "2024-05-06,N1,1,杭州,H1,杭州一号,手机,1,10\n"
        "2024-05-06,N1,2,南京,H1,杭州一号,手机,1,20\n"
        "2024-05-06,N1,3,杭州,J1,南京一号,手机,1,30\n"
        "2024-05-06,N1,4,合肥,H1,杭州一号,手机,1,40\n"
    )
    done = by("wang", "import", sheet("s.csv", text))
    assert done.code == 3
    assert "s.csv:3  E317  办事处: this login does not write for that office" in done.out + done.err
    assert "E316  客户名称: customer J1 is of an office that this login does not see" in done.out + done.err
    assert "s.csv:5  E317" in done.out + done.err
    assert rows(url, "SELECT count(*) FROM sale_line") == [(4,)]
    part = by("wang", "import", "s.csv", "--partial")
    assert part.code == 1, part.err
    assert rows(url, "SELECT amount FROM sale_line WHERE document = 'N1'") == [(100_000,)]
    assert rows(url, 'SELECT "user" FROM batch ORDER BY id DESC LIMIT 1') == [("wang",)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("customer", "add", "code=J1", "name=x", "office=杭州"),
            "customer J1 is of an office that this login does not",
        ),
        (("customer", "add", "code=Q1", "name=x", "office=南京"), "this login does not write for that office"),
        (("customer", "add", "code=Q1", "name=x"), "of another office or of none"),
        (("customer", "set", "H1", "office=南京"), "this login does not write for that office"),
        (("office", "set", "HZ", "city=x"), "this login may not change that (office)"),
        (("office", "add", "code=Q", "name=合肥"), "this login does not write for that office"),
        (("score", "close", "--month", "2024-05"), "gives no such approval (score_close)"),
        (("customer", "alias", "add", "H1", "J1"), "customer J1 is of an office that this login does not see"),
        (("erase", "customer", "H1", "--yes"), "wang may not erase"),
        (("batch", "undo", "8"), "batch 8 is boss's"),
        (("backup", "b.backup"), "only whoever owns"),
        (("db", "grant", "--role", "manager", "--user", "wang"), "wang does not own"),
        (("db", "revoke", "--user", "zhao"), "wang does not own"),
    ],
)
def test_what_is_not_for_a_login_is_refused_and_changes_nothing(
    by: As, url: str, words: tuple[str, ...], said: str
) -> None:
    before = contents(url)
    done = by("wang", *words)
    assert done.code in (2, 3), (done.out, done.err)
    assert said in done.out + done.err
    assert contents(url) == before


def test_generated_codes_and_numbers_are_given_once(by: As, url: str) -> None:
    for number, (user, office) in enumerate((("feng", "南京"), ("wang", "杭州"), ("feng", "南京"))):
        done = by(user, "customer", "add", f"name={user}的店{number}", f"office={office}")
        assert done.code == 0, done.err
        assert by(user, "credit", "investigate", {"feng": "J1", "wang": "H1"}[user], "staff=3").code == 0
    made = rows(url, "SELECT code, office_id FROM customer WHERE code ~ '^N0' ORDER BY code")
    assert [code for code, _office in made] == ["N00001", "N00002", "N00003"]
    numbers = rows(url, "SELECT number FROM credit_investigation ORDER BY id")
    assert numbers == [("DC240603-1",), ("DC240603-2",), ("DC240603-3",)]


def test_a_name_that_is_taken_unseen_is_no_bug(by: As) -> None:
    assert by("feng", "customer", "alias", "add", "J1", "Old Shop").code == 0
    said = by("wang", "customer", "alias", "add", "H1", "Old Shop")
    assert (said.code, said.err.splitlines()[0]) == (
        2,
        "channelctl: error: Alias: customer Old Shop is of an office that this login does not see",
    )
    # Written otherwise it is the same name, which only the server finds.
    done = by("wang", "customer", "alias", "add", "H1", "old shop")
    assert (done.code, done.err.splitlines()[0]) == (
        3,
        "channelctl: error: an office that this login does not see has a record of that name or number already;"
        " nothing was changed",
    )


def test_an_approval_is_the_approvers_own(by: As, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    policy(_POLICY)
    assert by("wang", "credit", "investigate", "H1", *_SURVEYED).code == 0
    applied = by("wang", "credit", "apply", "H1", 100_000)
    assert applied.code == 0, applied.err
    number = applied.out.partition(" ")[0]
    monkeypatch.setenv("CHANNELCTL_USER", "qian")
    own = by("wang", "credit", "approve", number)
    assert own.code == 3
    assert rows(url, "SELECT count(*) FROM credit_decision") == [(0,)]
    monkeypatch.setenv("CHANNELCTL_USER", "wang")
    done = by("qian", "credit", "approve", number)
    assert done.code == 0, done.err
    assert rows(url, "SELECT decided_by, limit_amount FROM credit_decision") == [("qian", 1_000_000_000)]
    assert rows(url, "SELECT approved_by FROM credit_limit") == [("qian",)]
    assert rows(url, 'SELECT "user" FROM batch ORDER BY id DESC LIMIT 1') == [("qian",)]
    assert rows(url, 'SELECT DISTINCT "user" FROM audit_entry WHERE batch_id = (SELECT max(id) FROM batch)') == [
        ("qian",)
    ]
    assert by("feng", "credit", "limit", "list", "--format", "json").code in (0, 2)
    assert rows(url, "SELECT count(*) FROM credit_limit") == [(1,)]


def test_the_servers_owner_is_named_by_the_environment(by: As, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_USER", "somebody")
    assert by("boss", "customer", "set", "H1", "city=x").code == 0
    assert rows(url, 'SELECT "user" FROM batch ORDER BY id DESC LIMIT 1') == [("somebody",)]


def test_a_frozen_plan_is_changed_with_the_approvers_login(by: As, url: str) -> None:
    assert by("wang", "plan", "freeze", "--month", "2024-05", "--office", "杭州").code == 0
    words = ("plan", "approve", "H1", "--month", "2024-05", "--target", "9000", "--reason", "x")
    refused = by("wang", *words)
    assert refused.code == 3
    assert rows(url, "SELECT max(number) FROM plan_version") == [(1,)]
    done = by("qian", *words)
    assert done.code == 0, done.err
    assert rows(url, "SELECT max(number) FROM plan_version") == [(2,)]
    assert rows(url, "SELECT target FROM plan_line JOIN customer c ON c.id = customer_id WHERE code = 'H1'") == [
        (90_000_000,)
    ]
    assert by("qian", "batch", "undo", rows(url, "SELECT max(id) FROM batch")[0][0]).code == 0
    assert rows(url, "SELECT max(number) FROM plan_version") == [(1,)]


def test_a_month_is_closed_by_who_approves_everywhere(by: As, url: str) -> None:
    done = by("zhou", "score", "close", "--month", "2024-05", "--force")
    assert done.code == 0, done.err
    assert rows(url, "SELECT count(*) FROM score_closed") == [(3,)]
    shown = by("zhao", "score", "--month", "2024-05", "--format", "json")
    assert [row["office_code"] for row in shown.data["rows"]] == ["HZ"]


def test_tiers_of_ones_own_office_are_kept(by: As, url: str) -> None:
    done = by("wang", "tier", "--month", "2024-05", "--office", "杭州", "--apply")
    assert done.code == 0, done.err
    assert rows(url, "SELECT customer_code FROM tier_grade ORDER BY 1") == [("H1",), ("H2",)]
    assert rows(system_url(url, "feng"), "SELECT count(*) FROM tier_run") == [(0,)]
    assert rows(system_url(url, "zhao"), "SELECT count(*) FROM tier_run") == [(1,)]


def system_url(url: str, user: str) -> str:
    return url.replace(f"//{servers.OWNER}@", f"//{user}@")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("H1,杭州一号,手机", "1 rows of batch"),
        ("H9,新店,新货", "records that this login does not see refer to what is to go"),
    ],
)
def test_ones_own_batch_is_undone_whole_or_not_at_all(by: As, url: str, line: str, said: str) -> None:
    text = f"日期,单号,行号,办事处,客户编码,客户名称,产品,数量,金额\n2024-05-06,N1,1,杭州,{line},1,10\n"
    there = "SELECT (SELECT count(*) FROM sale_line), (SELECT count(*) FROM customer), (SELECT count(*) FROM product)"
    before = rows(url, there)
    assert by("wang", "import", sheet("s.csv", text)).code == 0
    done = rows(url, there)
    batch = rows(url, "SELECT max(id) FROM batch")[0][0]
    for other, own in (("宁波", False), ("杭州", True)):
        assert by("boss", "db", "revoke", "--user", "wang").code == 0
        assert by("boss", "db", "grant", "--role", "operator", "--office", other, "--user", "wang").code == 0
        undone = by("wang", "batch", "undo", batch)
        assert undone.code == (0 if own else 3), undone.err
        assert own or said in undone.err
        assert rows(url, there) == (before if own else done)


def test_what_a_login_sees_is_checked_and_the_rest_said(by: As) -> None:
    done = by("zhao", "db", "check")
    assert done.code == 0, done.err
    assert "the references and the audit log are checked by whoever sees all of the database" in done.out + done.err
    whole = by("sun", "db", "check", "--format", "json")
    assert [row["check"] for row in whole.data["rows"]] == ["integrity", "references", "audit", "postgresql"]
    assert whole.code == 0


@pytest.mark.parametrize(("user", "checks"), [("wang", False), ("li", False), ("sun", True), ("boss", True)])
def test_seals_are_checked_by_whoever_sees_the_whole_log(by: As, url: str, user: str, checks: bool) -> None:
    remark = "the seals of the log are checked by whoever sees all of the database"
    assert by("boss", "customer", "set", "H1", "city=x").code == 0
    assert by("wang", "customer", "set", "H2", "city=x").code == 0
    entries = [row["entry"] for row in by(user, "audit", "list", "--format", "json").data["rows"]]
    assert len(entries) == (2 if user in ("wang", "li") else rows(url, "SELECT count(*) FROM audit_entry")[0][0])
    for words in (("audit", "list"), ("audit", "show", entries[0])):
        done = by(user, *words)
        assert (done.code, remark in done.err) == (0, not checks), done.out + done.err
        assert "broken" not in done.out + done.err
        assert ("the log is whole up to this entry" in done.out) == (checks and words[1] == "show")
    shown = by(user, "audit", "show", entries[0], "--format", "json").data["rows"]
    assert [row["whole"] for row in shown] == [True if checks else None]
    with connected(url) as owner:
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        owner.execute("UPDATE audit_entry SET command = 'x' WHERE id = 2")
    assert by(user, "audit", "list").code == (1 if checks else 0)
    assert by(user, "audit", "show", entries[0]).code == (1 if checks else 0)


_RULES = "政策编码 政策名称 返利类型 起始日期 截止日期 考核周期 考核依据 返利单位 返利标准 渠道 等级 客户"
_RULE = ("P1", "甲", "达量返利", "2024-05-01", "2024-12-31", "月", "金额", "百分比", "2%", "直供", "VKA", "H1、J1、X9")


def test_what_a_rule_names_of_other_offices_is_no_finding(by: As) -> None:
    for code in ("H1", "J1"):
        assert by("boss", "customer", "set", code, "channel=直供", "class=VKA").code == 0
    assert by("boss", "import", making.sheet("rules", _RULES, [_RULE])).code in (0, 1)
    month = ("--month", "2024-05")
    for user, paid, whole in (
        ("zhao", ["H1"], False), ("wu", ["H1"], False), ("feng", ["J1"], False), ("li", ["H1"], False),
        ("sun", ["H1", "J1"], True), ("zhou", ["H1", "J1"], True), ("boss", ["H1", "J1"], True),
    ):  # fmt: skip
        accrued = by(user, "rebate", "accrue", *month, "--format", "json")
        assert [row["customer_code"] for row in accrued.data["rows"]] == paid, user
        assert any("nothing is called X9 here" in note for note in accrued.data["notes"]) == whole, accrued.data[
            "notes"
        ]
        assert not any("J1" in note or "H1" in note for note in accrued.data["notes"])
        assert by(user, "rebate", "gap").code == 0
        lint = by(user, "rebate", "policy", "lint", "--format", "json")
        assert (lint.code, [row["check"] for row in lint.data["rows"]]) == ((1, ["scope"]) if whole else (0, [])), user
        said = "whether there are customers and sales for each rule is checked by whoever sees all of the database"
        assert (said in lint.data["notes"]) != whole


def test_a_rule_for_none_of_its_customers_is_no_finding(by: As) -> None:
    assert by("boss", "customer", "set", "J1", "channel=直供", "class=VKA").code == 0
    assert by("boss", "import", making.sheet("rules", _RULES, [_RULE])).code in (0, 1)
    for words in ("rebate accrue --month 2024-05", "rebate gap", "rebate policy list", "rebate policy show P1",
                  "rebate policy lint", "rebate explain H1 --month 2024-05"):  # fmt: skip
        done = by("zhao", *words.split())
        assert (done.code, "J1" in done.err) == (0, False), done.out + done.err


def test_a_customer_that_buys_in_an_office_is_seen_by_it_without_what_hangs_on_it(
    by: As, url: str, system: servers.Server
) -> None:
    def seen() -> list[str]:
        return codes(by("wang", "customer", "list", "--format", "json"))

    hanging = ("contact", "credit_hold", "payment", "price", "promise", "receivable", "stock_count", "tier_mark")
    assert "J1" not in seen()
    assert (
        by("boss", "import", sheet("across.csv", "日期,单号,办事处,客户编码,金额\n2024-05-09,A1,杭州,J1,70\n")).code
        == 0
    )
    assert "J1" in seen()
    customer = world.office(url, "NJ", "J1").customer
    with connected(url) as owner:
        for table in hanging:
            world.Rows(owner).insert(table, customer_id=customer)
    for table in hanging:
        query = f'SELECT count(*) FROM "{table}" WHERE customer_id = {customer}'
        assert rows(url, query) == [(1,)], table
        assert rows(system.address.url("own", "wang"), query) == [(0,)], table
    refused = by("wang", "customer", "set", "J1", "city=x")
    assert (refused.code, rows(url, "SELECT city FROM customer WHERE code = 'J1'")) == (3, [(None,)])
    assert by("boss", "customer", "merge", "J1", "B1").code == 0
    assert "B1" in seen()
    with connected(url) as owner:
        owner.execute(
            "INSERT INTO customer_seen (office_id, customer_id) SELECT id, 9999 FROM office WHERE code = 'HZ'"
        )
        gone = world.Rows(owner).insert("customer", id=9999, office_id=world.office(url, "NJ", "B1").id)
        owner.execute("DELETE FROM customer WHERE id = 9999")
        assert gone["id"] == 9999
    assert rows(url, "SELECT count(*) FROM customer_seen WHERE customer_id = 9999") == [(0,)]


def test_who_a_customer_is_is_seen_for_as_long_as_it_buys_there(by: As, url: str) -> None:
    sheet = Path("nb.csv")
    sheet.write_text("日期,单号,行号,办事处,客户编码,产品,数量,金额\n2024-05-08,N1,1,杭州,J1,手机,1,10\n", "utf-8")
    assert by("wang", "customer", "show", "J1").code == 2
    assert by("zhou", "import", sheet).code == 0
    assert by("wang", "customer", "show", "J1").code == 0
    [(batch,)] = rows(url, "SELECT max(id) FROM batch")
    assert by("zhou", "batch", "undo", batch).code == 0
    assert by("wang", "customer", "show", "J1").code == 2
    assert rows(
        url, "SELECT count(*) FROM customer_seen s JOIN customer c ON c.id = customer_id WHERE code = 'J1'"
    ) == [(1,)]


@pytest.mark.parametrize(
    "words", ["tier --office 南京", "score --office NJ", "plan show --office 南京", "report month --office NJ"]
)
def test_an_office_that_is_not_seen_has_nothing_to_ask_for(by: As, words: str) -> None:
    done = by("wang", *words.split())
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"channelctl: error: this login does not see what is of {words.split()[-1]}\n")


def test_the_owners_work_is_in_the_logs_name_of_the_owner(url: str, ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", url)
    monkeypatch.delenv("CHANNELCTL_USER")
    assert ch("customer", "set", "H1", "city=x").code == 0
    assert rows(url, 'SELECT "user" FROM batch ORDER BY id DESC LIMIT 1') == [(servers.OWNER,)]
