"""The commands that every kind of record has."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from channelctl.report.width import width
from tests.conftest import Run
from tests.making import holds_to_schema, policy, report, sheet
from tests.tables import connected, everything

# kind, words of `add`, key of the record, a field to change as typed and as kept, what a blank clears
KINDS = [
    ("region", ["JB", "江北省"], ["JB"], "name=江北", ("name", "江北"), ""),
    ("office", ["GZ", "赣州", "region=江东省"], ["赣州"], "city=赣江", ("city", "赣江"), "region"),
    ("rep", ["R900", "田禾", "office=HZ", "manager=俞予安"], ["R900"], "role=商代", ("role", "商代"), "manager"),
    ("product", ["P900", "Z9", "品牌=岚星"], ["Z9"], "unit=台", ("unit", "台"), "brand"),
    ("customer", ["C900", "赣州华通", "渠道=直供"], ["赣州华通"], "规划等级=v1", ("class", "V1"), "channel"),
    ("contact", ["李敏", "customer=C00001", "role=决策人"], ["李敏"], "phone=139", ("phone", "139"), "role"),
    ("plan", ["2024-06", "HZ", "C00001", "target=9"], ["202406", "HZ", "C00001"], "core=y", ("core", True), "target"),
    ("class-target", ["VKA", "2024-06", "target=5"], ["vka", "2024-06"], "target=7.5", ("target", 7.5), ""),
]  # fmt: skip


def test_what_is_told_of_a_customer_is_of_its_day(ch: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever today is, and so is its card."""
    asked = [("customer", "show", "C00001", "--as-of", "2024-05-31"),
             ("report", "customer", "C00001", "--as-of", "2024-05-31", "--format", "json")]  # fmt: skip
    first = [ch(*words) for words in asked]
    assert first[0].err == "credit: overdue 805,581.97, 23 days\n"
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-09-01")
    assert [ch(*words) for words in asked] == first
    assert ch("customer", "show", "C00001").err != first[0].err


