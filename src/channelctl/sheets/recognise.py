"""Which kind of sheet is this, where is its heading, and which column holds what."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from channelctl.i18n import _, listed
from channelctl.records import Kind, kinds
from channelctl.sheets import headings, subject, taxed
from channelctl.sheets.layout import Layout, Merged, Unrecognised
from channelctl.sheets.naming import WEAK, ignored, matched, named
from channelctl.sheets.problems import letters
from channelctl.sheets.shapes import spans
from channelctl.sheets.stacking import may_be_heading, stacked
from channelctl.sheets.wording import text

# Where two kinds match equally many columns, the one more particular about its columns wins.
_PRECEDENCE = (
    "sales", "tier_mark", "score_mark", "plan", "class_target", "office_target",
    "rebate_rule", "price", "activation", "rebate_payout", "stock_count", "sell_out",
    "credit_application", "credit_investigation", "credit_writeoff", "credit_recovery", "payment_application",
    "promise", "credit_hold", "open_order", "receivable", "payment", "credit_limit",
    "contact", "customer", "customer_alias", "rep", "product", "office", "region",
    "calendar_day",
)  # fmt: skip


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
    second = owed = best
    title: Decimal | None = None
    told = {headings.key(heading) for heading in mapping}
    for number, row in enumerate(rows):
        title = (headings.title_factor(list(rows[number - 1])) if number else None) or title
        words = {index: text(cell) for index, cell in enumerate(row) if isinstance(cell, str) and text(cell)}
        if not words:
            continue
        given = {index: word for index, word in words.items() if word is not None}
        possible, grouped = may_be_heading(rows, number, given.values(), told)
        if not possible:
            continue
        for kind in kinds().values():
            if wanted and kind.name != wanted:
                continue
            for candidate in (given, *(stacked(kind, rows, number, given, merged) if grouped else ())):
                layout = _layout(kind, number, candidate, mapping, rows, names, title, wanted) if candidate else None
                if layout is None:
                    continue
                layout = replace(layout, words=tuple(given.values()))
                rank = (_weight(layout), -_PRECEDENCE.index(kind.name), -number)
                if best is None or rank > best[0]:
                    best = (rank, layout)
                if kind.name != "sales" and (second is None or rank > second[0]):
                    second = (rank, layout)
                if kind.name == "receivable" and (owed is None or rank > owed[0]):
                    owed = (rank, layout)
    if not wanted and (best is None or best[1].kind.name == "sales"):
        sold_on = _as_sell_out(rows, mapping, names, merged, best[1] if best is not None else None)
        if sold_on is not None:
            return sold_on
    if best is None:
        return _unrecognised(rows)
    if owed and best[1].kind.name == "sales" and subject.is_owed(best[1], owed[1], names):
        best = owed
    # What is no sale by its words is of the kind that explains as many of its columns.
    if second and second[0][0] == best[0][0] and best[1].kind.name == "sales" and subject.other(best[1], names):
        best = second
    layout = replace(best[1], heads=heads(rows, best[1].row), titles=_titles(rows, best[1].row))
    if layout.kind.name == "sales" and not wanted and (other := subject.other(layout, names)):
        if meant := subject.kind_told(other, names):
            return recognise(rows, mapping, meant, names, merged)
        return Unrecognised([text(cell) or "" for cell in rows[layout.row] if text(cell)], layout.row, other=other)
    return _with_doubles(layout)


def _as_sell_out(
    rows: Sequence[Any], mapping: Mapping[str, str], names: Sequence[str], merged: Merged, sales: Layout | None
) -> Layout | None:
    """A sheet whose name or title says sell-out and that names no document of ours, as one of that; else None."""
    if sales is not None and "document" in sales.columns:
        return None
    above = rows[: sales.row] if sales is not None else rows
    titles = [cells[0] for row in above if len(cells := [cell for cell in row if isinstance(cell, str) and cell]) == 1]
    if not subject.is_of_sell_out([*names, *titles]):
        return None
    found = recognise(rows, mapping, "sell_out", names, merged)
    return found if isinstance(found, Layout) else None


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


def _layout(
    kind: Kind,
    number: int,
    words: Mapping[int, str],
    mapping: Mapping[str, str],
    rows: Sequence[Any],
    names: Sequence[str],
    title: Decimal | None,
    wanted: str | None,
) -> Layout | None:
    columns, ranks = matched(kind, words, mapping, title)
    used = {column.index for column in columns.values()}
    strong = [name for name, rank in ranks.items() if rank[0] < WEAK]
    present = {*columns, *(f"{name}!" for name in (columns if wanted else strong))}
    dated = kind.name == "plan" and "month" not in columns
    if any(not (present | ({"month"} if dated else set())) & set(group) for group in kind.needs):
        return None
    if kind.named and len(columns) < min(2, len(words)):
        return None
    if kind.named and "name" not in columns and len(columns) * 2 < max(len(words), 4):
        return None
    if not any(name in strong for group in kind.needs for name in group):
        return None
    month = spans.month_said([*names, *(text(cell) or "" for row in rows[:number] for cell in row)]) if dated else None
    if any(not (present | ({"month"} if month else set())) & set(group) for group in kind.needs):
        return None
    left_out = ignored({index: word for index, word in words.items() if index not in used}, mapping)
    columns, remarks = taxed.settled(kind, columns, words, left_out)
    used = {column.index for column in columns.values()}
    unread = {index: word for index, word in words.items() if index not in used}
    return Layout(kind, number, columns, unread, left_out, month, remarks=remarks)


def _weight(layout: Layout) -> float:
    return sum(0.5 if column.matched == "hint" else 1.0 for column in layout.columns.values())


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
    document = any(named(kinds()["sales"], word) == "document" for word in plain)
    returns = any(("退" in word or "return" in word) for word in plain)
    return Unrecognised(found, best[1], document and returns and len(found) <= 4)
