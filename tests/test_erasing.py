"""A person's data shown and erased: not a byte of it is left in the database or its journal."""

from pathlib import Path

import pytest

from tests.conftest import SAMPLE, Run
from tests.making import policy, sheet
from tests.tables import connected, contents, everything, on_server, traces

PERSON = {
    "name": "欧阳不凡",
    "position": "采购总监甲乙",
    "phone": "13900001234",
    "email": "ouyang@example.cn",
    "birthday": "1971-02-03",
    "likes": "收藏紫砂壶",
    "remark": "与老板是连襟",
}
DERIVED = ("ouyangbufan", "oybf")


@pytest.fixture
def person(ch: Run, sample: Path) -> Path:
    """A contact N00099 that was added, changed, changed back, and whose old phone is in what is kept for undoing."""
    fields = [f"{name}={value}" for name, value in PERSON.items() if name != "name"]
    assert ch("contact", "add", PERSON["name"], "code=N00099", "customer=C00001", *fields).code == 0
    assert ch("contact", "set", "N00099", "phone=13911112222", "likes=").code == 0
    assert ch("contact", "set", "N00099", f"phone={PERSON['phone']}").code == 0
    return sample


def found(database: Path, words: list[str]) -> list[str]:
    """The words that stand in a byte of the database, its journal or its WAL."""
    data = traces(database)
    return [word for word in words if word.encode() in data]


WORDS = [*PERSON.values(), *DERIVED, "13911112222"]


def test_a_persons_data_can_be_shown(ch: Run, person: Path) -> None:
    row = ch("contact", "show", "N00099", "--format", "json").data["rows"][0]
    assert {name: row[name] for name in PERSON} == {**PERSON, "likes": None}


def test_not_a_byte_of_an_erased_person_is_left(ch: Run, person: Path) -> None:
    assert found(person, WORDS) == WORDS
    done = ch("erase", "contact", "N00099", "--yes", "--format", "json")
    assert done.code == 0
    assert {row["place"]: row["erased"] for row in done.data["rows"]} == {
        "fields": 7,
        "changes": 3,
        "aliases": 0,
        "named": 0,
        "files": 0,
    }
    assert found(person, WORDS) == []
    row = ch("contact", "show", "N00099", "--format", "json").data["rows"][0]
    assert (row["code"], row["name"], row["customer_code"]) == ("N00099", "N00099", "C00001")
    assert {name: row[name] for name in PERSON if name != "name"} == dict.fromkeys(
        name for name in PERSON if name != "name"
    )
    assert ch("db", "check").code == 0


def test_the_log_says_what_was_done_by_number_only(ch: Run, person: Path) -> None:
    ch("erase", "contact", PERSON["name"], "--yes")
    with connected(person) as connection:
        entries = connection.execute(
            "SELECT command, action, kind, digest FROM audit_entry ORDER BY id DESC LIMIT 2"
        ).fetchall()
    assert entries == [("contact erase", "erased", "contact", None), ("contact erase", "erase", None, None)]


def test_a_dry_run_says_the_same_and_changes_not_a_byte(ch: Run, person: Path) -> None:
    before = everything(person)
    dry = ch("erase", "contact", "N00099", "--dry-run", "--format", "json")
    assert everything(person) == before
    assert dry.data["rows"] == ch("erase", "contact", "N00099", "--yes", "--format", "json").data["rows"]


def test_erasing_asks_for_a_yes(ch: Run, person: Path) -> None:
    before = everything(person)
    assert ch("erase", "contact", "N00099") == (
        2,
        "",
        "channelctl: error: erasing cannot be undone\nSee first what it would do: --dry-run. To do it, add --yes.\n",
    )
    assert everything(person) == before


def test_a_removed_person_can_be_erased_and_comes_back_blank(ch: Run, person: Path) -> None:
    assert ch("contact", "remove", "N00099").code == 0
    removed = ch("batch", "list", "--format", "json").data["rows"][0]["batch"]
    assert ch("erase", "contact", PERSON["name"], "--yes").code == 0
    assert found(person, WORDS) == []
    assert ch("batch", "undo", removed).code == 0
    row = ch("contact", "show", "N00099", "--format", "json").data["rows"][0]
    assert (row["name"], row["phone"], row["customer_code"]) == ("N00099", None, "C00001")


def test_earlier_batches_can_still_be_undone_and_bring_nothing_back(ch: Run, person: Path) -> None:
    last = ch("batch", "list", "--format", "json").data["rows"][0]["batch"]
    assert ch("erase", "contact", "N00099", "--yes").code == 0
    for batch in (last, last - 1):
        assert ch("batch", "undo", batch).code == 0
        assert ch("contact", "show", "N00099", "--format", "json").data["rows"][0]["phone"] is None
    assert found(person, WORDS) == []
    assert ch("batch", "undo", last - 2).code == 0
    assert ch("contact", "show", "N00099").code == 2
    assert ch("db", "check").code == 0


