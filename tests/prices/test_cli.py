"""The price list as people ask for it, on the sample region: what it says agrees with what was counted apart."""

import shlex
from decimal import Decimal
from pathlib import Path

import pytest

from channelctl.systems.prices import store_audit
from tests.conftest import Run
from tests.making import EXPECTED, holds_to_schema, policy, report, sheet

COUNTED = EXPECTED["prices"]
SALES = "日期 单据编号 行号 客户编码 客户名称 渠道 型号 数量 单价 金额"


def listing(ch: Run, *rows: tuple[object, ...]) -> None:
    """A price list of X1 for the social channel: day, price."""
    path = sheet("list", "型号 渠道类型 生效日期 分销价 零售价", [("X1", "社会渠道", *row, 500) for row in rows])
    assert ch("import", path).code == 0


def line(day: str, document: str, price: object, quantity: int = 2, channel: str = "直供") -> tuple[object, ...]:
    amount = Decimal(str(price)) * quantity
    return (day, document, 1, "C1", "甲", channel, "X1", quantity, price, amount)


@pytest.mark.usefixtures("sample")
def test_the_list_of_a_day_is_what_holds_on_it(ch: Run) -> None:
    found = ch("price", "list", "--as-of", "2024-05-15", "--product", "X930")
    assert (found.code, found.err) == (0, "")
    assert found.out == (
        "price list of 2024-05-15 · X930 · 5 rows\n"
        "\n"
        "Channel          From         To           Distribution, CNY   Dealer, CNY   Consignment, CNY   Retail, CNY\n"
        "───────────────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "distribution     2024-03-01   2024-05-15            4,009.62                                       4,669.00\n"
        "key account      2024-03-01   2024-05-15            4,105.48                                       4,669.00\n"
        "operator         2024-03-01   2024-05-15                          4,168.00           4,251.00      4,669.00\n"
        "social channel   2024-03-01   2024-05-15            4,168.00                                       4,669.00\n"
        "terminal         2024-03-01   2024-05-15            4,293.04                                       4,669.00\n"
    )
    assert len(report(ch, "price", "list", "--as-of", "2024-05-20")["rows"]) == 60
    one = report(ch, "price", "list", "--as-of", "2024-05-20", "--product", "X930", "--channel", "社会渠道")
    assert [(row["channel"], row["distribution_price"], row["last_day"]) for row in one["rows"]] == [
        ("social", 3968, None)
    ]
    assert one["params"] == {"as_of": "2024-05-20", "product": "X930", "channel": "social"}
    early = ch("price", "list", "--as-of", "2024-02-01")
    assert (early.code, early.err) == (0, "no price holds on 2024-02-01\n")
    holds_to_schema(ch, "price_list", "price", "list")


@pytest.mark.usefixtures("sample")
def test_a_product_shows_its_prices_from_when_to_when(ch: Run) -> None:
    found = report(ch, "price", "show", "k520")
    assert [
        (row["valid_from"], row["last_day"], row["distribution_price"])
        for row in found["rows"]
        if row["channel"] == "social"
    ] == [("2024-03-01", "2024-05-15", 1899), ("2024-05-16", None, 1799)]
    assert ch("price", "show", "K520").out.splitlines()[-1] == "5 rows hold on 2024-06-03"
    none = ch("price", "show", "X999")
    assert (none.code, none.out) == (2, "")
    assert none.err.startswith("channelctl: error: ")
    holds_to_schema(ch, "price_show", "price", "show", "K520")


