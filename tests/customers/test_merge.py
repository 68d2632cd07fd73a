"""Two customers that are one: all moves, all can be taken back, and old sheets add nothing."""

from collections.abc import Sequence
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from channelctl.records import kinds
from channelctl.systems import SYSTEMS
from channelctl.systems.sales.rules import content
from tests import running
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet
from tests.tables import connected, contents, everything, examples

CODED = "日期 单据编号 行号 客户编码 客户 型号 数量 金额"


def customer(ch: Run, code: str) -> dict[str, Any]:
    found: dict[str, Any] = report(ch, "customer", "show", code)["rows"][0]
    return found


def keys_agree(database: Path) -> bool:
    """Whether every line's content key is what the import makes of its content."""
    names = "document, date, office_id, customer_id, product_id, quantity, amount"
    with connected(database) as connection:
        rows = connection.execute(f"SELECT content_key, {names} FROM sale_line").fetchall()
    return bool(rows) and all(row[0] == content(*row[1:]) for row in rows)


@pytest.fixture
def region(ch: Run, tmp_path: Path) -> Path:
    """Customers with all that a customer can have: sales in versions, contacts, plans, aliases, a parent."""
    customers = [
        ("C1", "杭州恒达通讯有限公司", "杭州", "C4", "", "0571-1"),
        ("C2", "杭州恒达", "杭州", "C1", "直供", "0571-2"),
        ("C3", "临安小店", "杭州", "C2", "", ""),
        ("C4", "浙江平台", "杭州", "", "分销", ""),
    ]
    lines: list[tuple[Any, ...]] = [("2024-05-01", "S1", 1, "C1", "杭州恒达通讯有限公司", "X1", 1, 100)]
    lines += [("2024-05-02", "S2", n, "C2", "杭州恒达", "X1", 2, 50 * n) for n in (1, 2)]
    lines += [("2024-05-03", "", "", "C2", "杭州恒达", "X2", 1, 7)] * 2
    sheets = [
        sheet("customers", "客户编码 客户名称 办事处 上级客户 渠道 电话", customers),
        sheet("may", CODED, lines),
        sheet("changed", CODED, [("2024-05-02", "S2", 1, "C2", "杭州恒达", "X1", 2, 55)]),
        sheet("contacts", "姓名 客户编码 客户", [("李敏", "C2", "杭州恒达"), ("王伟", "C1", "")]),
        sheet("plans", "月份 办事处 客户编码 客户", [("2024-05", "杭州", "C2", ""), ("2024-06", "杭州", "C1", "")]),
        sheet("aliases", "别名 客户编码", [("恒达老店", "C2")]),
    ]
    for one in sheets:
        assert ch("import", one).code == 0
    return tmp_path / "channel.db"


def test_all_of_the_first_becomes_the_seconds(ch: Run, region: Path) -> None:
    done = ch("customer", "merge", "杭州恒达", "C1")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "merged: C2 杭州恒达 → C1 杭州恒达通讯有限公司",
        "",
        "Kind                Rows",
        "────────────────────────",
        "customers              1",
        "customer aliases       1",
        "contacts               1",
        "sales                  5",
        "planned customers      1",
        "",
        "filled in: Channel",
        "stand for C1 from now on: 杭州恒达, C2",
        "Batch 7. Undo: channelctl batch undo 7",
    ]
    assert [row["code"] for row in report(ch, "customer", "list")["rows"]] == ["C1", "C3", "C4"]
    found = customer(ch, "C1")
    assert (found["channel"], found["phone"], found["parent"]) == ("direct", "0571-1", "浙江平台")
    assert customer(ch, "C3")["parent"] == "杭州恒达通讯有限公司"
    assert customer(ch, "C2") == customer(ch, "恒达老店") == customer(ch, "杭州恒达") == found
    assert {row["customer_code"] for row in report(ch, "contact", "list")["rows"]} == {"C1"}
    assert [row["month"] for row in report(ch, "plan", "list", "customer=C1")["rows"]] == ["2024-05", "2024-06"]
    tiers = report(ch, "tier", "--all-time")["rows"]
    assert [(row["customer_code"], row["net_sales"]) for row in tiers] == [("C1", 269)]
    assert keys_agree(region)


def test_undo_brings_all_of_it_back(ch: Run, region: Path) -> None:
    before = contents(region)
    assert ch("customer", "merge", "C2", "C1").code == 0
    assert contents(region) != before
    assert ch("batch", "undo", 7).code == 0
    assert contents(region) == before
    assert ch("db", "check").code == 0
    assert ch("customer", "merge", "C1", "C2").code == 0
    assert ch("batch", "undo", 9).code == 0
    assert contents(region) == before


