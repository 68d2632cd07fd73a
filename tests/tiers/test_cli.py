"""`channelctl tier` from the sheet to the screen."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import Run
from tests.making import EXPECTED, holds_to_schema, policy, report, sheet

D = Decimal
MONTHS = sorted(EXPECTED["months"])
ROW = "rank customer_code customer net_sales share cumulative_share tier reason set_tier"
SALES = "日期 客户编码 客户名称 办事处 业务员 型号 金额 状态"


def sales(*lines: tuple[object, ...]) -> Path:
    """A sheet of sale lines; what a line leaves out at its end is blank."""
    return sheet("sales", SALES, [(*line, *[""] * (8 - len(line))) for line in lines])


def tiers(found: Any) -> str:
    return " ".join(row["tier"] for row in found["rows"])


def codes(found: Any) -> list[str]:
    return [row["customer_code"] for row in found["rows"]]


# --- the sample region -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("month", MONTHS)
def test_a_month_of_the_sample_is_what_was_counted_without_channelctl(month: str, ch: Run) -> None:
    expected = EXPECTED["months"][month]
    found = report(ch, "tier", "--month", month)
    rows, base = found["rows"], D(expected["abc"]["base"])
    assert found["totals"] == {
        "net_sales": D(expected["net_sales"]),
        "customers": expected["abc"]["customers"],
        "lines": expected["lines"] - expected["void_lines"],
        "lines_without_customer": expected["lines_without_customer"],
    }
    assert [row["customer_code"] for row in rows if row["tier"] == "A"] == expected["abc"]["a"]
    assert [row["customer_code"] for row in rows if row["reason"] == "net_returns"] == expected["abc"]["net_returns"]
    for tier, summed in zip("ABC", found["tiers"], strict=True):
        mine = [row["net_sales"] for row in rows if row["tier"] == tier]
        assert (len(mine), sum(mine)) == (expected["abc"]["counts"][tier], D(expected["abc"]["sales"][tier]))
        assert (summed["tier"], summed["customers"], summed["net_sales"]) == (tier, len(mine), sum(mine))
    assert sum(row["net_sales"] for row in rows if row["net_sales"] > 0) == base
    assert sum(row["share"] for row in rows if row["share"] is not None) == pytest.approx(D(1), abs=D("1e-9"))
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("month", MONTHS)
def test_the_offices_of_a_month_go_by_the_office_of_the_sale_and_add_up(month: str, ch: Run) -> None:
    expected = EXPECTED["months"][month]
    totals = {
        office: report(ch, "tier", "--month", month, "--office", office)["totals"]["net_sales"]
        for office in expected["by_office"]
    }
    assert totals == {office: D(total) for office, total in expected["by_office"].items()}
    assert sum(totals.values()) == D(expected["net_sales"])


@pytest.mark.usefixtures("sample")
def test_voided_lines_count_if_the_policy_names_no_status(ch: Run) -> None:
    policy("[sales]\nno_sale_statuses = []\n")
    expected = EXPECTED["months"]["2024-05"]
    totals = report(ch, "tier", "--month", "2024-05")["totals"]
    assert totals["lines"] == expected["lines"]
    assert totals["net_sales"] != D(expected["net_sales"])
    policy('[sales]\nno_sale_statuses = ["作废"]\n')
    assert report(ch, "tier", "--month", "2024-05")["totals"]["net_sales"] == D(expected["net_sales"])


# --- the vectors, through a sheet ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nets", "expected"),
    [
        ([100], "A"),
        ([85, 10, 5], "A B C"),
        ([50, 30, 15, 4, 1], "A A B C C"),
        ([40, 20, 20, 20], "A A A A"),
        ([60, 30, 20, -10], "A A B C"),
        (["0.0001", "0.0001"], "A A"),
    ],
)
def test_the_vectors_hold_from_a_sheet_to_the_report(nets: list[object], expected: str, ch: Run) -> None:
    path = sales(*(("2024-05-03", f"K{place}", f"客户{place}", "", "", "", net) for place, net in enumerate(nets)))
    assert ch("import", path).code == 0
    assert tiers(report(ch, "tier", "--month", "2024-05")) == expected


def test_net_returns_and_customers_without_sales_are_c_outside_the_shares(ch: Run) -> None:
    customers = sheet("customers", "客户编码 客户名称", [("K4", "没买的"), ("K5", "停用的")])
    path = sales(
        ("2024-05-03", "K0", "甲", "", "", "", 60),
        ("2024-05-03", "K1", "乙", "", "", "", 30),
        ("2024-05-03", "K2", "丙", "", "", "", 20),
        ("2024-05-03", "K3", "丁", "", "", "", -10),
    )
    assert ch("import", customers, path).code == 0
    assert ch("customer", "set", "K5", "closed_on=2024-04-30").code == 0
    listed = report(ch, "tier", "--month", "2024-05")
    assert (codes(listed), tiers(listed)) == (["K0", "K1", "K2", "K3"], "A A B C")
    everyone = report(ch, "tier", "--month", "2024-05", "--include-inactive")
    assert codes(everyone) == ["K0", "K1", "K2", "K3", "K4"]
    assert [row["reason"] for row in everyone["rows"]] == [None, None, None, "net_returns", "no_sales"]
    assert [row["share"] for row in everyone["rows"][3:]] == [None, None]
    assert everyone["rows"][0]["share"] == D("0.545454545455")
    assert everyone["totals"] == {"net_sales": D(100), "customers": 5, "lines": 4, "lines_without_customer": 0}
    april = report(ch, "tier", "--from", "2024-04-01", "--to", "2024-04-29", "--include-inactive")
    assert "K5" in codes(april), "a customer closed later was on file then"
    words = [line.split() for line in ch("tier", "--month", "2024-05", "--include-inactive").out.splitlines()]
    assert ["4", "K3", "丁", "-10.00", "C", "net", "returns"] in words
    assert ["5", "K4", "没买的", "0.00", "C", "no", "sales"] in words


def test_a_customer_that_was_opened_later_is_not_idle(ch: Run) -> None:
    customers = sheet(
        "customers", "客户编码 客户名称 开户日期", [("K1", "老", "2020-01-01"), ("K2", "新", "2024-06-01")]
    )
    assert ch("import", customers, sales(("2024-05-03", "K0", "甲", "", "", "", 60))).code == 0
    assert codes(report(ch, "tier", "--month", "2024-05", "--include-inactive")) == ["K0", "K1"]


@pytest.mark.parametrize(
    ("edge", "expected"),
    [("include", "A B C C C C C C C C C"), ("exclude", "B C C C C C C C C C C")],
)
def test_share_takes_its_edges_from_the_policy(edge: str, expected: str, ch: Run) -> None:
    nets = [200, 100, 99, 99, 99, 99, 99, 99, 99, 5, 2]
    assert sum(nets) == 1000
    path = sales(*(("2024-05-03", f"K{n:02d}", f"客户{n}", "", "", "", net) for n, net in enumerate(nets)))
    assert ch("import", path).code == 0
    policy(f'[tiers]\nshare_edge = "{edge}"\n')
    assert tiers(report(ch, "tier", "--method", "share", "--month", "2024-05")) == expected


def test_boundary_within_leaves_a_below_the_cut(ch: Run) -> None:
    path = sales(*(("2024-05-03", f"K{n}", f"客户{n}", "", "", "", net) for n, net in enumerate([70, 20, 8, 2])))
    assert ch("import", path).code == 0
    reach = report(ch, "tier", "--month", "2024-05")
    within = report(ch, "tier", "--month", "2024-05", "--boundary", "within")
    assert (tiers(reach), tiers(within)) == ("A A B C", "A B C C")
    assert (reach["params"]["boundary"], within["params"]["boundary"]) == ("reach", "within")


# --- the contract with scripts ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
def test_the_rows_are_the_contract(ch: Run) -> None:
    found = holds_to_schema(ch, "tier", "tier", "--month", "2024-05", "--include-inactive")
    # Somebody of the region is overdue.
    assert {" ".join(row) for row in found["rows"]} == {f"{ROW} credit"}
    assert " ".join(column["name"] for column in found["columns"]) == f"{ROW} credit"
    assert list(found["totals"]) == "net_sales customers lines lines_without_customer".split()
    assert '"net_sales": 10118190.725' in ch("tier", "--month", "2024-05", "--format", "json").out


@pytest.mark.usefixtures("sample")
def test_an_empty_period_is_a_note_and_no_error(ch: Run) -> None:
    for words in (["--month", "2023-01"], ["--from", "2030-01-01", "--to", "2030-12-31"], ["--as-of", "2001-01-01"]):
        found = ch("tier", *words)
        assert (found.code, found.err.count("\n")) == (0, 1)
        assert "no sales in this period" in found.err
        empty = holds_to_schema(ch, "tier", "tier", *words)
        assert empty["rows"] == []
        assert empty["totals"] == {"net_sales": 0, "customers": 0, "lines": 0, "lines_without_customer": 0}
        assert len(empty["notes"]) == 1
        assert empty["notes"][0].endswith(": the data ends on 2024-05-31") == ("2030-01-01" in words)


@pytest.mark.usefixtures("sample")
def test_the_same_question_has_the_same_bytes(ch: Run) -> None:
    words = ["tier", "--quarter", "2024-Q2", "--format"]
    for format in ("json", "csv", "html", "md"):
        assert ch(*words, format).out == ch(*words, format).out


@pytest.mark.usefixtures("sample")
def test_people_read_words_where_programs_read_codes(ch: Run, tmp_path: Path) -> None:
    for format in ("table", "md", "html"):
        out = ch("tier", "--month", "2024-05", "--format", format).out
        assert ("net returns" in out, "net_returns" in out) == (True, False)
    for format in ("json", "csv"):
        assert "net_returns" in ch("tier", "--month", "2024-05", "--format", format).out
    assert ch("tier", "--month", "2024-05", "--output", "tiers.xlsx").code == 0
    values = CalamineWorkbook.from_path(tmp_path / "tiers.xlsx").get_sheet_by_index(0).to_python()
    assert [row[7] for row in values if row[1] == "C00027"] == ["net returns"]


@pytest.mark.usefixtures("sample")
def test_lines_without_a_customer_count_in_the_total_and_are_said(ch: Run) -> None:
    found = ch("tier", "--month", "2024-05")
    assert "3 lines name no customer: 1,029.93" in found.err
    assert "10,118,190.73" in found.out


# --- periods ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "months", "label"),
    [
        (["--month", "2024-04"], ["2024-04"], "Apr 2024"),
        (["--month", "2024年4月"], ["2024-04"], "Apr 2024"),
        (["--quarter", "2024-Q1"], ["2024-03"], "Q1 2024"),
        (["--quarter", "2024q2"], ["2024-04", "2024-05"], "Q2 2024"),
        (["--year", "2024"], MONTHS, "2024"),
        (["--year", "2024", "--as-of", "2024-04-30"], ["2024-03", "2024-04"], "2024 to 2024-04-30"),
        (["--from", "2024-04-01"], ["2024-04", "2024-05"], "2024-04-01 to 2024-05-31"),
        (["--from", "2024-03-01", "--to", "2024-04-30"], ["2024-03", "2024-04"], "2024-03-01 to 2024-04-30"),
        (["--all-time"], MONTHS, "all time"),
        (["--all-time", "--as-of", "2024.3.31"], ["2024-03"], "all time to 2024-03-31"),
        ([], MONTHS, "12 months to 2024-05-31"),
        (["--as-of", "2024-04-30"], ["2024-03", "2024-04"], "12 months to 2024-04-30"),
    ],
)
def test_a_period_takes_in_its_months_and_says_so(words: list[str], months: list[str], label: str, ch: Run) -> None:
    found = report(ch, "tier", *words)
    assert found["totals"]["net_sales"] == sum(D(EXPECTED["months"][month]["net_sales"]) for month in months)
    assert label in found["title"].split(" · ")


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("language", "names"),
    [("zh", {"分级汇总", "分群汇总"}), ("en", {"tiers", "segments"})],
)
def test_the_sheets_of_a_workbook_have_names_in_the_language(
    language: str, names: set[str], ch: Run, tmp_path: Path
) -> None:
    path = tmp_path / "tiers.xlsx"
    words = ("--lang", language, "tier", "--method", "rfm", "--month", "2024-05", "--output", path)
    assert ch(*words).code == 0
    assert names == set(CalamineWorkbook.from_path(path).sheet_names[1:])


@pytest.mark.usefixtures("sample")
def test_as_of_cuts_within_a_month(ch: Run) -> None:
    parts = [
        report(ch, "tier", "--month", "2024-05", "--as-of", "2024-05-15"),
        report(ch, "tier", "--from", "2024-05-16", "--to", "2024-05-31"),
    ]
    assert sum(part["totals"]["net_sales"] for part in parts) == D("10118190.725")
    assert all(part["totals"]["lines"] for part in parts)
    assert parts[0]["params"]["to"] == "2024-05-15"


def test_the_default_period_ends_with_the_last_sale_not_with_a_voided_line(ch: Run) -> None:
    path = sales(
        ("2024-03-15", "K1", "甲", "", "", "", 10),
        ("2024-04-20", "K1", "甲", "", "", "", 99, "作废"),
    )
    assert ch("import", path).code == 0
    found = report(ch, "tier")
    assert (found["params"]["from"], found["params"]["to"]) == ("2023-04-01", "2024-03-15")
    policy("[sales]\nno_sale_statuses = []\n")
    assert report(ch, "tier")["params"]["to"] == "2024-04-20"


def test_a_database_without_sales_grades_nobody(ch: Run) -> None:
    assert ch("init").code == 0
    found = report(ch, "tier")
    assert (found["rows"], found["params"]["to"]) == ([], "2024-06-03")


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--month", "2024-05", "--year", "2024"], "--month and --year both name a period"),
        (["--quarter", "2024-Q1", "--all-time"], "--quarter and --all-time both name a period"),
        (["--from", "2024-05-01", "--month", "2024-05"], "--month and --from both name a period"),
        (["--to", "2024-05-01"], "--to needs --from"),
        (["--month", "2024-05", "--to", "2024-05-01"], "--to needs --from"),
        (["--from", "2024-05-02", "--to", "2024-05-01"], "ends (2024-05-01) before it starts (2024-05-02)"),
        (["--month", "2024-13"], "“2024-13” is not a month"),
        (["--month", "May"], "“May” is not a month"),
        (["--month", ""], "“” is not a month"),
        (["--quarter", "2024-Q5"], "“2024-Q5” is not a quarter"),
        (["--year", "24"], "“24” is not a year"),
        (["--year", ""], "“” is not a year"),
        (["--from", "2024-02-30"], "“2024-02-30” is not a date"),
        (["--from", "2024-05-01", "--to", ""], "“” is not a date"),
        (["--as-of", "gestern"], "“gestern” is not a date"),
        (["--month", "2024-05", "--as-of", "2024-04-10"], "--as-of 2024-04-10 is before the period begins"),
        (["--month", "2024-05", "--month", "2024-04"], "--month is given 2 times"),
        (["explain", "C00001", "-f", "csv", "--format", "json"], "--format is given 2 times"),
        (["--method", "abcd"], "“abcd” is not a method"),
        (["--boundary", "inside"], "“inside” is not a boundary"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], said: str, ch: Run) -> None:
    found = ch("tier", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert found.err.count("\n") <= 2


# --- scopes ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("option", "one", "other", "param"),
    [
        ("--region", "JD", "江东省", "JD"),
        ("--office", "HZ", "杭州", "HZ"),
        ("--office", "hz", "杭州办事处", "HZ"),
        ("--channel", "direct", "直供", "direct"),
        ("--channel", "运营商直供", "OPERATOR", "operator"),
        ("--product", "P001", "X980", "P001"),
        ("--product", "p001", "Ｘ９８０", "P001"),
    ],
)
def test_a_scope_is_named_by_code_name_or_a_word_for_it(option: str, one: str, other: str, param: str, ch: Run) -> None:
    found = [report(ch, "tier", "--month", "2024-05", option, word) for word in (one, other)]
    assert found[0] == found[1]
    assert found[0]["rows"]
    assert found[0]["params"][option.removeprefix("--")] == param


@pytest.mark.usefixtures("sample")
def test_the_parts_of_every_scope_add_up_to_the_whole(ch: Run) -> None:
    whole = report(ch, "tier", "--month", "2024-05")["totals"]

    def total(option: str, words: list[str], key: str = "net_sales") -> Any:
        return sum(report(ch, "tier", "--month", "2024-05", option, word)["totals"][key] for word in words)

    products = [row["code"] for row in report(ch, "product", "list")["rows"]]
    assert total("--product", products) == whole["net_sales"]
    assert total("--product", products, "lines") == whole["lines"]
    assert total("--region", ["JD"]) == whole["net_sales"]
    named = whole["net_sales"] - D("1029.925")
    customers = report(ch, "customer", "list")["rows"]
    for option, field in (("--channel", "channel"), ("--industry", "industry")):
        words = sorted({row[field] for row in customers})
        assert total(option, words) == named, "lines without a customer are in no channel and no industry"
    reps = [row["code"] for row in report(ch, "rep", "list")["rows"]]
    assert total("--rep", reps, "lines") <= whole["lines"]


@pytest.mark.usefixtures("sample")
def test_scopes_narrow_each_other_and_stand_in_the_title(ch: Run) -> None:
    found = report(ch, "tier", "--month", "2024-05", "--office", "HZ", "--channel", "直供", "--product", "X980")
    alone = report(ch, "tier", "--month", "2024-05", "--office", "HZ")
    assert 0 < found["totals"]["lines"] < alone["totals"]["lines"]
    assert {"杭州", "direct", "X980"} <= set(found["title"].split(" · "))
    assert set(codes(found)) <= set(codes(alone))


def test_a_line_that_names_no_office_counts_for_the_customers_own(ch: Run) -> None:
    org = sheet("offices", "办事处编码 办事处 区域", [("HZ", "杭州", "江东"), ("NJ", "南京", "江北")])
    customers = sheet("customers", "客户编码 客户名称 办事处", [("K1", "甲", "杭州"), ("K2", "乙", "")])
    path = sales(
        ("2024-05-03", "K1", "甲", "", "", "", 10),
        ("2024-05-03", "K1", "甲", "南京", "", "", 20),
        ("2024-05-03", "K2", "乙", "", "", "", 40),
    )
    assert ch("import", org, customers, path).code == 0
    totals = {
        words: report(ch, "tier", "--month", "2024-05", *words)["totals"]["net_sales"]
        for words in ((), ("--office", "HZ"), ("--office", "NJ"), ("--region", "江东"), ("--region", "江北"))
    }
    assert [int(total) for total in totals.values()] == [70, 10, 20, 10, 20]


def test_a_line_without_a_rep_counts_for_the_customers_own(ch: Run) -> None:
    reps = sheet("reps", "工号 姓名", [("R1", "王伟"), ("R2", "李敏")])
    customers = sheet("customers", "客户编码 客户名称 客户经理", [("K1", "甲", "R1")])
    path = sales(("2024-05-03", "K1", "甲", "", "", "", 10), ("2024-05-03", "K1", "甲", "", "R2", "", 20))
    assert ch("import", reps, customers, path).code == 0
    for rep, total in (("R1", 10), ("王伟", 10), ("R2", 20)):
        assert report(ch, "tier", "--month", "2024-05", "--rep", rep)["totals"]["net_sales"] == total


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--office", "杭洲"], ["no office “杭洲”", "Did you mean 杭州?"]),
        (["--office", "hangzhou"], ["no office “hangzhou”", "Did you mean 杭州?"]),
        (["--office", "XY"], ["no office “XY”", "channelctl office list shows all 5."]),
        (["--office", ""], ["no office “”"]),
        (["--region", "江冬"], ["no region “江冬”", "Did you mean 江东省?"]),
        (["--product", "P01"], ["no product “P01”", "P001"]),
        (["--rep", "俞予按"], ["no rep “俞予按”", "Did you mean 俞予安"]),
        (["--channel", "网店"], ["no customer has the channel “网店”", "direct"]),
        (["--industry", "农业"], ["no customer has the industry “农业”", "通讯零售"]),
    ],
)
def test_an_unknown_scope_is_an_error_with_near_ones(words: list[str], said: list[str], ch: Run) -> None:
    found = ch("tier", *words)
    assert (found.code, found.out) == (2, "")
    for text in said:
        assert text in found.err


@pytest.mark.usefixtures("sample")
def test_a_channel_that_the_policy_knows_is_no_error_without_customers(ch: Run) -> None:
    policy('[customers.channels]\ndirect = ["直供"]\nonline = ["网店"]\n')
    for word in ("online", "网店"):
        found = report(ch, "tier", "--channel", word)
        assert (found["rows"], found["params"]["channel"]) == ([], "online")


# --- the screen ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sample")
def test_the_screen_sums_up_the_tiers_and_ends_with_what_matters(ch: Run) -> None:
    lines = ch("tier", "--month", "2024-05").out.splitlines()
    assert lines[0] == "ABC by net sales · May 2024 · 78 customers with sales · cut-offs 80 % and 95 %"
    assert lines[4].split() == ["A", "15", "19.2%", "8,183,881.19", "80.8%", "█" * 16, "20", "/", "80"]
    assert "15 of 78 customers (19.2%) reach 80.0% of net sales; the top 20.0% (16) come to 82.2%." in lines
    first = next(line for line in lines if "C00001" in line)
    assert first.split() == ["1", "C00001", "南京汀澜电器连锁有限公司", "1,570,083.77", "15.5%", "█" * 16, "15.5%", "A",
                             "overdue"]  # fmt: skip