def rows(ch: Run, *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report(ch, *words)["rows"]
    return found


def codes(ch: Run, *words: object) -> list[str]:
    return [row["code"] for row in rows(ch, *words)]


def commands(database: Path) -> list[tuple[str, str]]:
    """User and command of every batch that was no import."""
    with connected(database) as connection:
        query = 'SELECT "user", command FROM batch WHERE command <> ? ORDER BY id'
        return list(connection.execute(query, ("import",)))


# --- add, show, list, set, remove -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "add", "key", "change", "kept", "clear"), KINDS, ids=[kind[0] for kind in KINDS])
def test_a_record_is_added_shown_changed_cleared_and_removed(
    kind: str,
    add: Sequence[str],
    key: Sequence[str],
    change: str,
    kept: tuple[str, object],
    clear: str,
    ch: Run,
    sample: Path,
) -> None:
    before = rows(ch, kind, "list")
    added = rows(ch, kind, "add", *add)
    assert rows(ch, kind, "show", *key) == added
    assert len(rows(ch, kind, "list")) == len(before) + 1
    changed = rows(ch, kind, "set", *key, change)
    key = [kept[1] if kept[0] == "name" else key[0], *key[1:]]  # type: ignore[list-item]
    assert changed == [added[0] | {kept[0]: kept[1]}]
    again = ch(kind, "set", *key, change)
    assert (again.code, again.out.splitlines()[0].split(" · ")[-1]) == (0, "nothing to change: it is so already")
    expected = changed[0]
    if clear:
        assert expected[clear] is not None
        expected |= {clear: None}
        assert rows(ch, kind, "set", *key, f"{clear}=") == [expected]
    assert rows(ch, kind, "remove", *key) == [expected]
    assert rows(ch, kind, "list") == before
    gone = ch(kind, "show", *key)
    assert (gone.code, gone.out) == (2, "")
    assert f"no {kind.replace('-', ' ')} “" in gone.err
    verbs = ["add", "set", *(["set"] if clear else []), "remove"]
    assert commands(sample) == [("tester", f"{kind} {verb}") for verb in verbs]


@pytest.mark.usefixtures("sample")
def test_every_kind_lists_what_its_sheet_held_and_holds_to_its_schema(ch: Run) -> None:
    counts = {}
    for kind in ("region", "office", "rep", "product", "customer", "contact", "plan", "class-target"):
        found = holds_to_schema(ch, kind.replace("-", "_"), kind, "list")
        counts[kind] = len(found["rows"])
        first = found["rows"][0]
        key = [str(first[name]) for name in {"plan": ("month", "office", "customer_code")}.get(kind, ())]
        key = key or ([first["class"], first["month"]] if kind == "class-target" else [first["code"]])
        shown = holds_to_schema(ch, kind.replace("-", "_"), kind, "show", *key)
        assert shown["rows"] == [first]
    assert counts == {
        "region": 1,
        "office": 5,
        "rep": 25,
        "product": 12,
        "customer": 90,
        "contact": 30,
        "plan": 55,
        "class-target": 8,
    }


@pytest.mark.parametrize("kind", ["region", "office", "rep", "product", "customer", "contact", "plan", "class-target"])
def test_a_list_written_to_a_sheet_makes_the_same_list_elsewhere(kind: str, ch: Run, sample: Path) -> None:
    before = rows(ch, kind, "list")
    for name in ("list.csv", "list.xlsx"):
        assert ch(kind, "list", "--output", name).code == 0
        elsewhere = Path(f"{name}.db")
        done = ch("--db", elsewhere, "import", name, "--kind", kind, "--format", "json")
        assert done.code == 0, done.out
        found = rows(ch, "--db", elsewhere, kind, "list")
        if kind in ("contact", "plan"):
            own = {"counterpart", "office", "class", "core"}
            assert [{k: v for k, v in row.items() if k not in own} for row in found] == [
                {k: v for k, v in row.items() if k not in own} for row in before
            ]
        else:
            assert found == before
        existing = ch("import", name, "--kind", kind, "--format", "json").data["rows"][0]
        assert (existing["new"], existing["changed"], existing["rejected"]) == (0, 0, 0)
    assert rows(ch, kind, "list") == before


@pytest.mark.usefixtures("sample")
def test_what_json_shows_can_be_typed_again(ch: Run) -> None:
    before = rows(
        ch, "customer", "add", "C900", "赣州华通", "office=HZ", "core=是", "parent=C00001", "closed_on=2024.5.31"
    )[0]
    assert (before["core"], before["parent"], before["closed_on"]) == (True, "南京汀澜电器连锁有限公司", "2024-05-31")
    assert ch("customer", "remove", "C900").code == 0
    typed = [
        f"{name}={str(value).lower() if value is True else value}"
        for name, value in before.items()
        if value is not None
    ]
    assert rows(ch, "customer", "add", *typed) == [before]


# --- list ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (["office=杭州"], "office", "杭州"),
        (["--office", "HZ"], "office", "杭州"),
        (["--office=杭州办事处"], "office", "杭州"),
        (["办事处=杭州"], "office", "杭州"),
        (["class=v1"], "class", "V1"),
        (["规划等级=V1"], "class", "V1"),
        (["channel=直供"], "channel", "direct"),
        (["渠道=direct"], "channel", "direct"),
        (["core=是"], "core", True),
        (["--no-class"], "class", None),
        (["class="], "class", None),
        (["--no-parent"], "parent", None),
        (["上级客户=C00016"], "parent", "杭州岚樾通信发展有限公司"),
        (["city=临汀"], "city", "临汀"),
    ],
)
def test_a_list_holds_those_that_a_field_fits(words: list[str], field: str, value: object, ch: Run) -> None:
    everyone = rows(ch, "customer", "list")
    expected = [row for row in everyone if row[field] == value]
    assert 0 < len(expected) < len(everyone)
    assert rows(ch, "customer", "list", *words) == expected


@pytest.mark.usefixtures("sample")
def test_filters_narrow_each_other_and_stand_in_the_parameters(ch: Run) -> None:
    found = report(ch, "customer", "list", "office=杭州", "--no-class", "city=临汀")
    assert found["params"] == {"office": "杭州", "class": None, "city": "临汀"}
    assert {(row["office"], row["class"], row["city"]) for row in found["rows"]} == {("杭州", None, "临汀")}
    assert ch("customer", "list", "city=无此城").out.splitlines()[0] == "customers · 0"
    planned = rows(ch, "plan", "list", "month=2024年5月", "office=HZ")
    assert len(planned) == 13
    assert [row["customer_code"] for row in planned] == sorted(row["customer_code"] for row in planned)
    assert rows(ch, "plan", "list", "customer_code=C00016") == [
        row for row in planned if row["customer_code"] == "C00016"
    ]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["customer", "list", "colour=red"],
            ["a customer has no field “colour”", "Its fields are: code, name, office"],
        ),
        (["customer", "list", "--colour"], ["a customer has no field “colour”"]),
        (["customer", "list", "--no-colour"], ["a customer has no field “colour”"]),
        (["customer", "list", "office=杭洲"], ["no office “杭洲”", "Did you mean 杭州?"]),
        (["customer", "list", "--office"], ["option --office needs a value"]),
        (["customer", "list", "苏宁"], ["FIELD=VALUE", "channelctl customer find 苏宁"]),
        (["plan", "list", "苏宁"], ["FIELD=VALUE"]),
        (["customer", "list", "core=perhaps"], ["Core: “perhaps” is neither yes"]),
        (["customer", "list", "closed_on=3/5/2024"], ["cannot be told apart in “3/5/2024”"]),
        (["plan", "list", "month=May"], ["Month: “May” is not a month"]),
        (["rep", "list", "first_name=x"], ["a rep has no field “first_name”"]),
    ],
)
def test_a_filter_that_cannot_be_is_refused(words: list[str], said: list[str], ch: Run) -> None:
    found = ch(*words)
    assert (found.code, found.out) == (2, "")
    for text in said:
        assert text in found.err
    assert words[0] == "customer" or "find" not in found.err


