"""Cells to texts, labels and flags."""

import datetime as dt
from typing import Any

import pytest

from channelctl.sheets import convert, wording
from channelctl.sheets.days import Dates
from channelctl.sheets.failed import EXCEL_ERRORS, UNSAVED
from channelctl.sheets.problems import Flaw

# Texts


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("00123", "00123"),
        (123.0, "123"),
        (123, "123"),
        (1003.5, "1003.5"),
        (6.9e14, "690000000000000"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1E+15"),
        (202405030000000123.0, "2.0240503E+17"),
        ("202405030000000123", "202405030000000123"),
        ("NA", "NA"),
        ("None", "None"),
        ("null", "null"),
        ("N/A", "N/A"),
        ('="00123"', "00123"),
        ('=""', None),
        ("=A1", "=A1"),
        (" 甲　", "甲"),
        ("甲\n乙", "甲 乙"),
        ("甲\r\n\t乙", "甲 乙"),
        ("\ufeff甲\u200b", "甲"),
        ("\x1b[31m甲\x07", "[31m甲"),
        ("甲\u202e乙", "甲乙"),
        ("[red]甲[/red]", "[red]甲[/red]"),
        (True, "TRUE"),
        (dt.date(2024, 5, 3), "2024-05-03"),
        (dt.datetime.fromisoformat("2024-05-03"), "2024-05-03"),
        (dt.datetime.fromisoformat("2024-05-03T08:30"), "2024-05-03 08:30:00"),
        ("", None),
        ("   ", None),
        ("\x00", None),
        (None, None),
    ],
    ids=repr,
)
def test_a_cell_as_text(cell: Any, text: str | None) -> None:
    assert wording.text(cell) == text


@pytest.mark.parametrize(
    "label",
    [
        *"小计 合计 总计 累计 共计 合计： 合计: 华东小计 南京办事处小计： 合计（元） 本月合计 本页小计".split(),
        *"合计金额 客户合计 小計 總計 Total TOTAL: Subtotal Sub-total total".split(),
        *(
            "合 计",
            "合　计",
            "总　计：",
            "總　計",
            "华东 小计",
            "本日 合计",
            "Grand Total",
            "Sub Total",
            "East Total",
            "Totals:",
        ),
    ],
)
def test_a_label_of_a_totals_row(label: str) -> None:
    assert wording.is_total(label)


@pytest.mark.parametrize(
    "label",
    ["合计科技", "总计划部", "南京合计通讯有限公司", "Total Sells Oil", "Totality", "会计", "设计", "统计局", "", "计"],
)
def test_not_every_word_with_a_total_in_it_is_one(label: str) -> None:
    assert not wording.is_total(label)


@pytest.mark.parametrize(
    ("label", "signs"),
    [
        ("制表：王伟", True),
        ("审核人", True),
        ("打印时间：2024-06-01 10:00", True),
        ("注：本表不含退货", True),
        ("部门经理：", True),
        ("Prepared by Li", True),
        ("主管", False),
        ("会计", False),
        ("注塑机", False),
        ("杭州恒达", False),
    ],
)
def test_what_stands_below_a_table(label: str, signs: bool) -> None:
    assert wording.is_signature(label) == signs


# Cells that a formula left without a value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *((error, "E208") for error in ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!")),
        (" #N/A ", "E208"),
        ("Err:502", "E208"),
        (UNSAVED, "E209"),
    ],
)
@pytest.mark.parametrize("kind", ["money", "quantity", "date", "month", "flag", "text", "code"])
def test_a_failed_formula_is_said_to_be_one_in_every_column(kind: str, cell: str, code: str) -> None:
    flaw = convert.one(kind, Dates())(cell)
    assert isinstance(flaw, Flaw)
    assert flaw.code == code
    assert convert.units([1.0, cell, ""])[1][1].code == code
    texts = wording.Texts()
    assert texts[cell] in texts.errors


@pytest.mark.parametrize("cell", [1e15, 202405030000000123.0, -3.2e17, 1e300, "2.02405E+17", "1.00E+05", "2.0e+17"])
def test_a_number_cut_short_is_no_code(cell: Any) -> None:
    assert convert.one("code", Dates())(cell).code == "E210"
    assert not EXCEL_ERRORS.isdisjoint(["SO1", wording.text(cell), None])


@pytest.mark.parametrize(
    "cell", [999_999_999_999_999.0, "202405030000000123", "1E5", "E+17", "A1.5E+17", "#1店", "=A1"]
)
def test_what_only_looks_like_one_is_a_code(cell: Any) -> None:
    assert isinstance(convert.one("code", Dates())(cell), str)
    assert EXCEL_ERRORS.isdisjoint(["SO1", wording.text(cell), None])


# Flags


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((cell, True) for cell in ("是", "Y", "yes", "TRUE", "√", 1.0, 1, "１", True)),
        *((cell, False) for cell in ("否", "N", "no", "false", "×", 0.0, 0, False)),
        ("", None),
        (None, None),
    ],
    ids=repr,
)
def test_a_flag(cell: Any, value: bool | None) -> None:
    assert convert.flag(cell) is value


@pytest.mark.parametrize("cell", ["也许", 2.0, "-", "yes and no"])
def test_what_is_neither_yes_nor_no_is_a_flaw(cell: Any) -> None:
    found = convert.flag(cell)
    assert isinstance(found, Flaw)
    assert found.code == "E206"