def test_an_erasing_cannot_be_undone(ch: Run, person: Path) -> None:
    ch("erase", "contact", "N00099", "--yes")
    batch = ch("batch", "list", "--format", "json").data["rows"][0]["batch"]
    assert ch("batch", "undo", batch) == (2, "", "channelctl: error: an erasing cannot be undone\n")


def test_erasing_twice_finds_nothing_more(ch: Run, person: Path) -> None:
    ch("erase", "contact", "N00099", "--yes")
    again = ch("erase", "contact", "N00099", "--yes", "--format", "json")
    assert [row["erased"] for row in again.data["rows"]] == [0, 0, 0, 0, 0]
    commands = [row["command"] for row in ch("batch", "list", "--format", "json").data["rows"]]
    assert commands.count("contact erase") == 1


def test_everything_else_stays_as_it_was(ch: Run, person: Path) -> None:
    before = contents(person)
    ch("erase", "contact", "N00099", "--yes")
    after = contents(person)
    assert {name for name in before if before[name] != after[name]} == {"contact"}
    assert [row for row in before["contact"] if row not in after["contact"]] == [
        row for row in before["contact"] if "N00099" in row
    ]


def test_one_field_of_a_firm_can_be_erased_and_where_it_still_stands_is_said(ch: Run, person: Path) -> None:
    ch("customer", "set", "C00001", f"legal_representative={PERSON['name']}", f"remark=找{PERSON['name']}")
    dry = ch("erase", "contact", "N00099", "--dry-run")
    still = "the same words still stand in {}\n".format
    assert still("customers, legal_representative: 1 row") in dry.out
    assert still("customers, remark: 1 row") in dry.out
    name = ch("customer", "show", "C00001", "--format", "json").data["rows"][0]["name"]
    assert ch("erase", "customer", "C00001", "legal_representative", "remark", "--yes").code == 0
    assert ch("customer", "show", "C00001", "--format", "json").data["rows"][0]["name"] == name
    last = ch("erase", "contact", "N00099", "--yes")
    assert "still stand" not in last.out
    assert found(person, WORDS) == []


@pytest.mark.parametrize("kind", ["customer", "rep"])
def test_customers_and_reps_who_are_people_can_be_erased(ch: Run, sample: Path, kind: str) -> None:
    words = ["customer", "X1"] if kind == "customer" else ["rep", "X1"]
    assert ch(kind, "add", PERSON["name"], "code=X1", f"phone={PERSON['phone']}").code == 0
    assert found(sample, [PERSON["name"], PERSON["phone"], *DERIVED]) != []
    assert ch("erase", *words, "--yes").code == 0
    assert found(sample, [PERSON["name"], PERSON["phone"], *DERIVED]) == []
    assert ch(kind, "show", "X1").code == 0


def test_other_names_of_an_erased_customer_go(ch: Run, sample: Path) -> None:
    assert ch("customer", "add", "张不凡", "code=X1").code == 0
    assert ch("customer", "alias", "add", "X1", "欧阳不凡").code == 0
    done = ch("erase", "customer", "X1", "--yes", "--format", "json")
    assert {row["place"]: row["erased"] for row in done.data["rows"]}["aliases"] == 1
    assert "still stand" not in ch("erase", "customer", "X1", "--dry-run").out
    assert ch("customer", "show", "欧阳不凡").code == 2


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_kept_files_that_hold_the_person_go_and_others_stay(ch: Run, tmp_path: Path, ending: str) -> None:
    policy("[import]\nkeep_files = true\n")
    assert ch("import", SAMPLE / "产品.xlsx", SAMPLE / "客户档案.xlsx", SAMPLE / "组织.xlsx").code == 0
    assert ch("contact", "add", PERSON["name"], "code=N00099", "customer=C00001", "phone=13900001234").code == 0
    sheet = tmp_path / f"people.{ending}"
    assert ch("export", "contact", "--output", sheet).code == 0
    assert ch("contact", "remove", "N00099").code == 0
    assert ch("import", sheet).code == 0
    other = tmp_path / "sales.csv"
    other.write_text(f"客户名称,日期,金额,备注\n甲乙丙,2024-05-03,1,{PERSON['name']}\n", encoding="gb18030")
    assert ch("import", other).code == 0
    database = tmp_path / "channel.db"
    with connected(database) as connection:
        before = [row[0] for row in connection.execute("SELECT batch_id FROM kept_file ORDER BY 1")]
    done = ch("erase", "contact", "N00099", "--yes", "--format", "json")
    assert {row["place"]: row["erased"] for row in done.data["rows"]}["files"] == 2
    with connected(database) as connection:
        assert [row[0] for row in connection.execute("SELECT batch_id FROM kept_file ORDER BY 1")] == before[:3]


