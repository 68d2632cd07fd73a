"""The sample region: who is in it, whom it sells to and what they bought, drawn from one seeded generator.

Every company, person, street, brand and telephone number is invented.
"""

import calendar
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

MAY = "2024-05"
MONTHS = {"2024-03": 0.93, "2024-04": 1.06, MAY: 1.0}
OFFICES = {  # name: code, dialling code, county
    "南京": ("NJ", "025", "云浦"),
    "杭州": ("HZ", "0571", "临汀"),
    "苏州": ("SZ", "0512", "澜江"),
    "宁波": ("NB", "0574", "屿海"),
    "无锡": ("WX", "0510", "禾塘"),
}
# One customer an entry: channel, class (* core by hand), usual month in 1,000 yuan, plan. The plan is the percentage of
# target reached in May, c the class's default target, n neither class nor target, x the same with more returned than
# bought, 0 a target but nothing bought, - not planned.
CUSTOMERS = {
    "南京": "K VKA 1600 108, F -* 900 94, Z VKA 430 112, Z V1 300 103, Z V1 170 86, Z V2 110 115, Z V2 85 71, "
    "L V2* 60 c, Z V3 40 105, L V3 28 c, Z V4 18 120, Z - 14 n, Z V4 9 42, Z V3 24 -, Z V4 7 -",
    "杭州": "F -* 1150 102, Z VKA 640 92, K V1 340 88, Z V1 150 79, Z V2 105 c, f - 70 61, Z V2 52 56, "
    "Z V3 35 72, L V3 26 c, Z - 15 n, Z V4 12 45, L - 10 x, Z V4 8 31, Z V4 11 -, L V4 5 -",
    "苏州": "Z VKA 760 110, Z V1 470 106, K V1 310 83, Z V2 135 120, Z V2 95 74, f - 47 107, Z V3 43 81, "
    "Z V3* 30 115, Z V4 20 c, L - 10 n, Z V4 7 33, Z V4 13 -, Z V4 6 -",
    "宁波": "K VKA 540 90, f -* 270 96, Z V1 190 73, Z V2 120 62, L V2 80 c, Z V3 60 0, Z V3 32 54, "
    "Z V4 19 c, Z V4 9 26, Z V3 22 -, Z V4 8 -",
    "无锡": "Z VKA 380 72, Z V1 400 0, K V1 100 47, Z V2 65 c, Z V3 45 52, Z - 22 n, L V4 13 41, Z V4 7 c, "
    "Z V4 10 -, Z V4 5 -",
}
CHANNELS = {"K": "大客户", "F": "分销", "f": "分销", "Z": "直供", "L": "联通", "T": "零售终端"}
PRICE_LEVEL = {"大客户": "0.985", "分销": "0.962", "直供": "1", "联通": "1", "零售终端": "1.03"}
KINDS = {
    "大客户": ("数码连锁有限公司", "电器连锁有限公司", "家电卖场有限公司"),
    "分销": ("通信发展有限公司", "通讯设备有限公司"),
    "直供": ("通讯器材有限公司", "数码科技有限公司", "手机大卖场", "通信器材商行", "电讯有限公司"),
    "联通": ("合作营业厅", "通信合作厅"),
    "零售终端": ("手机店", "通讯店", "数码店", "手机专柜"),
}
INDUSTRIES = {
    "大客户": "家电连锁",
    "分销": "通讯批发",
    "直供": "通讯零售",
    "联通": "运营商合作厅",
    "零售终端": "通讯零售",
}
PRODUCTS = {  # model: brand, category, unit, dealer's price
    "X980": ("岚星", "智能手机", "台", "5299.00"),
    "X930": ("岚星", "智能手机", "台", "4168.00"),
    "N7350": ("岚星", "智能手机", "台", "3288.50"),
    "N7310": ("岚星", "智能手机", "台", "2688.00"),
    "K520": ("岚星", "智能手机", "台", "1899.00"),
    "K310": ("岚星", "智能手机", "台", "1399.50"),
    "M280": ("拓野", "智能手机", "台", "999.00"),
    "M180": ("拓野", "智能手机", "台", "699.00"),
    "A108": ("拓野", "功能手机", "台", "268.80"),
    "T710": ("岚星", "平板电脑", "台", "2199.00"),
    "E10": ("岚星", "配件", "副", "329.00"),
    "C65": ("拓野", "配件", "个", "62.125"),
}
CLASS_TARGETS = (  # class, month it holds from, target
    *(("VKA", "2024-01", 600_000), ("V1", "2024-01", 250_000), ("V2", "2024-01", 90_000), ("V3", "2024-01", 36_000)),
    *(("V4", "2024-01", 15_000), ("V2", "2024-05", 100_000), ("V3", "2024-05", 40_000), ("V4", "2024-06", 18_000)),
)
SALES_HEADINGS = "单据编号 行号 日期 办事处 客户编码 客户名称 业务员 型号 数量 单价 金额 状态".split()
STEMS = [first + second for second in "澜樾屿榆川棠" for first in "汀岚泊晟禾沐澄砚翎朔栎霁昀峤"]
REP_SURNAMES, SURNAMES = "陆沈顾严俞邵柳夏钟", "贺骆温梅尹阮祝项祁"
GIVEN = (
    *("文澜", "景行", "思远", "若川", "子衿", "予安", "一禾", "书白", "嘉树", "知遥"),
    *("闻溪", "以宁", "清和", "怀瑾", "沛然", "书昀", "向晚", "允执", "昭明", "乐言"),
)
ROADS = ("望澜路", "禾仓街", "青榆巷", "泊桥大道", "砚池路", "晓棠街", "栎园路")


