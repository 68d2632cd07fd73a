"""A made region of 5,000 customers: its sheets, and its rows for a reckoning of their own."""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.making import sheet

MONTH = "2024-05"
LAST = "2024-06-10"
REGIONS = {"华东": ("杭州", "宁波", "南京", "苏州"), "华中": ("武汉", "长沙", "海口", "三亚"), "": ("乌镇",)}
OFFICES = {office: region for region, offices in REGIONS.items() for office in offices}
_TRADING = ("杭州", "宁波", "南京", "苏州", "武汉", "长沙", "乌镇")
REPS = ("王伟", "李敏", "赵谦", "孙丽", "周强", "吴静", "郑浩", "冯燕")
PRODUCTS = tuple(f"M{number:02d}" for number in range(40))
CLASS_TARGETS = (
    ("V1", "2024-01", "90000"), ("V1", "2024-05", "60000.5"), ("V2", "2024-02", "8000"), ("V3", "2024-04", "3000"),
    ("V3", "2024-06", "1"), ("VKA", "2024-06", "500000"),
)  # fmt: skip
_CLASSES = ("VKA", "V1", "V2", "V3", "V4", "")
_CORE = ("VKA", "V1")


class Customer(NamedTuple):
    """A row of the customers' sheet."""

    code: str
    office: str
    rep: str
    class_: str
    core: str
    closed: str


class Line(NamedTuple):
    """A row of a sales sheet, as text."""

    document: str
    number: str
    day: str
    office: str
    customer: str
    rep: str
    product: str
    quantity: str
    amount: str
    cost: str
    status: str


class Planned(NamedTuple):
    """A row of the plan."""

    office: str
    customer: str
    class_: str
    core: str
    target: str


class Region(NamedTuple):
    """Everything; `corrected` are lines that a later sheet brings again with other figures."""

    customers: dict[str, Customer]
    lines: list[Line]
    corrected: list[Line]
    plan: list[Planned]

    def counted(self, first: str = "", last: str = "9999") -> Iterator[Line]:
        """The lines that are sales, as they stand in the end."""
        latest = {(line.document, line.number): line for line in (*self.lines, *self.corrected)}
        return (line for line in latest.values() if first <= line.day <= last and line.status not in ("作废", "已作废"))

    def office_of(self, line: Line) -> str:
        """The office of a line: its own, else that of its customer."""
        return line.office or (self.customers[line.customer].office if line.customer in self.customers else "")

    def rep_of(self, line: Line) -> str:
        """The rep of a line: its own, else that of its customer."""
        return line.rep or (self.customers[line.customer].rep if line.customer in self.customers else "")

    def class_of(self, planned: Planned) -> str:
        """A blank class is that of the customer's file."""
        return planned.class_ or (self.customers[planned.customer].class_ if planned.customer in self.customers else "")

    def is_core(self, planned: Planned) -> bool:
        """A mark in the plan, else in the customer's file, else the class says."""
        own = self.customers[planned.customer].core if planned.customer in self.customers else ""
        mark = planned.core or own
        return mark == "是" if mark else self.class_of(planned) in _CORE


def number(text: str) -> Fraction:
    """A number as it stands in a sheet."""
    return Fraction(text or 0)


def summed(lines: Iterator[Line], key: Callable[[Line], str]) -> dict[str, Fraction]:
    """Net sales by what each line says of itself; those that say nothing are left out."""
    found: dict[str, Fraction] = {}
    for line in lines:
        if key(line):
            found[key(line)] = found.get(key(line), Fraction(0)) + number(line.amount)
    return found


@cache
def region() -> Region:
    """The same region every time."""
    chance = random.Random(20240531)
    customers = {one.code: one for one in _customers(chance)}
    lines = [*_lines(chance, list(customers.values())), *_odd_lines(chance)]
    numbered = [line._replace(document=f"S{place // 3:06d}", number=str(place % 3 + 1))
                for place, line in enumerate(lines)]  # fmt: skip
    again = chance.sample(numbered, 250)
    corrected = [line._replace(amount=_amount(chance, 3000), quantity="7") for line in again]
    return Region(customers, numbered, corrected, _plan(chance, customers))


def _customers(chance: random.Random) -> Iterator[Customer]:
    for place in range(5000):
        code = f"K{chance.randrange(10)}{place:04d}"
        office = "" if place % 17 == 3 else chance.choice(_TRADING)
        rep = "" if place % 11 == 5 else chance.choice(REPS)
        core = chance.choice(("", "", "", "", "是", "否"))
        closed = chance.choice(("2024-04-30", "2024-05-31", "2024-06-30")) if place % 50 == 7 else ""
        yield Customer(code, office, rep, chance.choice(_CLASSES), core, closed)


