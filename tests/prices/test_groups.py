"""Price lists with channels side by side: two rows of headings, a group of prices under each channel."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.making import report
from tests.sheets import written

MAY = "2024-05-16"
HEAD = ["型号", "社会渠道", None, "大客户", None]
BELOW = [None, "分销进店价", "零售价", "分销进店价", "零售价"]
BOXES = ("B1:C1", "D1:E1", "A1:A2")


def book(rows: Sequence[Any], *boxes: str) -> Path:
    return written.book(Path("价格_2024-05-16.xlsx"), {"5月": rows}, [("5月", box) for box in boxes])


def held(ch: Run) -> list[tuple[object, ...]]:
    found = report(ch, "price", "list", "--as-of", MAY)["rows"]
    types = ("distribution_price", "dealer_price", "consignment_price", "retail_price")
    return [(row["product"], row["channel"], *(row[name] for name in types)) for row in found]


def refused(ch: Run, path: Path, what: str) -> None:
    found = ch("import", path)
    assert found.code == 3
    said = f"headings stand more than once, and nothing surely says whose each is: {what}; nothing was written\n"
    assert f"{path.name} (5月): {said}" in found.out
    assert "Write the channel (社会渠道, 大客户 …) into the row above, merged over each group of prices" in found.out


def test_each_group_of_prices_is_a_row_of_its_channel(ch: Run) -> None:
    rows = [HEAD, BELOW, ["X1", 100, 120, 90, 125], ["X2", "-", 60, None, None], ["手机类"], ["X3", 50, None, 45, None]]
    found = ch("import", book(rows, *BOXES), "--format", "json")
    assert found.code == 0
    assert [(row["rows"], row["new"], row["skipped"]) for row in found.data["rows"]] == [(5, 5, 1)]
    assert held(ch) == [
        ("X1", "key_account", 90, None, None, 125),
        ("X1", "social", 100, None, None, 120),
        ("X2", "social", None, None, None, 60),
        ("X3", "key_account", 45, None, None, None),
        ("X3", "social", 50, None, None, None),
    ]


def test_the_screen_says_how_it_was_read_and_where_a_problem_stands(ch: Run) -> None:
    rows = [["价格表（2024年5月16日起）"], HEAD, BELOW, ["X1", 100, 120, "约90", 125]]
    found = ch("import", book(rows, "B2:C2", "D2:E2", "A2:A3"), "--columns")
    assert found.code == 3
    assert "5月: a row is read for each group of columns: 社会渠道 B:C, 大客户 D:E\n" in found.err
    assert "heading in row 3 · read as prices (5 of 5 columns)\n" in found.out
    assert "5月!D4  E204  分销进店价: “约90” is not a number" in found.out


@pytest.mark.parametrize(
    ("rows", "boxes", "prices"),
    [
        # The product below its channels' row; nothing merged, but the groups are alike.
        (
            [[None, *HEAD[1:]], ["型号", *BELOW[1:]], ["X1", 100, 120, 90, 125]],
            (),
            [("key_account", 90, None, None, 125), ("social", 100, None, None, 120)],
        ),
        # A price that all share.
        (
            [["型号", "社会渠道", "大客户", "零售价"], [None, "分销进店价", "分销进店价", None], ["X1", 100, 90, 120]],
            ("A1:A2", "D1:D2"),
            [("key_account", 90, None, None, 120), ("social", 100, None, None, 120)],
        ),
        # Other prices for other channels, and one group only.
        (
            [
                ["型号", "社会渠道", None, "运营商", None],
                [None, "分销进店价", "零售价", "联通经销价", "联通铺货价"],
                ["X1", 100, 120, 110, 115],
            ],
            BOXES,
            [("operator", None, 110, 115, None), ("social", 100, None, None, 120)],
        ),
        (
            [["型号", "大客户", None], [None, "分销进店价", "零售价"], ["X1", 100, 120]],
            ("A1:A2", "B1:C1"),
            [("key_account", 100, None, None, 120)],
        ),
        # Channels below a price that is merged over them.
        (
            [["型号", "分销进店价", None, "零售价"], [None, "社会渠道", "大客户", None], ["X1", 100, 90, 120]],
            ("A1:A2", "B1:C1", "D1:D2"),
            [("key_account", 90, None, None, 120), ("social", 100, None, None, 120)],
        ),
        (
            [["型号", "分销价", "", "零售价", ""], ["", "直供", "KA", "直供", "KA"], ["X1", 100, 90, 120, 125]],
            (),
            [("direct", 100, None, None, 120), ("key_account", 90, None, None, 125)],
        ),
        # Two channels over one group.
        (
            [["型号", "直供、分销", None, "KA", None], BELOW, ["X1", 100, 120, 90, 125]],
            BOXES,
            [
                ("direct", 100, None, None, 120),
                ("distribution", 100, None, None, 120),
                ("key_account", 90, None, None, 125),
            ],
        ),
    ],
)
def test_groups_as_people_keep_them(
    ch: Run, rows: Sequence[Any], boxes: tuple[str, ...], prices: list[tuple[object, ...]]
) -> None:
    assert ch("import", book(rows, *boxes)).code == 0
    assert [row[1:] for row in held(ch)] == prices


@pytest.mark.parametrize(
    ("rows", "boxes", "what"),
    [
        (
            [["型号", "调价前", None, "调价后", None], BELOW, ["X1", 100, 120, 90, 125]],
            BOXES,
            "B 分销进店价, C 零售价, D 分销进店价, E 零售价",
        ),
        ([["型号", "分销价", "分销价"], ["X1", 100, 90]], (), "B 分销价, C 分销价"),
        (
            [["型号", "渠道类型", "社会渠道", "大客户"], [None, None, "分销价", "分销价"], ["X1", "直供", 100, 90]],
            ("A1:A2", "B1:B2"),
            "C 分销价, D 分销价",
        ),
        (
            [["社会渠道", None, "大客户", None], ["型号", "分销价", "型号", "分销价"], ["X1", 100, "X2", 90]],
            ("A1:B1", "C1:D1"),
            "A 型号, B 分销价, C 型号, D 分销价",
        ),
        (
            [["型号", "社会渠道", None, "大客户"], [None, "分销价", "零售价", "分销价"], ["X1", 100, 120, 90]],
            (),
            "B 分销价, D 分销价",
        ),
    ],
)
def test_what_is_not_sure_is_refused(ch: Run, rows: Sequence[Any], boxes: tuple[str, ...], what: str) -> None:
    refused(ch, book(rows, *boxes), what)


def test_headings_repeated_on_the_next_page_are_no_prices(ch: Run) -> None:
    rows = [HEAD, BELOW, ["X1", 100, 120, 90, 125], HEAD, BELOW, ["X2", 50, 60, 45, 65]]
    assert ch("import", book(rows, *BOXES, "A4:A5")).code == 0
    assert len(held(ch)) == 4
