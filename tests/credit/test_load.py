"""Receivables, payments and limits from sheets as they really look, imported, changed, undone and taken out again."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import running
from tests.conftest import Run
from tests.making import EXPECTED, exact, policy, report, sheet
from tests.running import run
from tests.sheets import written
from tests.tables import contents, examples

OWED = "客户 应收单号 单据日期 应收类型 应收金额 到期日 账期"
FULL = "客户 应收单号 单据日期 应收类型 应收金额 已收金额 未收金额"
PAID = "客户 回款单号 回款日期 回款金额 付款单据"
MAY = "2024-05-03"

Row = Sequence[object]


def taken(ch: Run, path: Path, *words: object) -> tuple[int, int, int, int]:
    """New, changed, there already, refused."""
    found = ch("import", path, *words, "--format", "json").data["rows"][0]
    return found["new"], found["changed"], found["existing"], found["rejected"]


def problems(ch: Run, path: Path) -> list[tuple[int | None, str]]:
    return [(one["row"], one["code"]) for one in ch("import", path, "--format", "json").data["problems"]]


def receivables(ch: Run, *fields: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in fields) for row in report(ch, "receivable", "list")["rows"]]


@pytest.mark.parametrize(
    ("type_", "amount", "kept"),
    [
        ("", 100, ("invoice", 100)),
        ("", -100, ("credit_note", 100)),
        ("发票", 100, ("invoice", 100)),
        ("发票", -100, ("credit_note", 100)),
        ("红字发票", -100, ("credit_note", 100)),
        ("红字发票", 100, ("credit_note", 100)),
        ("期初", 100, ("opening", 100)),
        ("期初", -100, ("credit_note", 100)),
        ("", "(1,234.50)", ("credit_note", Decimal("1234.5"))),
    ],
)
def test_a_credit_note_is_kept_above_zero(ch: Run, type_: str, amount: object, kept: tuple[str, object]) -> None:
    assert taken(ch, sheet("owed", OWED, [("甲", "F1", MAY, type_, amount, "", "")])) == (1, 0, 0, 0)
    assert receivables(ch, "type", "amount") == [kept]


def test_an_invoice_below_zero_is_said_to_be_taken_as_a_credit_note(ch: Run) -> None:
    rows = [("甲", "F1", MAY, "发票", -100, "", ""), ("甲", "F2", MAY, "红字发票", -100, "", "")]
    assert problems(ch, sheet("owed", OWED, rows)) == [(2, "W128")]


@pytest.mark.parametrize(
    ("due", "terms", "kept"),
    [
        ("2024-07-01", "30", "2024-07-01"),
        ("", "", "2024-06-02"),
        ("", "45天", "2024-06-17"),
        ("", "月结", "2024-05-31"),
        ("", "月结30天", "2024-06-30"),
        ("", "现款", MAY),
        ("2024-05-20", "见合同", "2024-05-20"),
    ],
)
def test_a_document_is_due_as_it_says_else_by_its_terms_else_by_the_policys(
    ch: Run, due: str, terms: str, kept: str
) -> None:
    assert taken(ch, sheet("owed", OWED, [("甲", "F1", MAY, "", 100, due, terms)])) == (1, 0, 0, 0)
    assert receivables(ch, "due_date") == [(kept,)]


def test_terms_of_the_customer_in_force_come_before_those_of_the_policy(ch: Run) -> None:
    policy('[credit]\nterms = "10"\n')
    limits = [("甲", "2024-05-01", 1000, "60天"), ("乙", "2024-06-01", 1000, "60天")]
    assert ch("import", sheet("limits", "客户 生效日期 信用额度 账期", limits)).code == 0
    rows = [("甲", "F1", MAY, "", 1, "", ""), ("乙", "F1", MAY, "", 1, "", ""), ("甲", "F2", MAY, "", -1, "", "")]
    assert ch("import", sheet("owed", OWED, rows)).code == 0
    assert sorted(receivables(ch, "customer", "number", "due_date")) == [
        ("乙", "F1", "2024-05-13"), ("甲", "F1", "2024-07-02"), ("甲", "F2", MAY),
    ]  # fmt: skip


def test_terms_that_cannot_be_read_are_refused_where_they_are_needed(ch: Run) -> None:
    assert problems(ch, sheet("owed", OWED, [("甲", "F1", MAY, "", 100, "", "看情况")])) == [(2, "E369")]
    assert problems(ch, sheet("limits", "客户 信用额度 账期", [("甲", 100, "看情况")])) == [(2, "E369")]


def test_a_worked_out_day_follows_the_terms_and_a_given_one_stays(ch: Run) -> None:
    first = [("甲", "F1", MAY, "", 100, "", "30"), ("甲", "F2", MAY, "", 100, "2024-09-09", "")]
    assert taken(ch, sheet("first", OWED, first)) == (2, 0, 0, 0)
    second = [("甲", "F1", MAY, "", 100, "", "60"), ("甲", "F2", MAY, "", 100, "", "")]
    assert taken(ch, sheet("second", OWED, second)) == (0, 1, 1, 0)
    assert receivables(ch, "number", "due_date") == [("F1", "2024-07-02"), ("F2", "2024-09-09")]
    assert ch("batch", "undo", 2).code == 0
    assert receivables(ch, "number", "due_date") == [("F1", "2024-06-02"), ("F2", "2024-09-09")]


@pytest.mark.parametrize(
    ("received", "settled", "said"),
    [
        (100, MAY, None),
        (0, "", None),
        (150, "", "150.00 was received of 100.00"),
        (-20, "", "-20.00 was received of 100.00"),
        ("", "2024-05-02", "it was settled on 2024-05-02, before its own day"),
    ],
)
def test_money_that_does_not_fit_its_document_is_said(
    ch: Run, received: object, settled: str, said: str | None
) -> None:
    headings = "客户 应收单号 单据日期 应收金额 已收金额 结清日期"
    found = ch("import", sheet("owed", headings, [("甲", "F1", MAY, 100, received, settled)]), "--format", "json")
    odd = [(one["row"], one["message"]) for one in found.data["problems"] if one["code"] == "W141"]
    assert (found.code, odd) == (0, [(2, said)] if said else [])


@pytest.mark.parametrize(("last", "codes"), [("2024-04-30", [(2, "E361")]), ("2024-05-03", []), ("", [])])
def test_a_limit_does_not_end_before_it_begins(ch: Run, last: str, codes: list[tuple[int, str]]) -> None:
    assert problems(ch, sheet("limits", "客户 生效日期 失效日期 信用额度", [("甲", MAY, last, 100)])) == codes
    asked = sheet("asked", "申请编号 客户 申请日期 额度有效期至 申请人 申请额度", [("SX1", "甲", MAY, last, "王", 100)])
    assert problems(ch, asked) == codes


def test_a_document_due_before_its_day_is_said(ch: Run) -> None:
    assert problems(ch, sheet("owed", OWED, [("甲", "F1", MAY, "", 100, "2023-06-02", "")])) == [(2, "W130")]


@pytest.mark.parametrize(
    ("amount", "received", "rest", "kept", "codes"),
    [
        (100, 30, 70, (100, 30), ["W129"]),
        (100, "", 70, (100, 30), ["W129"]),
        (100, "", 100, (100, 0), []),
        ("", "", 70, (70, None), []),
        ("", 30, 70, (100, 30), ["W129"]),
        (100, 30, 60, (100, 30), ["W127", "W129"]),
        (100, "", 120, (100, None), ["W127"]),
        (-100, -30, -70, (100, 30), ["W129"]),
        (-100, "", -70, (100, 30), ["W129"]),
    ],
)
def test_received_and_outstanding_are_held_against_each_other(
    ch: Run, amount: object, received: object, rest: object, kept: tuple[object, object], codes: list[str]
) -> None:
    found = problems(ch, sheet("owed", FULL, [("甲", "F1", MAY, "", amount, received, rest)]))
    assert [code for _row, code in found] == codes
    assert receivables(ch, "amount", "received") == [kept]


def test_the_contradiction_is_said_in_figures(ch: Run) -> None:
    done = ch("import", sheet("owed", FULL, [("甲", "F1", MAY, "", 1000, 300, 600)]), "--format", "json")
    assert done.data["problems"][0]["message"] == (
        "600.00 outstanding, but 1,000.00 less 300.00 received is 700.00; the latter was taken"
    )


def test_a_number_may_be_left_out_of_an_opening_balance_only(ch: Run) -> None:
    rows = [("甲", "", MAY, "期初", 100, "", ""), ("乙", "期初余额", MAY, "", 50, "", "")]
    assert taken(ch, sheet("owed", OWED, rows)) == (2, 0, 0, 0)
    assert receivables(ch, "number", "type") == [("期初", "opening"), ("期初余额", "opening")]
    assert problems(ch, sheet("more", OWED, [("甲", "", MAY, "", 100, "", "")])) == [(2, "E201")]
    assert problems(ch, sheet("other", OWED, [("甲", "F9", MAY, "收据", 100, "", "")])) == [(2, "E356")]


def test_a_ledger_as_an_erp_prints_it(ch: Run) -> None:
    table: list[list[Any]] = [
        ["应收账款明细表"],
        ["截至2024年5月31日", "", "", "", "", "单位：元"],
        ["客户名称", "发票号", "发票日期", "到期日", "金额（含税）", "未收余额"],
        ["甲公司", "F1", "2024.5.3", "2024年6月2日", "1,170.00", "1,170.00"],
        ["甲公司", "F2", "20240510", dt.date(2024, 6, 9), 585, 85],
        ["小计", "", "", "", 1755, 1255],
        ["乙商行", "F1", "2024/5/20", "", "-117.00", "-117.00"],
        ["合计", "", "", "", 1638, 1138],
        ["制表：王伟"],
    ]
    done = ch("import", written.book(Path("应收账款_2024-05.xlsx"), {"明细": table}), "--format", "json")
    row = done.data["rows"][0]
    assert (done.code, row["kind"], row["new"], row["skipped"]) == (0, "receivable", 3, 3)
    assert receivables(ch, "customer", "number", "date", "due_date", "amount", "received", "type") == [
        ("甲公司", "F1", "2024-05-03", "2024-06-02", 1170, 0, "invoice"),
        ("甲公司", "F2", "2024-05-10", "2024-06-09", 585, 500, "invoice"),
        ("乙商行", "F1", "2024-05-20", "2024-05-20", 117, 0, "credit_note"),
    ]


def test_payments_without_numbers_are_told_apart_by_day_amount_and_place(ch: Run) -> None:
    rows = [
        ("甲", "", MAY, 500, "F1"),
        ("甲", "", MAY, "500.00", ""),
        ("乙", "", MAY, 500, ""),
        ("甲", "K1", MAY, 500, ""),
    ]
    assert taken(ch, sheet("paid", PAID, rows)) == (4, 0, 0, 0)
    assert taken(ch, sheet("again", PAID, [*rows, ("甲", "", MAY, -500, "")])) == (1, 0, 4, 0)
    found = report(ch, "payment", "list")["rows"]
    assert [(row["customer"], row["number"], row["amount"], row["document"]) for row in found] == [
        ("甲", "2024-05-03/-500", -500, None),
        ("甲", "2024-05-03/500", 500, "F1"),
        ("甲", "2024-05-03/500#2", 500, None),
        ("甲", "K1", 500, None),
        ("乙", "2024-05-03/500", 500, None),
    ]


def test_a_limit_that_was_there_before_comes_in_once(ch: Run) -> None:
    first = sheet("limits", "客户 信用额度", [("甲", 1000), ("乙", 0), ("丙", "")])
    assert taken(ch, first) == (3, 0, 0, 0)
    assert taken(ch, sheet("same", "客户 信用额度 备注", [("甲", 1000, ""), ("丙", "", "")])) == (0, 0, 2, 0)
    for amount in (2000, 0):
        assert problems(ch, sheet(f"other{amount}", "客户 信用额度", [("甲", amount)])) == [(2, "E353")]
    later = sheet("later", "客户 生效日期 信用额度", [("甲", "2024-06-01", 2000)])
    assert problems(ch, later) == [(2, "E353")]
    kept = exact(ch("export", "credit-limit", "--format", "json"))["rows"]
    assert {row["customer"]: row["limit_amount"] for row in kept} == {"甲": 1000, "乙": 0, "丙": None}


def test_a_limit_with_a_day_is_found_by_a_sheet_without_one(ch: Run) -> None:
    assert taken(ch, sheet("dated", "客户 生效日期 信用额度", [("甲", "2024-01-01", 1000)])) == (1, 0, 0, 0)
    assert taken(ch, sheet("plain", "客户 信用额度", [("甲", 1000)])) == (0, 0, 1, 0)


def test_a_receivable_is_added_changed_and_removed_by_hand(ch: Run) -> None:
    assert ch("import", sheet("customers", "客户编码 客户名称", [("C1", "甲")])).code == 0
    assert ch("receivable", "add", "C1", "F1", f"date={MAY}", "amount=100").code == 0
    assert receivables(ch, "number", "type", "due_date") == [("F1", "invoice", "2024-06-02")]
    assert ch("receivable", "set", "C1", "F1", "due_date=2024-08-01").code == 0
    assert ch("receivable", "set", "C1", "F1", "amount=120").code == 0
    assert receivables(ch, "amount", "due_date") == [(120, "2024-08-01")]
    refused = ch("receivable", "set", "C1", "F1", "due_date=")
    assert (refused.code, refused.err.splitlines()[0]) == (2, "channelctl: error: Due date cannot be blank")
    assert ch("receivable", "remove", "C1", "F1").code == 0
    assert receivables(ch, "number") == []


def test_two_customers_with_a_document_of_the_same_number_do_not_become_one(ch: Run) -> None:
    customers = [("C1", "甲"), ("C2", "乙")]
    assert ch("import", sheet("customers", "客户编码 客户名称", customers)).code == 0
    rows = [("甲", "001", MAY, "", 100, "", ""), ("乙", "001", MAY, "", 50, "", ""), ("乙", "002", MAY, "", 7, "", "")]
    assert ch("import", sheet("owed", OWED, rows)).code == 0
    assert ch("import", sheet("paid", PAID, [("乙", "K2", MAY, 7, "002")])).code == 0
    before = contents(Path("channel.db"))
    refused = ch("customer", "merge", "C2", "C1")
    assert refused.code != 0
    assert refused.err.splitlines()[:2] == [
        "channelctl: error: C2 cannot be merged into C1: both have what there can be only one of",
        "  receivables: take one away first: channelctl receivable remove C2 001",
    ]
    assert contents(Path("channel.db")) == before
    assert ch("receivable", "remove", "C2", "001").code == 0
    assert ch("customer", "merge", "C2", "C1").code == 0
    assert receivables(ch, "customer_code", "number") == [("C1", "001"), ("C1", "002")]
    assert [row["customer_code"] for row in report(ch, "payment", "list")["rows"]] == ["C1"]


def test_a_merge_leaves_a_customer_one_opening_limit(ch: Run) -> None:
    assert ch("import", sheet("customers", "客户编码 客户名称", [("C1", "甲"), ("C2", "乙")])).code == 0
    limits = [("甲", "2024-01-01", 1000), ("乙", "2024-02-01", 2000)]
    assert ch("import", sheet("limits", "客户 生效日期 信用额度", limits)).code == 0
    before = contents(Path("channel.db"))
    assert ch("customer", "merge", "C2", "C1") == (
        3,
        "",
        "channelctl: error: C2 cannot be merged into C1: both have what there can be only one of\n"
        "  credit limits: take one away first: channelctl credit limit remove C2 2024-02-01 opening\n",
    )
    assert contents(Path("channel.db")) == before
    assert ch("credit", "limit", "remove", "C2", "2024-02-01", "opening").code == 0
    assert ch("customer", "merge", "C2", "C1").code == 0
    kept = exact(ch("export", "credit-limit", "--format", "json"))["rows"]
    assert [(row["customer_code"], row["valid_from"], row["limit_amount"]) for row in kept] == [
        ("C1", "2024-01-01", 1000)
    ]


def test_an_opening_limit_and_none_become_one(ch: Run) -> None:
    assert ch("import", sheet("customers", "客户编码 客户名称", [("C1", "甲"), ("C2", "乙")])).code == 0
    assert ch("import", sheet("limits", "客户 生效日期 信用额度", [("乙", "2024-02-01", 2000)])).code == 0
    assert ch("customer", "merge", "C2", "C1").code == 0
    kept = exact(ch("export", "credit-limit", "--format", "json"))["rows"]
    assert [(row["customer_code"], row["limit_amount"]) for row in kept] == [("C1", 2000)]


def test_a_record_that_stands_twice_is_said_with_its_other_row(ch: Run) -> None:
    rows = [("甲", "F1", MAY, "", 1, "", ""), ("甲", "F2", MAY, "", 2, "", ""), ("甲", "F1", MAY, "", 3, "", "")]
    found = ch("import", sheet("owed", OWED, rows), "--format", "json").data["problems"]
    assert [(one["row"], one["code"], one["message"]) for one in found] == [
        (4, "E302", "row 2 holds the same record with other contents")
    ]


def test_a_later_sheet_that_overlaps_adds_what_is_new_and_undo_takes_only_that(ch: Run) -> None:
    one, two, three = (("甲", f"F{n}", MAY, "", n, "", "") for n in (1, 2, 3))
    assert taken(ch, sheet("first", OWED, [one, two])) == (2, 0, 0, 0)
    assert taken(ch, sheet("second", OWED, [two, three, three])) == (1, 0, 2, 0)
    assert taken(ch, sheet("third", OWED, [three, (*three[:4], 4, "", "")])) == (0, 0, 1, 1)
    assert ch("batch", "undo", 2).code == 0
    assert receivables(ch, "number") == [("F1",), ("F2",)]


TABLES: dict[str, tuple[str, list[Row]]] = {
    "receivable": (
        "客户编码 客户 应收单号 单据日期 应收类型 应收金额 税额 账期 到期日 关联单号 结清日期 已收金额 有争议 备注",
        [
            ("C1", "甲", "F1", MAY, "", "1170.00", "170", "月结", "", "XS1、XS2", "", 5, "是", "-1"),
            ("C1", "甲", "F2", MAY, "", "-0.0001", "", "", "", "F1", "", "", "", ""),
            ("C1", "甲", "", MAY, "期初", 9, "", "", "2024-05-01", "", "2024-05-09", "", "否", "=1+1"),
        ],
    ),
    "payment": (
        "客户编码 客户 回款单号 回款日期 回款金额 付款单据 回款方式 备注",
        [
            ("C1", "甲", "", MAY, "1.5", "", "电汇", ""),
            ("C1", "甲", "", MAY, "1.5", "", "电汇", ""),
            ("C1", "甲", "00123", MAY, "-7", "F1", "", "退票"),
        ],
    ),
    "payment_application": (
        "客户编码 客户 核销回款单号 核销应收单号 核销金额 备注",
        [("C1", "甲", "K1", "F1", 2, ""), ("C1", "甲", "K1", "F2", "0.01", "x")],
    ),
    "open_order": (
        "客户编码 客户 订单号 订单日期 未交金额 关闭日期 备注",
        [("C1", "甲", "D1", MAY, 100, "", ""), ("C1", "甲", "D2", MAY, 0, "2024-05-09", "停产")],
    ),
    "credit_limit": (
        "客户编码 客户 生效日期 信用额度 账期 失效日期 含下级 批准人",
        [
            ("C1", "甲", "", 0, "", "", "", ""),
            ("C2", "乙", MAY, "", "30", "", "否", ""),
            ("C3", "丙", MAY, "1e6", "月结", "2025-01-01", "是", "张总"),
        ],
    ),
    "credit_investigation": (
        "调查编号 客户编码 客户 调查日期 调查人 成立日期 注册资本 员工人数 年销售额 付款记录",
        [
            ("DC1", "C1", "甲", MAY, "王伟", "2001-02-03", "500万", 30, "1,200", "按期"),
            ("DC2", "C1", "甲", MAY, *6 * ("",)),
        ],
    ),
    "credit_application": (
        "申请编号 客户编码 客户 申请日期 申请人 申请额度 申请账期 额度有效期至 含下级 调查编号 申请理由",
        [("SX1", "C1", "甲", MAY, "tester", 500, "45", "2025-01-01", "是", "DC1", "旺季")],
    ),
    "credit_hold": (
        "客户编码 客户 停货日期 停货截止日期 停货原因",
        [("C1", "甲", MAY, "", "逾期"), ("C1", "甲", "2024-06-01", "2024-06-09", "盘点")],
    ),
    "credit_writeoff": (
        "核销编号 核销日期 客户编码 客户 核销单据 呆账金额 经办人 授信批准人 核销原因",
        [("HX1", MAY, "C1", "甲", "F1", 3, "王伟", "", "倒闭"), ("HX2", MAY, "C1", "甲", "", 1, "王伟", "张总", "")],
    ),
    "credit_recovery": ("收回编号 核销编号 收回日期 收回金额 备注", [("SH1", "HX1", "2024-06-01", 1, "")]),
    "promise": (
        "客户编码 客户 承诺日期 承诺付款日 承诺金额 承诺单据 承诺人 备注",
        [("C1", "甲", MAY, "2024-06-05", 3, "F1", "李敏", ""), ("C1", "甲", MAY, "2024-06-09", 3, "", "", "")],
    ),
}  # fmt: skip

OWING: tuple[str, list[Row]] = (
    "客户编码 客户 应收单号 单据日期 应收金额",
    [("C1", "甲", f"F{n}", MAY, 500) for n in (1, 2)],
)
PAYING: tuple[str, list[Row]] = ("客户编码 客户 回款单号 回款日期 回款金额", [("C1", "甲", "K1", MAY, 50)])
# What has to be there before.
FIRST: dict[str, tuple[tuple[str, list[Row]], ...]] = {
    "payment_application": (OWING, PAYING),
    "credit_writeoff": (OWING,),
    "credit_recovery": (OWING, TABLES["credit_writeoff"]),
}


def begin(ch: Run, kind: str) -> int:
    """What rows of a kind speak of; returns how many batches that took."""
    tables = FIRST.get(kind, (("客户编码 客户名称", [("C9", "丁")]),))
    for number, table in enumerate(tables):
        assert ch("import", sheet(f"before{number}", *table)).code == 0
    return len(tables)


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_imports_again_as_nothing_new(ch: Run, kind: str, language: str, ending: str) -> None:
    command = kind.replace("_", "-")
    begin(ch, kind)
    headings, rows = TABLES[kind]
    assert taken(ch, sheet("first", headings, rows)) == (len(rows), 0, 0, 0)
    whole = contents(Path("channel.db"))
    path = Path(f"out.{ending}")
    assert ch("export", command, "--output", path, "--lang", language).code == 0
    done = ch("import", path, "--format", "json")
    assert done.code == 0, done.out
    found = done.data["rows"][0]
    assert (found["kind"], found["new"], found["changed"], found["existing"]) == (kind, 0, 0, len(rows))
    assert contents(Path("channel.db")) == whole


@pytest.mark.parametrize("kind", TABLES)
def test_an_import_that_is_undone_leaves_nothing(ch: Run, kind: str) -> None:
    batches = begin(ch, kind)
    before = contents(Path("channel.db"))
    assert ch("import", sheet("first", *TABLES[kind])).code == 0
    assert contents(Path("channel.db")) != before
    assert ch("batch", "undo", batches + 1).code == 0
    assert contents(Path("channel.db")) == before


@settings(max_examples=examples(15))
@given(
    st.lists(
        st.tuples(
            st.sampled_from("甲乙"),
            st.sampled_from(("", "K1", "K2")),
            st.integers(1, 3),
            st.sampled_from((-2, -1, 1, 2, 3)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_same_payments_again_add_nothing_and_equal_ones_stay(rows: list[tuple[str, str, int, int]]) -> None:
    numbered = {(customer, number): (customer, number, day, amount) for customer, number, day, amount in rows if number}
    wanted = [*numbered.values(), *(row for row in rows if not row[1])]
    table = [(customer, number, f"2024-05-0{day}", amount, "") for customer, number, day, amount in wanted]
    with running.folder():
        for name, new in (("first", len(table)), ("second", 0)):
            done = run(
                "import", sheet(name, f"{PAID} 备注", [(*row, name) for row in table][:0] or table), "--format", "json"
            )
            assert done.data["rows"][0]["new"] == new
        kept = [row["amount"] for row in run("payment", "list", "--format", "json").data["rows"]]
        assert sorted(kept) == sorted(row[3] for row in wanted)


@pytest.mark.usefixtures("sample")
def test_the_sample_ages_as_it_was_reckoned_apart(ch: Run) -> None:
    known = EXPECTED["credit"]
    assert len(report(ch, "receivable", "list")["rows"]) == known["documents"]
    assert len(report(ch, "payment", "list")["rows"]) == known["payments"]
    limits = exact(ch("export", "credit-limit", "--format", "json"))["rows"]
    assert {row["customer_code"]: row["limit_amount"] for row in limits} == {
        code: None if amount is None else Decimal(amount) for code, amount in known["limits"].items()
    }
    names = {"outstanding": "outstanding", "not_due": "not_due", "unapplied": "unapplied"}
    rows = report(ch, "credit", "ageing", "--as-of", known["as_of"])["rows"]
    assert {row["code"]: {name: row[field] for name, field in names.items()} for row in rows} == {
        code: {name: Decimal(row[name]) for name in names} for code, row in known["customers"].items()
    }
