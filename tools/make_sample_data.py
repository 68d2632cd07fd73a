"""Write the sample region into its sheets, and the figures they must give.

`python -m tools.make_sample_data [FOLDER] [--seed N]`: the same arguments give the same bytes. README.md and
policy.toml in the folder are written by hand.
"""

import argparse
import csv
import datetime as dt
import io
import json
import random
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.sample_credit import (
    LIMIT_HEADINGS,
    PAYMENT_HEADINGS,
    RECEIVABLE_HEADINGS,
    Credit,
    credit_figures,
    limit_rows,
    make_credit,
    payment_rows,
    receivable_rows,
)
from tools.sample_figures import expected, money_of
from tools.sample_prices import prices
from tools.sample_rebates import rebates
from tools.sample_region import (
    CLASS_TARGETS,
    INDUSTRIES,
    MAY,
    MONTHS,
    OFFICES,
    PRODUCTS,
    SALES_HEADINGS,
    Customer,
    Line,
    Planned,
    Rep,
    make_customers,
    make_lines,
    make_plan,
    make_reps,
    person,
)
from tools.sample_stock import SELL_OUT_HEADINGS, SoldOn, make_sell_out, stock_figures
from tools.sample_terms import (
    ACTIVATION_HEADINGS,
    PLAN,
    PRICE_HEADINGS,
    RULE_HEADINGS,
    RULES,
    STOCK_HEADINGS,
    Held,
    exchanged,
    make_activations,
    make_stock,
    price_rows,
)

Cell = str | int | float | Decimal | dt.date | None
MADE = dt.datetime(2024, 6, 1, 9, 0)  # noqa: DTZ001  a workbook's date of creation has no zone
ROLES = (
    ("总经理", "决策人"),
    ("副总经理", "辅助决策人"),
    ("采购经理", "采购"),
    ("店长", "使用人"),
    ("财务经理", "把关人"),
)
LIKES = ("钓鱼", "品茶", "羽毛球", "书法", "自驾游", "摄影", "围棋", "跑步")


def write_book(path: Path, draw: Callable[["Book"], None]) -> None:
    """An xlsx file that holds the same bytes whenever it is written."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": MADE, "author": "江东省区销售部"})
        draw(Book(book))


class Book:
    """The few formats all sheets share."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
        self.middle, self.right = book.add_format({"align": "center"}), book.add_format({"align": "right"})
        self.head = book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1})
        self.money, self.total = (
            book.add_format({"num_format": "#,##0.00"}),
            book.add_format({"bold": True, "num_format": "#,##0.00"}),
        )
        self.bold = book.add_format({"bold": True})

    def sheet(
        self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], above: Sequence[str] = ()
    ) -> Any:
        """A sheet with merged lines above its headings: a title, then what is beneath it, a unit at the right."""
        sheet = self.book.add_worksheet(name)
        for top, text in enumerate(above):
            look = self.title if top == 0 else self.right if text.startswith("单位") else self.middle
            sheet.merge_range(top, 0, top, len(headings) - 1, text, look)
        sheet.write_row(len(above), 0, headings, self.head)
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, 30 if heading in ("客户名称", "客户", "地址") else 14)
        sheet.freeze_panes(len(above) + 1, 0)
        for number, row in enumerate(rows, start=len(above) + 1):
            summed = row[0] in ("小计", "合计")
            for place, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(number, place, float(cell), self.total if summed else self.money)
                elif cell not in ("", None):
                    sheet.write(number, place, cell, self.bold if summed else None)
        return sheet


def sale_cells(line: Line) -> list[Cell]:
    """A sale line under SALES_HEADINGS."""
    buyer = (line.customer.code, line.customer.name) if line.customer else ("", "")
    facts = (line.rep, line.model, line.quantity, line.price, line.amount, line.status)
    return [line.document, line.number, line.date, line.office, *buyer, *facts]


def write_organisation(path: Path, reps: list[Rep]) -> None:
    """Region, offices and people, a sheet each."""

    def draw(book: Book) -> None:
        book.sheet("区域", ("区域编码", "区域名称"), [("JD", "江东省")])
        offices = [(facts[0], name, "江东省") for name, facts in OFFICES.items()]
        book.sheet("办事处", ("办事处编码", "办事处名称", "区域"), offices)
        people = [(rep.code, rep.name, rep.role, rep.office, rep.manager) for rep in reps]
        book.sheet("人员", ("工号", "姓名", "岗位", "办事处", "上级"), people)

    write_book(path, draw)


def write_customers(path: Path, customers: list[Customer]) -> None:
    """The customer file, under a title."""
    headings = [
        *"客户编码 客户名称 办事处 客户经理 渠道 规划等级 平台 市场级别 核心客户".split(),
        *"上级客户 行业 规模 城市 地址 法人代表 电话".split(),
    ]
    rows: list[Sequence[Cell]] = []
    for c in customers:
        size = "大" if c.weight >= 300 else "中" if c.weight >= 40 else "小"
        ranks = (c.channel, c.grade, c.platform, c.market, "是" if c.core else "", c.parent)
        rows.append(
            (c.code, c.name, c.office, c.rep, *ranks, INDUSTRIES[c.channel], size, c.city, c.address, c.legal, c.phone)
        )
    write_book(path, lambda book: book.sheet("客户档案", headings, rows, ["江东省客户档案（2024年5月）"]))