@pytest.mark.parametrize("words", [("list",), ("lint",), ("audit",), ("protect", "--date", "2024-05-16")])
def test_without_a_price_list_it_says_how_to_get_one(ch: Run, words: tuple[str, ...]) -> None:
    assert ch("import", sheet("sales", SALES, [line("2024-05-03", "D1", 100)])).err.count("W118") == 0
    assert ch("price", *words) == (
        3,
        "",
        "channelctl: error: there is no price list yet\n"
        "channelctl import 价格表.xlsx; a sheet to fill in: channelctl template price\n",
    )


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("month", ["2024-03", "2024-04", "2024-05"])
def test_sales_off_their_list_are_those_counted_apart(ch: Run, month: str) -> None:
    found = report(ch, "price", "audit", "--month", month)
    above = sum(row["difference"] > 0 for row in found["rows"])
    counted = COUNTED["off_list"][month]
    assert found["params"]["compared"] == counted["compared"]
    assert (above, len(found["rows"]) - above) == (counted["above"], counted["below"])
    assert found["totals"]["effect"] == Decimal(counted["effect"]) == sum(row["effect"] for row in found["rows"])
    assert ch("price", "audit", "--month", month).code == 0


@pytest.mark.usefixtures("sample")
def test_the_audit_of_a_product_on_the_screen(ch: Run) -> None:
    found = ch("price", "audit", "--month", "2024-05", "--product", "M280", "--office", "南京")
    assert (found.code, found.err) == (0, "")
    lines = found.out.splitlines()
    assert lines[0] == "sales off their list prices · May 2024 · 南京 · M280"
    assert lines[-1] == "2 of 5 lines are off their list prices: 0 above, 2 below; -80.00 in all"
    holds_to_schema(ch, "price_audit", "price", "audit", "--month", "2024-05")


@pytest.mark.usefixtures("sample")
def test_the_fall_of_prices_costs_what_was_counted_apart(ch: Run) -> None:
    counted = COUNTED["protection"]
    found = report(ch, "price", "protect", "--date", counted["date"])
    customers: dict[str, Decimal] = {}
    for row in found["rows"]:
        customers[row["customer_code"]] = customers.get(row["customer_code"], Decimal()) + row["protection"]
        assert row["protection"] == row["stock"] * row["fall"]
    assert customers == {code: Decimal(worth) for code, worth in counted["customers"].items()}
    assert found["totals"]["protection"] == sum(customers.values())
    assert all(row["stock"] is row["protection"] is row["counted_on"] is None for row in found["unknown"])
    one = report(ch, "price", "protect", "--date", counted["date"], "--product", "X930")
    assert {row["product"] for row in one["rows"]} == {"X930"}
    assert one["rows"] == [row for row in found["rows"] if row["product"] == "X930"]
    holds_to_schema(ch, "price_protect", "price", "protect", "--date", counted["date"])


@pytest.mark.usefixtures("sample")
def test_on_a_day_without_a_fall_nothing_is_protected(ch: Run) -> None:
    found = ch("price", "protect", "--date", "2024-05-17")
    assert (found.code, found.out, found.err) == (
        0,
        "price protection · 2024-05-17\n",
        "no price fell on 2024-05-17 of what customers hold or bought\n",
    )


def test_a_count_too_old_or_of_the_day_itself_is_none(ch: Run) -> None:
    listing(ch, ("2024-03-01", 100), ("2024-05-16", 90))
    assert ch("import", sheet("who", "客户编码 客户名称 渠道", [("C1", "甲", "直供"), ("C2", "乙", "直供")])).code == 0
    rows = [("2024-05-16", "C1", "X1", 5), ("2024-04-14", "C2", "X1", 7)]
    assert ch("import", sheet("stock", "日期 客户编码 型号 库存数量", rows)).code == 0
    assert report(ch, "price", "protect", "--date", "2024-05-16")["rows"] == []
    policy("[prices]\nstock_days = 32\n")
    found = report(ch, "price", "protect", "--date", "2024-05-16")
    assert [(row["customer_code"], row["protection"]) for row in found["rows"]] == [("C2", 70)]


@pytest.mark.usefixtures("sample")
def test_the_check_finds_what_is_odd_in_the_sample(ch: Run) -> None:
    found = ch("price", "lint")
    assert (found.code, found.err) == (1, "")
    assert found.out.splitlines()[-3:] == ["rise not announced in time: 5", "price missing: 5", "10 findings"]
    rows = report(ch, "price", "lint")["rows"]
    assert {(row["check"], row["product"], row["from"]) for row in rows} == {
        ("unannounced", "M280", "2024-05-16"),
        ("missing", "T710", "2024-03-01"),
    }
    policy("[prices]\nnotice_days = 2\n")
    assert {row["check"] for row in report(ch, "price", "lint")["rows"]} == {"missing"}
    holds_to_schema(ch, "price_lint", "price", "lint")


