"""Lists whose dates or amounts are not what they seem: days without a year, months, running totals, one day for all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from channelctl.i18n import _, listed
from channelctl.sheets import headings
from channelctl.sheets.layout import Column, Layout, Unrecognised, place
from channelctl.sheets.naming import WEAK, matched
from channelctl.sheets.problems import letters
from channelctl.sheets.recognise import heads, marks
from channelctl.sheets.shapes import days_alone, measures, spans
from channelctl.sheets.shapes.days_alone import is_day, parts_of
from channelctl.sheets.shapes.measures import Seen
from channelctl.sheets.shapes.shape import Dated, ToDate
from channelctl.sheets.stacking import may_be_heading, stacked
from channelctl.sheets.wording import text

_WHO = (
    "customer", "customer_code", "product", "product_code", "office", "office_code", "rep", "rep_code", "region",
    "brand", "category",
)  # fmt: skip
_NEEDED = _WHO[:6]
_AMOUNTS = ("amount", "amount_taxed")
_MONTHS = frozenset(("月份", "月", "月度", "年月", "month", "period", "销售月份", "期间", "会计期间"))


def dated(seen: Seen, layout: Layout) -> Layout | Unrecognised:
    """A list of sales whose date column holds days without a year: with the year, and the month, said elsewhere."""
    left = [f"{letters(index)} {word}" for index, word in layout.unread.items() if spans.is_running(word)]
    if left:
        remark = _("running totals beside the figures themselves are not read: {columns}").format(columns=listed(left))
        layout = replace(layout, remarks=(*layout.remarks, remark))
    column = layout.columns.get("date")
    if column is None:
        return layout
    cells = [row[column.index] for row in seen.rows[layout.row + 1 :] if column.index < len(row)]
    open_ = [cell for cell in cells if parts_of(cell) is not None]
    if not open_ or any(is_day(cell) for cell in cells):
        return layout
    texts = seen.texts(layout.row)
    month, year = spans.month_said(texts), spans.year_said(texts)
    alone = any(parts[0] == 0 for cell in open_ if (parts := parts_of(cell)))
    if (alone and not month) or not (year or month):
        return Unrecognised(
            list(layout.words),
            layout.row,
            why=_("the dates under {column} are such as {cell}: without a year, or without a month").format(
                column=place(column), cell=text(open_[0])
            ),
            hint=_("Write year and month above the table, into the sheet's or the file's name: 2024年5月."),
        )
    number = int(month[:4]) if month else year or 0
    shape = Dated(_width(seen), column.index, number, int(month[5:]) if month and alone else 0)
    said = month if month and alone else str(number)
    remark = _("its dates have no year: {said} was taken from its title or name").format(said=said)
    return _with_dates(layout, shape, column, (remark,))


def find(seen: Seen) -> Layout | Unrecognised | None:
    """How a list without a day in each row is read, what it lacks, or None where it is none."""
    best: tuple[int, int, Mapping[int, str], dict[str, Column]] | None = None
    for row, cells in enumerate(seen.rows):
        given = {index: word for index, cell in enumerate(cells) if isinstance(cell, str) and (word := text(cell))}
        possible, grouped = may_be_heading(seen.rows, row, given.values(), seen.told)
        above = stacked(seen.kind, seen.rows, row, given, seen.merged) if given and grouped else ()
        for words in (given, *above) if given and possible else ():
            columns, ranks = matched(seen.kind, words, seen.mapping, seen.title_factor(row))
            to_date = _running(seen, words, seen.title_factor(row))
            strong = any(name in columns and ranks[name][0] < WEAK for name in _NEEDED)
            if not strong or not ({*columns, *to_date} & {*_AMOUNTS}):
                continue
            if best is None or len(columns) + len(to_date) > best[0]:
                best = (len(columns) + len(to_date), row, words, columns)
    if best is None or not _is_of_sales(seen, *best[1:]):
        return None
    _count, row, words, columns = best
    return _Reading(seen, row, words, columns).layout()


def _is_of_sales(seen: Seen, row: int, words: Mapping[int, str], columns: Mapping[str, Column]) -> bool:
    """Whether it says so, or holds what only sale lines do; where it would do as records, more than its file must."""
    says = seen.speaks_of(row, words.values())
    if seen.wanted == "sales" or not isinstance(seen.found, Layout):
        lines = {"quantity", *_AMOUNTS[:1]} <= {*columns} and bool({"product", "product_code"} & {*columns})
        lines = lines or ("date" in columns and not {*_AMOUNTS} & {*columns}) or _is_of_months(words, columns)
        return says == "sales" or (says != "other" and lines)
    named = seen if seen.is_unnamed else replace(seen, names=("", seen.names[-1]))
    if seen.found.kind.name == "plan" and _is_of_months(words, columns):
        return says != "other" and not {"target", "class_", "core"} & {*seen.found.columns}
    return "target" not in seen.found.columns and named.speaks_of(row, ()) == "sales"


def _is_of_months(words: Mapping[int, str], columns: Mapping[str, Column]) -> bool:
    """Whether amounts stand beside months and customers, as in a summary of sales by the month."""
    whose = {"customer", "customer_code"} & {*columns} and {*_AMOUNTS} & {*columns}
    return bool(whose) and any(headings.key(word) in _MONTHS for word in words.values())


def _running(seen: Seen, words: Mapping[int, str], title: Decimal | None) -> dict[str, Column]:
    """The columns of running totals, by the field that they run up."""
    found: dict[str, Column] = {}
    for index, word in words.items():
        told = seen.told.get(headings.key(word), "")
        if not spans.is_running(word) or told:
            continue
        bare = spans.without_running(word)
        measure = measures.of_heading(seen.kind, bare, title) if headings.key(bare) else None
        if measure is None and not headings.key(bare):
            measure = measures.Measure("amount", measures.factor(seen.kind.columns["amount"], "amount", title))
        if measure is not None and measure.field in ("quantity", *_AMOUNTS) and measure.field not in found:
            found[measure.field] = Column(index, word, "alias", measure.factor)
    return found


class _Reading:
    """A list on its way to a layout."""

    def __init__(self, seen: Seen, row: int, words: Mapping[int, str], columns: dict[str, Column]) -> None:
        self.seen, self.row, self.words = seen, row, words
        self.columns = columns
        self.texts = seen.texts(row)

    def layout(self) -> Layout | Unrecognised | None:
        """The layout, what it lacks, or None where it is none."""
        month = next((i for i, word in self.words.items() if headings.key(word) in _MONTHS), None)
        if {*_AMOUNTS} & set(self.columns):
            if "date" in self.columns:
                return None
            return self._of_one_day() if month is None else self._of_months(month)
        return self._to_date()

    def _base(self, columns: Mapping[str, Column]) -> Layout:
        words = tuple(word for cell in self.seen.rows[self.row] if isinstance(cell, str) and (word := text(cell)))
        used = {column.index for column in columns.values()}
        unread = {index: word for index, word in self.words.items() if index not in used}
        own = heads(self.seen.rows, self.row)
        return Layout(self.seen.kind, self.row, dict(columns), unread, words=words, heads=own)

    def _named(self) -> tuple[int, ...]:
        """The columns that say whose a row is."""
        return tuple(self.columns[name].index for name in (*_WHO, "document") if name in self.columns)

    def _of_months(self, index: int) -> Layout:
        year = days_alone.year_column(self.seen, self.row, self.words)
        day = days_alone.column(self.words)
        shape = Dated(_width(self.seen), index, spans.year_said(self.texts) or 0, months=True, year_column=year)
        remarks = [_("its rows are of months: each is a sale of its month's last day")]
        read = [index] if year is None else [year, index]
        if day is not None and days_alone.holds(self.seen, self.row, day, self._named()):
            shape = replace(shape, column=day, months=False, month_column=index)
            remarks, read = [], [*read, day]
        elif day is not None:
            said = _("the column {column} is not read as days")
            remarks.append(said.format(column=f"{letters(day)} {self.words[day]}"))
        rest = {name: one for name, one in self.columns.items() if one.index not in read}
        column = Column(read[0], " ".join(self.words[one] for one in read), "alias")
        base = self._base({**rest, "date": column})
        base = replace(base, unread={one: word for one, word in base.unread.items() if one not in read})
        return _with_dates(base, shape, column, remarks)

    def _of_one_day(self) -> Layout | Unrecognised:
        day = spans.when(self.texts)
        if day is None:
            return self._lacks(
                _("there is no column with the date"),
                _("Write day or month above the table, into the sheet's or the file's name: 2024年5月."),
            )
        named = self._named()
        alone = days_alone.column(self.words)
        month = spans.month_said(self.texts)
        if alone is not None and month and days_alone.holds(self.seen, self.row, alone, named):
            column = Column(alone, self.words[alone], "alias")
            shape = Dated(_width(self.seen), alone, int(month[:4]), int(month[5:]))
            remark = _("its dates lack the month, which is {month} by its title or name").format(month=month)
            return _with_dates(self._base({**self.columns, "date": column}), shape, column, (remark,))
        shape = Dated(_width(self.seen), None, day=day, names=named)
        remark = _("it has no dates: its rows are sales of {day}, from its title or name").format(day=day)
        if alone is not None:
            said = _("the column {column} is not read as days: its rows are sales of {day}, from its title or name")
            remark = said.format(column=f"{letters(alone)} {self.words[alone]}", day=day)
        return _with_dates(self._base(self.columns), shape, None, (remark,))

    def _to_date(self) -> Layout | Unrecognised:
        running = _running(self.seen, self.words, self.seen.title_factor(self.row))
        wrong = next((one for one in running.values() if spans.of_year(one.heading)), None)
        unclear = next((one for one in running.values() if not spans.of_month(one.heading)), None)
        if wrong is not None or (unclear is not None and not spans.month_said(self.texts)):
            return self._lacks(
                _("{column} runs up more than a month, or does not say from when on").format(
                    column=place(wrong or unclear or next(iter(running.values())))
                ),
                _("Export the sales themselves, or figures since the start of the month: 本月累计 (month to date)."),
            )
        date = self.columns.get("date")
        day = spans.when(self.texts) if date is None else ""
        if day is None:
            return self._lacks(
                _("there is no column with the date"),
                _("Write the day above the table, into the sheet's or the file's name: 2024年5月20日."),
            )
        width = _width(self.seen)
        fields = [*running, "line_no", *(["date"] if date is None else [])]
        rest = {name: one for name, one in self.columns.items() if name not in measures.FIGURES}
        made = {
            name: Column(width + n, running[name].heading, "across", running[name].factor, letters(running[name].index))
            if name in running
            else Column(width + n, _("day"), "made" if name == "line_no" else "across")
            for n, name in enumerate(fields)
        }
        shape = ToDate(
            width,
            tuple(fields),
            {name: one.index for name, one in running.items()},
            tuple(self.columns[name].index for name in _WHO if name in self.columns),
            date.index if date is not None else None,
            day,
        )
        base = self._base({**rest, **made})
        remark = _("its figures run from the start of the month: {columns}").format(
            columns=listed(place(one) for one in running.values())
        )
        read = {one.index for one in running.values()}
        unread = {index: word for index, word in base.unread.items() if index not in read}
        series = spans.series([*self.texts, *(one.heading for one in running.values())])
        return replace(base, shape=shape, series=series, remarks=(remark,), unread=unread)

    def _lacks(self, why: str, hint: str) -> Unrecognised:
        return Unrecognised(list(self.words.values()), self.row, why=why, hint=hint)


def _with_dates(layout: Layout, shape: Dated, column: Column | None, remarks: Sequence[str]) -> Layout:
    """The layout with its dates in the first place past the sheet's columns."""
    heading = column.heading if column is not None else _("title or name")
    where = letters(column.index) if column is not None else ""
    columns = {**layout.columns, "date": Column(shape.width, heading, "across", None, where)}
    return replace(layout, columns=columns, shape=shape, remarks=(*layout.remarks, *remarks))


def _width(seen: Seen) -> int:
    return max(len(cells) for cells in seen.rows)


def is_heading(layout: Layout, cells: Sequence[Any]) -> bool:
    """Whether a row of a list is its heading or a title once more, as on the next page."""
    found = marks(cells)
    return bool(found) and layout.heads.issuperset(found)
