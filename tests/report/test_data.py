"""A report as data: JSON, its schema, CSV."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from enum import Enum
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.report import SCHEMAS, Shape, Table, cells, csvfile, jsonfile, schema
from channelctl.report import jsonschema as schemas
from tests.report.rows import LINES, SUMS, Line, Sum, bare, line, report

jsonschema: Any = import_module("jsonschema")

JSON = """\
{
  "report": "lines",
  "title": "Lines · May 2024",
  "params": {"from": "2024-05-01", "a_until": 0.80, "office": null},
  "columns": [
    {"name": "rank", "label": "#", "kind": "count"},
    {"name": "code", "label": "Code", "kind": "code"},
    {"name": "customer", "label": "Customer", "kind": "text"},
    {"name": "net_sales", "label": "Net sales", "kind": "money"},
    {"name": "share", "label": "Share", "kind": "share"},
    {"name": "units", "label": "Units", "kind": "quantity"},
    {"name": "since", "label": "Since", "kind": "date"},
    {"name": "core", "label": "Core", "kind": "flag"},
    {"name": "class", "label": "Class", "kind": "text"},
    {"name": "tier", "label": "Tier", "kind": "tier"},
    {"name": "remark", "label": "Remark", "kind": "text"}
  ],
  "rows": [
    {"rank": 1, "code": "C00001", "customer": "南京苏宁电器有限公司", "net_sales": 12345.678, "share": 0.80000000, \
"units": 1204, "since": "2024-05-03", "core": true, "class": "V1", "tier": "A", "remark": "first"},
    {"rank": 2, "code": "00123", "customer": "Lee & Sons", "net_sales": 2469.1356, "share": 0.16000000, \
"units": 3.25, "since": null, "core": false, "class": null, "tier": "B", "remark": null},
    {"rank": 3, "code": "C00003", "customer": null, "net_sales": -0.50, "share": null, \
"units": null, "since": null, "core": null, "class": null, "tier": "C", "remark": null}
  ],
  "totals": {"net_sales": 14814.3136, "customers": 3},
  "notes": ["1 line names no customer"],
  "tiers": [
    {"tier": "A", "net_sales": 12345.678},
    {"tier": "B", "net_sales": 2469.1356}
  ]
}
"""


def test_json_in_full() -> None:
    assert jsonfile.render(report()) == JSON


def test_without_rows_json_keeps_its_keys() -> None:
    assert json.loads(jsonfile.render(bare())) | {"columns": []} == {
        "report": "lines", "title": "Lines", "params": {}, "columns": [], "rows": [], "totals": {}, "notes": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("16117548.237", "16117548.237"),
        ("0", "0.00"),
        ("5", "5.00"),
        ("-0.5000", "-0.50"),
        ("1E+3", "1000.00"),
        ("0.0001", "0.0001"),
        ("900719925474099.2345", "900719925474099.2345"),
        ("0.00005", "0.0001"),
    ],
)
def test_money_is_written_exactly_with_two_to_four_decimals(value: str, literal: str) -> None:
    assert cells.money_literal(Decimal(value)) == literal


@pytest.mark.parametrize(
    ("value", "literal"),
    [("0.8", "0.80000000"), ("1", "1.00000000"), ("0.123456789", "0.123456789"), ("-0.5", "-0.50000000")],
)
def test_shares_have_at_least_eight_decimals(value: str, literal: str) -> None:
    assert cells.share_literal(Decimal(value)) == literal
    assert cells.share_literal(Decimal(1) / 3) == "0.333333333333"


@pytest.mark.parametrize(("value", "literal"), [("3", "3"), ("3.2500", "3.25"), ("1.2E+4", "12000"), ("100", "100")])
def test_quantities_have_the_decimals_they_need(value: str, literal: str) -> None:
    assert cells.quantity_literal(Decimal(value)) == literal


@given(st.integers(-(9 * 10**15), 9 * 10**15))
def test_any_amount_comes_back_as_it_was(units: int) -> None:
    amount = Decimal(units).scaleb(-4)
    text = jsonfile.render(bare(line(net_sales=amount)))
    assert json.loads(text, parse_float=Decimal)["rows"][0]["net_sales"] == amount
    row = next(csv.DictReader(io.StringIO(csvfile.render(bare(line(net_sales=amount))))))
    assert Decimal(row["Net sales"]) == amount


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "back"),
    [
        (True, True), (7, 7), (0.25, 0.25), (float("nan"), None), (Decimal("NaN"), None), (Colour.RED, "red"),
        ({"a": [1, (Decimal("2.50"), None)]}, {"a": [1, [2.5, None]]}), ("“x”", "“x”"),
        (dt.date(2024, 5, 1), "2024-05-01"),
    ],
)  # fmt: skip
def test_params_may_hold_anything(value: object, back: object) -> None:
    assert json.loads(jsonfile.render(bare(params={"it": value})))["params"] == {"it": back}


def test_json_escapes_what_a_terminal_would_obey_and_loses_nothing() -> None:
    payload = 'a\x1b[2J\x9b\x7f\u202e\u2066\u200e\u2028"\\\ud800'
    text = jsonfile.render(bare(line(payload)))
    assert json.loads(text)["rows"][0]["customer"] == payload
    assert all(sign == "\n" or sign.isprintable() for sign in text)


def test_json_for_a_stream_without_unicode_is_ascii() -> None:
    text = jsonfile.render(report(), ascii_only=True)
    assert text.isascii()
    assert json.loads(text) == json.loads(JSON)


def test_a_section_may_not_take_the_place_of_the_rows() -> None:
    with pytest.raises(ValueError, match="rows"):
        jsonfile.render(bare(sections={"rows": Table(Sum, SUMS)}))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "tests.report.rows:"
    monkeypatch.setitem(SCHEMAS, "lines", Shape((f"{place}Line", f"{place}Sum"), {"tiers": f"{place}Sum"}))


@pytest.mark.usefixtures("known")
def test_the_schema_is_a_schema_and_holds_the_json() -> None:
    found = schema("lines")
    jsonschema.Draft202012Validator.check_schema(found)
    jsonschema.Draft202012Validator(found).validate(json.loads(JSON))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("sign", "spoiled"),
    [
        ('"net_sales": 12345.678, "share"', '"net_sales": "12345.678", "share"'),
        ('{"tier": "A", "net_sales"', '{"net_sales"'),
        ('"tier": "B", "remark"', '"tier": "D", "remark"'),
        ('  "notes": ["1 line names no customer"],\n', ""),
        ('"report": "lines"', '"report": "other"'),
        ('"since": "2024-05-03"', '"since": 1'),
    ],
)
def test_the_schema_refuses_other_json(sign: str, spoiled: str) -> None:
    assert sign in JSON
    assert not jsonschema.Draft202012Validator(schema("lines")).is_valid(json.loads(JSON.replace(sign, spoiled)))


@pytest.mark.usefixtures("known")
def test_the_schema_says_which_values_may_be_null() -> None:
    row = schema("lines")["properties"]["rows"]["anyOf"][0]["items"]["properties"]
    assert row["rank"] == {"title": "#", "type": "integer"}
    assert row["net_sales"] == {"title": "Net sales", "type": ["number", "null"]}
    assert row["since"] == {"title": "Since", "type": ["string", "null"], "format": "date"}
    assert row["tier"] == {"title": "Tier", "enum": ["A", "B", "C"]}


def test_an_unknown_report_is_answered_with_near_names() -> None:
    with pytest.raises(UsageError) as caught:
        schemas.schema("teir", {"tier": Shape(()), "score": Shape(())})
    assert (caught.value.message, caught.value.hint) == ("there is no report “teir”", "Did you mean tier?")


def test_csv_in_full() -> None:
    assert csvfile.render(report()) == (
        "#,Code,Customer,Net sales,Share,Units,Since,Core,Class,Tier,Remark\n"
        "1,C00001,南京苏宁电器有限公司,12345.678,0.80000000,1204,2024-05-03,yes,V1,A,first\n"
        "2,00123,Lee & Sons,2469.1356,0.16000000,3.25,,no,,B,\n"
        "3,C00003,,-0.50,,,,,,C,\n"
    )


@pytest.mark.usefixtures("chinese")
def test_csv_headings_are_in_the_language_in_force() -> None:
    first, second, *_rest = csvfile.render(report()).splitlines()
    assert first == "#,客户编码,客户,净销售额,占比,台数,开户日期,核心,规划等级,级,备注"
    assert second.split(",")[7] == "是"


@pytest.mark.parametrize(
    ("payload", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86 139", "'+86 139"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r\n=1", "' =1"),
        ("  =1", "'  =1"),
        ("\u202e=1", "'=1"),
        ("\x00=1", "'=1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("＝1+1", "'＝1+1"),
        ("a=1", "a=1"),
        ("两行\n字", "两行 字"),
        ('"quoted", =1', '"quoted", =1'),
        ("a\x1b[2Jb\x85c", "a[2Jb c"),
        ("", ""),
    ],
)
def test_no_csv_cell_is_run_by_a_spreadsheet(payload: str, cell: str) -> None:
    assert next(csv.DictReader(io.StringIO(csvfile.render(bare(line(payload))))))["Customer"] == cell


@given(st.text())
def test_a_csv_cell_never_starts_a_formula_or_holds_control_characters(payload: str) -> None:
    rows = list(csv.reader(io.StringIO(csvfile.render(bare(line(payload))))))
    assert len(rows) == 2
    cell = rows[1][2]
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not any(sign < " " or "\x7f" <= sign <= "\x9f" for sign in cell)


class Open(NamedTuple):
    """Loosely typed values."""

    words: Annotated[list[str], Col("词", "Words")]
    number: Annotated[int, Col("数", "Number")]
    moment: Annotated[dt.date | str, Col("日", "Day", kind="date")]
    score: Annotated[float, Col("分", "Share", kind="share")]
    colour: Annotated[Colour, Col("色", "Colour")]


def test_other_types_are_written_sensibly() -> None:
    row = Open(["a", "b"], 5, "2024-05", 0.1, Colour.RED)
    found = json.loads(jsonfile.render(bare().__class__("open", Open, [row], "Open")))["rows"]
    assert found == [{"words": ["a", "b"], "number": 5, "moment": "2024-05", "score": 0.1, "colour": "red"}]
    assert [lane.cells for lane in cells.lanes(Open, [row])] == [["a, b"], ["5"], ["2024-05"], ["10.0%"], ["red"]]


def test_every_line_class_column_is_tried() -> None:
    kinds = {col.kind for _name, col in cells.visible(Line)}
    assert kinds >= {"text", "code", "money", "quantity", "count", "share", "date", "flag", "tier"}
    assert LINES[0].remark == "first"
