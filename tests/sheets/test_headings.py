"""Headings as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.columns import columns
from channelctl.records import kinds
from channelctl.sheets import headings
from channelctl.sheets.naming import _field


@pytest.mark.parametrize(
    ("heading", "key", "unit", "factor"),
    [
        ("金额", "金额", "", None),
        (" 金 额 ", "金额", "", None),
        ("金\n额", "金额", "", None),
        ("*客户编码", "客户编码", "", None),
        ("客户编码：", "客户编码", "", None),
        ("“金额”", "金额", "", None),
        ("ＡＭＯＵＮＴ", "amount", "", None),
        ("Order_Date", "orderdate", "", None),
        ("order-date", "orderdate", "", None),
        ("销售额（万元）", "销售额", "万元", 10_000),
        ("销售额(万元)", "销售额", "万元", 10_000),
        ("销售额【万元】", "销售额", "万元", 10_000),
        ("銷售額（萬元）", "销售额", "万元", 10_000),
        ("销售额\n（万元）", "销售额", "万元", 10_000),
        ("销售额（单位：万元）", "销售额", "万元", 10_000),
        ("销售额（人民币万元）", "销售额", "万元", 10_000),
        ("销售额（人民币：元）", "销售额", "元", 1),
        ("销售额/万元", "销售额", "万元", 10_000),
        ("销售额_千元", "销售额", "千元", 1_000),
        ("销售额：元", "销售额", "元", 1),
        ("销售额万元", "销售额", "万元", 10_000),
        ("销售额（万）", "销售额", "万", 10_000),
        ("销售额（百万元）", "销售额", "百万元", 1_000_000),
        ("销售额（亿元）", "销售额", "亿元", 100_000_000),
        ("单价(元/台)", "单价", "元", 1),
        ("单价（元／吨）", "单价", "元", 1),
        ("Sales (k CNY)", "sales", "k", 1_000),
        ("Sales (CNY k)", "sales", "k", 1_000),
        ("Amount (RMB'000)", "amount", "000", 1_000),
        ("数量（台）", "数量", "台", None),
        ("数量（万台）", "数量", "万台", 10_000),
        ("数量（千克）", "数量", "千克", None),
        ("金额（含税）", "含税金额", "含税", None),
        ("金额（不含税）", "不含税金额", "不含税", None),
        ("金额（含税，万元）", "含税金额", "万元", 10_000),
        ("金额（万元）（不含税）", "不含税金额", "万元", 10_000),
        ("是否核心（是/否）", "是否核心", "是/否", None),
        ("客户（与营业执照一致）", "客户与营业执照一致", "", None),
        ("单元", "单元", "", None),
        ("美元", "美元", "", None),
        ("", "", "", None),
    ],
)
def test_a_heading_is_brought_to_one_form(heading: str, key: str, unit: str, factor: int | None) -> None:
    assert headings.read(heading) == (key, unit, None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("客戶編號", "客户编号"),
        ("業務員", "业务员"),
        ("單據編號", "单据编号"),
        ("訂單日期", "订单日期"),
        ("發貨單號", "发货单号"),
        ("銷售金額", "销售金额"),
        ("價稅合計", "价税合计"),
        ("數量", "数量"),
        ("單價", "单价"),
        ("辦事處", "办事处"),
        ("所屬辦事處", "所属办事处"),
        ("聯絡人", "联络人"),
        ("規劃等級", "规划等级"),
        ("市場級別", "市场级别"),
        ("產品編碼", "产品编码"),
        ("電子郵件", "电子邮件"),
        ("客戶顧問", "客户顾问"),
        ("開票日期", "开票日期"),
        ("經銷商名稱", "经销商名称"),
        ("員工編號", "员工编号"),
        ("備註", "备注"),
        ("狀態", "状态"),
    ],
)
def test_traditional_headings_are_the_simplified_ones(traditional: str, simplified: str) -> None:
    assert headings.key(traditional) == headings.key(simplified) == simplified


def test_every_character_of_a_heading_of_ours_stays_simplified() -> None:
    ours = {
        name
        for kind in kinds().values()
        for column in kind.columns.values()
        for name in (column.zh, *column.aliases)
        if not name.isascii()
    }
    assert len(ours) > 100
    assert {name for name in ours if headings.simplify(name) != name.casefold()} == set()


@given(st.text(max_size=30) | st.text("金額额万元千客户AbcＡ ()（）【】含税/_-:：、123", max_size=12))
def test_any_text_at_all_is_some_heading(text: str) -> None:
    found = headings.read(text)
    assert found.factor is None or found.factor >= 1
    assert headings.read(f" {text}\n") == found
    assert headings.key(f"“{text}”") == headings.key(text)


@pytest.mark.parametrize(
    ("title", "factor"),
    [
        ("单位：万元", 10_000),
        ("单位:元", 1),
        ("（单位：千元）", 1_000),
        ("金额单位：人民币万元", 10_000),
        ("单位：人民币 元", 1),
        ("單位：萬元", 10_000),
        ("单位：台、万元", 10_000),
        ("单位：台/元", 1),
        ("计量单位：台　金额单位：万元", 10_000),
        ("编制单位：元丰公司　单位：千元", 1_000),
        ("编制单位：万象通讯", None),
        ("2024年5月销售日报（万元）", 10_000),
        ("Unit: 万元", 10_000),
        ("2024年5月销售日报", None),
        ("单位名称：杭州恒达", None),
        ("", None),
    ],
)
def test_a_title_row_can_set_the_unit(title: str, factor: int | None) -> None:
    assert headings.title_factor(["", title, 3.0]) == (None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("2024年5月规划客户", "2024-05"),
        ("plan 2024-05", "2024-05"),
        ("规划客户_2024-05", "2024-05"),
        ("规划客户202405", "2024-05"),
        ("2024.12规划", "2024-12"),
        ("2024年13月", None),
        ("2024年5月至2024年6月", None),
        ("规划客户", None),
    ],
)
def test_a_title_can_name_the_month(title: str, month: str | None) -> None:
    assert headings.title_month(title) == month


# The headings that real systems and real people use for a sale sheet: 用友, 金蝶, SAP, Odoo, mysqltutorial, Tableau.
ERP = {
    "document": "单据编号 单据号 单号 订单号 订单编号 出库单号 发货单号 发票号 OrderNumber order_no 订单ID Order-ID",
    "line_no": "行号 行ID 分录号 行次 orderLineNumber Row-ID",
    "date": "日期 单据日期 业务日期 销售日期 订单日期 开票日期 出库日期 發貨日期 OrderDate ORDERDATE posting_date",
    "customer_code": "客户编码 客户代码 客户编号 客戶編號 购货单位编码 customerNumber CUSTOMER-ID 客户ID",
    "customer": "客户 客户名称 购货单位 往来单位 经销商 購貨單位 customerName Dealer 客户简称",
    "office": "办事处 分公司 部门 销售部门 办事处名称 branch",
    "region": "区域 大区 省分 地区 TERRITORY",
    "product_code": "物料编码 存货编码 商品编码 产品代码 SKU productCode",
    "product": "型号 产品型号 机型 物料名称 存货名称 商品名称 品名 productName",
    "quantity": "数量 台数 实发数量 销量 数量（台） quantityOrdered Qty 數量",
    "unit_price": "单价 开票价 含税单价 单价（元） priceEach 不含税单价 单价(含税)",
    "amount": "金额 金额（元） 不含税金额 金额（不含税） 未税金额 销售额 销售额（万元） 銷售額 SALES 净销售额",
    "amount_taxed": "含税金额 价税合计 金额（含税） 價稅合計 含税销售额 销售额（含税）",
    "tax": "税额 销项税 稅額",
    "cost": "成本 成本金额 销售成本 COGS",
    "profit": "利润 毛利 毛利额",
    "rep": "业务员 销售员 客户经理 業務員 Salesperson",
    "status": "状态 单据状态 订单状态 STATUS",
}


@pytest.mark.parametrize(
    ("field", "heading"), [(field, word) for field, words in ERP.items() for word in words.split()]
)
def test_the_headings_of_real_systems_are_known(field: str, heading: str) -> None:
    assert _field(kinds()["sales"], heading)[0] == field


def test_no_heading_of_a_kind_means_two_fields() -> None:
    clashes = []
    for kind in kinds().values():
        names: dict[str, str] = {}
        for field, column in columns(kind.row).items():
            for name in (column.zh, column.en):
                if names.setdefault(headings.key(name), field) != field:
                    clashes.append((kind.name, name))
    assert clashes == []