@dataclass(frozen=True, slots=True)
class Rep:
    code: str
    name: str
    role: str
    office: str
    manager: str


@dataclass(frozen=True, slots=True)
class Customer:
    code: str
    name: str
    office: str
    rep: str
    channel: str
    grade: str
    platform: str
    market: str
    core: bool
    parent: str
    city: str
    address: str
    legal: str
    phone: str
    weight: int
    plan: str


@dataclass(frozen=True, slots=True)
class Line:
    document: str
    number: int
    date: dt.date
    office: str
    customer: Customer | None
    rep: str
    model: str
    quantity: int
    price: Decimal
    status: str = "正常"

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Planned:
    office: str
    customer: Customer
    target: int | None


def make_reps(rng: random.Random) -> list[Rep]:
    """Five an office, the first of them the others' manager."""
    names = [surname + given for surname in REP_SURNAMES for given in GIVEN]
    chosen = iter(rng.sample(names, 25))
    reps: list[Rep] = []
    for office, (code, _, _) in OFFICES.items():
        manager = ""
        for number, role in enumerate(("销代", "销代", "商代", "物代", "客户顾问"), start=1):
            reps.append(Rep(f"{code}{number:02}", next(chosen), role, office, manager))
            manager = manager or reps[-1].name
    return reps


def make_customers(reps: list[Rep], rng: random.Random) -> list[Customer]:
    """The customers of the table above, then the terminals they supply."""
    made: list[Customer] = []
    stems = iter(STEMS)
    for office in OFFICES:
        for entry in CUSTOMERS[office].split(", "):
            letter, grade, volume, plan = entry.split()
            made.append(_customer(made, reps, office, letter, grade, int(volume), plan, "", next(stems), rng))
    dealers = [c for c in made if c.weight >= 100 and c.channel in ("直供", "分销")]
    for number in range(26):
        dealer = dealers[(number * 5) % len(dealers)]
        weight = rng.choice((0, 0, 3, 4, 6))
        made.append(_customer(made, reps, dealer.office, "T", "-", weight, "-", dealer.code, STEMS[-1 - number], rng))
    return _with_traps(made)


def _customer(
    made: list[Customer], reps: list[Rep], office: str, letter: str, grade: str, weight: int, plan: str, parent: str,
    stem: str, rng: random.Random,
) -> Customer:  # fmt: skip
    channel = CHANNELS[letter]
    team = [rep.name for rep in reps if rep.office == office]
    rep = team[4] if letter == "T" else team[0] if weight >= 300 else rng.choice(team[:3])
    level = 1 if weight >= 300 else rng.choice((1, 2, 2)) if weight >= 100 else rng.choice((2, 3, 3, 4, 5, 6))
    city = office if level < 3 else OFFICES[office][2]
    serial = len(made) + 1
    return Customer(
        code=f"C{serial:05}",
        name=f"{city}{stem}{KINDS[channel][serial % len(KINDS[channel])]}",
        office=office,
        rep=rep,
        channel=channel,
        grade=grade.rstrip("*").replace("-", ""),
        platform={"F": "省级平台", "f": "地市平台"}.get(letter, ""),
        market=f"T{level}",
        core=grade.endswith("*"),
        parent=parent,
        city=city,
        address=f"{city}{ROADS[serial % 7]}{rng.randint(1, 388)}号",
        legal=person(rng),
        phone=f"{OFFICES[office][1]}-0{rng.randint(1_000_000, 9_999_999)}",
        weight=weight,
        plan=plan,
    )


def _with_traps(made: list[Customer]) -> list[Customer]:
    """Legal but tricky: a code with leading zeros, full-width brackets, two customers of one name."""
    first = {office: [c for c in made if c.office == office and c.channel == "直供"] for office in OFFICES}
    trapped = {
        next(c for c in first["苏州"] if c.weight == 20).code: {"code": "00123"},
        first["南京"][3].code: {"name": first["南京"][0].name + "（东门店）"},
        first["苏州"][4].code: {"name": "禾汀手机大卖场"},
        first["无锡"][3].code: {"name": "禾汀手机大卖场"},
    }
    return [replace(c, **trapped[c.code]) if c.code in trapped else c for c in made]  # type: ignore[arg-type]