def _lines(chance: random.Random, customers: list[Customer]) -> Iterator[Line]:
    for place, one in enumerate(customers):
        if place % 19 == 4:
            continue  # never bought
        if 2000 <= place < 2900:  # equal sales
            for _line in range(2):
                yield _line_of(chance, one, "1234.5", "2024-05-1" + str(chance.randrange(10)))
            continue
        scale = 4_000_000 / (place + 20) if place < 2000 else 900
        for _line in range(chance.choice((1, 2, 3, 5, 8)) if place < 2000 else chance.choice((1, 2))):
            amount = _amount(chance, scale)
            line = _line_of(chance, one, amount, _day(chance))
            if place % 37 == 0:
                line = line._replace(amount=f"-{amount}", quantity=f"-{chance.randrange(1, 9)}")
            yield line
            if place % 41 == 0 or chance.random() < 0.04:  # all or a part of it comes back
                part = amount if place % 41 == 0 else _amount(chance, scale / 3)
                yield line._replace(amount=f"-{part}", quantity="-1", day=max(line.day, _day(chance)))


def _odd_lines(chance: random.Random) -> Iterator[Line]:
    """Lines without a customer, some without an office too, and void ones, the last of them later than all sales."""
    for _line in range(300):
        office = chance.choice((*_TRADING, ""))
        yield Line("", "", _day(chance), office, "", "", chance.choice(PRODUCTS), "1", _amount(chance, 800), "", "")
    yield Line("", "", LAST, "杭州", "", "", "M01", "1", "12.3456", "", "正常")
    yield Line("", "", "2024-06-12", "杭州", "", "", "M01", "1", "99999", "", "作废")
    for code, amount in (("Z1", "100"), ("Z2", "0"), ("Z3", "250.0"), ("Z4", "-5")):
        yield Line("", "", f"{MONTH}-20", "海口" if code < "Z3" else "三亚", code, "", "M02", "2", amount, "", "")


def _line_of(chance: random.Random, one: Customer, amount: str, day: str) -> Line:
    office = chance.choice(_TRADING) if chance.random() < 0.2 else "" if chance.random() < 0.1 else one.office
    rep = chance.choice(("", "", *REPS))
    cost = f"{Decimal(amount) * chance.randrange(5, 12) / 10:.2f}" if chance.random() < 0.6 else ""
    quantity = "" if chance.random() < 0.1 else f"{chance.randrange(1, 4000) / 100:g}"
    status = chance.choice(("", "正常", "正常", "正常", "已审核", "作废", "已作废")) if chance.random() < 0.3 else ""
    return Line("", "", day, office, one.code, rep, chance.choice(PRODUCTS), quantity, amount, cost, status)


def _amount(chance: random.Random, scale: float) -> str:
    """An amount with none to four decimals."""
    return str(Decimal(chance.randrange(1, max(2, int(scale * 10_000)))).scaleb(-chance.choice((4, 4, 5, 6))).quantize(
        Decimal(1).scaleb(-chance.choice((0, 1, 2, 3, 4)))
    ) + 1)  # fmt: skip


def _day(chance: random.Random) -> str:
    month = chance.choice((*range(3, 13), *range(13, 18), 17, 17, 17, 18))
    day = chance.randrange(1, 11 if month == 18 else 29)
    return f"{2023 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}-{day:02d}"


def _plan(chance: random.Random, customers: dict[str, Customer]) -> list[Planned]:
    found: list[Planned] = []
    for office in _TRADING[:-1]:
        own = [
            code
            for code, one in customers.items()
            if one.office == office or (not one.office and chance.random() < 0.2)
        ]
        others = [code for code, one in customers.items() if one.office != office and one.office]
        chosen = {*chance.sample(own, len(own) // 3), *chance.sample(others, 25), f"X{len(found):05d}"}
        for code in sorted(chosen):
            target = chance.choice(("", "", "0", "2469", "1234.5", "3000", "20000.25", "150000"))
            class_ = chance.choice(("", "", *_CLASSES))
            found.append(Planned(office, code, class_, chance.choice(("", "", "", "是", "否")), target))
    return [
        *found,
        Planned("海口", "Z1", "V4", "", "100"),
        Planned("海口", "Z2", "V4", "", ""),
        Planned("三亚", "Z3", "V4", "", "200"),
        Planned("三亚", "Z4", "V4", "", ""),
    ]


def sheets() -> list[Path]:
    """The region as files in this folder, in the order in which they are imported."""
    made = region()
    codes = {office: f"B{place:02d}" for place, office in enumerate(OFFICES)}
    people = [(one.code, _name(one.code), *one[1:]) for one in made.customers.values()]
    headings = "单据编号 行号 日期 办事处 客户编码 客户名称 业务员 型号 数量 金额 成本 状态"
    sold = [[(*line[:5], _name(line.customer), *line[5:]) for line in lines] for lines in (made.lines, made.corrected)]
    plan = [(MONTH, one.office, one.customer, _name(one.customer), *one[2:]) for one in made.plan]
    return [
        sheet(
            "offices", "办事处编码 办事处 区域", [(codes[office], office, where) for office, where in OFFICES.items()]
        ),
        sheet("customers", "客户编码 客户名称 办事处 客户经理 规划等级 核心客户 停用日期", people),
        sheet("class-targets", "等级 生效月份 月度目标", CLASS_TARGETS),
        sheet("sales-1", headings, sold[0]),
        sheet("sales-2", headings, sold[1]),
        sheet("plan", "月份 办事处 客户编码 客户 规划等级 核心客户 月度目标", plan),
    ]


def _name(code: str) -> str:
    return f"客户{code}" if code else ""
