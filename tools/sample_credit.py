"""What the sample customers may owe, owe and have paid up to the end of May, and what is open: counted apart."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tools.sample_region import Customer, Line

LIMIT_HEADINGS = ("客户编码", "客户名称", "生效日期", "信用额度", "账期", "含下级", "备注")
RECEIVABLE_HEADINGS = (
    "客户编码", "客户名称", "发票号", "发票日期", "类型", "应收金额", "到期日", "已收金额", "未收余额", "备注",
)  # fmt: skip
PAYMENT_HEADINGS = ("收款日期", "客户编码", "客户名称", "收款单号", "收款金额", "对应发票", "回款方式", "备注")
CLOSING, _GRANTED = dt.date(2024, 5, 31), dt.date(2024, 1, 1)
_TAXED = Decimal("1.17")
_BUCKETS = (30, 60, 90)


Cell = str | int | Decimal | None


class Limit(NamedTuple):
    """A limit that was there before; `amount` None: blank."""

    customer: Customer
    amount: int | None
    days: int
    pooled: bool
    remark: str


@dataclass(frozen=True)
class Document:
    """An invoice, opening balance or credit note (its amount above 0 all the same), and what came in for it before."""

    customer: Customer
    number: str
    date: dt.date
    type_: str
    amount: Decimal
    due: dt.date
    received: Decimal = Decimal()
    remark: str = ""


class Paid(NamedTuple):
    """A payment; a blank document is for the oldest due."""

    customer: Customer
    number: str
    date: dt.date
    amount: Decimal
    document: str
    method: str


class Credit(NamedTuple):
    """The three sheets."""

    limits: Sequence[Limit]
    documents: Sequence[Document]
    payments: Sequence[Paid]


def make_credit(customers: Sequence[Customer], sales: dict[str, list[Line]]) -> Credit:
    """The fifteen largest customers on credit, and what three months' sales to them came to in invoices."""
    largest = sorted((c for c in customers if c.channel != "零售终端"), key=lambda c: (-c.weight, c.code))[:15]
    parent = next(c for c in largest if any(other.parent == c.code for other in customers))
    limits = [_limit(place, customer, customer == parent) for place, customer in enumerate(largest)]
    documents = sorted(_documents(limits, sales), key=lambda one: (one.date, one.customer.code, one.number))
    return Credit(limits, documents, list(_payments(documents, limits[13].customer)))


def _limit(place: int, customer: Customer, pooled: bool) -> Limit:
    """About two months' purchases; the thirteenth pays cash, of the fourteenth nothing is said."""
    amount: int | None = round(customer.weight * 2.2 / 50) * 50_000
    if place == 12:
        return Limit(customer, 0, 0, False, "现款客户")
    if place == 13:
        return Limit(customer, None, 30, False, "额度待定")
    return Limit(customer, amount, (30, 45, 30, 60)[place % 4], pooled, "含下级客户" if pooled else "")


def _documents(limits: Sequence[Limit], sales: dict[str, list[Line]]) -> Iterator[Document]:
    """An invoice a customer and month, one opening balance, one credit note, one invoice paid in part before."""
    for place, limit in enumerate(limits):
        buyer, wait = limit.customer, dt.timedelta(days=limit.days)
        for month, lines in sorted(sales.items()):
            bought = [line for line in lines if line.customer == buyer and line.status != "作废" and line.amount > 0]
            if not bought or (place >= 13 and month != "2024-05"):
                continue
            amount = (sum((line.amount for line in bought), Decimal()) * _TAXED).quantize(
                Decimal("0.01"), ROUND_HALF_UP
            )
            day = dt.date(int(month[:4]), int(month[5:]), 8 + place)
            number = f"FP{month[2:4]}{month[5:]}{place + 1:02}"
            received = Decimal(100_000) if (place, month) == (6, "2024-04") else Decimal()
            yield Document(buyer, number, day, "发票", amount, day + wait, received)
    buyer = limits[14].customer
    opening = dt.date(2023, 12, 31)
    yield Document(buyer, "", opening, "期初", Decimal("86500.00"), opening + dt.timedelta(days=30), remark="上年结转")
    buyer, day = limits[4].customer, dt.date(2024, 5, 20)
    yield Document(buyer, "HZ240501", day, "红字发票", Decimal("12636.00"), day, remark="退货")