# --- find ------------------------------------------------------------------------------------------------------------

SHOPS = [
    ("C1", "杭州苏宁电器有限公司"),
    ("C2", "苏宁"),
    ("C3", "[red]华通[/red] 50%_店"),
    ("C4", 'Lee & Sons\' "Best"'),
    ("C5", "汉正数码"),
    ("00123", "绿地（东门店）"),
]


@pytest.fixture
def shops(ch: Run) -> None:
    assert ch("import", sheet("customers", "客户编码 客户名称", SHOPS)).code == 0


@pytest.mark.usefixtures("shops")
@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("苏宁", ["C2", "C1"]),
        ("杭州 苏宁", ["C1"]),
        ("hangzhousuning", ["C1"]),
        ("suning", ["C2", "C1"]),
        ("hzsn", ["C1"]),
        ("HZSNDQ", ["C1"]),
        ("ｓｎ", ["C2", "C1"]),
        ("hz", ["C1", "C5"]),
        ("c1", ["C1"]),
        ("123", ["00123"]),
        ("00123", ["00123"]),
        ("绿地(东门店)", ["00123"]),
        ("%", ["C3"]),
        ("_", ["C3"]),
        ("0%_", ["C3"]),
        ("[red]", ["C3"]),
        ("sons'", ["C4"]),
        ('"best"', ["C4"]),
        ("\\", []),
        ("国美", []),
    ],
)
def test_find_by_name_pinyin_initials_and_code(word: str, found: list[str], ch: Run) -> None:
    result = report(ch, "customer", "find", word)
    assert [row["code"] for row in result["rows"]] == found
    assert result["notes"] == ([] if found else [f"nothing like “{word}” was found"])
    assert ch("customer", "find", word).code == 0


@pytest.mark.usefixtures("sample")
def test_an_office_is_found_with_its_ending(ch: Run) -> None:
    for word in ("杭州办事处", "杭", "hangzhou", "HZ"):
        assert codes(ch, "office", "find", word)[0] == "HZ"


@pytest.mark.usefixtures("shops")
def test_brackets_and_quotes_are_shown_as_they_are(ch: Run) -> None:
    for words in (["list"], ["find", "[red]"], ["show", "C3"], ["show", "[red]华通[/red] 50%_店"]):
        assert "[red]华通[/red] 50%_店" in ch("customer", *words).out
    assert 'Lee & Sons\' "Best"' in ch("customer", "list").out
    assert rows(ch, "customer", "set", 'Lee & Sons\' "Best"', "remark='; DROP TABLE customer; --")[0]["remark"] == (
        "'; DROP TABLE customer; --"
    )
    assert len(rows(ch, "customer", "list")) == len(SHOPS)