def test_copies_made_before_are_named(ch: Run, person: Path) -> None:
    made = ch("backup")
    copy = made.out.removeprefix("backup: ").strip() if on_server() else person.with_name("channel-2024-06-03.backup")
    assert (made.code, made.out) == (0, f"backup: {copy}\n")
    result = ch("erase", "contact", "N00099", "--yes")
    assert f"copies made before still hold everything: {copy}\n" in result.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sales", "1"], "there are no personal fields in sales\nErased are: contact, customer, rep\n"),
        (["contact", "N77777"], "no contact “N77777”"),
        (["contact", "N00099", "moon"], "a contact has no field “moon”"),
        (["contact", "N00099", "customer"], "customer is no personal field\nErased are: name, position, "),
    ],
)
def test_what_cannot_be_erased_is_a_usage_error(ch: Run, person: Path, words: list[str], said: str) -> None:
    before = everything(person)
    result = ch("erase", *words, "--yes")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"channelctl: error: {said}")
    assert everything(person) == before


GRANTED = "核销编号 核销日期 客户编码 客户 核销单据 呆账金额 经办人 授信批准人"


@pytest.fixture
def handler(ch: Run, sample: Path, tmp_path: Path) -> Path:
    """A rep X1 who surveyed, applied, granted, sold on credit and promised; one of these names was changed."""
    name = PERSON["name"]
    assert ch("rep", "add", name, "code=X1").code == 0
    tables: dict[str, tuple[str, list[object]]] = {
        "limits": ("客户编码 客户 信用额度 批准人", ["C9", "丁", 500, name]),
        "surveys": ("调查编号 客户编码 客户 调查日期 调查人 法人代表", ["DC9", "C9", "丁", "2024-05-03", name, name]),
        "asked": ("申请编号 客户编码 客户 申请日期 申请人 申请额度", ["SX9", "C9", "丁", "2024-05-03", name, 5]),
        "promises": (
            "客户编码 客户 承诺日期 承诺付款日 承诺金额 承诺人",
            ["C9", "丁", "2024-05-03", "2024-06-03", 5, name],
        ),
        "owed": ("客户编码 客户 应收单号 单据日期 应收金额", ["C9", "丁", "F9", "2024-05-03", 50]),
        "lost": (GRANTED, ["HX9", "2024-05-31", "C9", "丁", "F9", 30, f" {name} ", "赵敏"]),
    }
    for file, (headings, row) in tables.items():
        assert ch("import", sheet(str(tmp_path / file), headings, [row])).code == 0, file
    assert ch("credit", "investigation", "set", "DC9", "investigator=赵敏").code == 0
    return sample


def test_a_person_is_gone_from_what_they_surveyed_asked_granted_and_sold(ch: Run, handler: Path) -> None:
    before = contents(handler)
    assert found(handler, [PERSON["name"]]) != []
    done = ch("erase", "rep", "X1", "--yes", "--format", "json")
    assert {row["place"]: row["erased"] for row in done.data["rows"]} == {
        "fields": 1,
        "changes": 1,
        "aliases": 0,
        "named": 5,
        "files": 0,
    }
    assert found(handler, [PERSON["name"], *DERIVED]) == []
    after = contents(handler)
    assert {name: len(rows) for name, rows in after.items() if name.startswith(("credit", "promise"))} == {
        name: len(rows) for name, rows in before.items() if name.startswith(("credit", "promise"))
    }
    lost = ch("credit", "writeoffs", "list", "--format", "json").data["rows"][0]
    assert (lost["handler"], lost["approver"]) == ("X1", "赵敏")
    assert ch("batch", "undo", ch("batch", "list", "--format", "json").data["rows"][1]["batch"]).code == 0
    assert found(handler, [PERSON["name"]]) == []
    assert ch("credit", "investigation", "show", "DC9", "--format", "json").data["rows"][0]["investigator"] == "X1"
    assert ch("db", "check").code == 0


def test_a_name_that_another_person_has_stays_and_is_said(ch: Run, handler: Path) -> None:
    assert ch("rep", "add", PERSON["name"], "code=X2").code == 0
    done = ch("erase", "rep", "X1", "--yes")
    assert "the same words still stand in write-offs, handler: 1 row\n" in done.out
    assert ch("credit", "writeoffs", "list", "--format", "json").data["rows"][0]["handler"] == PERSON["name"]


def test_a_phone_alone_leaves_the_name_where_it_stands(ch: Run, handler: Path) -> None:
    assert ch("rep", "set", "X1", "phone=13900001234").code == 0
    assert ch("erase", "rep", "X1", "phone", "--yes").code == 0
    assert ch("credit", "writeoffs", "list", "--format", "json").data["rows"][0]["handler"] == PERSON["name"]