def test_a_list_without_flaws_has_no_findings(ch: Run) -> None:
    listing(ch, ("2024-03-01", 100))
    assert ch("price", "lint") == (0, "check of the price list\n\nno findings\n", "")


def test_sales_without_a_price_are_found(ch: Run) -> None:
    listing(ch, ("2024-05-10", 100))
    sales = [line("2024-05-09", "D1", 100), line("2024-05-11", "D2", 100), line("2024-05-12", "D3", 100)]
    sales.append(("2024-05-12", "D4", 1, "C2", "乙", "联通", "X1", 1, 100, 100))
    assert ch("import", sheet("sales", SALES, sales)).code == 0
    found = report(ch, "price", "lint")
    assert [(row["check"], row["channel"], row["said"]) for row in found["rows"]] == [
        ("unlisted", "operator", "1 sale line has no price")
    ], "sales before there was any list are not held against it"


def test_an_import_says_how_many_lines_are_off(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    listing(ch, ("2024-03-01", 100))
    good = ch("import", sheet("good", SALES, [line("2024-05-03", "D1", 100)]))
    assert "W118" not in good.err
    bad = [line("2024-05-04", "D2", 95), line("2024-05-06", "D3", 130), line("2024-05-05", "D4", 100)]
    found = ch("import", sheet("bad", SALES, bad))
    said = "W118  2 lines are off their list prices, +50.00 in all: channelctl price audit --from 2024-05-04"
    assert f"bad.csv: {said} --to 2024-05-06\n" in found.err
    assert found.code == 0
    monkeypatch.setattr(store_audit, "LOOKED_AT", 1)
    many = ch("import", sheet("many", SALES, [line("2024-05-07", "D5", 1), line("2024-05-08", "D6", 1)]))
    said = "lines were not held against the price list, there are many: channelctl price audit --from 2024-05-07"
    assert f"many.csv: W118  {said} --to 2024-05-08\n" in many.err


def test_a_return_is_held_against_the_day_of_the_document_that_it_names(ch: Run) -> None:
    listing(ch, ("2024-03-01", 100), ("2024-05-16", 90))
    headings = f"{SALES} 原单号"
    rows = [
        (*line("2024-05-03", "D1", 100), ""),
        (*line("2024-05-20", "T1", 100, -1), "D1"),
        (*line("2024-05-21", "T2", 100, -1), "D9"),
        (*line("2024-05-22", "T3", 100, -1), ""),
    ]
    assert ch("import", sheet("sales", headings, rows)).code == 0
    found = report(ch, "price", "audit", "--month", "2024-05")
    assert [(row["document"], row["list_price"], row["effect"]) for row in found["rows"]] == [
        ("T2", 90, -10),
        ("T3", 90, -10),
    ]
    returns = "Returns count the other way round: one below its list price brings the difference back."
    assert ch("price", "audit", "--month", "2024-05").out.splitlines()[-1] == returns


def test_the_audit_names_customers_and_says_which_lines_it_could_not_compare(ch: Run) -> None:
    listing(ch, ("2024-03-01", 100))
    rows = [
        line("2024-05-03", "D1", 95),
        ("2024-05-04", "D2", 1, "", "", "直供", "X1", 1, 95, 95),
        ("2024-05-05", "D3", 1, "C2", "乙", "", "X1", 1, 95, 95),
    ]
    assert ch("import", sheet("sales", SALES, rows)).code == 0
    found = ch("price", "audit", "--month", "2024-05")
    assert found.out.splitlines()[2].split()[:4] == ["Date", "Document", "Code", "Customer"]
    assert found.out.splitlines()[4].split()[:5] == ["2024-05-03", "D1", "C1", "甲", "X1"]
    assert found.err == (
        "1 line has no list price to be held against (no channel, or no price): channelctl price lint\n"
        "1 line without a customer was not held against the price list: nobody knows its channel\n"
    )
    params = report(ch, "price", "audit", "--month", "2024-05")["params"]
    assert (params["compared"], params["unlisted"], params["anonymous"]) == (1, 1, 1)


def test_lines_that_are_no_sale_or_no_longer_live_are_left_out(ch: Run) -> None:
    listing(ch, ("2024-03-01", 100))
    headings = f"{SALES} 状态"
    rows = [(*line("2024-05-03", "D1", 95), "作废"), (*line("2024-05-03", "D2", 95), "正常")]
    assert ch("import", sheet("sales", headings, rows)).code == 0
    assert [row["document"] for row in report(ch, "price", "audit", "--month", "2024-05")["rows"]] == ["D2"]
    assert ch("import", sheet("mended", headings, [(*line("2024-05-03", "D2", 100), "正常")])).code == 0
    assert report(ch, "price", "audit", "--month", "2024-05")["rows"] == []


def test_the_policy_says_at_which_price_a_channel_buys(ch: Run) -> None:
    path = sheet("list", "型号 渠道类型 生效日期 联通经销价 联通铺货价", [("X1", "联通渠道", "2024-03-01", 100, 105)])
    assert ch("import", path).code == 0
    policy('[customers.channels]\noperator = ["联通"]\noperator_consignment = ["联通代销"]\n')
    rows = [line("2024-05-03", "D1", 105, channel="联通代销")]
    rows.append(("2024-05-03", "D2", 1, "C2", "乙", "联通", "X1", 1, 105, 105))
    assert ch("import", sheet("sales", SALES, rows)).code == 0
    found = report(ch, "price", "audit", "--month", "2024-05")
    assert [(row["document"], row["type"], row["list_price"]) for row in found["rows"]] == [("D2", "dealer", 100)]


def test_a_sheet_of_prices_goes_out_and_comes_in_again(ch: Run, sample: Path) -> None:
    assert ch("export", "price", "--output", "out.xlsx").code == 0
    found = ch("import", "out.xlsx", "--format", "json")
    assert [(row["kind"], row["new"], row["changed"], row["existing"]) for row in found.data["rows"]] == [
        ("price", 0, 0, 80)
    ], sample


@pytest.mark.parametrize(("channel", "typed"), [("", '""'), ("直供", "direct")])
def test_customers_with_prices_of_one_day_are_not_merged(ch: Run, channel: str, typed: str) -> None:
    """Both would hold of one customer on that day; other days, channels and products are no bar."""
    rows = [("C1", channel, "2024-05-01", 90), ("C2", channel, "2024-05-01", 95), ("C2", channel, "2024-06-01", 96)]
    rows += [("C1", "分销", "2024-06-01", 91), ("", channel, "2024-05-01", 99)]
    sold = [(*line("2024-05-02", "A", 90)[:3], code, f"店{code}", "直供", "X1", 1, 90, 90) for code in ("C1", "C2")]
    prices = sheet(
        "list", "客户编码 型号 渠道类型 生效日期 分销价 零售价", [(code, "X1", *row, 500) for code, *row in rows]
    )
    assert ch("import", sheet("sales", SALES, sold), prices).code == 0
    refused = ch("customer", "merge", "C2", "C1")
    assert (refused.code, refused.out) == (3, "")
    code = refused.err.split(" remove ")[1].split()[0]
    command = f'channelctl price remove {code} {typed} "" C2 2024-05-01'
    assert refused.err == (
        "channelctl: error: C2 cannot be merged into C1: both have what there can be only one of\n"
        f"  prices: take one away first: {command}\n"
    )
    assert ch(*shlex.split(command)[1:]).code == 0
    assert ch("customer", "merge", "C2", "C1").code == 0
    rows_of = [row["customer_code"] for row in report(ch, "price", "show", "X1")["rows"]]
    assert sorted(rows_of) == ["", "C1", "C1", "C1"]
