"""Which kind of sheet is this, where is its heading, and which column holds what."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.errors import UsageError
from channelctl.records import kinds
from channelctl.sheets.layout import Layout, Unrecognised
from channelctl.sheets.naming import check_mapping, target_field
from channelctl.sheets.recognise import begins_table, recognise
from tests.conftest import Run
from tests.sheets import written
from tests.tables import is_there

SALES = ["日期", "客户名称", "型号", "数量", "金额"]
LINE = ["2024-05-03", "甲", "I9300", 3.0, 300.0]


def seen(rows: Sequence[Any], name: str = "", **mapping: str) -> Layout:
    found = recognise(rows, mapping, names=["文件", name])
    assert isinstance(found, Layout)
    return found


def fields(layout: Layout) -> dict[str, int]:
    return {name: column.index for name, column in layout.columns.items()}


KINDS = [
    ("sales", "单据编号 行号 日期 办事处 客户编码 客户名称 型号 数量 单价 金额 状态"),
    ("sales", "orderNumber orderLineNumber orderDate customerNumber productCode quantityOrdered priceEach"),
    ("sales", "开票日期 购货单位 存货名称 数量 含税单价 价税合计 税额"),
    ("sales", "日期 客户 金额"),
    ("sales", "日期 办事处 销售额（万元）"),
    ("sales", "業務日期 客戶名稱 產品型號 數量 銷售額"),
    ("customer", "客户编码 客户名称 办事处 客户经理 渠道 规划等级 市场级别 是否核心 上级客户 电话"),
    ("customer", "customerNumber customerName phone city state"),
    ("customer", "客户名称 渠道 城市"),
    ("contact", "联系人 客户名称 职务 电话 生日"),
    ("contact", "姓名 客户编码 决策角色"),
    ("plan", "月份 办事处 客户编码 客户名称 规划等级 是否核心 月度目标"),
    ("plan", "规划月份 规划客户 办事处"),
    ("class_target", "等级 生效月份 月度目标"),
    ("office_target", "月份 办事处 办事处目标 冲刺目标 挑战目标"),
    ("office_target", "月份 办事处 办事处目标"),
    ("office_target", "月份 办事处 目标 冲刺目标"),
    ("plan", "月份 办事处 客户 目标 冲刺目标"),
    ("tier_mark", "客户编码 客户名称 手工等级 原因 生效日期 有效期至"),
    ("tier_mark", "客户 等级 调整原因 截止日期"),
    ("score_mark", "月份 办事处 客户编码 客户名称 手工得分 原因"),
    ("score_mark", "考核月份 办事处 客户 得分 调整原因"),
    ("customer", "客户编码 客户名称 等级 办事处"),
    ("office", "办事处编码 办事处名称 区域"),
    ("office", "officeCode city phone territory"),
    ("region", "区域编码 区域名称"),
    ("rep", "工号 姓名 办事处 岗位 上级"),
    ("rep", "employeeNumber lastName firstName officeCode reportsTo jobTitle"),
    ("product", "产品编码 型号 品牌 类别 单位"),
    ("product", "productCode productName productLine productVendor"),
]


@pytest.mark.parametrize(("kind", "words"), KINDS)
def test_a_kind_is_told_from_its_headings(kind: str, words: str) -> None:
    assert seen([words.split()]).kind.name == kind


@pytest.mark.parametrize("name", list(kinds()))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_our_own_headings_are_recognised_in_both_languages_and_in_full(name: str, language: str) -> None:
    kind = kinds()[name]
    layout = seen([[getattr(column, language) for column in kind.columns.values()]])
    assert layout.kind.name == name
    assert list(fields(layout)) == list(kind.columns)
    assert dict(layout.unread) == {}


@pytest.mark.parametrize("above", [0, 1, 3, 10, 38])
def test_the_heading_may_stand_anywhere_in_the_first_rows(above: int) -> None:
    titles: list[list[Any]] = [["江东省2024年5月销售日报"], [], ["制表：王伟", "", "2024-06-01"]]
    rows = [titles[number % 3] for number in range(above)] + [SALES, LINE, LINE]
    layout = seen(rows)
    assert (layout.row, fields(layout)) == (above, {"date": 0, "customer": 1, "product": 2, "quantity": 3, "amount": 4})


def test_the_heading_is_found_to_the_right_of_blank_columns_and_in_any_order() -> None:
    layout = seen([["", "", "金额", "", "备注", "客户名称", "", "日期"], ["", "", 5.0, "", "", "甲", "", "2024-05-03"]])
    assert fields(layout) == {"amount": 2, "customer": 5, "date": 7}
    assert layout.unread == {4: "备注"}


def test_a_heading_of_two_rows_is_one() -> None:
    rows = [
        ["2024年5月销售明细"],
        ["日期", "客户名称", "销售", "", "金额", ""],
        ["", "", "数量", "单价", "含税", "不含税"],
        ["2024-05-03", "甲", 1.0, 113.0, 113.0, 100.0],
    ]
    layout = seen(rows)
    assert layout.row == 2
    assert fields(layout) == {
        "date": 0, "customer": 1, "quantity": 2, "unit_price": 3, "amount_taxed": 4, "amount": 5,
    }  # fmt: skip


def test_the_first_line_of_data_is_no_second_heading() -> None:
    assert seen([SALES, ["2024-05-03", "甲", "I9300", "3", "300"], ["2024-05-04", "乙", "I9300", "1", "100"]]).row == 0
    assert seen([SALES, ["2024-05-03", "甲", "I9300", "", "300"]]).row == 0


def test_of_two_headings_for_one_field_the_nearer_name_is_taken() -> None:
    assert fields(seen([["发货日期", "订单日期", "客户简称", "客户名称", "金额"]])) == {
        "date": 1,
        "customer": 3,
        "amount": 4,
    }
    assert fields(seen([["日期", "客户", "金额", "金额"]]))["amount"] == 2


@pytest.mark.parametrize(
    ("words", "title", "factors"),
    [
        ("日期 客户 金额（万元）", "", {"amount": 10_000}),
        ("日期 客户 金额", "单位：万元", {"amount": 10_000}),
        ("日期 客户 金额（元）", "单位：万元", {}),
        ("日期 客户 数量 单价 金额", "单位：千元", {"amount": 1_000}),
        ("日期 客户 数量 单价（千元） 金额", "单位：万元", {"unit_price": 1_000, "amount": 10_000}),
        ("日期 客户 数量（万台） 金额", "", {"quantity": 10_000}),
        ("日期 客户 数量 金额（元/台）", "", {}),
        ("日期 客户 数量（台） 金额", "单位：元", {}),
    ],
)
def test_units_become_factors_of_money_and_of_counted_pieces(words: str, title: str, factors: dict[str, int]) -> None:
    layout = seen([["江东省销售"], [title], words.split()])
    assert {name: column.factor for name, column in layout.columns.items() if column.factor} == {
        name: Decimal(factor) for name, factor in factors.items()
    }


@pytest.mark.parametrize(
    ("words", "sheet", "other"),
    [
        ("日期 客户 金额 收款方式", "Sheet1", "收款"),
        ("日期 客户 金额", "付款明细", "付款"),
        ("日期 客户 数量 金额", "5月库存", "库存"),
        ("日期 产品名称 数量 单价 库存金额", "Sheet1", "库存"),
        ("日期 客户 金额 payment_method", "Sheet1", "payment"),
    ],
)
def test_payments_and_stock_are_no_sales(words: str, sheet: str, other: str) -> None:
    found = recognise([words.split()], {}, names=["文件", sheet])
    assert isinstance(found, Unrecognised)
    assert found.other == other
    assert isinstance(recognise([words.split()], {}, "sales", ["文件", sheet]), Layout)


@pytest.mark.parametrize(
    ("words", "file", "sheet"),
    [
        ("日期 客户 型号 数量 金额 付款方式", "文件", "Sheet1"),
        ("日期 客户 型号 数量 单价 金额 库存", "文件", "Sheet1"),
        ("日期 客户 数量 金额 是否付款", "文件", "5月出库"),
        ("日期 客户 型号 数量 金额", "销售与回款", "销售"),
        ("日期 客户 金额 回款日期", "文件", "5月销售"),
    ],
)
def test_sales_that_also_tell_of_payment_stay_sales(words: str, file: str, sheet: str) -> None:
    found = recognise([words.split()], {}, names=[file, sheet])
    assert isinstance(found, Layout)
    assert found.kind.name == "sales"


@pytest.mark.parametrize(
    "words",
    ["产品 库存数量 库位", "姓名 身高 体重", "日期 备注", "a b c", "金额", "客户 金额"],
)
def test_what_is_nothing_we_know_is_not_taken_for_something(words: str) -> None:
    found = recognise([["标题"], words.split(), ["1", "2", "3"]], {}, names=["文件", "Sheet1"])
    assert isinstance(found, Unrecognised)
    assert found.found == words.split() or len(words.split()) < 3


def test_a_sheet_of_return_flags_is_known_as_such() -> None:
    found = recognise([["退回", "订单 ID"], ["是", "CN-2017-1"]], {})
    assert isinstance(found, Unrecognised)
    assert found.flags_returns


@pytest.mark.parametrize("target", ["office", "Office", "办事处", "辦事處", "办事处名称", "OFFICE"])
def test_a_mapping_names_a_field_in_either_language(target: str) -> None:
    layout = seen([["日期", "客户", "大厅", "金额"]], 大厅=target)
    assert layout.columns["office"].index == 2
    assert layout.columns["office"].matched == "--map"


@pytest.mark.parametrize("heading", ["大厅", " 大 厅 ", "大厅："])
def test_a_mapping_finds_its_heading_however_it_is_written(heading: str) -> None:
    assert fields(seen([["日期", "客户", heading, "金额"]], 大厅="office"))["office"] == 2


def test_a_mapping_wins_over_a_name_and_a_minus_leaves_a_column_out() -> None:
    rows = [["日期", "客户", "地区", "金额", "开票金额"]]
    assert fields(seen(rows))["region"] == 2
    assert fields(seen(rows, 地区="office")) == {"date": 0, "customer": 1, "office": 2, "amount": 3}
    assert fields(seen(rows, 金额="-")) == {"date": 0, "customer": 1, "region": 2, "amount": 4}
    assert fields(seen(rows, 开票金额="amount"))["amount"] == 4
    assert 3 in seen(rows, 金额="-").unread


def test_a_target_that_is_no_field_is_a_usage_error() -> None:
    check_mapping({"地区": "office", "甲": "-", "乙": "规划等级", "丙": "birthday"})
    with pytest.raises(UsageError) as caught:
        check_mapping({"地区": "offices_of_mine"})
    assert "--map 地区=offices_of_mine" in caught.value.message
    assert "customer" in caught.value.hint


def test_every_field_of_every_kind_can_be_a_target() -> None:
    for kind in kinds().values():
        for name, column in kind.columns.items():
            assert target_field(kind, name.rstrip("_")) == name
            assert target_field(kind, column.zh) == target_field(kind, column.en) == name


def test_a_plan_takes_its_month_from_title_sheet_or_file() -> None:
    rows = [["客户编码", "客户名称", "规划等级", "目标"], ["C1", "甲", "V1", 5.0]]
    for names, titled in (
        (["规划客户2024-05", ""], rows),
        (["", "2024年5月"], rows),
        (["", ""], [["2024年5月规划客户"], *rows]),
        (["规划2024", "5月"], rows),
        (["规划2024", ""], [["五月规划客户"], *rows]),
    ):
        found = recognise(titled, {}, names=names)
        assert isinstance(found, Layout)
        assert (found.kind.name, found.month) == ("plan", "2024-05")


def test_a_plan_of_several_months_or_of_none_is_no_plan() -> None:
    rows = [["客户编码", "客户名称", "规划等级", "目标"], ["C1", "甲", "V1", 5.0]]
    for names in (["规划2024年1-3月", ""], ["规划", "5月"], ["规划2024", "1月和2月"]):
        found = recognise(rows, {}, names=names)
        assert not (isinstance(found, Layout) and found.kind.name == "plan"), names


@pytest.mark.parametrize(
    "words", ["日期 客户 金额(去年) 金额", "日期 客户 目标金额 金额", "日期 客户 销售额(累计) 销售额"]
)
def test_figures_of_another_time_are_not_taken_for_the_sales(words: str) -> None:
    assert fields(seen([words.split()]))["amount"] == 3


OTHER_TABLES = [
    (["产品编码", "型号", "品牌"], True),
    (["日期", "客户", "数量"], True),
    (["客户名称", "日期", "型号"], True),
    (SALES, False),
    ([*SALES[:3], "", ""], False),
    (["2024-05-03", "甲", "I9300", "3", "300"], False),
    (["客户", "杭州"], False),
    (["日期", "客户", 3.0], False),
    (["小计", "", "", "", "300"], False),
]


@pytest.mark.parametrize(("cells", "begins"), OTHER_TABLES)
def test_the_heading_of_another_table_is_told_from_this_one_s(cells: list[Any], begins: bool) -> None:
    assert begins_table(seen([["标题"], SALES]), cells) is begins


@given(st.lists(st.lists(st.text(max_size=8) | st.floats() | st.just(""), max_size=6), max_size=8))
def test_no_sheet_makes_it_fail(rows: list[list[Any]]) -> None:
    assert isinstance(recognise(rows, {}), Layout | Unrecognised)


@given(st.permutations(["单据编号", "日期", "客户名称", "型号", "数量", "单价", "金额", "备注", ""]))
def test_the_order_of_the_columns_does_not_matter(words: list[str]) -> None:
    layout = seen([words])
    assert {layout.columns[name].heading for name in layout.columns} == {*words} - {"备注", ""}
    assert all(words[column.index] == column.heading for column in layout.columns.values())


# Through the command line


def test_an_unknown_heading_is_said_with_what_was_found_and_how_to_map(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [["何时", "谁", "多少"], ["2024-05-03", "甲", 5.0]], "数据")
    done = ch("import", path)
    assert done.code == 3
    assert "a.xlsx (数据): no heading row was recognised; the likeliest holds: 何时, 谁, 多少" in done.out + done.err
    assert 'With what is likely: channelctl import a.xlsx --map "何时=date" --map "HEADING=amount"' in done.out
    assert not is_there(tmp_path / "channel.db")
    done = ch("import", path, "--map", "何时=date", "--map", "谁=客户名称", "--map", "多少=amount", "--format", "json")
    assert (done.code, done.data["rows"][0]["new"]) == (0, 1)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("地区=weather", "there is no field weather"),
        ("地区", "write HEADING=FIELD"),
        ("=office", "write HEADING=FIELD"),
    ],
)
def test_a_wrong_map_is_a_usage_error(word: str, says: str, ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [SALES, LINE])
    done = ch("import", path, "--map", word)
    assert done.code == 2
    assert says in done.err
    assert not is_there(tmp_path / "channel.db")


def test_a_map_whose_heading_stands_nowhere_is_said(ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", [SALES, LINE]), "--map", "地取=office")
    assert done.code == 0
    assert "no sheet of a.xlsx has the heading “地取”" in done.err


def test_the_refusal_of_a_payment_sheet_says_how_to_read_it_all_the_same(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", [["日期", "客户", "金额"], ["2024-05-03", "甲", 5.0]], "付款")
    done = ch("import", path)
    assert done.code == 3
    assert "“付款”" in done.out + done.err
    assert "channelctl import a.xlsx --kind sales" in done.out + done.err
    assert ch("import", path, "--kind", "sales", "--format", "json").data["rows"][0]["new"] == 1


def test_a_kept_map_serves_every_sheet_with_the_same_headings(ch: Run, tmp_path: Path) -> None:
    sales = [["日期", "客户", "大厅", "金额"], ["2024-05-03", "甲", "杭州", 5.0]]
    reps = [["大厅", "地区经理"], ["杭州", "王伟"]]
    first = written.book(tmp_path / "a.xlsx", {"人员": reps, "订单": sales})
    assert ch("import", first, "--map", "大厅=office", "--save-map", "daily").code == 0
    sales[1] = ["2024-05-04", "甲", "宁波", 6.0]
    again = ch("import", written.book(tmp_path / "b.xlsx", {"订单": sales}), "--format", "json")
    assert (again.code, again.data["rows"][0]["new"]) == (0, 1)
    assert [row["name"] for row in ch("office", "list", "--format", "json").data["rows"]] == ["杭州", "宁波"]
    other = [["日期", "客户", "大厅", "金额", "备注"], ["2024-05-05", "甲", "台州", 6.0, ""]]
    assert ch("import", written.book(tmp_path / "c.xlsx", {"订单": other})).code == 0
    assert len(ch("office", "list", "--format", "json").data["rows"]) == 2


def test_to_keep_a_map_there_must_be_one(ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", [SALES, LINE]), "--save-map", "daily")
    assert done.code == 2
    assert "--save-map daily" in done.err
    assert not is_there(tmp_path / "channel.db")
