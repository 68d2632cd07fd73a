"""Every change of a record can be read back: before, after, when, by whom, through what, and that nobody altered it."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE, SHEETS, Run
from tests.making import holds_to_schema, report, sheet
from tests.tables import connected, on_server

AT = "2024-06-03T00:00:00Z"


def shown(ch: Run, entry: int) -> Any:
    """An entry's JSON, held to its schema."""
    return holds_to_schema(ch, "audit_show", "audit", "show", entry)


def last(ch: Run) -> int:
    number: int = report(ch, "audit", "list")["rows"][0]["entry"]
    return number


def changes(ch: Run, entry: int) -> list[tuple[str, str, str, str | None, str | None]]:
    """What an entry changed: kind, record, column, before, after."""
    return [
        (row["kind"], row["record"], row["column"], row["before"], row["after"]) for row in shown(ch, entry)["changes"]
    ]


def tamper(database: Path, *statements: str) -> None:
    """Write past the triggers, as somebody with the file in their hands can."""
    with connected(database) as connection:
        for name in ("update", "delete", "replace"):
            of = " ON audit_entry" if on_server() else ""
            connection.execute(f"DROP TRIGGER IF EXISTS audit_entry_no_{name}{of}")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0


# --- before and after ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
def test_a_change_by_hand(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_USER", "王伟")
    assert ch("customer", "set", "C00001", "class=V4", "office=苏州", "core=是", "closed_on=2024-05-31").code == 0
    entry = shown(ch, last(ch))["rows"][0]
    told = ("at", "user", "command", "action", "kind", "name", "file", "as_sealed", "whole")
    who = "C00001 南京汀澜电器连锁有限公司"
    assert [entry[name] for name in told] == [
        AT, "王伟", "customer set", "changed", "customer", who, None, True, True,
    ]  # fmt: skip
    assert sorted(changes(ch, entry["entry"])) == [
        ("customer", who, "Class", "VKA", "V4"),
        ("customer", who, "Closed on", None, "2024-05-31"),
        ("customer", who, "Core", None, "yes"),
        ("customer", who, "Office", "NJ 南京", "SZ 苏州"),
    ]


@pytest.mark.usefixtures("sample")
def test_a_field_that_is_cleared(ch: Run) -> None:
    assert ch("customer", "set", "C00001", "city=").code == 0
    assert changes(ch, last(ch)) == [("customer", "C00001 南京汀澜电器连锁有限公司", "City", "南京", None)]


def test_a_sheet_that_changes_customers(ch: Run) -> None:
    first = sheet("first", "客户编码 客户名称 城市", [("K1", "甲乙丙", "杭州"), ("K2", "丁戊己", "宁波")])
    second = sheet("second", "客户编码 客户名称 城市", [("K1", "甲乙丙丁", "杭州"), ("K2", "丁戊己", "南京")])
    assert ch("import", first, second).code == 0
    listed = report(ch, "audit", "list", "--batch", 2)["rows"]
    assert [(row["action"], row["command"]) for row in listed] == [("changed", "import")] * 2 + [("import", "import")]
    found = [change for row in reversed(listed) for change in changes(ch, row["entry"])]
    assert found == [
        ("customer", "K1 甲乙丙丁", "Customer name", "甲乙丙", "甲乙丙丁"),
        ("customer", "K2 丁戊己", "City", "宁波", "南京"),
    ]
    for row in listed:
        entry = shown(ch, row["entry"])["rows"][0]
        data = second.read_bytes()
        assert (entry["file"], entry["size"], entry["sha256"]) == (
            "second.csv", len(data), hashlib.sha256(data).hexdigest(),
        )  # fmt: skip


@pytest.mark.usefixtures("sample")
def test_a_record_that_is_removed_was_all_this(ch: Run) -> None:
    before = report(ch, "contact", "show", "N00001")["rows"][0]
    assert ch("contact", "set", "N00001", "role=buyer").code == 0
    earlier = last(ch)
    assert ch("contact", "remove", "N00001").code == 0
    removed = shown(ch, last(ch))
    assert (removed["rows"][0]["command"], removed["rows"][0]["action"]) == ("contact remove", "removed")
    held = {row["field"]: row["before"] for row in removed["changes"]}
    assert {row["after"] for row in removed["changes"]} == {None}
    assert (held["code"], held["name"], held["role"]) == ("N00001", before["name"], "buyer")
    assert held["customer_id"].endswith(before["customer"])
    assert shown(ch, earlier)["rows"][0]["name"] == f"N00001 {before['name']}", "a removed record keeps its name"


def test_a_target_is_said_in_yuan(ch: Run) -> None:
    plan = sheet("plan", "月份 办事处 客户 月度目标", [("2024-05", "杭州", "甲", "100.5")])
    assert ch("import", plan).code == 0
    assert ch("plan", "set", "2024-05", "杭州", "甲", "target=99.1234").code == 0
    assert changes(ch, last(ch)) == [
        ("plan", "2024-05 N00001 杭州 N00001 甲", "Monthly target", "100.50", "99.1234"),
    ]


# --- the versions of a sale line -------------------------------------------------------------------------------------

HEAD = "单据编号 行号 日期 客户 型号 金额 成本"


def test_a_sale_line_that_got_a_new_version(ch: Run) -> None:
    first = sheet(
        "first", HEAD, [("S1", 1, "2024-05-01", "甲", "X1", 100, ""), ("S1", 2, "2024-05-01", "甲", "X1", 7, "")]
    )
    second = sheet("second", HEAD, [("S1", 1, "2024-05-02", "甲", "X2", "90.1234", 60)])
    third = sheet("third", HEAD, [("S1", 1, "2024-05-02", "甲", "X2", 80, "")])
    assert ch("import", first, second, third).code == 0
    assert changes(ch, 2) == [
        ("sales", "S1 1", "Date", "2024-05-01", "2024-05-02"),
        ("sales", "S1 1", "Product", "N00001 X1", "N00002 X2"),
        ("sales", "S1 1", "Amount", "100.00", "90.1234"),
        ("sales", "S1 1", "Cost", None, "60.00"),
    ]
    assert changes(ch, 3) == [("sales", "S1 1", "Amount", "90.1234", "80.00")]
    assert shown(ch, 2)["content"] == [
        {"kind": "product", "made": 1, "changed": 0, "removed": 0},
        {"kind": "sales", "made": 0, "changed": 1, "removed": 0},
    ]
    assert changes(ch, 1) == []


def test_equal_lines_that_each_got_a_version(ch: Run) -> None:
    head = "单据编号 日期 客户 金额 成本"
    first = sheet("first", head, [("S1", "2024-05-01", "甲", 10, ""), ("S1", "2024-05-01", "甲", 10, "")])
    second = sheet("second", head, [("S1", "2024-05-01", "甲", 10, 4), ("S1", "2024-05-01", "甲", 10, 5)])
    assert ch("import", first, second).code == 0
    assert changes(ch, 2) == [("sales", "S1", "Cost", None, "4.00"), ("sales", "S1", "Cost", None, "5.00")]


# --- undoing ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
def test_an_undoing_says_what_it_brought_back(ch: Run) -> None:
    assert ch("customer", "set", "C00001", "class=V4").code == 0
    changed = last(ch)
    assert ch("batch", "undo", SHEETS + 1).code == 0
    undone = shown(ch, last(ch))
    assert (undone["rows"][0]["action"], undone["rows"][0]["undid"]) == ("undo", SHEETS + 1)
    assert [(row["column"], row["before"], row["after"]) for row in undone["changes"]] == [("Class", "V4", "VKA")]
    before = shown(ch, changed)
    assert before["rows"][0]["undone_by"] == SHEETS + 2
    assert [(row["before"], row["after"]) for row in before["changes"]] == [("VKA", "V4")]


# --- seals -----------------------------------------------------------------------------------------------------------


def test_the_entry_of_an_import_holds_the_digest_of_its_file(ch: Run, tmp_path: Path) -> None:
    path = sheet("sales", "日期 客户 金额", [("2024-05-01", "甲", 7)])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert ch("import", SAMPLE / "产品.xlsx", path).code == 0
    found = shown(ch, 2)["rows"][0]
    assert [found[name] for name in ("file", "sha256", "digest", "as_sealed")] == ["sales.csv", digest, digest, True]
    tamper(tmp_path / "channel.db", "UPDATE batch SET file_sha256 = 'x' WHERE id = 2")
    altered = ch("audit", "show", 2)
    assert (altered.code, altered.err) == (1, "what is kept is not what was sealed: it was altered afterwards\n")
    assert shown(ch, 1)["rows"][0]["as_sealed"] is True


def test_a_change_that_was_altered_or_erased_is_found(ch: Run, sample: Path) -> None:
    assert ch("customer", "set", "C00001", "class=V4").code == 0
    assert ch("customer", "set", "C00001", "city=").code == 0
    number = last(ch)
    tamper(sample, f'UPDATE change SET after = \'{{"class": "V3"}}\' WHERE batch_id = {SHEETS + 1}')
    altered = ch("audit", "show", number - 2, "--format", "json")
    assert (altered.code, altered.data["rows"][0]["as_sealed"]) == (1, False)
    assert altered.data["notes"] == ["what is kept is not what was sealed: it was altered afterwards"]
    assert ch("audit", "show", number).code == 0
    tamper(sample, f"DELETE FROM change WHERE batch_id = {SHEETS + 1}")
    erased = ch("audit", "show", number - 2)
    assert (erased.code, erased.err) == (0, "the change itself is kept no longer; the digest stays\n")
    assert changes(ch, number - 2) == []


def test_what_was_erased_is_gone_and_no_forgery(ch: Run, sample: Path) -> None:
    assert ch("contact", "set", "N00001", "phone=13800001111").code == 0
    number = last(ch)
    assert changes(ch, number)[0][4] == "13800001111"
    assert ch("erase", "contact", "N00001", "--yes").code == 0
    erased = last(ch)
    found = ch("audit", "show", number)
    said = f"the person behind it was erased (entry {erased}); the digest is of what stood there before\n"
    assert (found.code, found.err, "13800001111" in found.out) == (0, said, False)
    entry = shown(ch, number)["rows"][0]
    assert (entry["as_sealed"], entry["erased_in"], entry["name"]) == (None, erased, "N00001 N00001")
    own = ch("audit", "show", erased)
    assert (own.code, own.err, shown(ch, erased)["rows"][0]["action"]) == (0, "", "erased")


def test_an_entry_says_whether_the_log_up_to_it_is_whole(ch: Run, sample: Path) -> None:
    assert ch("audit", "show", 5).out.endswith("\nthe log is whole up to this entry\n")
    tamper(sample, "UPDATE audit_entry SET \"user\" = 'somebody' WHERE id = 5")
    assert [ch("audit", "show", number).code for number in (4, 5, 6)] == [0, 1, 1]
    broken = ch("audit", "show", 9)
    assert broken.out.endswith("\nthe log is broken at entry 5\n")
    assert [shown(ch, number)["rows"][0]["whole"] for number in (4, 5, 9)] == [True, False, False]


# --- the list --------------------------------------------------------------------------------------------------------


# An entry for each sample sheet, one for the first policy file in force, and five of `busy`.
LAST = SHEETS + 6


@pytest.fixture
def busy(ch: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample region, then three changes by two users on two days."""
    assert ch("customer", "set", "C00001", "class=V4").code == 0
    monkeypatch.setenv("CHANNELCTL_USER", "王伟")
    assert ch("class-target", "set", "V2", "2024-05", "target=1").code == 0
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-06-05")
    assert ch("customer", "set", "C00002", "class=V4").code == 0


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("words", "entries"),
    [
        ([], list(range(LAST, 0, -1))),
        (["--batch", SHEETS + 2], [LAST - 2, LAST - 3]),
        (["--kind", "customer"], [LAST, LAST - 4]),
        (["--kind", "class-target"], [LAST - 2]),
        (["--kind", "plan"], []),
        (["--kind", "customer", "--record", "C00002"], [LAST]),
        (["--kind", "customer", "--record", "1"], [LAST - 4]),
        (["--kind", "customer", "--record", "南京汀澜电器连锁有限公司"], [LAST - 4]),
        (["--user", "王伟"], [LAST, LAST - 1, LAST - 2, LAST - 3]),
        (["--user", "tester", "--kind", "customer"], [LAST - 4]),
        (["--from", "2024-06-04"], [LAST, LAST - 1]),
        (["--to", "2024-06-04", "--user", "王伟"], [LAST - 2, LAST - 3]),
        (["--from", "2024-06-05", "--to", "2024-06-05"], [LAST, LAST - 1]),
    ],
)
def test_the_list_can_be_narrowed(words: list[object], entries: list[int], ch: Run) -> None:
    found = holds_to_schema(ch, "audit", "audit", "list", *words)
    assert [row["entry"] for row in found["rows"]] == entries
    assert found["title"] == f"audit log · {len(entries)}"
    assert "last seal: " in ch("audit", "list", *words).out, "the seal is that of the whole log"


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--batch", 99], "there is no batch 99\nchannelctl batch list shows those there are."),
        (["--batch", "x"], "--batch is a whole number, such as 42\nFor help: channelctl audit list --help"),
        (["--kind", "custmer"], "there is no kind “custmer”\nDid you mean customer?"),
        (["--user", "bob"], "no entry is by “bob”\nThere are: tester, 王伟"),
        (["--record", "C00001"], "--record needs --kind\n--kind customer --record C00012"),
        (
            ["--kind", "plan", "--record", "C00001"],
            "--record is a whole number, such as 42\nchannelctl audit list shows the number of each record.",
        ),
        (["--kind", "customer", "--record", "C0001"], "no customer “C0001”\nDid you mean C00001, C00010, C00011?"),
        (["--from", "gestern"], "“gestern” is not a date\nWrite it as 2024-05-31."),
    ],
)
def test_what_the_log_does_not_have_is_an_error(words: list[object], said: str, ch: Run) -> None:
    assert ch("audit", "list", *words) == (2, "", f"channelctl: error: {said}\n")


@pytest.mark.usefixtures("sample")
def test_an_entry_that_there_is_not(ch: Run) -> None:
    said = "channelctl: error: the log has no entry 99\nchannelctl audit list shows those there are.\n"
    assert ch("audit", "show", 99) == (2, "", said)


# --- the screen ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
def test_the_screen(ch: Run) -> None:
    assert ch("customer", "set", "C00001", "class=V4").code == 0
    entry = str(SHEETS + 2)
    found = ch("audit", "show", entry)
    assert (found.code, found.err) == (0, "")
    lines = found.out.splitlines()
    assert lines[:5] == [
        f"audit log · entry {entry}",
        "",
        "Kind        Record                            Column   Before   After",
        "─────────────────────────────────────────────────────────────────────",
        "customers   C00001 南京汀澜电器连锁有限公司   Class    VKA      V4",
    ]
    card = dict(line.split("   ", 1) for line in lines[6:-2])
    assert {name: text.strip() for name, text in card.items() if name not in ("Digest", "Seal")} == {
        "Entry": entry,
        "At": AT,
        "User": "tester",
        "Command": "customer set",
        "Action": "changed",
        "Kind": "customers",
        "Record": "1",
        "Name": "C00001 南京汀澜电器连锁有限公司",
        "Batch": str(SHEETS + 1),
        "As sealed": "yes",
        "Log whole up to here": "yes",
    }
    for form in ("csv", "html", "md"):
        assert "customer set" in ch("audit", "show", entry, "--format", form).out
