"""Rebate policies: taken from sheets, told in words, and what is odd about them."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.conftest import SAMPLE, Run
from tests.making import report, sheet
from tests.rebates import ledger
from tests.rebates.ledger import rules, sold, take

HEADS = "政策 版本 规则 政策名称 返利类型 开始日期 结束日期 达量门槛 返利 型号"
FIRST = ("DL", 1, 1, "达量", "达量返利", "2024-05-01", "2024-12-31", "400/1000", "20/80", "")
SECOND = ("DL", 2, 1, "达量", "达量返利", "2024-07-01", "2024-12-31", "300/1000", "20/80", "X980")
SALE = ("2024-05-02", "S1", "C1", 400)


def policies(*rows: Sequence[object], name: str = "policies") -> Path:
    return sheet(name, HEADS, rows)


def findings(ch: Run) -> list[tuple[str, ...]]:
    return [
        tuple(row[name] for name in ("check", "policy", "rule", "said"))
        for row in report(ch, "rebate", "policy", "lint")["rows"]
    ]


def test_the_sample_policies_are_told_in_words(ch: Run, sample: Path) -> None:
    found = {
        code: report(ch, "rebate", "policy", "show", code)["rows"][0]["pays"]
        for code in ("TH2024", "DL2024", "HY2024", "JD2024")
    }
    assert found == {
        "TH2024": "15.00 yuan a unit",
        "DL2024": "from 400 units 20.00 yuan a unit; from 1,000 units 80.00 yuan a unit (on all of it)",
        "HY2024": "100.00 yuan a unit registered",
        "JD2024": "from 500,000.00 yuan 0.5 % of net sales; from 1,000,000.00 yuan 1 % of net sales;"
        " from 2,000,000.00 yuan 1.5 % of net sales (each on what is above it)",
    }
    done = ch("rebate", "policy", "lint")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("nothing odd was found\n")


def test_import_by_its_own_name_is_the_import_of_everything(ch: Run) -> None:
    file = SAMPLE / "返利政策.xlsx"
    first = ch("rebate", "policy", "import", file)
    assert first.code == 0
    assert "read as rebate rules (18 of 18 columns)" in first.out + first.err
    again = ch("import", file, "--kind", "rebate-rule")
    assert "返利政策.xlsx: imported before as batch 1 on 2024-06-03 (same content). Nothing to do." in again.out
    assert [row["policy"] for row in report(ch, "rebate", "policy", "list")["rows"]] == [
        "DL2024",
        "HY2024",
        "JD2024",
        "TH2024",
    ]


@pytest.mark.parametrize(("suffix", "language"), [("csv", "en"), ("csv", "zh"), ("xlsx", "en"), ("xlsx", "zh")])
def test_what_is_exported_comes_back_the_same(ch: Run, sample: Path, suffix: str, language: str) -> None:
    for kind in ("rebate-rule", "activation"):
        file = f"{kind}.{suffix}"
        assert ch("--lang", language, "export", kind, "--output", file).code == 0
        before = ch("export", kind, "--format", "csv").out
        again = ch("import", file)
        assert (again.code, ch("export", kind, "--format", "csv").out) == (0, before)
        assert "everything in it is there already" in again.out + again.err


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("DL", 1, 1, "", "达量返利", "2024-05-01", "", "400/1000", "20", ""), "2 thresholds, but 1 rates"),
        (
            ("DL", 1, 1, "", "量大返利", "2024-05-01", "", "", "20", ""),
            "“量大返利” is none of 提货返利, 达量返利,",
        ),
        (("DL", 1, 1, "", "达量返利", "2024-05-01", "2024-04-01", "", "20", ""), "it ends (2024-04-01) before"),
        (("DL", 1, 1, "", "达量返利", "2024-05-01", "", "", "", ""), "Rates is blank"),
    ],
)
def test_a_row_that_is_no_rule_is_refused(ch: Run, row: Sequence[object], said: str) -> None:
    done = ch("import", policies(row))
    assert done.code == 3
    assert said in done.out


@pytest.mark.parametrize(
    ("fields", "where", "said"),
    [
        (
            {"rates": 0.02, "unit": "百分比"},
            "rates",
            "“0.02” may be 2%, kept by Excel as a fraction: write 2%, or 0.02%",
        ),
        ({"rates": 0.02}, "rates", "“0.02” may be 2%, kept by Excel as a fraction: write 2%, or 0.02元/台"),
        ({"unit": "元"}, "unit", "“元” is none of 元/台, 百分比, 定额"),
        ({"rates": dt.date(2024, 10, 20)}, "rates", "“2024-10-20” is a date: Excel makes one of 10/20"),
        (
            {"thresholds": dt.date(2024, 10, 20), "rates": "5/6"},
            "thresholds",
            "“2024-10-20” is a date: Excel makes one",
        ),
    ],
)
def test_what_excel_made_of_a_cell_is_not_guessed(ch: Run, fields: dict[str, Any], where: str, said: str) -> None:
    names = FIELDS.split()
    book, row = Workbook(), odd(**fields)
    page = book.active
    assert page is not None
    page.append(ODD.split())
    page.append([value or None for value in row])
    if isinstance(fields.get("rates"), float):
        page.cell(2, names.index("rates") + 1).number_format = "0%"
    book.save("rules.xlsx")
    done = ch("import", "rules.xlsx")
    assert done.code == 3
    assert f"  rules.xlsx!Sheet!{chr(65 + names.index(where))}2  E34" in done.out
    assert said in done.out


@pytest.mark.parametrize(
    ("word", "priority", "meeting"),
    [("是", "", "both"), ("否", "", "best"), ("不叠加", "", "best"), ("否", "2", "priority"), ("取高", "2", "best")],
)
def test_whether_policies_add_up_is_said_with_yes_or_no(ch: Run, word: str, priority: str, meeting: str) -> None:
    heads = ODD.replace("叠加", "是否叠加")
    take(ch, sheet("odd", heads, [odd(meeting=word, priority=priority)]))
    [row] = report(ch, "rebate", "rule", "list")["rows"]
    assert row["meeting"] == meeting


@pytest.mark.parametrize("word", ["长期", "永久", "长期有效", "until further notice"])
def test_a_rule_for_good_has_no_last_day(ch: Run, word: str) -> None:
    take(ch, sheet("odd", ODD, [odd(until=word)]))
    [row] = report(ch, "rebate", "rule", "list")["rows"]
    assert row["last_day"] is None


def test_words_that_name_nothing_are_said_at_import(ch: Run) -> None:
    take(ch, sold("may", SALE))
    file = sheet("odd", ODD, [odd(product="X980、C1"), odd(policy="Q", product="X980 X930", channel="网商")])
    done = ch("import", file, "--warnings")
    assert done.code == 0
    found = [line.split("  ", 3)[1:] for line in (done.out + done.err).splitlines() if "W121" in line]
    assert found == [
        ["odd.csv:2", "W121", "型号: no product, or more than one, is called C1"],
        ["odd.csv:3", "W121", "渠道: no customer is of channel 网商"],
        ["odd.csv:3", "W121", "型号: no product, or more than one, is called X980 X930"],
    ]
    known = ch("import", sheet("good", ODD, [odd(policy="R", product="X980")]))
    assert "W121" not in known.out + known.err


@pytest.mark.parametrize("words", ["全部", "所有", "不限", "any", "全部、不限"])
def test_words_for_any_leave_a_scope_open(ch: Run, words: str) -> None:
    take(ch, sold("may", SALE))
    heads = "政策 返利类型 开始日期 返利 型号 渠道 客户 品类 等级 合约计划"
    row = ("P", "达量返利", "2024-05-01", 5, words, "全渠道", f"{words}、所有客户", "全品类", words, "不限")
    done = ch("import", sheet("any", heads, [row]))
    assert (done.code, "W121" in done.out) == (0, False)
    assert report(ch, "rebate", "policy", "show", "P")["rows"][0]["scope"] == "all"
    assert [row["base"] for row in report(ch, "rebate", "accrue", "--month", "2024-05")["rows"]] == [400]


def test_any_beside_a_word_is_a_word_like_others(ch: Run) -> None:
    take(ch, sold("may", SALE))
    done = ch("import", sheet("odd", ODD, [odd(product="全部、除X930")]))
    assert "型号: no product, or more than one, is called 全部, 除X930" in done.out


@pytest.mark.parametrize("partly", [False, True])
def test_words_that_a_later_file_explains_are_not_said(ch: Run, partly: bool) -> None:
    words = "X980、X981" if partly else "X980"
    rules = sheet("odd", ODD, [odd(product=words), odd(policy="Q", product="X980")])
    done = ch("import", rules, sold("may", SALE), "--warnings")
    said = [line.split("  ", 3)[1:] for line in (done.out + done.err).splitlines() if "W121" in line]
    wanted = ["odd.csv:2", "W121", "型号: no product, or more than one, is called X981"]
    assert (done.code, said) == (0, [wanted] if partly else [])


def test_words_that_a_later_sheet_of_the_book_explains_are_not_said(ch: Run) -> None:
    book, row = Workbook(), odd(product="X980")
    page = book.active
    assert page is not None
    page.append(ODD.split())
    page.append([value or None for value in row])
    products = book.create_sheet("产品")
    products.append(["产品编码", "型号", "品牌"])
    products.append(["P1", "X980", "A"])
    book.save("all.xlsx")
    done = ch("import", "all.xlsx", "--warnings")
    assert (done.code, "W121" in done.out + done.err) == (0, False), done.out


@pytest.mark.parametrize(("language", "first"), [("en", "pick-up"), ("zh", "提货返利")])
def test_the_template_offers_the_words_and_takes_others(ch: Run, language: str, first: str) -> None:
    assert ch("--lang", language, "template", "rebate-rule").code == 0
    page = load_workbook("rebate-rule.xlsx").worksheets[0]
    lists = [one for one in page.data_validations.dataValidation if one.type == "list" and one.errorStyle == "warning"]
    assert len(lists) == 6
    assert (lists[0].formula1 or "").startswith(f'"{first},')


def test_a_rule_is_added_changed_and_refused_by_hand(ch: Run) -> None:
    take(ch, policies(FIRST))
    words = ("type=提货返利", "valid_from=2024-05-01", "rates=15")
    added = ch("rebate", "rule", "add", "policy=TH", *words)
    assert (added.code, added.out.splitlines()[0]) == (0, "rebate rule · TH 1 1 · added"), added.err
    assert ch("rebate", "rule", "set", "TH", "1", "1", "rates=16").code == 0
    assert report(ch, "rebate", "policy", "show", "th")["rows"][0]["pays"] == "16.00 yuan a unit"
    refused = ch("rebate", "rule", "set", "DL", "1", "1", "rates=15")
    assert refused.code == 2
    assert "2 thresholds, but 1 rates" in refused.err
    assert report(ch, "rebate", "policy", "show", "DL")["rows"][0]["pays"].startswith(
        "from 400 units 20.00 yuan a unit"
    )


def test_the_first_version_is_told_with_its_terms_and_the_last_says_how_to_see_it(ch: Run) -> None:
    heads = "政策 版本 返利类型 开始日期 达量门槛 返利 封顶 起付 叠加"
    first = ("P", 1, "达量返利", "2024-05-01", "50", "10", 5000, 800, "取高")
    second = ("P", 2, "达量返利", "2024-06-01", "50", "10", 4000, "", "取高")
    take(ch, sheet("policies", heads, [first, second]))
    terms = "at most 5,000.00; nothing below 800.00; the best pays"
    assert [row["change"] for row in report(ch, "rebate", "policy", "versions", "P")["rows"]] == [
        f"from 50 units 10.00 yuan a unit (on all of it); {terms}",
        f"terms: {terms}, now at most 4,000.00; the best pays",
    ]
    assert ch("rebate", "policy", "show", "P").out.splitlines()[-2:] == [
        "Version 1: channelctl rebate policy show P --version 1",
        "All versions: channelctl rebate policy versions P",
    ]


def test_versions_say_what_each_changed(ch: Run) -> None:
    take(ch, policies(FIRST, SECOND, ("DL", 2, 2, "", "提货返利", "2024-07-01", "2024-12-31", "", "5", "")))
    found = report(ch, "rebate", "policy", "versions", "DL")["rows"]
    assert [(row["version"], row["counts"], row["rule"], row["change"]) for row in found] == [
        (
            "1",
            "2024-05-01 to 2024-06-30",
            "1",
            "from 400 units 20.00 yuan a unit; from 1,000 units 80.00 yuan a unit (on all of it)",
        ),
        (
            "2",
            "2024-07-01 to 2024-12-31",
            "1",
            "pays: from 400 units 20.00 yuan a unit; from 1,000 units 80.00 yuan a unit (on all of it), now from 300"
            " units 20.00 yuan a unit; from 1,000 units 80.00 yuan a unit (on all of it); scope: all, now X980",
        ),
        ("2", "2024-07-01 to 2024-12-31", "2", "new: 5.00 yuan a unit"),
    ]
    shown = report(ch, "rebate", "policy", "show", "DL", "--version", "1")["rows"]
    assert [row["version"] for row in shown] == ["1"]
    listed = report(ch, "rebate", "policy", "list")["rows"]
    assert [(row["version"], row["rules"], row["counts"]) for row in listed] == [
        ("1", 1, "2024-05-01 to 2024-06-30"),
        ("2", 2, "2024-07-01 to 2024-12-31"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "DLL"), "no rebate policy “DLL”\nDid you mean DL?\n"),
        (("versions", "QQ"), "no rebate policy “QQ”\nThere are: DL\n"),
        (("show", "DL", "--version", "7"), "policy DL has no version 7\nIt has: 1\n"),
    ],
)
def test_what_there_is_not_is_said_with_what_there_is(ch: Run, words: Sequence[str], said: str) -> None:
    take(ch, rules())
    done = ch("rebate", "policy", *words)
    assert (done.code, done.out, done.err) == (2, "", f"channelctl: error: {said}")


ODD = (
    "政策 版本 规则 返利类型 开始日期 结束日期 周期 计量 计算 返利方式 达量门槛 返利 渠道 型号 合约计划"
    " 封顶 起付 叠加 优先级"
)
FIELDS = (
    "policy version rule type since until window basis method unit thresholds rates channel product plan"
    " cap least meeting priority"
)


def odd(**fields: object) -> tuple[object, ...]:
    plain = {"policy": "P", "type": "达量返利", "since": "2024-05-01", "until": "2024-12-31", "rates": "5"}
    return tuple((plain | fields).get(name, "") for name in FIELDS.split())


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([odd()], []),
        (
            [odd(thresholds="400/1000", rates="80/20")],
            [("brackets", "P", "1", "from 1,000 on the rate falls: there more earns less than just below")],
        ),
        ([odd(method="超额", thresholds="0/1000", rates="80/20")], []),
        ([odd(rates="0.02%", unit="百分比")], [("percent", "P", "1", "the rate is 0.02 %: if 2 % is meant, write 2%")]),
        ([odd(rates="200%")], [("percent", "P", "1", "the rate is 200 % of net sales")]),
        ([odd(rates="0")], [("brackets", "P", "1", "a rate is 0")]),
        (
            [odd(channel="直供、分销"), odd(policy="Q", product="X980、X1")],
            [("scope", "P", "1", "no customer is of channel direct, distribution"),
             ("idle", "P", "1", "no sale counts for it"),
             ("scope", "Q", "1", "no product, or more than one, is called X1")],
        ),
        (
            [odd(window="季", until="2024-05-31")],
            [("window", "P", "1", "its days, 2024-05-01 to 2024-05-31, are shorter than its window (quarter)")],
        ),
        ([odd(window="月", until="2024-05-31")], []),
        ([odd(window="整个政策期", until="2024-05-20")], []),
        ([odd(type="合约返利", basis="台数")],
         [("terms", "P", "1", "a contract rebate that does not count registrations")]),
        (
            [odd(type="合约返利")],
            [("terms", "P", "1", "it names no operator plan: registrations under any plan count"),
             ("idle", "P", "1", "no registration counts for it")],
        ),
        (
            [odd(cap=10, least=20)],
            [("terms", "P", "1", "the cap, 10.00, is below the least that is paid, 20.00: it never pays")],
        ),
        (
            [odd(), odd(version=2, since="2024-06-01")],
            [("versions", "P", None, "a higher version holds some of its days: it counts 2024-05-01 to 2024-05-31"),
             ("idle", "P", "1", "no sale counts for it")],
        ),
        (
            [odd(since="2024-05-02"), odd(version=2)],
            [("versions", "P", None, "it never counts: higher versions hold all its days")],
        ),
        (
            [odd(meeting="按优先级", priority=1), odd(policy="Q", meeting="按优先级", priority=1)],
            [("meeting", "P", "1", "policy Q has the same priority, 1: P comes first by its code"),
             ("idle", "Q", "1", "no sale counts for it")],
        ),
        (
            [odd(policy=code, type="合约返利", plan="预存", meeting="按优先级", priority=1) for code in ("P", "Q")],
            [("idle", code, "1", "no registration counts for it") for code in ("P", "Q")],
        ),
    ],
)  # fmt: skip
def test_lint(ch: Run, rows: Sequence[Any], found: Sequence[tuple[Any, ...]]) -> None:
    take(ch, sold("may", SALE))
    take(ch, sheet("odd", ODD, rows))
    assert findings(ch) == found
    assert ch("rebate", "policy", "lint").code == bool(found)


def test_without_a_policy_each_command_says_how_to_get_one(ch: Run) -> None:
    take(ch, sold("may", SALE))
    for word in ("list", "lint"):
        done = ch("rebate", "policy", word)
        assert done.err == "there are no rebate rules yet: channelctl rebate policy import FILE\n"
        assert done.code == 0


def test_a_payout_and_an_activation_go_by_the_words_of_the_sheet(ch: Run) -> None:
    take(ch, ledger.rules(), sold("may", ("2024-05-02", "S1", "C1", 1000)))
    assert ch("rebate", "settle", "--month", "2024-05", "--force").code == 0
    take(
        ch,
        sheet(
            "paid", "兑付单号 日期 客户 兑付金额 兑付形式 兑付状态", [("FL1", "2024-06-02", "C1", 500, "货补", "计划")]
        ),
    )
    row = report(ch, "rebate", "payout", "show", "FL1")["rows"][0]
    assert (row["form"], row["state"]) == ("goods", "planned")
    wrong = ch(
        "import",
        sheet(
            "wrong", "兑付单号 日期 客户 兑付金额 兑付形式 兑付状态", [("FL2", "2024-06-02", "C1", 5, "现金", "计划")]
        ),
    )
    assert "“现金” is none of 贷项, 货补, 抵货款" in wrong.out
