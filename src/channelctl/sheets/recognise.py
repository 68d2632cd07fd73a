"""Which kind of sheet is this, where is its heading, and which column holds what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.records import Kind, kinds
from channelctl.sheets import headings
from channelctl.sheets.convert import text
from channelctl.sheets.problems import letters
from channelctl.sheets.shapes import spans
from channelctl.sheets.shapes.shape import Dated, Shape

Merged = Sequence[tuple[int, int, int, int]]

IGNORE = "-"
# How a column is matched that stands past the sheet's own.
MADE = ("across", "made")
WEAK = 1000
# Where two kinds match equally many columns, the one more particular about its columns wins.
_PRECEDENCE = (
    "sales", "tier_mark", "score_mark", "plan", "class_target", "office_target",
    "rebate_rule", "price", "activation", "rebate_payout", "stock_count",
    "contact", "customer", "customer_alias", "rep", "product", "office", "region",
)  # fmt: skip
# Words that say a sheet holds something else, however much its columns look like sales.
_NOT_SALES = (
    "收款",
    "回款",
    "付款",
    "应收",
    "库存",
    "盘点",
    "payment",
    "receipt",
    "receivable",
    "stock",
    "inventory",
    "退款",
)
_SALES = ("销售", "出库", "提货", "发货", "订单", "sale", "order")
_ADDED = ("问题", "problem")
_SCRIPTS = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]*[A-Za-z][^\u3400-\u9fff]*")
_FIGURE = re.compile(r"[\d.,:/-]+")
_TOTALS = ("汇总", "总表", "合计", "总计", "summary")
_SUMMARY = (*_TOTALS, "目录", "说明", "index", "notes")


@dataclass(frozen=True)
class Column:
    """A column of a sheet and the field it fills; `where` are the letters of those that a made column stands for."""

    index: int
    heading: str
    matched: str
    factor: Decimal | None = None
    where: str = ""


@dataclass(frozen=True)
class Layout:
    """How a sheet is read: its kind, its heading row (0-based), field -> column, and the headings not read.

    `month`, `office` and `returns` are what its name or title says where its columns do not. `shape` says how its rows
    become lines where a row is not simply one; `series` is by what the next such sheet is known, `remarks` what to say,
    `heads` the texts down to the heading, with their columns, `titles` those above it as they are.
    """

    kind: Kind
    row: int
    columns: Mapping[str, Column]
    unread: Mapping[int, str] = field(default_factory=dict)
    ignored: frozenset[int] = frozenset()
    month: str | None = None
    words: Sequence[str] = ()
    office: str = ""
    returns: bool = False
    shape: Shape | None = None
    series: str = ""
    remarks: Sequence[str] = ()
    heads: frozenset[tuple[int, str]] = frozenset()
    titles: Sequence[str] = ()

    @property
    def sums_up(self) -> bool:
        """Whether its lines sum up sales of several days, or may."""
        return bool(self.series) or (isinstance(self.shape, Dated) and self.shape.months)

    @property
    def count(self) -> int:
        """How many columns of the sheet are read."""
        own = sum(1 for column in self.columns.values() if column.matched not in MADE)
        return own + (self.shape.count if self.shape is not None else 0)

    @property
    def fingerprint(self) -> str:
        """What stays the same from one export to the next: the words of the heading row, sorted."""
        return fingerprint(self.words)


def fingerprint(words: Sequence[str]) -> str:
    """Headings in plain form, sorted; the column that a workbook of rejected rows adds is none of them."""
    return "|".join(sorted(key for word in words if (key := headings.key(word)) not in _ADDED))


@dataclass(frozen=True)
class Unrecognised:
    """A sheet that is of no kind we know: its most likely headings; `other` is the word that speaks against sales.

    `why` and `hint` say what a sheet of a known shape lacks.
    """

    found: Sequence[str]
    row: int | None
    flags_returns: bool = False
    other: str = ""
    why: str = ""
    hint: str = ""


def recognise(
    rows: Sequence[Any],
    mapping: Mapping[str, str],
    wanted: str | None = None,
    names: Sequence[str] = (),
    merged: Merged = (),
) -> Layout | Unrecognised:
    """The layout of a sheet from its first rows.

    `mapping` is heading -> field as the user gave it, `wanted` a kind's name to take it for, `names` the file's and
    sheet's names, which may tell the month of a plan, `merged` the sheet's merged ranges.
    """
    best: tuple[tuple[float, int, int], Layout] | None = None
    second = best
    title: Decimal | None = None
    for number, row in enumerate(rows):
        title = (headings.title_factor(list(rows[number - 1])) if number else None) or title
        words = {index: text(cell) for index, cell in enumerate(row) if isinstance(cell, str) and text(cell)}
        if not words:
            continue
        given = {index: word for index, word in words.items() if word is not None}
        for kind in kinds().values():
            if wanted and kind.name != wanted:
                continue
            for candidate in (given, *stacked(kind, rows, number, given, merged)):
                layout = _layout(kind, number, candidate, mapping, rows, names, title) if candidate else None
                if layout is None:
                    continue
                layout = replace(layout, words=tuple(given.values()))
                rank = (_weight(layout), -_PRECEDENCE.index(kind.name), -number)
                if best is None or rank > best[0]:
                    best = (rank, layout)
                if kind.name != "sales" and (second is None or rank > second[0]):
                    second = (rank, layout)
    if best is None:
        return _unrecognised(rows)
    # What is no sale by its words is of the kind that explains as many of its columns.
    if second and second[0][0] == best[0][0] and best[1].kind.name == "sales" and _other(best[1], names):
        best = second
    layout = replace(best[1], heads=heads(rows, best[1].row), titles=_titles(rows, best[1].row))
    if layout.kind.name == "sales" and not wanted and (other := _other(layout, names)):
        return Unrecognised([text(cell) or "" for cell in rows[layout.row] if text(cell)], layout.row, other=other)
    return _with_doubles(layout)


def _with_doubles(layout: Layout) -> Layout | Unrecognised:
    """A sheet with a heading twice says which was read; two tables side by side would lose half of their rows."""
    fields = {headings.key(column.heading): name for name, column in layout.columns.items()}
    twice = {fields[key]: word for word in layout.unread.values() if (key := headings.key(word)) in fields}
    telling = {"date"} if layout.kind.name == "sales" else {"code", "name", "customer", "customer_code"}
    if len(twice) < 2 or not telling & set(twice):
        said = _("the heading {heading} stands more than once: {column} was read")
        remarks = [
            said.format(heading=word, column=letters(layout.columns[name].index)) for name, word in twice.items()
        ]
        return replace(layout, remarks=[*layout.remarks, *remarks]) if remarks else layout
    return Unrecognised(
        layout.words,
        layout.row,
        why=_("headings stand twice, as of tables side by side: {headings}").format(headings=listed(twice.values())),
        hint=_("Put the second table below the first, or on a sheet of its own, and import again."),
    )


def heads(rows: Sequence[Any], row: int) -> frozenset[tuple[int, str]]:
    """The texts of the first rows down to the heading, each with its column."""
    return frozenset(mark for cells in rows[: row + 1] for mark in marks(cells))


def _titles(rows: Sequence[Any], row: int) -> Sequence[str]:
    """The texts above the heading."""
    return tuple(word for cells in rows[:row] for cell in cells if isinstance(cell, str) and (word := text(cell)))


def marks(cells: Sequence[Any]) -> list[tuple[int, str]]:
    """The cells of a row as plain texts with their columns, blanks left out."""
    return [(index, headings.key(word)) for index, cell in enumerate(cells) if cell != "" and (word := text(cell))]


def begins_table(layout: Layout, cells: Sequence[Any]) -> bool:
    """Whether a row is the heading of another table: texts that name fields, and not those of this sheet's heading."""
    words = [word for cell in cells if isinstance(cell, str) and (word := text(cell))]
    if len(words) < 2 or any(not isinstance(cell, str) for cell in cells if cell != ""):
        return False
    known = max(sum(bool(named(kind, word)) for word in words) for kind in kinds().values())
    return known > 1 and 2 * known >= len(words) and not layout.heads.issuperset(marks(cells))


