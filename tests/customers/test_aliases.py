"""Other names and codes that stand for a customer."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelctl.records.names import alias_key, name_key
from tests import running
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet
from tests.tables import contents, examples

SALES = "日期 客户 金额"
CODED = "日期 客户编码 客户 金额"


@pytest.fixture
def dealers(ch: Run) -> None:
    """Four customers; two of them of one name."""
    rows = [("C1", "杭州恒达通讯有限公司"), ("C2", "苏州乐语"), ("C3", "华通"), ("C4", "华通")]
    assert ch("import", sheet("dealers", "客户编码 客户名称", rows)).code == 0


def aliases(ch: Run, *words: str) -> list[tuple[str, str]]:
    return [(row["alias"], row["customer_code"]) for row in report(ch, "customer", "alias", "list", *words)["rows"]]


def tiers(ch: Run) -> list[tuple[str, Any]]:
    return [(row["customer_code"], row["net_sales"]) for row in report(ch, "tier", "--all-time")["rows"]]


def new(ch: Run, name: str, headings: str, lines: list[tuple[Any, ...]]) -> tuple[int, ...]:
    done = ch("import", sheet(name, headings, lines), "--format", "json")
    row = done.data["rows"][0]
    return tuple(row[name] for name in ("new", "changed", "existing", "rejected"))


@pytest.mark.usefixtures("dealers")
def test_an_alias_is_added_listed_used_and_removed(ch: Run) -> None:
    assert ch("customer", "alias", "add", "c1", "恒达 总店") == (
        0,
        "恒达 总店 → 杭州恒达通讯有限公司 · added\n\n"
        "Alias           恒达 总店\nCustomer code   C1\nCustomer        杭州恒达通讯有限公司\n",
        "",
    )
    assert ch("customer", "alias", "add", "C2", "OLD7").code == 0
    assert aliases(ch) == [("OLD7", "C2"), ("恒达 总店", "C1")]
    assert aliases(ch, "苏州乐语") == [("OLD7", "C2")]
    for word in ("恒达总店", "恒达 总店", "恒 达总店"):
        assert report(ch, "customer", "show", word)["rows"][0]["code"] == "C1"
    assert report(ch, "customer", "show", "old7")["rows"][0]["code"] == "C2"
    assert [row["code"] for row in report(ch, "customer", "find", "总店")["rows"]] == ["C1"]
    assert new(ch, "named", SALES, [("2024-05-01", "恒达总店", 5)]) == (1, 0, 0, 0)
    assert new(ch, "coded", CODED, [("2024-05-01", "OLD7", "从前的名字", 3)]) == (1, 0, 0, 0)
    assert tiers(ch) == [("C1", 5), ("C2", 3)]
    assert report(ch, "customer", "alias", "remove", "恒达总店")["rows"][0]["alias"] == "恒达 总店"
    assert aliases(ch) == [("OLD7", "C2")]
    assert len(report(ch, "customer", "list")["rows"]) == 4


@pytest.mark.usefixtures("dealers")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ("add", "C2", "恒达"),
            2,
            "“恒达” stands for another customer: C1\nchannelctl customer alias remove takes it from that one.\n",
        ),
        (
            ("add", "C1", "苏州 乐语"),
            2,
            "“苏州 乐语” is the name of another customer: C2\nIf both are the same: channelctl customer merge C2 C1\n",
        ),
        (("add", "C1", "C2"), 2, "Alias: “C2” is the code of a customer, and cannot stand for another\n"),
        (("add", "C9", "甲"), 2, "no customer “C9”\nchannelctl customer list shows all 4.\n"),
        (("remove", "甲"), 2, "no customer alias “甲”\nchannelctl customer alias list shows what there is.\n"),
        (("list", "甲"), 2, "no customer “甲”\nchannelctl customer list shows all 4.\n"),
    ],
)
def test_what_an_alias_cannot_be(ch: Run, words: tuple[str, ...], code: int, said: str) -> None:
    assert ch("customer", "alias", "add", "C1", "恒达").code == 0
    before = contents(Path("channel.db"))
    assert ch("customer", "alias", *words) == (code, "", f"channelctl: error: {said}")
    assert contents(Path("channel.db")) == before


@pytest.mark.usefixtures("dealers")
def test_adding_it_again_writes_nothing(ch: Run) -> None:
    assert ch("customer", "alias", "add", "C1", "恒达").code == 0
    batches = len(report(ch, "batch", "list")["rows"])
    assert ch("customer", "alias", "add", "C1", "恒 达").out.splitlines()[0] == (
        "恒达 → 杭州恒达通讯有限公司 · nothing to change: it is so already"
    )
    assert len(report(ch, "batch", "list")["rows"]) == batches


@pytest.mark.usefixtures("dealers")
def test_an_alias_says_which_of_two_namesakes_a_name_means(ch: Run) -> None:
    line = [("2024-05-01", "华通", 5)]
    assert new(ch, "one", SALES, line) == (0, 0, 0, 1)
    assert ch("customer", "show", "华通").code == 2
    assert ch("customer", "alias", "add", "C4", "华通").code == 0
    assert report(ch, "customer", "show", "华通")["rows"][0]["code"] == "C4"
    assert new(ch, "one", SALES, line) == (1, 0, 0, 0)
    assert new(ch, "file", "客户名称 城市", [("华通", "杭州")]) == (0, 1, 0, 0)
    assert report(ch, "customer", "show", "C4")["rows"][0]["city"] == "杭州"


@pytest.mark.usefixtures("dealers")
def test_a_name_that_a_later_customer_bears_is_open_again(ch: Run) -> None:
    assert ch("customer", "alias", "add", "C1", "恒达").code == 0
    assert new(ch, "later", "客户编码 客户名称", [("C5", "恒达")]) == (1, 0, 0, 0)
    done = ch("import", sheet("open", SALES, [("2024-05-01", "恒达", 5)]), "--format", "json").data
    assert [(one["code"], one["message"]) for one in done["problems"]] == [("E301", "“恒达” fits several: C1, C5")]
    assert ch("customer", "show", "恒达").err.splitlines()[0] == "channelctl: error: “恒达” fits several: C1, C5"


@pytest.mark.usefixtures("dealers")
def test_a_row_by_an_alias_leaves_the_file_as_it_is(ch: Run) -> None:
    assert ch("customer", "alias", "add", "C1", "恒达").code == 0
    assert ch("customer", "alias", "add", "C1", "K1").code == 0
    rows = [("K1", "旧名", "南京"), ("", "恒达", "北京"), ("C2", "苏州乐语", "苏州")]
    done = ch("import", sheet("files", "客户编码 客户名称 城市", rows), "--format", "json").data
    assert [done["rows"][0][name] for name in ("new", "changed", "existing")] == [0, 1, 2]
    assert [(one["code"], one["row"], one["message"]) for one in done["problems"]] == [
        ("W111", 2, "“K1” stands for C1, whose file was left as it is"),
        ("W111", 3, "“恒达” stands for C1, whose file was left as it is"),
    ]
    assert report(ch, "customer", "show", "C1")["rows"][0]["city"] is None


@pytest.mark.usefixtures("dealers")
def test_a_code_that_an_alias_has_is_not_given_away(ch: Run) -> None:
    assert ch("customer", "alias", "add", "C1", "N00001").code == 0
    assert report(ch, "customer", "add", "北京新店")["rows"][0]["code"] == "N00002"
    assert ch("customer", "add", "N00001", "别的").code == 2


@pytest.mark.usefixtures("dealers")
def test_aliases_come_in_a_sheet_and_can_be_taken_back(ch: Run, tmp_path: Path) -> None:
    before = contents(tmp_path / "channel.db")
    rows = [("恒达", "C1", ""), ("乐语 总店", "", "苏州乐语"), ("C3", "C1", "")]
    done = ch("import", sheet("aliases", "别名 客户编码 客户", rows), "--partial", "--format", "json").data
    assert [(done["rows"][0][name]) for name in ("kind", "new", "rejected")] == ["customer_alias", 2, 1]
    assert [(one["code"], one["row"]) for one in done["problems"]] == [("E313", 4)]
    assert new(ch, "again", "别名 客户编码", [("恒 达", "C1"), ("乐语总店", "C3")]) == (0, 1, 1, 0)
    assert aliases(ch) == [("乐语 总店", "C3"), ("恒达", "C1")]
    assert ch("batch", "undo", 3).code == 0
    assert aliases(ch) == [("乐语 总店", "C2"), ("恒达", "C1")]
    assert ch("batch", "undo", 2).code == 0
    assert contents(tmp_path / "channel.db") == before


@pytest.mark.usefixtures("dealers")
def test_the_list_holds_to_its_schema_and_a_customer_with_aliases_stays(ch: Run) -> None:
    assert ch("customer", "alias", "add", "C1", "恒达").code == 0
    assert len(holds_to_schema(ch, "customer_alias", "customer", "alias", "list")["rows"]) == 1
    refused = ch("customer", "remove", "C1")
    assert refused.code == 2
    assert "other records refer to it (customer aliases 1)" in refused.err


WORDS = st.text("恒达通讯ABab12 （）=-+@'", min_size=1, max_size=6).filter(lambda word: bool(name_key(word)))


@settings(max_examples=examples(8))
@given(st.dictionaries(WORDS, st.sampled_from(["K1", "K2", "K3"]), min_size=1, max_size=6))
def test_what_is_exported_imports_again_and_changes_nothing(chosen: dict[str, str]) -> None:
    with running.folder():
        customers = sheet("customers", "客户编码 客户名称", [("K1", "甲乙丙"), ("K2", "丁戊己"), ("K3", "庚辛壬")])
        assert running.run("import", customers).code == 0
        for alias, code in chosen.items():
            running.run("customer", "alias", "add", "--", code, alias)
        before = running.run("customer", "alias", "list", "--format", "json").data["rows"]
        assert before
        for name in ("aliases.xlsx", "aliases.csv"):
            assert running.run("export", "customer-alias", "--output", name).code == 0
            row = running.run("import", name, "--format", "json").data["rows"][0]
            assert [row[key] for key in ("new", "changed", "rejected")] == [0, 0, 0]
            other = ("--db", f"{name}.db")
            assert running.run(*other, "import", customers).code == running.run(*other, "import", name).code == 0
            assert running.run(*other, "customer", "alias", "list", "--format", "json").data["rows"] == before


@pytest.mark.parametrize(
    ("alias", "key"), [("K1", "K1"), ("k1", "k1"), ("恒达 Ａ", "恒达a"), ("Lee Sons", "leesons"), ("a-1/B", "a-1/B")]
)
def test_a_code_is_kept_as_it_is_and_a_name_as_names_are_compared(alias: str, key: str) -> None:
    assert alias_key(alias) == key
