"""Rows that say what their figures are, and customers who are another's returns."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.sheets import written

TITLE = ["2024年销售额 单位：元", "", "", ""]


def crossed(heading: str, *items: tuple[str, int]) -> list[list[Any]]:
    """A table of two months with the items below each other for three customers."""
    rows: list[list[Any]] = [TITLE, ["客户", heading, "4月", "5月"]]
    for name in ("甲店", "乙店", "丙店"):
        rows += [[name, item, n, 2 * n] for item, n in items]
    return rows


def codes(ch: Run, file: Path, *options: str) -> list[str]:
    return sorted({one["code"] for one in ch("import", file, "--format", "json", *options).data["problems"]})


NET = (("销售", 1000), ("退货", 100), ("净额", 900))


@pytest.mark.parametrize(
    ("heading", "items"),
    [
        ("项目", (("销售额", 1000), ("退货额", 100), ("净额", 900))),
        ("指标", NET),
        ("", NET),
        ("类别", NET),
        ("类型", NET),
        ("渠道", NET),
        ("项目", (("数量", 3), ("销售额", 1000))),
        ("项目", (("目标", 1200), ("实际", 1000))),
        ("项目", (("销售", 1000), ("退货", 100))),
    ],
)
def test_rows_of_several_figures_are_not_added_up(
    ch: Run, tmp_path: Path, heading: str, items: tuple[tuple[str, int], ...]
) -> None:
    file = written.book(tmp_path / "a.xlsx", {"明细": crossed(heading, *items)})
    result = ch("import", file, "--format", "json")
    assert result.code == 3
    [problem] = [one for one in result.data["problems"] if one["code"] == "E408"]
    assert f"B {heading}".strip() + " says row by row" in problem["message"]
    assert all(item in problem["message"] for item, _figure in items)


@pytest.mark.parametrize(
    ("heading", "items", "net"),
    [
        ("项目", (("销售额", 1000),), 9000),
        ("项目", (("销售", 1000), ("退货", -100)), 8100),
        ("类型", (("销售", 1000), ("退货", 100)), 8100),
    ],
)
def test_rows_that_may_be_added_up_are(
    ch: Run, tmp_path: Path, heading: str, items: tuple[tuple[str, int], ...], net: int
) -> None:
    """One figure, returns that are negative, and types that are read."""
    file = written.book(tmp_path / "a.xlsx", {"明细": crossed(heading, *items)})
    assert ch("import", file).code == 0
    assert sum(row["amount"] for row in ch("export", "sales", "--format", "json").data["rows"]) == net


def test_types_that_somebody_names_are_read(ch: Run, tmp_path: Path) -> None:
    file = written.book(tmp_path / "a.xlsx", {"明细": crossed("项目", ("销售", 1000), ("退货", 100))})
    assert codes(ch, file, "--map", "项目=document_type") == ["W112"]


def test_a_list_of_several_figures_is_not_added_up(ch: Run, tmp_path: Path) -> None:
    lines = [["2024-05-01", "甲店", item, n] for item, n in NET]
    file = written.book(tmp_path / "a.xlsx", {"明细": [["日期", "客户", "项目", "金额"], *lines]})
    assert "E408" in codes(ch, file)


@pytest.mark.parametrize("name", ["甲店退货", "甲店（退货）", "甲店-退货", "退货：甲店", "甲店 销售退货", "退货"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_customer_who_is_anothers_returns_is_refused(ch: Run, tmp_path: Path, name: str, sign: int) -> None:
    rows = [["2024年销售额（元）"], ["客户", "4月", "5月"], ["甲店", 1000, 2000], [name, 100 * sign, 200 * sign]]
    file = written.book(tmp_path / "a.xlsx", {"明细": rows})
    assert ch("import", file).code == 3
    assert codes(ch, file) == ["E314"]
    said = [one for one in ch("import", file, "--format", "json").data["problems"] if one["code"] == "E314"]
    assert [one["row"] for one in said] == [4]
    assert ch("import", file, "--partial").code == 1
    assert [row["name"] for row in ch("customer", "list", "--format", "json").data["rows"]] == ["甲店"]


def test_a_customer_who_is_really_called_so_is_taken(ch: Run, tmp_path: Path) -> None:
    assert ch("init").code == 0
    assert ch("customer", "add", "--name", "甲店退货").code == 0
    rows = [["日期", "客户", "金额"], ["2024-05-01", "甲店退货", 100], ["2024-05-01", "退货中心", 100]]
    assert ch("import", written.book(tmp_path / "a.xlsx", {"明细": rows})).code == 0
