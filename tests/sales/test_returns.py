"""Returns are negative, however a sheet writes them; amounts with tax are counted without it."""

from decimal import Decimal
from pathlib import Path

import pytest

from channelctl.systems.sales.rules import tax_rate, without_tax
from tests.conftest import Run


def lines(ch: Run, file: Path, text: str) -> list[tuple[float | None, float]]:
    """Quantity and amount of each line of a sheet that goes in whole."""
    file.write_text(text)
    done = ch("import", file)
    assert done.code == 0, done.out
    rows = ch("export", "sales", "--format", "json").data["rows"]
    return [(row["quantity"], row["amount"]) for row in rows]


@pytest.mark.parametrize("sign", ["", "-"])
def test_returns_in_columns_of_their_own_come_off(ch: Run, tmp_path: Path, sign: str) -> None:
    """Whichever sign the column is kept in."""
    text = (
        "日期,客户,数量,金额,退货数量,退货金额\n"
        f"2024-05-01,甲,3,30,,\n2024-05-01,乙,2,10,{sign}1,{sign}2.5\n2024-05-01,丙,,,{sign}1,{sign}2.5\n"
        f"合计,,5,40,{sign}2,{sign}5\n"
    )
    assert lines(ch, tmp_path / "a.csv", text) == [(3, 30), (1, 7.5), (-1, -2.5)]


def test_a_column_of_net_sales_has_them_off_already(ch: Run, tmp_path: Path) -> None:
    text = "日期,客户,净销售额,退货金额\n2024-05-01,甲,30,5\n"
    assert lines(ch, tmp_path / "a.csv", text) == [(None, 30)]


def test_returns_beside_an_amount_with_tax(ch: Run, tmp_path: Path) -> None:
    text = "日期,客户,含税金额,退货金额\n2024-05-01,甲,113,13\n"
    assert lines(ch, tmp_path / "a.csv", text) == [(None, 100)]


@pytest.mark.parametrize("word", ["退货", "销售退货", "退货单", "红字", "Sales Return", "Credit memo"])
def test_a_line_of_the_type_return_is_negative(ch: Run, tmp_path: Path, word: str) -> None:
    """Written as a positive or as a negative figure; the sheet's total may have it either way."""
    head = "日期,客户,数量,单价,金额,单据类型\n2024-05-01,甲,3,10,30,销售\n"
    text = head + f"2024-05-01,乙,{{}}1,5,{{}}5,{word}\n合计,,,,{{}},\n"
    for name, sign, total in (("a", "", 35), ("b", "", 25), ("c", "-", 25)):
        assert lines(ch, tmp_path / f"{name}.csv", text.format(sign, sign, total)) == [(3, 30), (-1, -5)]


def test_other_types_are_left_alone(ch: Run, tmp_path: Path) -> None:
    text = "日期,客户,金额,单据类型\n2024-05-01,甲,30,普通销售\n2024-05-01,乙,-5,普通销售\n"
    assert lines(ch, tmp_path / "a.csv", text) == [(None, 30), (None, -5)]


@pytest.mark.parametrize("rate", ["13%", "13", "0.13", "13％"])
def test_the_amount_without_tax_by_the_tax_rate(ch: Run, tmp_path: Path, rate: str) -> None:
    """To the fen, as the invoice has it; a tax given goes first."""
    text = f"日期,客户,含税金额,税率,税额\n2024-05-01,甲,100,{rate},\n2024-05-02,甲,113,{rate},13.01\n"
    assert lines(ch, tmp_path / "a.csv", text) == [(None, 88.5), (None, 99.99)]


@pytest.mark.parametrize(
    ("figure", "rate"),
    [("13", "0.13"), ("0.13", "0.13"), ("0", "0"), ("1", "0.01"), ("6", "0.06"), ("100", None), ("-13", None)],
)
def test_a_figure_as_a_tax_rate(figure: str, rate: str | None) -> None:
    assert tax_rate(Decimal(figure)) == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(("taxed", "amount"), [(1_000_000, 885_000), (-1_000_000, -885_000), (1_130_000, 1_000_000)])
def test_without_tax_is_rounded_half_up_to_the_fen(taxed: int, amount: int) -> None:
    """100 / 1.13 = 88.4955…"""
    assert without_tax(taxed, Decimal("0.13")) == amount
