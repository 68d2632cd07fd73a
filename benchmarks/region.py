"""A made region of any size: sale lines with Chinese headings, as a workbook or straight into a database."""

import csv
import datetime as dt
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

HEADINGS = (
    "单据编号",
    "日期",
    "大区",
    "办事处",
    "客户编码",
    "客户名称",
    "渠道类型",
    "业务员",
    "型号",
    "数量",
    "单价",
    "金额",
)
_CITIES = tuple("杭州 南京 苏州 宁波 无锡 合肥 武汉 长沙 成都 西安 济南 福州 广州 沈阳 天津 郑州".split())
_WORDS = "恒宏华鑫瑞天中金永兴盛泰广福嘉德隆益安顺达通信远源发业丰昌成和利美茂联祥宇诚科"
_CHANNELS = ("分销", "直供", "联通", "零售终端")
_FIRST = dt.date(2023, 1, 1)
_DAYS = 731


def customers(lines: int) -> int:
    """How many customers a region of so many lines has."""
    return min(20_000, max(50, int(6 * math.sqrt(lines))))


def rows(
    lines: int, seed: int = 7
) -> Iterator[tuple[str, dt.date, str, str, str, str, str, str, str, int, float, float]]:
    """Sale lines in the order of their days, a few returns among them."""
    chance = random.Random(seed)
    count = customers(lines)
    weights = [1 / (place + 1) for place in range(count)]
    bought = chance.choices(range(count), weights, k=lines)
    prices = [round(200 + chance.random() * 4800, 0) for _model in range(120)]
    for line, customer in enumerate(bought):
        city = _CITIES[customer % len(_CITIES)]
        word = _WORDS[customer % 38] + _WORDS[customer // 38 % 38]
        model = chance.randrange(120)
        quantity = -1 if line % 50 == 49 else chance.randrange(1, 30)
        day = _FIRST + dt.timedelta(days=line * _DAYS // lines)
        name, rep = f"{city}{word}通讯有限公司{customer}", f"{_WORDS[customer % 7]}{_WORDS[customer % 11]}"
        where = ("华东" if customer % 2 else "华中", city, f"C{customer:06d}", name, _CHANNELS[customer % 4], rep)
        price = prices[model]
        yield f"SO{line // 3:09d}", day, *where, f"M{model:03d}", quantity, price, quantity * price


def workbook(path: Path, lines: int) -> None:
    """The lines as a workbook."""
    from xlsxwriter import Workbook

    book = Workbook(str(path), {"constant_memory": True})
    sheet, day, money = (
        book.add_worksheet("销售明细"),
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "#,##0.00"}),
    )
    sheet.write_row(0, 0, HEADINGS)
    for place, row in enumerate(rows(lines), 1):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(place, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, str):
                sheet.write_string(place, column, value)
            else:
                sheet.write_number(place, column, value, money if column > 9 else None)
    book.close()


def text(path: Path, lines: int) -> None:
    """The lines as a CSV."""
    _write(path, rows(lines))


def texts(folder: Path, lines: int, each: int) -> list[Path]:
    """The lines as CSV files of `each`, in order."""
    left = rows(lines)
    made = [folder / f"sales-{part:02d}.csv" for part in range(1, math.ceil(lines / each) + 1)]
    for path in made:
        _write(path, islice(left, each))
    return made


def _write(path: Path, lines: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        out.writerows(lines)
