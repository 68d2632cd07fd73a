"""The sample region's terms: what products cost, what customers earn back, and what they hold and registered."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tools.sample_region import MAY, PRICE_LEVEL, PRODUCTS, Customer, Line

LISTED, CHANGED = dt.date(2024, 3, 1), dt.date(2024, 5, 16)
# What each kind of customer goes by in the price list; direct ones are the social channel at large.
LISTS = {"直供": "社会渠道", "大客户": "大客户", "分销": "分销", "零售终端": "零售终端", "联通": "联通渠道"}
FALLS = {"X930": Decimal("200"), "K520": Decimal("100"), "N7310": Decimal("150")}
RISE = ("M280", Decimal("20"))
NO_CONSIGNMENT = ("A108", "E10", "C65")
UNPRICED = "T710"
PRICE_HEADINGS = "型号 渠道类型 生效日期 分销进店价 联通经销价 联通铺货价 零售价 公布日期 备注".split()

PLAN = "预存话费送手机"
RULE_HEADINGS = [
    *"政策 版本 规则 政策名称 返利类型 开始日期 结束日期 周期 计量 计算".split(),
    *"返利方式 达量门槛 返利 渠道 型号 品类 合约计划 叠加".split(),
]
FIRST, LAST = dt.date(2024, 4, 1), dt.date(2024, 12, 31)
SOCIAL = ("直供", "分销", "大客户")
PHONES = ("智能手机", "功能手机")
PICKED_UP, REGISTERED = ("X980", "X930"), ("K520", "K310", "N7310")
RULES = (
    ("TH2024", "1", "1", "旗舰机提货返利", "提货返利", FIRST, LAST, "月", "台数", "全量", "元/台", "", "15",
     "、".join(SOCIAL), "、".join(PICKED_UP), "", "", "叠加"),
    ("DL2024", "1", "1", "手机达量返利", "达量返利", FIRST, LAST, "月", "台数", "全量", "元/台", "1000/400", "80/20",
     "、".join(SOCIAL), "", "、".join(PHONES), "", "叠加"),
    ("HY2024", "1", "1", "预存话费送手机合约返利", "合约计划返利", FIRST, LAST, "月", "合约办理数", "全量", "元/台", "",
     "100", "、".join(SOCIAL), "、".join(REGISTERED), "", PLAN, "叠加"),
    ("JD2024", "1", "1", "平台与连锁季度返利", "达量返利", FIRST, LAST, "季", "净额", "超额", "百分比",
     "500000/1000000/2000000", "0.5%/1%/1.5%", "分销、大客户", "", "", "", "叠加"),
)  # fmt: skip
ACTIVATION_HEADINGS = "日期 客户编码 客户名称 型号 合约计划 办理数量".split()
STOCK_HEADINGS = "盘点日期 客户编码 客户名称 型号 库存数量".split()
SOLD_OUT = (("C00001", "X930"), ("C00017", "X930"), ("C00031", "K520"))
COUNTED = (dt.date(2024, 5, 15), dt.date(2024, 5, 31))


EXCHANGED = ("XS2405-0066", "XS2405-0173")


@dataclass(frozen=True, slots=True)
class Priced:
    """A row of the price list."""

    model: str
    channel: str
    valid_from: dt.date
    distribution: Decimal | None
    dealer: Decimal | None
    consignment: Decimal | None
    retail: Decimal | None
    announced_on: dt.date
    remark: str


@dataclass(frozen=True, slots=True)
class Held:
    """Units of a model that a customer holds, or registered, on a day."""

    date: dt.date
    customer: Customer
    model: str
    quantity: int


def price_rows() -> list[Priced]:
    """The list of March, then what changed in May: three models fall, one rises two days after it was announced."""
    rows = [_priced(model, channel, LISTED, Decimal(), dt.date(2024, 2, 20)) for model in PRODUCTS for channel in LISTS]
    for model, fall in FALLS.items():
        rows += [_priced(model, channel, CHANGED, -fall, dt.date(2024, 5, 8), "降价") for channel in LISTS]
    model, rise = RISE
    return rows + [_priced(model, channel, CHANGED, rise, dt.date(2024, 5, 14), "涨价") for channel in LISTS]


def _priced(model: str, channel: str, day: dt.date, change: Decimal, announced: dt.date, remark: str = "") -> Priced:
    """What a channel pays: of its own level, accessories all the same; operators buy at the dealer's price."""
    base = Decimal(PRODUCTS[model][3]) + change
    level = Decimal(1) if model == "C65" else Decimal(PRICE_LEVEL[channel])
    price = base if level == 1 else (Decimal(PRODUCTS[model][3]) * level + change).quantize(Decimal("0.01"))
    retail = None if model == UNPRICED else Decimal(int(base * Decimal("1.12")) // 10 * 10 + 9)
    operator = channel == "联通"
    consignment = (base * Decimal("1.02")).quantize(Decimal("1")) if operator and model not in NO_CONSIGNMENT else None
    return Priced(
        model, LISTS[channel], day, None if operator else price, price if operator else None, consignment, retail,
        announced, remark,
    )  # fmt: skip


def exchanged(lines: list[Line]) -> list[Line]:
    """With two deliveries to C00001 in each other's place: on the 20th it is 30 phones short of 400."""
    other = dict(zip(EXCHANGED, reversed(EXCHANGED), strict=True))
    days = {line.document: line.date for line in lines}
    moved = [
        replace(line, document=other[line.document], date=days[other[line.document]])
        if line.document in other
        else line
        for line in lines
    ]
    return sorted(moved, key=lambda line: line.document[-4:])


def make_stock(lines: list[Line], rng: random.Random) -> list[Held]:
    """What the larger customers still hold of what they bought in the month so far, in the middle and at its end."""
    rows: list[Held] = []
    for day in COUNTED:
        for (customer, model), bought in sorted(bought_until(lines, day).items(), key=lambda item: item[0][0].code):
            if customer.weight >= 300 and bought >= 10:
                rows.append(Held(day, customer, model, round(bought * rng.uniform(0.1, 0.7))))
    return [_found(row, rows, lines) for row in rows]


def _found(row: Held, rows: list[Held], lines: list[Line]) -> Held:
    """A count of the month's end: never more than there was and came since the middle; of some nothing is left."""
    middle, end = COUNTED
    before = next(
        (one for one in rows if (one.date, one.customer, one.model) == (middle, row.customer, row.model)), None
    )
    if row.date != end:
        return row
    if (row.customer.code, row.model) in SOLD_OUT:
        return replace(row, quantity=0)
    if before is None:
        return row
    came = bought_until(lines, end)[row.customer, row.model] - bought_until(lines, middle)[row.customer, row.model]
    return replace(row, quantity=min(row.quantity, max(0, before.quantity + came)))


def make_activations(lines: list[Line], customers: list[Customer], rng: random.Random) -> list[Held]:
    """Units registered under the plan: some of what was picked up, more than that, of what never was, by no dealer."""
    rows: list[Held] = []
    for (customer, model), bought in sorted(
        bought_until(lines, dt.date(2024, 5, 31)).items(), key=lambda item: item[0][0].code
    ):
        if model in REGISTERED and customer.channel in SOCIAL and customer.weight >= 100 and bought >= 6:
            rows += _registered(customer, model, max(2, bought // rng.randint(2, 4)), rng)
    never = next(c for c in customers if c.code == "C00056")
    return [
        *rows,
        Held(dt.date(2024, 5, 18), never, "K310", 4),
        Held(dt.date(2024, 5, 21), next(c for c in customers if c.channel == "联通"), "K520", 6),
    ]


def _registered(customer: Customer, model: str, units: int, rng: random.Random) -> Iterator[Held]:
    """Spread over two days of the second half of the month."""
    first = units // 2
    for day, quantity in ((rng.randint(24, 27), first), (rng.randint(28, 31), units - first)):
        yield Held(dt.date(2024, 5, day), customer, model, quantity)


def bought_until(lines: list[Line], day: dt.date, month: str = MAY) -> dict[tuple[Customer, str], int]:
    """Net units of the month by customer and model through a day, those that are above 0."""
    found: dict[tuple[Customer, str], int] = defaultdict(int)
    for line in lines:
        if line.customer and line.status != "作废" and line.date <= day and f"{line.date:%Y-%m}" == month:
            found[line.customer, line.model] += line.quantity
    return {key: units for key, units in found.items() if units > 0}