def stacked(
    kind: Kind, rows: Sequence[Any], number: int, words: Mapping[int, str], merged: Merged = ()
) -> list[Mapping[int, str]]:
    """The heading row read as one with the row above it, and with the two above it, where they are headings."""
    if any(map(_FIGURE.fullmatch, words.values())):
        return []
    two = _two_rows(kind, rows[number], rows[number - 1] if number else (), words, _groups(merged, number - 1))
    if two is None or number < 2:
        return [two] if two is not None else []
    over = {
        index: word for index, cell in enumerate(rows[number - 1]) if isinstance(cell, str) and (word := text(cell))
    }
    upper = _two_rows(kind, rows[number - 1], rows[number - 2], over, _groups(merged, number - 2))
    if upper is None:
        return [two]
    width = max(len(rows[number]), *upper) + 1 if upper else len(rows[number])
    above = [upper.get(index, "") for index in range(width)]
    three = _two_rows(kind, rows[number], above, words, _groups(merged, number - 1))
    return [two] if three is None else [two, three]


def _two_rows(
    kind: Kind, row: Sequence[Any], above: Sequence[Any], words: Mapping[int, str], groups: Mapping[int, int]
) -> Mapping[int, str] | None:
    """A heading of two rows as one, None where it is none.

    A blank takes the heading above it; a word that names no field alone is read with the group it stands under:
    金额 over 含税 is 金额(含税); so is one that stands under 累计 or 去年同期. `groups` tells where merged ones end.
    """
    if not any(isinstance(cell, str) and cell.strip() for cell in above) or not all(
        isinstance(cell, str) for cell in row
    ):
        return None
    found: dict[int, str] = {}
    group, end = "", 0
    for index in range(max(len(row), len(above))):
        over = text(above[index]) if index < len(above) else None
        if over:
            group, end = over, groups.get(index, index) if groups else index
        elif groups and index > end:
            group = ""
        own = words.get(index)
        if own is None:
            if over:
                found[index] = over
        elif not group or (_field(kind, own)[0] and not (spans.is_running(group) or spans.is_other(group))):
            found[index] = own
        else:
            found[index] = f"{group}({own})"
    return found if found != words else None


