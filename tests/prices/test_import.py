"""Prices come from sheets as people keep them: "-" takes one away, blank is any, the day may stand in the title."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets.recognise import recognise
from channelctl.systems.prices import rules_channels
from channelctl.systems.prices.load import day_said
from tests.conftest import Run
from tests.making import report, sheet
from tests.sheets import written
from tests.tables import contents

LIST = "型号 渠道类型 生效日期 分销进店价 联通经销价 联通铺货价 零售价"
MAY = "2024-05-16"
NO_PRICE = "“{}” is no price; digits are needed, such as 1,234.50, or “-” where it is not offered"


def prices(*rows: Sequence[object], name: str = "prices", headings: str = LIST) -> Path:
    return sheet(name, headings, rows)


def held(ch: Run, as_of: str = "2024-12-31") -> list[tuple[object, ...]]:
    """Channel, day and the four prices of every row in force."""
    found = report(ch, "price", "list", "--as-of", as_of)["rows"]
    types = ("distribution_price", "dealer_price", "consignment_price", "retail_price")
    return [(row["channel"], row["valid_from"], *(row[name] for name in types)) for row in found]


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (LIST, "price"),
        ("型号 分销价", "price"),
        ("产品编码 经销价 铺货价 零售指导价", "price"),
        ("型号 零售价 执行日期", "price"),
        ("product effective_date list_price", "price"),
        ("产品编码 型号 品牌 类别 零售价", "product"),
        ("产品编码 型号 零售价", "product"),
    ],
)
def test_a_list_is_known_by_its_headings(headings: str, kind: str) -> None:
    found = recognise([headings.split()], {})
    assert (found.kind.name if hasattr(found, "kind") else None) == kind


@pytest.mark.parametrize("mark", ["-", "--", "—", "——", "－", "/"])
def test_a_mark_takes_a_price_away_and_a_blank_changes_nothing(ch: Run, mark: str) -> None:
    assert ch("import", prices(("X1", "社会渠道", MAY, 100, mark, "", 120))).code == 0
    assert held(ch) == [("social", MAY, 100, None, None, 120)]
    assert ch("import", prices(("X1", "社会渠道", MAY, mark, "", 90, ""), name="later")).code == 0
    assert held(ch) == [("social", MAY, None, None, 90, 120)]
    same = ch("import", prices(("X1", "社会渠道", MAY, mark, mark, "90.00", "￥120"), name="same"), "--format", "json")
    assert [(row["new"], row["changed"], row["existing"]) for row in same.data["rows"]] == [(0, 0, 1)]
    assert ch("batch", "undo", 2).code == 0
    assert held(ch) == [("social", MAY, 100, None, None, 120)]


def test_blank_parts_of_the_key_are_any_and_told_from_others(ch: Run) -> None:
    headings = "型号 渠道类型 客户等级 客户 生效日期 分销进店价"
    table = [
        ("X1", "", "", "", MAY, 1),
        ("X1", "全部", "V1", "", MAY, 2),
        ("X1", "直供", "", "", MAY, 3),
        ("X1", "", "", "甲", MAY, 4),
    ]
    assert ch("import", prices(*table, headings=headings)).code == 0
    again = prices(*table, headings=headings, name="again")
    again.write_text(again.read_text("utf-8") + "\n", "utf-8")
    found = ch("import", again, "--format", "json")
    assert [(row["new"], row["changed"], row["existing"]) for row in found.data["rows"]] == [(0, 0, 4)]
    rows = report(ch, "price", "list", "--as-of", MAY)["rows"]
    assert [(row["channel"], row["class"], row["customer"], row["distribution_price"]) for row in rows] == [
        ("", "", "", 1), ("direct", "", "", 3), ("", "V1", "", 2), ("", "", "甲", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        (("X1", "", MAY, 0, "", "", ""), "E352", "0.00 is no price; “-” says that it is not offered"),
        (("X1", "", MAY, -1, "", "", ""), "E352", "-1.00 is no price; “-” says that it is not offered"),
        (("X1", "", MAY, "三千", "", "", ""), "E204", NO_PRICE.format("三千")),
        (("X1", "", MAY, "待定", "", "", ""), "E204", NO_PRICE.format("待定")),
        (("X1", "", MAY, "约90", "", "", ""), "E204", "“约90” is not a number; digits are needed, such as 1,234.50"),
        (("X1", "", "", 5, "", "", ""), "E201", "From is blank"),
        (("", "直供", MAY, 5, "", "", ""), "E201", "Product is blank"),
    ],
)
def test_what_is_no_price_is_refused_with_its_place(ch: Run, row: Sequence[object], code: str, said: str) -> None:
    found = ch("import", prices(row), "--format", "json")
    assert found.code == 3
    assert [(one["row"], one["code"], one["message"]) for one in found.data["problems"]] == [(2, code, said)]


def test_a_price_cannot_end_before_it_begins(ch: Run) -> None:
    table = [("X1", MAY, "2024-05-15", 5), ("X2", MAY, MAY, 5)]
    found = ch("import", prices(*table, headings="型号 生效日期 截止日期 分销价"), "--partial", "--format", "json")
    assert found.code == 1
    assert [(one["row"], one["code"], one["message"]) for one in found.data["problems"]] == [
        (2, "E351", "it ends (2024-05-15) before it begins (2024-05-16)")
    ]


def test_two_rows_of_one_key_in_a_sheet_are_refused(ch: Run) -> None:
    found = ch("import", prices(("X1", "", MAY, 5, "", "", ""), ("X1", "-", MAY, 6, "", "", "")), "--format", "json")
    assert [(one["row"], one["code"]) for one in found.data["problems"]] == [(3, "E302")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("价格表（2024年5月16日起执行）", "2024-05-16"), ("价格表_2024-05-16.xlsx", "2024-05-16"),
        ("prices 2024.5.6", "2024-05-06"), ("20240516价格", "2024-05-16"), ("2024/05/16", "2024-05-16"),
        ("2024年5月", None), ("2024-12", None), ("价格表", None), ("2024-05-32", None), ("120240516", None),
        ("2024-05-16至2024-06-15", None), ("", None),
    ],
)  # fmt: skip
def test_a_title_may_name_a_day(text: str, day: str | None) -> None:
    assert day_said(text) == (dt.date.fromisoformat(day) if day else None)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y年%m月%d日"]))
def test_every_day_is_read_from_a_title(day: dt.date, form: str) -> None:
    assert day_said(f"价格表（{day.strftime(form)}）") == day


BARE = [["型号", "分销价"], ["X1", 100]]


@pytest.mark.parametrize(
    ("name", "tab", "title", "day"),
    [
        ("价格表_2024-05-16.xlsx", "Sheet1", "", "2024-05-16"),
        ("价格表.xlsx", "20240516", "", "2024-05-16"),
        ("价格表.xlsx", "Sheet1", "2024年5月16日起执行价格", "2024-05-16"),
        ("价格表_2024-05-16.xlsx", "Sheet1", "价格体系（2024.5.16）", "2024-05-16"),
        ("价格表_2024-05.xlsx", "Sheet1", "价格体系（2024年5月16日）", "2024-05-16"),
        ("价格表_2024-05.xlsx", "Sheet1", "", "2024-05-01"),
    ],
)
def test_without_a_column_the_day_is_that_of_title_or_name(ch: Run, name: str, tab: str, title: str, day: str) -> None:
    path = written.book(Path(name), {tab: [[title], *BARE] if title else BARE})
    found = ch("import", path)
    assert found.code == 0
    assert f"W119  the prices hold from {day}, as title or name say" in found.out
    assert held(ch) == [("", day, 100, None, None, None)]


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("价格表.xlsx", "", "nothing says from which day these prices hold"),
        (
            "价格表_2024-05-16.xlsx",
            "2024年6月1日起执行",
            "title and names speak of several days from which these prices may hold: 2024-05-16, 2024-06-01",
        ),
    ],
)
def test_a_day_is_never_guessed(ch: Run, name: str, title: str, said: str) -> None:
    path = written.book(Path(name), {"Sheet1": [[title], *BARE] if title else BARE})
    found = ch("import", path)
    assert found.code == 3
    assert f"{name}!Sheet1: {said}; nothing was written\n" in found.out
    assert "Add a column 生效日期 (From), or name the file by the day: 价格表_2024-05-16.xlsx." in found.out


@pytest.mark.parametrize("word", ["停产", "停售", "无货", "N/A"])
def test_a_word_for_not_offered_is_read_so_and_said(ch: Run, word: str) -> None:
    assert ch("import", prices(("X1", "", MAY, 100, 110, "", 120))).code == 0
    found = ch("import", prices(("X1", "", MAY, word, "", "", ""), name="later"))
    assert found.code == 0
    assert f"W133  分销进店价: “{word}” is read as -: not offered\n" in found.out
    assert held(ch) == [("", MAY, None, 110, None, 120)]


# --- whose prices -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "channels"),
    [
        ("社会渠道/分销", ["distribution", "social"]),
        ("直供、KA；分销", ["direct", "distribution", "key_account"]),
        ("分销，分销", ["distribution"]),
        ("甲/乙", ["甲/乙"]),
    ],
)
def test_several_channels_of_a_cell_are_a_row_each(ch: Run, cell: str, channels: list[str]) -> None:
    found = ch("import", prices(("X1", cell, MAY, 100, "", "", "停产")))
    assert found.code == 0
    assert sorted(str(row[0]) for row in held(ch)) == channels
    assert {row[2] for row in held(ch)} == {100}
    assert found.out.count("W133") == 1
    assert found.out.count("W102") == (channels == ["甲/乙"])


def test_a_channel_among_words_that_are_none_is_refused(ch: Run) -> None:
    found = ch("import", prices(("X1", "社会渠道/V1", MAY, 100, "", "", "")), "--format", "json")
    assert [(one["row"], one["code"], one["message"]) for one in found.data["problems"]] == [
        (2, "E364", "of several channels in one cell, these are none: V1")
    ]


def test_a_row_of_several_channels_that_is_wrong_is_one_problem(ch: Run) -> None:
    found = ch("import", prices(("X1", "直供/分销", MAY, 0, "", "", "")), "--format", "json")
    assert [one["code"] for one in found.data["problems"]] == ["E352"]
    assert found.data["rows"][0]["rejected"] == 1


def test_a_typed_price_is_of_one_channel(ch: Run) -> None:
    assert ch("init").code == 0
    assert ch("product", "add", "P1", "X1").code == 0
    refused = ch("price", "add", "X1", "直供/分销", "", "", MAY, "distribution_price=100")
    assert refused == (2, "", "channelctl: error: Channel: a price is typed for one channel at a time\n")


@pytest.mark.parametrize(
    ("text", "channels", "maybe"),
    [
        ("社会渠道价格表 2025年10月1日起执行", ("social",), ""),
        ("2025年第三季度手机价格表（社会渠道）", ("social",), ""),
        ("大客户专用价格表", ("key_account",), ""),
        ("分销", ("distribution",), ""),
        ("KA", ("key_account",), ""),
        ("key account price list 2025-10", ("key_account",), ""),
        ("价格表_大客户_2025-10-01.xlsx", ("key_account",), ""),
        ("社会渠道、大客户价格表", ("social", "key_account"), ""),
        ("浙江 运营商 价格表", ("operator",), ""),
        ("江东省公司社会渠道手机价格表", ("social",), ""),
        ("江东联通手机价格表", (), "联通"),
        ("本月社会渠道通报", (), "社会渠道"),
        ("手机终端价格表", (), "终端"),
        ("零售价格表", (), "零售"),
        ("批发价", (), "批发"),
        ("分销进店价一览", (), ""),
        ("价格表_2024-05-16.xlsx", (), ""),
        ("Sheet1", (), ""),
        ("", (), ""),
    ],
)
def test_a_title_may_name_channels(text: str, channels: tuple[str, ...], maybe: str) -> None:
    assert rules_channels.said(text) == (channels, maybe)


def by_channel(name: str, **sheets: Sequence[Any]) -> Path:
    return written.book(Path(name), dict(sheets))


def test_sheets_named_for_channels_hold_their_prices(ch: Run) -> None:
    head = ["型号", "分销进店价"]
    tabs = {"社会渠道": [head, ["X1", 100]], "大客户": [["大客户价格表"], head, ["X1", 90]], "分销": [head, ["X1", 80]]}
    found = ch("import", by_channel("价格_2024-05-16.xlsx", **tabs))
    assert found.code == 0
    assert held(ch) == [
        (channel, MAY, price, None, None, None)
        for channel, price in (("distribution", 80), ("key_account", 90), ("social", 100))
    ]
    assert "价格_2024-05-16.xlsx!大客户  W132  the prices hold for key account, as title or name say\n" in found.out
    again = ch("import", by_channel("again_2024-05-16.xlsx", **tabs), "--format", "json")
    assert [row["existing"] for row in again.data["rows"]] == [1, 1, 1]


@pytest.mark.parametrize(
    ("headings", "row", "channel"),
    [
        ("型号 渠道类型 分销进店价", ["X1", "", 100], ""),
        ("型号 渠道类型 分销进店价", ["X1", "直供", 100], "direct"),
        ("型号 客户名称 分销进店价", ["X1", "甲店", 100], ""),
        ("型号 客户等级 分销进店价", ["X1", "V1", 100], "key_account"),
    ],
)
def test_a_column_goes_before_the_sheets_name(ch: Run, headings: str, row: list[object], channel: str) -> None:
    found = ch("import", by_channel("价格_2024-05-16.xlsx", 大客户=[[*headings.split()], row]))
    assert found.code == 0
    assert [one[0] for one in held(ch)] == [channel]
    assert ("W132" in found.out) is ("客户等级" in headings)


def test_what_may_be_a_channel_is_said_and_not_taken(ch: Run) -> None:
    found = ch("import", by_channel("手机终端价格表_2024-05-16.xlsx", Sheet1=BARE))
    assert "W132  the prices hold for any channel, though title or name hold the word “终端”\n" in found.out
    assert [row[0] for row in held(ch)] == [""]


def test_title_and_name_of_different_channels_are_refused(ch: Run) -> None:
    found = ch("import", by_channel("价格_2024-05-16.xlsx", 大客户=[["分销价格表"], *BARE]))
    assert found.code == 3
    assert (
        "title and names speak of several channels for which these prices may hold: distribution, key account"
        in found.out
    )


def test_sheets_that_contradict_each_other_are_refused(ch: Run) -> None:
    tabs = {"华东": BARE, "华南": [["型号", "分销价", "零售价"], ["X2", 5, 9], ["X1", 101, 120]]}
    found = ch("import", by_channel("价格_2024-05-16.xlsx", **tabs), "--format", "json")
    assert found.code == 3
    problems = [one for one in found.data["problems"] if one["code"].startswith("E")]
    assert [(one["sheet"], one["row"], one["code"], one["message"]) for one in problems] == [
        ("华南", 3, "E365", "101.00 here, but 100.00 in row 2 of sheet 华东, for the same product and day")
    ]
    agreed = {"华东": BARE, "华南": [["型号", "分销价", "零售价"], ["X1", 100, 120]]}
    assert ch("import", by_channel("同价_2024-05-16.xlsx", **agreed)).code == 0
    assert held(ch) == [("", MAY, 100, None, None, 120)]


@pytest.mark.usefixtures("sample")
def test_a_row_with_blank_parts_is_added_shown_changed_and_removed_by_hand(ch: Run, sample: Path) -> None:
    before = contents(sample)["price"]
    key = ("E10", "", "", "", "2024-06-01")
    added = ch("price", "add", "E10", "valid_from=2024-06-01", "distribution_price=320", "retail_price=399")
    assert (added.code, added.err) == (0, "")
    assert added.out.splitlines()[0] == "price · E10 2024-06-01 · added"
    twice = ch("price", "add", "E10", "valid_from=2024-06-01", "retail_price=399")
    assert (twice.code, twice.err.splitlines()[0]) == (2, "channelctl: error: there is such a price already")
    assert ch("price", "set", *key, "distribution_price=-", "dealer_price=310").code == 0
    row = next(row for row in report(ch, "price", "list", "--as-of", "2024-06-01", "--product", "E10")["rows"])
    assert (row["channel"], row["distribution_price"], row["dealer_price"], row["retail_price"]) == ("", None, 310, 399)
    assert ch("price", "set", *key, "retail_price=").code == 0
    assert ch("price", "remove", *key).code == 0
    assert contents(sample)["price"] == before
    gone = ch("price", "remove", *key)
    assert (gone.code, gone.err.splitlines()[0]) == (2, "channelctl: error: no price “E10 2024-06-01”")
    bare = ch("price", "add", "E10", "distribution_price=5")
    assert (bare.code, bare.err) == (2, "channelctl: error: From is blank\n")