def test_a_dry_run_says_the_same_and_changes_no_byte(ch: Run, region: Path) -> None:
    whole = everything(region)
    tried = holds_to_schema(ch, "customer_merge", "customer", "merge", "C2", "C1", "--dry-run")
    assert everything(region) == whole
    assert tried["title"] == "Dry run, nothing was written: C2 杭州恒达 → C1 杭州恒达通讯有限公司"
    assert tried["params"] == {"customer": "C2", "into": "C1", "dry_run": True}
    assert holds_to_schema(ch, "customer_merge", "customer", "merge", "C2", "C1")["rows"] == tried["rows"]


def test_old_sheets_add_nothing_and_new_lines_go_to_the_one_that_stays(ch: Run, region: Path) -> None:
    assert ch("customer", "merge", "C2", "C1").code == 0
    before = contents(region)
    for name in ("may", "changed", "contacts", "plans", "aliases", "customers"):
        text = Path(f"{name}.csv").read_text("utf-8")
        Path(f"{name} again.csv").write_text(text + "\n", "utf-8")
        row = ch("import", f"{name} again.csv", "--format", "json").data["rows"][0]
        if name == "may":  # its first line was corrected meanwhile
            assert (row["new"], row["changed"], row["existing"]) == (0, 1, 4)
            assert ch("batch", "undo", 8).code == 0
        else:
            assert [row[count] for count in ("new", "changed", "rejected")] == [0, 0, 0], name
    assert contents(region) == before
    more = [
        ("2024-06-01", "S9", 1, "C2", "杭州恒达", "X1", 1, 1000),
        ("2024-06-01", "S9", 2, "", "杭州 恒达", "X1", 1, 1),
    ]
    assert ch("import", sheet("june", CODED, more)).code == 0
    tiers = report(ch, "tier", "--all-time")["rows"]
    assert [(row["customer_code"], row["net_sales"]) for row in tiers] == [("C1", 1270)]


def test_an_old_sheet_in_which_one_hung_below_the_other_changes_nothing(ch: Run, region: Path) -> None:
    assert ch("customer", "merge", "C1", "C2").code == 0
    before = contents(region)
    text = Path("customers.csv").read_text("utf-8")
    Path("again.csv").write_text(text + "\n", "utf-8")
    row = ch("import", "again.csv", "--format", "json").data["rows"][0]
    assert [row[count] for count in ("new", "changed", "rejected")] == [0, 0, 0]
    assert contents(region) == before


def test_where_both_have_what_there_can_be_only_one_of_it_says_what_to_do(ch: Run, region: Path) -> None:
    assert ch("plan", "add", "2024-06", "杭州", "C2").code == 0
    whole = everything(region)
    refused = ch("customer", "merge", "C2", "C1")
    assert refused == (
        3,
        "",
        "channelctl: error: C2 cannot be merged into C1: both have what there can be only one of\n"
        "  planned customers: take one away first: channelctl plan remove 2024-06 N00001 C2\n",
    )
    assert everything(region) == whole
    assert ch("plan", "remove", "2024-06", "N00001", "C2").code == 0
    assert ch("customer", "merge", "C2", "C1").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("C1", "杭州恒达通讯有限公司"), "“C1” and “杭州恒达通讯有限公司” are one customer already"),
        (("C1", "C7"), "no customer “C7”"),
    ],
)
def test_what_cannot_be_merged(ch: Run, region: Path, words: Sequence[str], said: str) -> None:
    whole = everything(region)
    refused = ch("customer", "merge", *words)
    assert (refused.code, refused.err.splitlines()[0]) == (2, f"channelctl: error: {said}")
    assert everything(region) == whole


def test_one_above_the_other_leaves_no_circle(ch: Run, region: Path) -> None:
    before = contents(region)
    assert ch("customer", "merge", "C4", "C3").code == 0
    assert [(row["code"], row["parent"]) for row in report(ch, "customer", "list")["rows"]] == [
        ("C1", "临安小店"),
        ("C2", "杭州恒达通讯有限公司"),
        ("C3", None),
    ]
    assert ch("batch", "undo", 7).code == 0
    assert contents(region) == before
    assert ch("customer", "merge", "C1", "C2").code == 0
    assert customer(ch, "C2")["parent"] == "浙江平台"
    assert ch("batch", "undo", 9).code == 0
    assert contents(region) == before


def test_later_work_on_what_moved_keeps_it_from_being_undone(ch: Run, region: Path) -> None:
    assert ch("customer", "merge", "C2", "C1").code == 0
    corrected = sheet("late", CODED, [("2024-05-02", "S2", 2, "C2", "杭州恒达", "X1", 2, 99)])
    assert ch("import", corrected).code == 0
    assert ch("customer", "alias", "remove", "恒达老店").code == 0
    refused = ch("batch", "undo", 7)
    assert (refused.code, refused.err.splitlines()[1:3]) == (
        3,
        ["  batch 9 changed 1 of its customer aliases", "  batch 8 corrected 1 of its sales"],
    )
    for batch in (9, 8, 7):
        assert ch("batch", "undo", batch).code == 0