def write_contacts(path: Path, customers: list[Customer], rng: random.Random) -> None:
    """The decider of each of the twenty largest customers, and at the ten largest somebody else too."""
    rows: list[tuple[str, ...]] = []
    for place, customer in enumerate(sorted(customers, key=lambda c: (-c.weight, c.code))[:20]):
        for position, role in [ROLES[0], ROLES[1 + place % 4]][: 2 if place < 10 else 1]:
            name = customer.legal if role == "决策人" else person(rng)
            born = dt.date(rng.randint(1968, 1995), 1, 1) + dt.timedelta(days=rng.randrange(365))
            phone = f"129{rng.randrange(10**8):08}"
            rows.append((customer.name, name, position, role, phone, born.isoformat(), rng.choice(LIKES)))
    headings = ("客户", "姓名", "职务", "决策角色", "电话", "生日", "爱好")
    write_book(path, lambda book: book.sheet("联系人", headings, rows))


def write_plan(path: Path, plan: list[Planned]) -> None:
    """May's planned customers, under a title."""
    headings = ("月份", "办事处", "客户编码", "客户名称", "规划等级", "核心客户", "月度目标(元)")
    rows = [
        (
            MAY,
            row.office,
            row.customer.code,
            row.customer.name,
            row.customer.grade,
            "是" if row.customer.core else "",
            row.target,
        )
        for row in plan
    ]
    write_book(path, lambda book: book.sheet("规划客户", headings, rows, ["2024年5月规划客户"]))


def write_csv(path: Path, encoding: str, rows: Iterable[Sequence[object]]) -> None:
    """As a spreadsheet saves it on a Chinese machine: no UTF-8, lines ended by CR LF."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_march(path: Path, lines: list[Line]) -> None:
    """Dates as 2024/3/5, thousands with commas, codes bare."""
    rows: list[Sequence[object]] = [SALES_HEADINGS]
    for line in lines:
        cells = sale_cells(line)
        cells[2] = f"{line.date.year}/{line.date.month}/{line.date.day}"
        cells[9:11] = [f"{line.price:,}", f"{line.amount:,}"]
        rows.append(cells)
    write_csv(path, "gbk", rows)


def write_april(path: Path, lines: list[Line]) -> None:
    """The old binary format, with true dates."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("4月销售")
    plain = xlwt.easyxf()
    day, money = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="#,##0.00")
    for place, heading in enumerate(SALES_HEADINGS):
        sheet.write(0, place, heading, plain)
    for number, line in enumerate(lines, start=1):
        for place, cell in enumerate(sale_cells(line)):
            look = day if isinstance(cell, dt.date) else money if isinstance(cell, Decimal) else plain
            if cell != "":
                sheet.write(number, place, cell, look)
    book.save(str(path))


def write_may(path: Path, lines: list[Line], reps: list[Rep]) -> None:
    """As an ERP prints it: titles, unit, subtotals by office, a total and who signed; totals leave voided lines out."""
    rows: list[list[Cell]] = []
    for office in OFFICES:
        own = [line for line in lines if line.office == office]
        for line in own:
            cells = sale_cells(line)
            cells[2] = f"{line.date.year}.{line.date.month}.{line.date.day}"
            rows.append(cells)
        rows.append(_total_row("小计", office, own))
    rows.append(_total_row("合计", "", lines))
    above = ["江东省手机销售明细表", "2024年5月　编制单位：江东省区销售部　（小计、合计不含作废单据）", "单位：元"]

    def draw(book: Book) -> None:
        sheet = book.sheet("销售明细", SALES_HEADINGS, rows, above)
        signature = f"制表：{reps[2].name}        审核：{reps[0].name}"
        sheet.write_string(len(above) + 1 + len(rows), 0, signature)

    write_book(path, draw)


def _total_row(word: str, office: str, lines: Iterable[Line]) -> list[Cell]:
    counted = [line for line in lines if line.status != "作废"]
    return [word, "", "", office, "", "", "", "", sum(line.quantity for line in counted), "", money_of(counted), ""]


def write_prices(path: Path) -> None:
    """The price list as it is sent out: a row a model and channel, "-" where it is not offered there."""

    def cell(price: Decimal | None) -> Cell:
        return "-" if price is None else price

    rows = [
        (
            row.model, row.channel, row.valid_from.isoformat(), cell(row.distribution), cell(row.dealer),
            cell(row.consignment), cell(row.retail), row.announced_on.isoformat(), row.remark,
        )
        for row in price_rows()
    ]  # fmt: skip
    above = ["江东省手机价格体系", "单位：元"]
    write_book(path, lambda book: book.sheet("价格表", PRICE_HEADINGS, rows, above))


