"""What nobody reads must not go by in silence: returns in unknown columns, offices above their rows."""

from pathlib import Path

import pytest

from tests.conftest import Run


def codes(ch: Run, file: Path, text: str, *options: str) -> tuple[int, list[tuple[str, int | None]]]:
    """Exit code, and code and row of each error."""
    file.write_text(text)
    done = ch("import", file, "--format", "json", *options)
    return done.code, [(p["code"], p["row"]) for p in done.data["problems"] if p["code"][0] == "E"]


@pytest.mark.parametrize(
    "heading", ["退货", "退回", "退机", "退货(元)", "减：退货", "其中：退货", "红冲", "Returns value"]
)
def test_returns_that_are_not_read_are_asked_about(ch: Run, tmp_path: Path, heading: str) -> None:
    """Amounts or quantities, off already or not: nobody can tell."""
    text = f"日期,客户,数量,金额,{heading}\n2024-05-01,甲,2,100,\n2024-05-02,乙,1,50,20\n"
    assert codes(ch, tmp_path / "a.csv", text) == (3, [("E403", 3)])
    assert codes(ch, tmp_path / "a.csv", text, "--map", f"{heading}=returned") == (0, [])
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 130
    other = text.replace("2024-05", "2024-06")
    assert codes(ch, tmp_path / "b.csv", other, "--map", f"{heading}=-") == (0, [])


NOT_RETURNS = [("退货原因", "5"), ("退货率", "0.1"), ("未退货", "3"), ("退货", "无"), ("退货", "0")]


@pytest.mark.parametrize(("heading", "cell"), NOT_RETURNS)
def test_what_is_no_figure_of_returns_is_left_alone(ch: Run, tmp_path: Path, heading: str, cell: str) -> None:
    text = f"日期,客户,金额,{heading}\n2024-05-01,甲,100,{cell}\n"
    assert codes(ch, tmp_path / "a.csv", text) == (0, [])


SECTIONS = "{first}日期,客户,金额\n2024-05-01,甲,1\n小计,,1\n{second}\n2024-05-02,乙,2\n"


def test_an_office_above_its_rows_is_not_passed_over(ch: Run, tmp_path: Path) -> None:
    """Else the second office's lines were the first one's, or nobody's."""
    text = SECTIONS.format(first="办事处：南京\n", second="办事处：苏州,,")
    assert codes(ch, tmp_path / "a.csv", text) == (3, [("E404", 5)])
    again = SECTIONS.format(first="办事处：南京\n", second="办事处：南京,,")
    assert codes(ch, tmp_path / "b.csv", again) == (0, [])


def test_a_row_with_the_name_of_a_known_office(ch: Run, tmp_path: Path) -> None:
    assert codes(ch, tmp_path / "a.csv", "日期,办事处,客户,金额\n2024-04-01,苏州,甲,1\n") == (0, [])
    assert codes(ch, tmp_path / "b.csv", SECTIONS.format(first="", second="苏州办,,")) == (3, [("E404", 4)])


def test_a_name_below_the_last_row_is_nothing(ch: Run, tmp_path: Path) -> None:
    assert codes(ch, tmp_path / "a.csv", "日期,客户,金额\n2024-05-01,甲,1\n部门：苏州,,\n") == (0, [])


def test_short_names_of_offices_are_the_same_office(ch: Run, tmp_path: Path) -> None:
    text = "日期,办事处,客户,金额\n2024-05-01,南京,甲,1\n2024-05-02,南京办,甲,1\n2024-05-03,南京办事处,甲,1\n"
    assert codes(ch, tmp_path / "a.csv", text) == (0, [])
    assert [row["name"] for row in ch("office", "list", "--format", "json").data["rows"]] == ["南京"]


def test_deliveries_are_not_taken_for_a_list_of_customers(ch: Run, tmp_path: Path) -> None:
    text = "发货日,客户,地址,送货量,货款,备注\n2024-05-01,甲通讯,南京,3,300.50,\n2024-05-02,乙电器,苏州,1,99.00,\n"
    (tmp_path / "a.csv").write_text(text)
    done = ch("import", tmp_path / "a.csv")
    assert done.code == 3
    assert "no database" in ch("status").err


def test_returns_beside_each_month_come_off(ch: Run, tmp_path: Path) -> None:
    text = "2024年客户销售额（元）\n客户,1月销售额,1月退货额,2月销售额,2月退货额\n甲,100,10,200,0\n"
    assert codes(ch, tmp_path / "a.csv", text) == (0, [])
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 290
    other = text.replace("2024", "2023")
    assert codes(ch, tmp_path / "b.csv", other, "--map", "1月退货额=-") == (0, [])
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 590