def test_what_the_merge_builds_on_stays(ch: Run, region: Path) -> None:
    assert ch("customer", "merge", "C2", "C1").code == 0
    for batch, said in (
        (1, "batch 7 removed 1 of its customers"),
        (2, "batch 7 changed 4 of its sales"),
        (3, "batch 7 changed 1 of its sales"),
        (5, "batch 7 changed 1 of its planned customers"),
        (6, "batch 7 changed 1 of its customer aliases"),
    ):
        refused = ch("batch", "undo", batch)
        assert refused.code == 3
        assert f"  {said}" in refused.err.splitlines(), refused.err


def test_a_chain_of_merges_is_taken_back_from_its_end(ch: Run, region: Path) -> None:
    before = contents(region)
    assert ch("customer", "merge", "C2", "C1").code == 0
    assert ch("customer", "merge", "C1", "C4").code == 0
    assert customer(ch, "C2")["code"] == customer(ch, "C1")["code"] == customer(ch, "恒达老店")["code"] == "C4"
    assert ch("batch", "undo", 7).code == 3
    assert ch("batch", "undo", 8).code == ch("batch", "undo", 7).code == 0
    assert contents(region) == before


def test_a_number_is_not_given_to_another_customer(ch: Run, region: Path) -> None:
    before = contents(region)
    assert ch("customer", "merge", "C4", "C1").code == 0
    assert ch("customer", "add", "C5", "新客户").code == 0
    assert ch("batch", "undo", 7).code == 0
    assert ch("batch", "undo", 8).code == 0
    assert contents(region) == before


def test_a_name_that_others_bear_becomes_no_alias(ch: Run, region: Path) -> None:
    for code in ("K1", "K2"):
        assert ch("customer", "add", code, "华通").code == 0
    assert ch("customer", "merge", "K1", "C1").out.splitlines()[-2] == "stand for C1 from now on: K1"
    assert customer(ch, "华通")["code"] == "K2"


def test_every_table_that_names_customers_is_a_kind_of_records() -> None:
    """What else refers to them would be left behind, or could not be undone."""
    for system in SYSTEMS:
        if util.find_spec(f"channelctl.systems.{system}.tables"):
            import_module(f"channelctl.systems.{system}.tables")
    tables = {kind.model().__table__.name for kind in kinds().values()}
    naming = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "customer"
    }
    assert naming >= {"sale_line", "contact", "plan_line", "customer_alias", "customer"}
    assert naming <= tables


CODES = ("K1", "K2", "K3", "K4")
LINE = st.tuples(
    st.sampled_from(["2024-05-01", "2024-05-02"]),
    st.sampled_from(["", "S1", "S2"]),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(CODES),
    st.sampled_from(["X1", "X2"]),
    st.integers(-2, 3),
    st.integers(-200, 300),
)


@settings(max_examples=examples(8))
@given(
    sheets=st.lists(st.lists(LINE, min_size=1, max_size=8), min_size=1, max_size=2),
    parents=st.dictionaries(st.sampled_from(CODES), st.sampled_from(CODES)),
    merges=st.lists(st.permutations(CODES).map(lambda order: (order[0], order[1])), min_size=1, max_size=3),
)
def test_merging_and_undoing_is_nothing_and_old_sheets_add_nothing(
    sheets: list[list[tuple[Any, ...]]], parents: dict[str, str], merges: list[tuple[str, str]]
) -> None:
    with running.folder() as here:
        database = here / "channel.db"
        rows = [(code, f"客户{code}", parents.get(code, "") if parents.get(code, "") < code else "") for code in CODES]
        assert running.run("import", sheet("k", "客户编码 客户名称 上级客户", rows)).code == 0
        for place, lines in enumerate(sheets):
            made = sheet(f"s{place}", "日期 单据编号 行号 客户编码 型号 数量 金额", lines)
            assert running.run("import", made).code == 0
        states, batches = [contents(database)], []
        for one, into in merges:
            if running.run("customer", "merge", one, into).code == 0:
                batches.append(running.run("batch", "list", "--format", "json").data["rows"][0]["batch"])
                states.append(contents(database))
        assert keys_agree(database)
        again = Path("again.csv")
        again.write_text(Path(f"s{len(sheets) - 1}.csv").read_text("utf-8") + "\n", "utf-8")
        row = running.run("import", again, "--format", "json").data["rows"][0]
        assert (row["new"], row["changed"], row["rejected"]) == (0, 0, 0)
        for batch in reversed(batches):
            assert contents(database) == states.pop()
            assert running.run("batch", "undo", batch).code == 0
        assert contents(database) == states.pop()
        assert running.run("db", "check").code == 0