# --- what is refused leaves everything as it was -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["customer", "set", "C00001", "colour=red"], "a customer has no field “colour”"),
        (["customer", "set", "C00001"], "nothing to change was given"),
        (["customer", "set", "C00001", "core=perhaps"], "Core: “perhaps” is neither yes"),
        (["customer", "set", "C00001", "closed_on=2024-02-30"], "Closed on: 2024-02-30 is not a date"),
        (["customer", "set", "C00001", "closed_on=3/5/2024"], "day and month cannot be told apart in “3/5/2024”"),
        (["customer", "set", "C00001", "class=V1", "office=杭洲"], "Office: no office “杭洲”; nearest: 杭州"),
        (["customer", "set", "C00001", "rep=没有"], "Rep: no rep “没有”"),
        (["customer", "set", "C00001", "name="], "Customer name cannot be blank"),
        (["customer", "set", "C00001", "code=C1"], "what tells a record from others cannot be changed: code"),
        (["customer", "set", "C00001", "parent=没有"], "no customer “没有”"),
        (["customer", "set", "C00001", "parent=禾汀手机大卖场"], "fits several: C00037, C00059"),
        (["customer", "set", "C00001", "parent=C00001"], "Parent: a customer cannot be its own"),
        (["customer", "set", "禾汀手机大卖场", "class=V1"], "“禾汀手机大卖场” fits several: C00037, C00059"),
        (["customer", "set", "C99999", "class=V1"], "no customer “C99999”"),
        (["customer", "set", "C00001", "C00002", "class=V1"], ": Customer code"),
        (["customer", "add", "C00001", "另一个"], "there is such a customer already"),
        (["customer", "add", "南京汀澜电器连锁有限公司"], "there is such a customer already"),
        (["customer", "add", "a", "b", "c"], "too many words: a b c"),
        (["customer", "add", "新客户", "office=没有"], "Office: no office “没有”"),
        (["contact", "add", "王一"], "Customer is blank"),
        (["contact", "add", "王一", "customer=没有"], "Customer: no customer “没有”"),
        (["contact", "set", "N00001", "customer="], "Customer cannot be blank"),
        (["contact", "set", "N00001", "customer_code="], "Customer cannot be blank"),
        (["rep", "set", "俞予安", "first_name=x"], "a rep has no field “first_name”"),
        (["plan", "add", "2024-05", "HZ"], "Customer is blank"),
        (["plan", "add", "2024-05", "HZ", "C00016"], "there is such a plan already"),
        (["plan", "add", "2024-13", "HZ", "C00016"], "Month: “2024-13” is not a month"),
        (["plan", "set", "2024-05", "HZ", "C00016", "target=much"], "Monthly target: “much” is not a number"),
        (["plan", "set", "2024-05", "HZ", "C00016", "target=1e17"], "Monthly target: "),
        (["plan", "set", "2024-05", "C00016", "target=1"], ": Month, Office, Customer"),
        (["plan", "set", "2024-04", "HZ", "C00016", "target=1"], "no plan “2024-04 HZ C00016”"),
        (["plan", "set", "2024-05", "HZ", "C00016", "office=NJ"], "cannot be changed: month, office, customer"),
        (["plan", "set", "2024-05", "HZ", "C00016", "customer_code=C00017"], "cannot be changed"),
        (["class-target", "add", "V1", "2024-05"], "Monthly target is blank"),
        (["class-target", "set", "V1", "2024-01", "target="], "Monthly target cannot be blank"),
        (
            ["customer", "remove", "C00001"],
            "C00001 cannot be removed: other records refer to it"
            " (contacts 2, sales 117, stock counts 10, sell-out 30, planned customers 2, activations 4, receivables 3,"
            " payments 4, credit limits 1)",
        ),
        (
            ["office", "remove", "杭州"],
            "杭州 cannot be removed: other records refer to it (reps 5, customers 22, sales 359, planned customers 13)",
        ),
        (["region", "remove", "JD"], "JD cannot be removed"),
        (["product", "remove", "X980"], "X980 cannot be removed"),
        (["rep", "remove", "俞予安"], "俞予安 cannot be removed"),
        (["office", "remove", "GZ"], "no office “GZ”"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(words: list[str], said: str, ch: Run, sample: Path) -> None:
    before = everything(sample)
    found = ch(*words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert everything(sample) == before


def test_setting_what_is_so_already_writes_nothing(ch: Run, sample: Path) -> None:
    before = everything(sample)
    for words in (
        ["customer", "set", "C00017", "class=vka"],
        ["customer", "set", "C00017", "platform="],
        ["customer", "set", "C00066", "parent=C00016"],
        ["rep", "set", "俞予安", "office=HZ"],
        ["contact", "set", "N00001", "customer=C00001"],
        ["plan", "set", "2024-05", "HZ", "C00016", "target=1040000"],
    ):
        assert "nothing to change: it is so already" in ch(*words).out
    assert everything(sample) == before


# --- words, superiors, codes ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
def test_an_unknown_class_or_channel_is_kept_and_said(ch: Run) -> None:
    found = ch("customer", "set", "C00001", "class=V9", "channel=网店")
    assert (found.code, found.err) == (0, "Channel: unknown channel “网店”\nClass: unknown word “V9”\n")
    shown = rows(ch, "customer", "show", "C00001")[0]
    assert (shown["class"], shown["channel"]) == ("V9", "网店")
    policy('[customers]\nclasses = ["V9"]\n[customers.channels]\nonline = ["网店"]\n')
    known = ch("customer", "set", "C00001", "class=v9", "channel=网店")
    assert (known.code, known.err) == (0, "")
    assert rows(ch, "customer", "show", "C00001")[0]["channel"] == "online"


@pytest.mark.usefixtures("sample")
def test_a_superior_can_be_set_changed_and_cleared(ch: Run) -> None:
    for words, parent in (
        (["parent=C00016"], "杭州岚樾通信发展有限公司"),
        (["上级客户=杭州泊樾手机大卖场"], "杭州泊樾手机大卖场"),
        (["parent="], None),
    ):
        assert rows(ch, "customer", "set", "C00029", *words)[0]["parent"] == parent
        assert rows(ch, "customer", "show", "C00029")[0]["parent"] == parent
    assert rows(ch, "rep", "add", "R900", "田禾", "manager=俞予安")[0]["manager"] == "俞予安"


def test_a_record_without_a_code_gets_one_that_stays(ch: Run) -> None:
    assert ch("init").code == 0
    assert [rows(ch, "office", "add", name)[0]["code"] for name in ("杭州", "南京办事处")] == ["N00001", "N00002"]
    assert rows(ch, "office", "show", "南京")[0]["name"] == "南京办事处"
    assert ch("office", "remove", "杭州").code == 0
    assert codes(ch, "office", "list") == ["N00002"]
    assert ch("office", "add", "南京").code == 2
    assert rows(ch, "customer", "add", "合计")[0]["code"] == "N00001"
    assert [rows(ch, "customer", "add", code, "华通")[0]["code"] for code in ("K1", "K2")] == ["K1", "K2"]


def test_people_of_one_name_at_two_customers_are_two(ch: Run, sample: Path) -> None:
    for code in ("C00001", "C00002"):
        assert ch("contact", "add", "李敏", f"customer={code}").code == 0
    found = ch("contact", "show", "李敏")
    assert found.code == 2
    assert "“李敏” fits several: N00031, N00032" in found.err
    moved = rows(ch, "contact", "set", "N00032", "customer=C00003", "phone=138")[0]
    assert (moved["customer_code"], moved["phone"]) == ("C00003", "138")


def test_a_write_is_a_batch_of_whoever_did_it(ch: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_USER", "王伟")
    assert ch("customer", "set", "C00001", "class=V4", "platform=", "market_level=").code == 0
    assert ch("class-target", "add", "V4", "2024-07", "target=1").code == 0
    assert commands(sample) == [("王伟", "customer set"), ("王伟", "class-target add")]


@pytest.mark.usefixtures("sample")
def test_both_languages_name_kinds_and_fields(ch: Run) -> None:
    english = ch("customer", "show", "C00016").out
    chinese = ch("--lang", "zh", "customer", "show", "C00016").out
    assert english.splitlines()[0] == "customer · C00016 杭州岚樾通信发展有限公司"
    assert chinese.splitlines()[0] == "客户 · C00016 杭州岚樾通信发展有限公司"
    assert [line.split()[0] for line in chinese.splitlines()[2:5]] == ["客户编码", "客户名称", "办事处"]
    assert (
        ch("--lang", "zh", "customer", "set", "C00016", "class=V1", "--format", "json").data["rows"][0]["class"] == "V1"
    )


@pytest.mark.usefixtures("sample")
def test_lists_fit_on_a_terminal(ch: Run) -> None:
    for kind in ("region", "office", "rep", "product", "customer", "plan", "class-target"):
        for language in ("en", "zh"):
            lines = ch("--lang", language, kind, "list").out.splitlines()
            assert max(width(line) for line in lines) <= 100, (kind, language)


def test_json_and_table_tell_the_same_record(ch: Run, sample: Path) -> None:
    found = json.loads(ch("product", "show", "X980", "--format", "json").out)["rows"][0]
    shown = ch("product", "show", "X980").out
    assert all(str(value) in shown for value in found.values() if value)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["plan", "find", "C00001"], 2),
        (["plan", "find", "njtl"], 2),
        (["plan", "find", "南京"], 14),
        (["plan", "find", "2024-05"], 55),
        (["plan", "find", "月球"], 0),
        (["class-target", "find", "v2"], 2),
    ],
)
def test_what_has_no_name_is_found_by_what_it_refers_to(ch: Run, sample: Path, words: list[str], count: int) -> None:
    found = ch(*words, "--format", "json")
    assert (found.code, len(found.data["rows"])) == (0, count)