def person(rng: random.Random) -> str:
    """A name nobody in particular has."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def places(customer: Customer) -> dict[str, float]:
    """The offices a customer buys from: the chain in three, one dealer in two, all others in their own."""
    if customer.weight == 1600:
        return {"南京": 0.7, "苏州": 0.2, "杭州": 0.1}
    return {"苏州": 0.8, "无锡": 0.2} if customer.weight == 470 else {customer.office: 1.0}


def basket(value: float, channel: str, rng: random.Random) -> list[tuple[str, int, Decimal]]:
    """Model, quantity and price of the lines that come to about `value`."""
    count = max(1, min(20, round(1.9 * (value / 5000) ** 0.42)))
    items = []
    for _ in range(count):
        part = value / count * rng.uniform(0.6, 1.4)
        models = [model for model, facts in PRODUCTS.items() if 100 < float(facts[3]) <= part] or ["A108"]
        model = rng.choice(models[: max(4, len(models) // 2)])
        exact = Decimal(PRODUCTS[model][3]) * Decimal(PRICE_LEVEL[channel])
        price = exact.quantize(Decimal("0.01"))
        items.append((model, max(1, round(part / float(price))), price))
    if value > 10_000 and rng.random() < 0.2:
        items.append(("C65", rng.randint(5, 60), Decimal(PRODUCTS["C65"][3])))
    return items


def make_lines(month: str, customers: list[Customer], reps: list[Rep], rng: random.Random) -> list[Line]:
    """A month's documents in order of date, numbered."""
    year, number = int(month[:4]), int(month[5:])
    drafts: list[list[Line]] = []

    def draft(
        office: str, buyer: Customer | None, items: Iterable[tuple[str, int, Decimal]], status: str = "正常"
    ) -> None:
        day = dt.date(year, number, rng.randint(1, calendar.monthrange(year, number)[1]))
        rep = buyer.rep if buyer and buyer.office == office else next(r.name for r in reps if r.office == office)
        drafts.append([Line("", n, day, office, buyer, rep, *item, status) for n, item in enumerate(items, start=1)])

    for buyer in customers:
        away = rng.random() < 0.12 and buyer.plan == "-"
        if away or not buyer.weight or (month == MAY and buyer.plan == "0"):
            continue
        for office, share in places(buyer).items():
            items = basket(buyer.weight * 1000 * MONTHS[month] * share * rng.uniform(0.9, 1.1), buyer.channel, rng)
            while items:
                size = rng.randint(1, 4)
                draft(office, buyer, items[:size])
                items = items[size:]
        if month == MAY and buyer.plan == "x":
            draft(buyer.office, buyer, [("K520", -9, Decimal("1899.00"))])
    sold = [lines[0] for lines in drafts if lines[0].customer and lines[0].quantity > 2]
    for line in rng.sample(sold, 6):
        draft(line.office, line.customer, [(line.model, -rng.randint(1, 2), line.price)])
    for line in rng.sample(sold, 4):
        draft(line.office, line.customer, [(line.model, line.quantity, line.price)], "作废")
    for office, model in zip(rng.sample(list(OFFICES), 3), ("M180", "A108", "C65"), strict=True):
        draft(office, None, [(model, 1, Decimal(PRODUCTS[model][3]))])
    drafts.sort(key=lambda lines: (lines[0].date, list(OFFICES).index(lines[0].office)))
    return [
        replace(line, document=f"{'TH' if line.quantity < 0 else 'XS'}{month[2:4]}{month[5:]}-{serial:04}")
        for serial, lines in enumerate(drafts, start=1)
        for line in lines
    ]


def nets(lines: list[Line], office: str = "") -> dict[str, Decimal]:
    """Net sales by customer code, of one office if named; voided lines and lines without a customer left out."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.customer and line.status != "作废" and office in ("", line.office):
            found[line.customer.code] += line.amount
    return found


def make_plan(customers: list[Customer], lines: list[Line]) -> list[Planned]:
    """May's planned customers by office, with the targets that give the wanted results."""
    plan: list[Planned] = []
    for office in OFFICES:
        net = nets(lines, office)
        for customer in customers:
            if customer.plan == "-":
                continue
            if customer.plan in "cnx":
                if customer.office == office:
                    plan.append(Planned(office, customer, None))
            elif office in list(places(customer))[: 2 if customer.weight == 1600 else 1]:
                percent = int(customer.plan)
                wanted = int(net[customer.code] * 100 / percent) if percent else customer.weight * 1000
                step = 10_000 if wanted > 200_000 else 5_000 if wanted > 40_000 else 500
                plan.append(Planned(office, customer, round(wanted / step) * step))
    return plan
