"""Which kind of sheet is this, where is its heading, and which column holds what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.records import Kind, kinds
from channelctl.sheets import headings
from channelctl.sheets.convert import text
from channelctl.sheets.problems import letters

IGNORE = "-"
_WEAK = 1000
# Where two kinds match equally many columns, the one more particular about its columns wins.
_PRECEDENCE = ("sales", "plan", "class_target", "contact", "customer", "rep", "product", "office", "region")
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
_SUMMARY = ("汇总", "总表", "summary", "目录", "说明", "index", "notes")


@dataclass(frozen=True)
class Column:
    """A column of a sheet and the field it fills."""

    index: int
    heading: str
    matched: str
    factor: Decimal | None = None


@dataclass(frozen=True)
class Layout:
    """How a sheet is read: its kind, its heading row (0-based), field -> column, and the headings not read.

    `month`, `office` and `returns` are what its name or title says where its columns do not.
    """

    kind: Kind
    row: int
    columns: Mapping[str, Column]
    unread: Mapping[int, str] = field(default_factory=dict)
    month: str | None = None
    words: Sequence[str] = ()
    office: str = ""
    returns: bool = False

    @property
    def fingerprint(self) -> str:
        """What stays the same from one export to the next: the words of the heading row, sorted."""
        return fingerprint(self.words)


def fingerprint(words: Sequence[str]) -> str:
    """Headings in plain form, sorted; the column that a workbook of rejected rows adds is none of them."""
    return "|".join(sorted(key for word in words if (key := headings.key(word)) not in _ADDED))


@dataclass(frozen=True)
class Unrecognised:
    """A sheet that is of no kind we know: its most likely headings; `other` is the word that speaks against sales."""

    found: Sequence[str]
    row: int | None
    flags_returns: bool = False
    other: str = ""


def recognise(
    rows: Sequence[Any],
    mapping: Mapping[str, str],
    wanted: str | None = None,
    names: Sequence[str] = (),
) -> Layout | Unrecognised:
    """The layout of a sheet from its first rows.

    `mapping` is heading -> field as the user gave it, `wanted` a kind's name to take it for, `names` the file's and
    sheet's names, which may tell the month of a plan.
    """
    best: tuple[tuple[float, int, int], Layout] | None = None
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
            for candidate in (given, _two_rows(kind, rows, number, given)):
                layout = _layout(kind, number, candidate, mapping, rows, names, title) if candidate else None
                if layout is None:
                    continue
                layout = replace(layout, words=tuple(given.values()))
                rank = (_weight(layout), -_PRECEDENCE.index(kind.name), -number)
                if best is None or rank > best[0]:
                    best = (rank, layout)
    if best is None:
        return _unrecognised(rows)
    layout = best[1]
    if layout.kind.name == "sales" and not wanted and (other := _other(layout, names)):
        return Unrecognised([text(cell) or "" for cell in rows[layout.row] if text(cell)], layout.row, other=other)
    return layout


def _two_rows(kind: Kind, rows: Sequence[Any], number: int, words: Mapping[int, str]) -> Mapping[int, str] | None:
    """A heading of two rows as one, None where it is none.

    A blank takes the heading above it; a word that names no field alone is read with the group it stands under:
    金额 over 含税 is 金额(含税).
    """
    row, above = rows[number], rows[number - 1] if number else ()
    if not any(isinstance(cell, str) and cell.strip() for cell in above) or not all(
        isinstance(cell, str) for cell in row
    ):
        return None
    merged: dict[int, str] = {}
    group = ""
    for index in range(max(len(row), len(above))):
        over = text(above[index]) if index < len(above) else None
        group = over or group
        own = words.get(index)
        if own is None:
            if over:
                merged[index] = over
        elif _field(kind, own)[0] or not group:
            merged[index] = own
        else:
            merged[index] = f"{group}({own})"
    return merged if merged != words else None


def _field(kind: Kind, word: str) -> tuple[str, int]:
    """The field a heading names and how far down its list of names; ("", 0) for none."""
    known = _aliases(kind)
    return known.get(headings.read(word).key) or known.get(headings.key(word)) or ("", 0)


def is_summary(name: str) -> bool:
    """Whether a sheet's name says that it sums up the others."""
    return bool(_speaks_of(_SUMMARY, [name]))


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
    columns: dict[str, Column] = {}
    ranks: dict[str, tuple[int, int]] = {}
    plain_mapping = {headings.key(heading): target for heading, target in mapping.items()}
    for index, word in words.items():
        heading = headings.read(word)
        told = plain_mapping.get(headings.key(word), plain_mapping.get(heading.key))
        if told is not None:
            name = target_field(kind, told)
            match, rank = ("--map", -1) if name else ("", 0)
        else:
            name, rank = _field(kind, word)
            match = ("name" if rank == 0 else "alias" if rank < _WEAK else "hint") if name else ""
        if not name or not match or (name in ranks and ranks[name] <= (rank, index)):
            continue
        factor = _factor(kind.columns[name], name, heading, title)
        columns[name], ranks[name] = Column(index, word, match, factor), (rank, index)
    for index, word in words.items():
        hinted = _hints(kind).get(headings.key(word))
        if hinted and hinted not in columns:
            columns[hinted], ranks[hinted] = Column(index, word, "hint"), (_WEAK, index)
    used = {column.index for column in columns.values()}
    month = None
    if "month" in kind.columns and "month" not in columns and kind.name == "plan":
        titles = [text(cell) or "" for row in rows[:number] for cell in row]
        month = next((found for name in [*names, *titles] if (found := headings.title_month(name))), None)
    present = set(columns) | ({"month"} if month else set())
    if any(not present & set(group) for group in kind.needs):
        return None
    strong = [name for name, rank in ranks.items() if rank[0] < _WEAK]
    if kind.named and len(columns) < min(2, len(words)):
        return None
    if kind.named and "name" not in columns and len(columns) * 2 < max(len(words), 4):
        return None
    if not any(name in strong for group in kind.needs for name in group):
        return None
    return Layout(kind, number, columns, {i: word for i, word in words.items() if i not in used}, month)


def _factor(column: Col, name: str, heading: headings.Heading, title: Decimal | None) -> Decimal | None:
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
            rank = (_WEAK if weak else 0) + (0 if place < 3 else place)
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


def sales_gap(found: Sequence[str]) -> tuple[list[str], list[str]]:
    """What headings lack to be those of sales (a field of each group), and which of them mean nothing to us."""
    kind = kinds()["sales"]
    known = {word: _aliases(kind).get(headings.read(word).key, ("", 0))[0] for word in found}
    present = set(known.values())
    missing = [group[0] for group in kind.needs if not present & set(group)]
    return missing, [word for word, name in known.items() if not name]


def place(column: Column) -> str:
    """C 销售日期: a column as it is said on the screen."""
    return f"{letters(column.index)} {column.heading}"