def _payments(documents: Sequence[Document], unsaid: Customer) -> Iterator[Paid]:
    """March's invoices paid when due, every fourth not; April's in part, naming nothing; one customer pays ahead."""
    invoices = [one for one in documents if one.type_ == "发票"]
    found: list[Paid] = []
    for place, one in enumerate(one for one in invoices if one.date.month == 3):
        if place % 4 != 3:
            day = min(one.due + dt.timedelta(days=place % 5), dt.date(2024, 5, 30))
            found.append(Paid(one.customer, "", day, one.amount, one.number, "电汇"))
    for place, one in enumerate(one for one in invoices if one.date.month == 4):
        part = (one.amount / 2 / 1000).quantize(Decimal(1), ROUND_HALF_UP) * 1000
        day = dt.date(2024, 5, 10) + dt.timedelta(days=place)
        found.append(Paid(one.customer, "", day, part, "", "银行承兑汇票" if place % 3 else "电汇"))
    ahead = next(one for one in invoices if one.customer == unsaid)
    sure = (ahead.amount / 10_000).quantize(Decimal(1), ROUND_HALF_UP) * 10_000 + 20_000
    found.append(Paid(unsaid, "", dt.date(2024, 5, 24), sure, ahead.number, "电汇"))
    extra = invoices[0].customer
    found += [Paid(extra, "", dt.date(2024, 5, 28), Decimal("50000.00"), "", "电汇") for _twice in range(2)]
    found.sort(key=lambda one: (one.date, one.customer.code))
    for serial, paid in enumerate(found, start=1):
        # Two equal ones have no number: both came in.
        yield paid if paid.amount == 50_000 else paid._replace(number=f"SK{paid.date:%y%m}{serial:03}")


def limit_rows(credit: Credit) -> list[tuple[Cell, ...]]:
    """Limits under LIMIT_HEADINGS."""
    return [
        (
            one.customer.code, one.customer.name, _GRANTED.isoformat(), one.amount, 
            f"{one.days}天" if one.days else "现款", "是" if one.pooled else "", one.remark,
        )
        for one in credit.limits
    ]  # fmt: skip


def receivable_rows(credit: Credit) -> list[tuple[Cell, ...]]:
    """Documents under RECEIVABLE_HEADINGS, credit notes below 0, and the totals row."""
    rows: list[tuple[Cell, ...]] = []
    total = rest = Decimal()
    for one in credit.documents:
        amount = -one.amount if one.type_ == "红字发票" else one.amount
        total, rest = total + amount, rest + amount - one.received
        days = (f"{one.date.year}.{one.date.month}.{one.date.day}", one.due.isoformat())
        rows.append(
            (
                one.customer.code, one.customer.name, one.number, days[0], one.type_, amount, days[1],
                one.received or "", amount - one.received, one.remark,
            )
        )  # fmt: skip
    return [*rows, ("合计", "", "", "", "", total, "", total - rest, rest, "")]


def payment_rows(credit: Credit) -> list[tuple[Cell, ...]]:
    """Payments under PAYMENT_HEADINGS."""
    return [
        (
            f"{one.date.year}/{one.date.month}/{one.date.day}", one.customer.code, one.customer.name, one.number,
            f"{one.amount:,.2f}", one.document, one.method, "",
        )
        for one in credit.payments
    ]  # fmt: skip


def credit_figures(credit: Credit) -> dict[str, object]:
    """By customer at the end of May: what is open, unapplied and how old; reckoned document by document."""
    rows = {}
    for code in sorted({one.customer.code for one in credit.documents}):
        rows[code] = _aged(code, credit)
    names = ("outstanding", "not_due", "1-30", "31-60", "61-90", ">90", "unapplied")
    return {
        "as_of": CLOSING.isoformat(),
        "limits": {one.customer.code: None if one.amount is None else str(one.amount) for one in credit.limits},
        "documents": len(credit.documents),
        "payments": len(credit.payments),
        "paid": str(sum((one.amount for one in credit.payments), Decimal())),
        "total": {name: str(sum((row[name] for row in rows.values()), Decimal())) for name in names},
        "customers": {code: {name: str(row[name]) for name in names} for code, row in rows.items()},
    }


def _aged(code: str, credit: Credit) -> dict[str, Decimal]:
    """Payments go to the document they name as far as it is open, what is left of all to the oldest due."""
    own = [one for one in credit.documents if one.customer.code == code]
    debits = sorted((one for one in own if one.type_ != "红字发票"), key=lambda one: (one.due, one.date, one.number))
    rest = {one.number: one.amount - one.received for one in debits}
    spare = sum((one.amount for one in own if one.type_ == "红字发票"), Decimal())
    for paid in (one for one in credit.payments if one.customer.code == code):
        taken = min(rest.get(paid.document, Decimal()), paid.amount)
        if taken:
            rest[paid.document] -= taken
        spare += paid.amount - taken
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in debits:
        taken = min(rest[one.number], spare)
        rest[one.number], spare = rest[one.number] - taken, spare - taken
        found[_bucket((CLOSING - one.due).days)] += rest[one.number]
    found["unapplied"] = -spare
    found["outstanding"] = sum(rest.values(), Decimal()) - spare
    return found


def _bucket(days: int) -> str:
    if days <= 0:
        return "not_due"
    lows = (0, *_BUCKETS)
    return next((f"{low + 1}-{high}" for low, high in zip(lows, _BUCKETS, strict=False) if days <= high), ">90")
