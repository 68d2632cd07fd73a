"""Sheets of receivables, payments and credit: what each is known by, and what only looks like one."""

from typing import Any

import pytest

from channelctl.records import kinds
from channelctl.sheets.layout import Layout
from channelctl.sheets.recognise import recognise
from channelctl.systems.credit.rules_documents import CREDIT_NOTE, INVOICE, OPENING, made_number, type_of
from channelctl.systems.credit.sheets import KINDS


def kind_of(words: str, *names: str, wanted: str | None = None) -> Any:
    found = recognise([words.split()], {}, wanted, names or ("文件", "Sheet1"))
    return found.kind.name if isinstance(found, Layout) else None


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("客户编码 客户名称 应收单号 单据日期 应收类型 应收金额 到期日 已收金额 未收金额", "receivable"),
        ("往来单位 单据编号 单据日期 金额 到期日", "receivable"),
        ("客户 发票号码 开票日期 价税合计 税额 账期(天)", "receivable"),
        ("日期 客户 单据编号 金额 应收余额", "receivable"),
        ("购货单位 发票号 发票日期 发票金额 已收款 未收款", "receivable"),
        ("客户 单据日期 应收余额", "receivable"),
        ("customerID invoiceNumber InvoiceDate DueDate InvoiceAmount Disputed SettledDate", "receivable"),
        ("customer invoice_no date amount balance_due due_date", "receivable"),
        ("客户编码 客户名称 回款单号 回款日期 回款金额 付款单据 回款方式 备注", "payment"),
        ("收款日期 客户 收款金额", "payment"),
        ("到账日期 客户名称 到账金额 结算方式 银行流水号", "payment"),
        ("客户 收款单号 收款日期 金额 备注", "payment"),
        ("customerNumber checkNumber paymentDate amount", "payment"),
        ("客户 核销回款单号 核销应收单号 核销金额", "payment_application"),
        ("客户 订单编号 订单日期 未交金额", "open_order"),
        ("客户名称 销售订单号 下单日期 未发货金额 备注", "open_order"),
        ("客户编码 客户名称 信用额度 账期", "credit_limit"),
        ("客户 授信额度 生效日期 有效期至 含下级", "credit_limit"),
        ("customer credit_limit payment_terms", "credit_limit"),
        ("调查编号 客户 调查日期 调查人 注册资本 付款记录", "credit_investigation"),
        ("申请编号 客户 申请日期 申请人 申请额度 申请账期 申请理由", "credit_application"),
        ("客户 停货日期 停货截止日期 停货原因", "credit_hold"),
        ("核销编号 核销日期 客户 核销单据 呆账金额 经办人 授信批准人", "credit_writeoff"),
        ("收回编号 核销编号 收回日期 收回金额", "credit_recovery"),
        ("客户 承诺日期 承诺付款日 承诺金额", "promise"),
        ("业务员 办事处 客户 单据日期 到期日 金额 未收", "receivable"),
        ("业务员 办事处 客户编码 客户 单据编号 单据日期 金额 账期 已收金额", "receivable"),
        ("业务员 办事处 区域 客户 发票号 发票日期 价税合计 账期", "receivable"),
        ("业务员 办事处 区域 客户 发票号 开票日期 金额 已收金额", "receivable"),
        ("省份 城市 业务员 办事处 客户 单据号 日期 金额 到期日期", "receivable"),
        ("业务员 办事处 客户 单据日期 金额 未收金额 状态", "receivable"),
        ("Rep Office Customer InvoiceNo InvoiceDate Amount DueDate", "receivable"),
    ],
)
def test_a_sheet_is_known_by_its_headings(headings: str, kind: str) -> None:
    assert kind_of(headings) == kind