def _groups(merged: Merged, number: int) -> Mapping[int, int]:
    """First column -> last of the ranges merged across that end in a row."""
    return {box[1]: box[3] for box in merged if box[0] <= number <= box[2] and box[3] > box[1]}


@lru_cache(maxsize=32768)
def _field(kind: Kind, word: str) -> tuple[str, int]:
    """The field a heading names and how far down its list of names; ("", 0) for none.

    A heading in two languages, 金额 Amount, names a field where both of its parts name that one.
    """
    known = _aliases(kind)
    found = known.get(headings.read(word).key) or known.get(headings.key(word))
    if found or word.isascii():
        return found or ("", 0)
    said = {known.get(headings.read(part).key, ("", 0)) for part in _SCRIPTS.findall(word)}
    return max(said, key=itemgetter(1)) if len({name for name, _rank in said}) == 1 else ("", 0)


def named(kind: Kind, word: str) -> str:
    """The field that a heading names of itself, "" for none."""
    return _field(kind, word)[0]


def is_summary(name: str) -> bool:
    """Whether a sheet's name says that it sums up the others, or only speaks of them."""
    return bool(_speaks_of(_SUMMARY, [name]))


def is_total_sheet(name: str) -> bool:
    """Whether a sheet's name says that it sums up the others."""
    return bool(_speaks_of(_TOTALS, [name]))


def _other(layout: Layout, names: Sequence[str]) -> str:
    """The word by which a sheet is one of payments or stock, not of sales.

    The sheet's own name says most, then the file's; a heading counts only where quantity or amount is missing: an ERP's
    sale lines may well have a column 付款方式.
    """
    for name in reversed(names):
        if word := _speaks_of(_NOT_SALES, [name]):
            return word
        if _speaks_of(_SALES, [name]):
            if name == names[-1]:
                return ""
            break
    if "quantity" in layout.columns and {"amount", "amount_taxed"} & set(layout.columns):
        return ""
    return _speaks_of(_NOT_SALES, list(layout.unread.values()))


def _speaks_of(words: Sequence[str], texts: Sequence[str]) -> str:
    """The first of the words that stands in one of the texts, else ""."""
    return next((word for text in texts for word in words if word in headings.simplify(text)), "")


def _layout(
    kind: Kind,
    number: int,
    words: Mapping[int, str],
    mapping: Mapping[str, str],
    rows: Sequence[Any],
    names: Sequence[str],
    title: Decimal | None,
) -> Layout | None:
    columns, ranks = matched(kind, words, mapping, title)
    used = {column.index for column in columns.values()}
    month = None
    if "month" in kind.columns and "month" not in columns and kind.name == "plan":
        titles = [text(cell) or "" for row in rows[:number] for cell in row]
        month = spans.month_said([*names, *titles])
    strong = [name for name, rank in ranks.items() if rank[0] < WEAK]
    present = {*columns, *(f"{name}!" for name in strong), *(["month"] if month else [])}
    if any(not present & set(group) for group in kind.needs):
        return None
    if kind.named and len(columns) < min(2, len(words)):
        return None
    if kind.named and "name" not in columns and len(columns) * 2 < max(len(words), 4):
        return None
    if not any(name in strong for group in kind.needs for name in group):
        return None
    unread = {index: word for index, word in words.items() if index not in used}
    return Layout(kind, number, columns, unread, ignored(unread, mapping), month)


def ignored(unread: Mapping[int, str], mapping: Mapping[str, str]) -> frozenset[int]:
    """The columns that --map leaves out."""
    left = {headings.key(heading) for heading, target in mapping.items() if target == IGNORE}
    return frozenset(index for index, word in unread.items() if headings.key(word) in left)