def write_rules(path: Path) -> None:
    """The sales policy, a row a rule."""
    rows = [tuple(cell.isoformat() if isinstance(cell, dt.date) else cell for cell in rule) for rule in RULES]
    write_book(path, lambda book: book.sheet("返利政策", RULE_HEADINGS, rows, ["江东省2024年销售返利政策"]))


def write_stock(path: Path, stock: list[Held]) -> None:
    """What customers counted, under a title."""
    rows = [(row.date.isoformat(), row.customer.code, row.customer.name, row.model, row.quantity) for row in stock]
    write_book(path, lambda book: book.sheet("库存", STOCK_HEADINGS, rows, ["2024年5月客户库存盘点表"]))


def write_sell_out(path: Path, sold: list[SoldOn]) -> None:
    """What customers reported, under a title."""
    rows = [
        (row.date.isoformat(), row.customer.code, row.customer.name, row.model, row.place, row.quantity)
        for row in sorted(sold, key=lambda row: (row.date, row.customer.code, row.model, row.place))
    ]
    write_book(path, lambda book: book.sheet("零售明细", SELL_OUT_HEADINGS, rows, ["2024年5月零售明细表"]))


def write_activations(path: Path, activations: list[Held]) -> None:
    """As the operator's system writes it."""
    rows = [
        (row.date.isoformat(), row.customer.code, row.customer.name, row.model, PLAN, row.quantity)
        for row in sorted(activations, key=lambda row: (row.date, row.customer.code, row.model))
    ]
    write_csv(path, "gb18030", [ACTIVATION_HEADINGS, *rows])


def write_credit(folder: Path, credit: Credit) -> None:
    """Limits, what is receivable with a title and totals as an ERP prints it, and payments as a bank writes them."""
    limits, documents = limit_rows(credit), receivable_rows(credit)
    above = ["江东省应收账款明细表", "截至2024年5月31日　编制单位：江东省区财务部", "单位：元"]
    write_book(
        folder / "信用额度.xlsx", lambda book: book.sheet("信用额度", LIMIT_HEADINGS, limits, ["客户信用额度表"])
    )
    write_book(
        folder / "应收账款_2024-05.xlsx", lambda book: book.sheet("应收账款明细", RECEIVABLE_HEADINGS, documents, above)
    )
    write_csv(folder / "回款_2024-05.csv", "gb18030", [PAYMENT_HEADINGS, *payment_rows(credit)])


def main() -> None:
    """Draw the region once, then write each sheet."""
    parser = argparse.ArgumentParser(description="Write the sample region.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent.parent / "sample_data")
    parser.add_argument("--seed", type=int, default=202405)
    options = parser.parse_args()
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)  # noqa: S311  the same sheets each time, no secret
    reps = make_reps(rng)
    customers = make_customers(reps, rng)
    sales = {month: make_lines(month, customers, reps, rng) for month in MONTHS}
    sales[MAY] = exchanged(sales[MAY])
    plan = make_plan(customers, sales[MAY])
    products = [
        (f"P{n:03}", model, brand, kind, unit) for n, (model, (brand, kind, unit, _)) in enumerate(PRODUCTS.items(), 1)
    ]
    write_organisation(folder / "组织.xlsx", reps)
    write_book(
        folder / "产品.xlsx", lambda book: book.sheet("产品", ("产品编码", "型号", "品牌", "类别", "单位"), products)
    )
    write_customers(folder / "客户档案.xlsx", customers)
    write_contacts(folder / "联系人.xlsx", customers, rng)
    write_plan(folder / "规划客户_2024-05.xlsx", plan)
    write_csv(folder / "等级目标.csv", "gb18030", [("等级", "生效月份", "月度目标"), *CLASS_TARGETS])
    write_march(folder / "销售_2024-03.csv", sales["2024-03"])
    write_april(folder / "销售_2024-04.xls", sales["2024-04"])
    write_may(folder / "销售_2024-05.xlsx", sales[MAY], reps)
    stock = make_stock(sales[MAY], rng)
    activations = make_activations(sales[MAY], customers, rng)
    write_prices(folder / "价格表.xlsx")
    write_rules(folder / "返利政策.xlsx")
    write_stock(folder / "库存_2024-05.xlsx", stock)
    write_activations(folder / "合约办理_2024-05.csv", activations)
    sold = make_sell_out(sales[MAY], stock, random.Random(options.seed + 1))  # noqa: S311  as above
    write_sell_out(folder / "零售_2024-05.xlsx", sold)
    credit = make_credit(customers, sales)
    write_credit(folder, credit)
    counted = expected(sales, plan) | {"rebates": {MAY: rebates(sales, activations)}, "prices": prices(sales, stock)}
    counted |= {"credit": credit_figures(credit), "stock": stock_figures(sales["2024-04"] + sales[MAY], stock, sold)}
    figures = json.dumps(counted, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(figures + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