@pytest.mark.parametrize(
    ("headings", "names", "kind"),
    [
        ("日期 客户 金额", ("文件", "回款明细"), "payment"),
        ("日期 客户 单号 金额 备注", ("收款_2024-05", "Sheet1"), "payment"),
        ("日期 客户 单号 金额", ("应收账款明细表", "Sheet1"), "receivable"),
        ("日期 客户 单号 业务员 办事处 金额", ("文件", "应收"), "receivable"),
        ("日期 客户 金额", ("文件", "付款明细"), None),
        ("日期 客户 型号 数量 金额", ("销售与回款", "销售"), "sales"),
        ("日期 客户 金额 回款日期", ("文件", "5月销售"), "sales"),
        ("业务员 办事处 客户 日期 单号 金额 已收金额 未收金额", ("文件", "5月销售"), "sales"),
        ("业务员 办事处 客户 日期 单号 金额 到期日", ("出库明细", "Sheet1"), "sales"),
        ("业务员 办事处 客户 日期 单号 金额 到期日", ("销售与应收", "应收"), "receivable"),
    ],
)
def test_the_name_of_a_sheet_says_what_plain_headings_leave_open(
    headings: str, names: tuple[str, str], kind: str | None
) -> None:
    assert kind_of(headings, *names) == kind


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("日期 客户 单据编号 金额", "sales"),
        ("日期 客户 单据编号 金额 备注", "sales"),
        ("日期 客户 型号 数量 单价 金额 收款方式", "sales"),
        ("日期 客户 单号 型号 数量 单价 金额 已收金额 未收金额", "sales"),
        ("日期 客户 单号 型号 数量 含税金额 到期日", "sales"),
        ("业务员 办事处 客户 单据日期 型号 数量 金额 到期日 未收金额", "sales"),
        ("业务员 办事处 客户 单据日期 单号 金额 账期", "sales"),
        ("业务员 办事处 客户 单据日期 单号 金额 已收金额", "sales"),
        ("业务员 办事处 客户 发票号 开票日期 金额", "sales"),
        ("业务员 办事处 客户 销售日期 单号 金额 已收金额 未收金额", "sales"),
        ("业务员 办事处 客户 日期 单号 销售额 已收金额 未收金额", "sales"),
        ("批次 生产日期 到期日 日期 客户 商品 金额", "sales"),
        ("办事处 业务员 客户 日期 金额 成本 毛利 账期 到期日", "sales"),
        ("客户编码 客户名称 办事处 客户经理 电话 信用额度", "customer"),
        ("客户编码 客户名称 联系人 电话 地址 信用额度 账期", "customer"),
        ("日期 客户 金额 收款方式", None),
        ("客户 金额", None),
    ],
)
def test_what_is_something_else_stays_so(headings: str, kind: str | None) -> None:
    assert kind_of(headings) == kind


@pytest.mark.parametrize("kind", ["receivable", "payment"])
def test_plain_headings_are_read_as_what_the_user_says(kind: str) -> None:
    assert kind_of("日期 客户 单号 金额") == "sales"
    assert kind_of("日期 客户 单号 金额", wanted=kind) == kind


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_is_known_by_its_own_headings(kind: Any, language: str) -> None:
    heading = [getattr(col, language) for col in kind.columns.values()]
    found = recognise([heading], {})
    assert isinstance(found, Layout)
    assert (found.kind.name, set(found.columns)) == (kind.name, set(kind.columns))
    assert kinds()[kind.name] is kind


@pytest.mark.parametrize(
    ("word", "type_"),
    [
        ("发票", INVOICE), ("增值税专用发票", INVOICE), ("蓝字", INVOICE), ("Invoice", INVOICE), (" 应收单 ", INVOICE),
        ("红字发票", CREDIT_NOTE), ("红票", CREDIT_NOTE), ("贷项通知单", CREDIT_NOTE), ("Credit Memo", CREDIT_NOTE),
        ("credit_note", CREDIT_NOTE), ("退货", CREDIT_NOTE), ("期初余额", OPENING), ("上年结转", OPENING),
        ("Opening Balance", OPENING),
    ],
)  # fmt: skip
def test_words_of_a_type(word: str, type_: str) -> None:
    assert type_of(word) == type_


def test_an_unknown_word_of_a_type_is_refused_with_those_there_are() -> None:
    found = type_of("收据")
    assert not isinstance(found, str)
    assert (found.code, found.message) == (
        "E356", "“收据” is no type of a receivable: invoice, credit note, opening balance",
    )  # fmt: skip


def test_the_number_of_a_payment_is_made_of_day_amount_and_place() -> None:
    import datetime as dt
    from decimal import Decimal

    day = dt.date(2024, 5, 28)
    assert [made_number(day, Decimal(figure), place) for figure, place in (("50000.00", 1), ("50000", 2))] == [
        "2024-05-28/50000", "2024-05-28/50000#2",
    ]  # fmt: skip
    assert made_number(day, Decimal("-0.50"), 1) == "2024-05-28/-0.5"