def matched(
    kind: Kind, words: Mapping[int, str], mapping: Mapping[str, str], title: Decimal | None
) -> tuple[dict[str, Column], dict[str, tuple[int, int]]]:
    """The fields that the headings name, each with its column, and how near the name was: (rank, column)."""
    columns: dict[str, Column] = {}
    ranks: dict[str, tuple[int, int]] = {}
    plain_mapping = {headings.key(heading): target for heading, target in mapping.items()}
    for index, word in words.items():
        heading = headings.read(word)
        told = plain_mapping.get(headings.key(word), plain_mapping.get(heading.key)) if plain_mapping else None
        if told is not None:
            name = target_field(kind, told)
            match, rank = ("--map", -1) if name else ("", 0)
        else:
            name, rank = ("", 0) if _is_aside(kind, word) else _field(kind, word)
            match = ("name" if rank == 0 else "alias" if rank < WEAK else "hint") if name else ""
        if not name or not match or (name in ranks and ranks[name] <= (rank, index)):
            continue
        factor = factor_of(kind.columns[name], name, heading, title)
        columns[name], ranks[name] = Column(index, word, match, factor), (rank, index)
    hints = _hints(kind)
    for index, word in words.items() if hints else ():
        hinted = hints.get(headings.key(word))
        if hinted and hinted not in columns:
            columns[hinted], ranks[hinted] = Column(index, word, "hint"), (WEAK, index)
    return columns, ranks


def _is_aside(kind: Kind, word: str) -> bool:
    """Whether a heading speaks of sales of another time, or up to a day: no figure of the line it stands in."""
    if kind.name != "sales" or not (spans.is_running(word) or spans.is_other(word)):
        return False
    return kind.columns[name].is_number if (name := _field(kind, word)[0]) else False


def factor_of(column: Col, name: str, heading: headings.Heading, title: Decimal | None) -> Decimal | None:
    """What the column's figures are multiplied by: its own unit, else the title's, but never that for unit prices."""
    if column.kind == "quantity" and not headings.is_money(heading.unit):
        return heading.factor
    if column.kind != "money":
        return None
    factor = heading.factor or (title if name != "unit_price" else None)
    return None if factor == 1 else factor


def _weight(layout: Layout) -> float:
    return sum(0.5 if column.matched == "hint" else 1.0 for column in layout.columns.values())


@cache
def _aliases(kind: Kind) -> Mapping[str, tuple[str, int]]:
    """Plain heading -> (field, how far down its list of names); 1000 and more for names that only support others."""
    found: dict[str, tuple[str, int]] = {}
    for name, column in kind.columns.items():
        for place, alias in enumerate((column.zh, column.en, name.rstrip("_"), *column.aliases)):
            weak = alias.startswith("~")
            rank = (WEAK if weak else 0) + (0 if place < 3 else place)
            key = headings.key(alias.lstrip("~"))
            if key not in found or rank < found[key][1]:
                found[key] = (name, rank)
    return found


@cache
def _hints(kind: Kind) -> Mapping[str, str]:
    """Plain heading -> the field it stands in for, besides its own: an office without a name goes by its city."""
    return {
        headings.key(alias[1:]): name
        for name, column in kind.columns.items()
        for alias in column.aliases
        if alias.startswith("~")
    }


def target_field(kind: Kind, target: str) -> str:
    """The field of a kind that --map's right side names, by field name, heading or alias; "" where it has none."""
    if target == IGNORE:
        return ""
    if target == kind.name and kind.named:
        return "name"
    plain = headings.key(target)
    for name in kind.columns:
        if plain == headings.key(name.rstrip("_")):
            return name
    return _aliases(kind).get(plain, ("", 0))[0]


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a --map whose right side is a field of no kind."""
    for heading, target in mapping.items():
        if target == IGNORE or any(target_field(kind, target) for kind in kinds().values()):
            continue
        fields = sorted({name.rstrip("_") for name in kinds()["sales"].columns})
        raise UsageError(
            _("--map {heading}={target}: there is no field {target}").format(heading=heading, target=target),
            _("The fields of a sale line are: {names}").format(names=listed(fields)),
        )


def _unrecognised(rows: Sequence[Any]) -> Unrecognised:
    """The row with the most texts is the likeliest heading."""
    best: tuple[int, int] | None = None
    for number, row in enumerate(rows):
        count = sum(1 for cell in row if isinstance(cell, str) and cell.strip())
        if count and (best is None or count > best[0]):
            best = (count, number)
    if best is None:
        return Unrecognised((), None)
    found = [word for cell in rows[best[1]] if isinstance(cell, str) and (word := text(cell))]
    plain = [headings.key(word) for word in found]
    document = any(_aliases(kinds()["sales"]).get(word, ("", 0))[0] == "document" for word in plain)
    returns = any(("退" in word or "return" in word) for word in plain)
    return Unrecognised(found, best[1], document and returns and len(found) <= 4)


def place(column: Column) -> str:
    """C 销售日期: a column as it is said on the screen."""
    if column.matched in MADE and not column.where:
        return column.heading
    return f"{column.where or letters(column.index)} {column.heading}"
