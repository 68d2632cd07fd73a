"""Sheets with months, days or products across: which column is which, and what the figures are."""

from collections.abc import Iterator
from decimal import Decimal

from channelctl.i18n import _, listed
from channelctl.sheets import headings
from channelctl.sheets.layout import Column, Layout, Unrecognised
from channelctl.sheets.naming import WEAK, matched
from channelctl.sheets.shapes import measures, parts, returning, spans
from channelctl.sheets.shapes.across import NAMES, Across, Draft, called, draft
from channelctl.sheets.shapes.folding import Folding, folded
from channelctl.sheets.shapes.measures import Measure, Seen
from channelctl.sheets.shapes.unheaded import unheaded
from channelctl.sheets.wording import text

_FEWEST = 3
_LEFT_OUT = ("document", "line_no", "date", "status", "returned", "returned_quantity", *measures.FIGURES)


def find(seen: Seen) -> Layout | Unrecognised | None:
    """How the sheet is read as a matrix, what it lacks to be one, or None where it is none."""
    best: tuple[Draft, dict[str, Column]] | None = None
    unclear: Unrecognised | None = None
    for row in range(len(seen.rows)):
        found = draft(seen, row)
        if found.across and (best is None or _rank(seen, found) > _rank(seen, best[0])):
            base = _base(seen, found)
            best = (found, base) if base else best
        unclear = unclear or _unclear(seen, found)
    if best is None:
        return unclear
    if not _is_matrix(seen, best[0]):
        return None
    return _Reading(seen, *best).layout()


def _base(seen: Seen, found: Draft) -> dict[str, Column]:
    """The columns that describe a row, by field; none where they do not say whose the figures are."""
    columns, ranks = matched(seen.kind, found.base, seen.mapping, seen.title_factor(found.top))
    base = {name: column for name, column in columns.items() if name not in _LEFT_OUT or name == "unit_price"}
    if "date" in columns and not any(one.span for one in found.across):
        base["date"] = columns["date"]
    return base if any(name in base and ranks[name][0] < WEAK for name in NAMES) else {}


def _rank(seen: Seen, found: Draft) -> tuple[int, bool]:
    """How much stands across, and whether each of its columns has a heading."""
    return len(found.across), next(unheaded(seen, found), None) is None


def _unclear(seen: Seen, found: Draft) -> Unrecognised | None:
    """A sheet of sales whose figures stand under numbers that may be days, weeks or months."""
    counts = [one.span.day for one in found.numbers if one.span is not None]
    if found.across or len(counts) < _FEWEST or counts != list(range(counts[0], counts[0] + len(counts))):
        return None
    texts = seen.texts(found.top)
    if not _base(seen, found) or measures.said(texts) == "" or seen.speaks_of(found.top, ()) != "sales":
        return None
    return Unrecognised(
        list(found.base.values()),
        found.row,
        why=_("figures stand under {columns} …, and nothing says whether these are days or months").format(
            columns=listed(called(one) for one in found.numbers[:3])
        ),
        hint=_("Write 1日 or 1月 for 1, or 日期 (days) or 月份 (months) above them."),
    )


def _is_matrix(seen: Seen, found: Draft) -> bool:
    """Whether there is enough across to say so, and nothing says that the figures are no sales."""
    is_list, speaks = isinstance(seen.found, Layout), _speaks_of(seen, found)
    distinct = {(one.span, one.product) for one in found.across}
    if len(distinct) < 2 and not any(one.measure for one in found.across):
        if measures.said(seen.texts(found.top)) in ("", "both") or (is_list and speaks != "sales"):
            return False
    spans_ = [one.span.unit for one in found.across if one.span is not None]
    if is_list and spans_ and not {"day", "month", "number"} & {*spans_}:
        return False
    return speaks != "other"


def _speaks_of(seen: Seen, found: Draft) -> str:
    """What the figures are said to be, and "sales" where quantity and amount stand side by side."""
    groups = spans.spoken(seen.rows[found.top : found.row])
    said = seen.speaks_of(found.top, [*groups, *found.base.values(), *(one.heading for one in found.across)])
    both = {"quantity", "amount"} <= {one.measure.field for one in found.across if one.measure}
    return "sales" if both and not said else said


class _Reading:
    """A draft on its way to a layout."""

    def __init__(self, seen: Seen, draft: Draft, base: dict[str, Column]) -> None:
        self.seen, self.draft, self.base = seen, draft, base
        self.texts = seen.texts(draft.top)
        self.title = seen.title_factor(draft.top if any(one.measure for one in draft.across) else draft.row)
        self.across = [one for one in draft.across if one.span is None or not parts.is_sum(one.span, draft.across)]
        self.month = spans.month_said(self.texts)
        self.year = spans.year_said(self.texts)

    def layout(self) -> Layout | Unrecognised:
        """The layout, or why there is none."""
        if self.seen.mapping and (told := self._told()):
            self.across = [
                one
                if one.measure and one.measure.field in measures.RETURNED
                else one._replace(measure=Measure(told, one.measure and one.measure.factor))
                for one in self.across
            ]
        default = self._default()
        why = self._lost() or self._months_apart() or self._returns(default) or self._measured(default) or self._timed()
        if why is not None:
            return why
        self.across = returning.settled(self.across, default)
        running = any(one.span is not None and one.span.running for one in self.across)
        places: dict[tuple[str, str], dict[str, Across]] = {}
        for one in sorted(self.across, key=self._day) if running else self.across:
            fields = places.setdefault((self._day(one), one.product), {})
            name = one.measure.field if one.measure else default
            if name in fields:
                return self._lacks(
                    _("{first} and {second} say the same of the same time").format(
                        first=called(fields[name]), second=called(one)
                    ),
                    _('Leave one of them out: --map "{heading}=-"').format(heading=text(one.heading) or ""),
                )
            fields[name] = one
        figures = dict(self._factors(default))
        if "returned_quantity" in figures and "returned" not in figures:
            self.draft = self.draft._replace(sums=[returning.in_quantities(one) for one in self.draft.sums])
        return folded(self.seen, self.draft, self.base, Folding(self.across, places, default, running, figures))

    def _told(self) -> str:
        """The measure that --map gives one of the columns across."""
        told = (self.seen.told.get(headings.key(word), "") for one in self.across for word in one.heading.split())
        return next((name for name in told if name in measures.FIGURES), "")

    def _default(self) -> str:
        """The measure of the columns whose own headings do not say."""
        own = {one.measure.field for one in self.across if one.measure} - {*measures.RETURNED}
        if all(one.measure for one in self.across):
            return ""
        groups = reversed(spans.spoken(self.seen.rows[self.draft.top : self.draft.row]))
        return own.pop() if len(own) == 1 else measures.said([*groups, *self.texts])

    def _lost(self) -> Unrecognised | None:
        """What keeps figures from being read at all: no heading of their own, or one for several months only."""
        if hidden := next(unheaded(self.seen, self.draft), None):
            return self._lacks(
                _("{column} holds figures below {group}, and no heading of its own says which").format(
                    column=hidden.column, group=hidden.group
                ),
                _("Write into one row what each column holds: 1月销售, 1月退货 (returns) …")
                + ("\n" + self._left_out(hidden.word) if hidden.word else ""),
            )
        read = {one.column for one in self.across}
        for one in (*self.draft.sums, *(one for one in self.draft.across if one.column not in read)):
            months = parts.lost(one.span, self.draft.across) if one.span is not None else ()
            if months:
                return self._lacks(
                    _(
                        "{column} holds more than a month, and the months {months} have no columns of their own:"
                        " sales are counted by the month"
                    ).format(column=called(one), months=listed(map(str, months))),
                    _("Put a column for each of these months in its place.") + "\n" + self._left_out(one.heading),
                )
        return None

    @staticmethod
    def _left_out(heading: str) -> str:
        return _('Or leave it out, and its sales with it: --map "{heading}=-"').format(heading=heading)

    def _returns(self, default: str) -> Unrecognised | None:
        """What keeps returns from being taken off the sales beside them."""
        lack = returning.lack(self.across, default)
        return self._lacks(*lack) if lack is not None else None

    def _measured(self, default: str) -> Unrecognised | None:
        fields = {one.measure.field if one.measure else default for one in self.across}
        if {"", "both"} & fields:
            what = listed(called(one) for one in self.across[:3])
            return self._lacks(
                _("figures stand under {columns} … and nothing says whether they are amounts or quantities").format(
                    columns=what
                ),
                _(
                    "Write it above the table or into the sheet's name: 单位：元 or 销售额 (sales amount).\n"
                    'Or say it here: --map "{heading}=amount"'
                ).format(heading=self.across[0].heading.split()[-1]),
            )
        if not fields & {"amount", "amount_taxed"} and "unit_price" not in {*fields, *self.base}:
            return self._lacks(
                _("figures stand under {columns} …, but they are quantities, and sales are counted by amount").format(
                    columns=listed(called(one) for one in self.across[:3])
                ),
                _("Export the amounts, or both: 数量 and 金额 under each heading; or add a column 单价 (unit price)."),
            )
        if not _speaks_of(self.seen, self.draft):
            return self._lacks(
                _("figures stand under {columns} …, and nothing says that they are sales").format(
                    columns=listed(called(one) for one in self.across[:3])
                ),
                _("Write it above the table or into the sheet's name: 销售额 (sales amount). Or say: --kind sales"),
            )
        factors = {(name, factor) for name, factor in self._factors(default)}
        if len(factors) > len({name for name, _factor in factors}):
            return self._lacks(
                _("the columns across are not all in one unit"),
                _("Bring them to one unit, 元 or 万元, and import again."),
            )
        return None

    def _factors(self, default: str) -> Iterator[tuple[str, Decimal | None]]:
        for one in self.across:
            name = one.measure.field if one.measure else default
            own = one.measure.factor if one.measure else None
            yield name, own or measures.factor(self.seen.kind.columns[name], name, self.title)

    def _months_apart(self) -> Unrecognised | None:
        """What keeps a stretch of several months from being a month's sales."""
        units = {one.span.unit for one in self.across if one.span is not None}
        running = [one.span for one in self.across if one.span is not None and one.span.running]
        far = [one for one in self.across if one.span is not None and one.span.unit not in ("day", "month", "number")]
        if running and "month" in units:
            counted = sorted({one.span.number for one in self.across if one.span is not None})
            if counted != list(range(1, len(counted) + 1)):
                far = [one for one in self.across if one.span is not None and one.span.running]
        elif running and len({(span.year, span.number) for span in running}) > 1:
            far = self.across
        if far:
            return self._lacks(
                _("{column} holds more than a month, and sales are counted by the month").format(column=called(far[0])),
                _("Export it with a column for each month."),
            )
        if len(units) > 1:
            return self._lacks(
                _("months and days stand side by side across"), _('Leave the one or the other out: --map "HEADING=-"')
            )
        return None

    def _timed(self) -> Unrecognised | None:
        """What the dates lack."""
        cells = [one.span for one in self.across if one.span is not None and one.span.is_cell]
        if cells and len(cells) == len(self.across) and all(span.day == 1 for span in cells):
            if len({(span.year, span.number) for span in cells}) == 1:
                return self._lacks(
                    _("{column} may be the month or its first day").format(column=called(self.across[0])),
                    _("Write the heading as text: 2024年5月 or 2024年5月1日."),
                )
            self.across = [one._replace(span=one.span._replace(unit="month")) for one in self.across if one.span]
        if self.across[0].span is None and "date" not in self.base and not self._day(self.across[0]):
            return self._lacks(
                _("products stand across, and nothing says of which day or month the figures are"),
                _("Write the month above the table, into the sheet's or the file's name: 2024年5月."),
            )
        if all(map(self._is_no_day, self.across)):
            return self._lacks(
                _("{column} is no day of {month}").format(column=called(self.across[0]), month=self.month),
                _("Correct the heading, or the month above the table or in the sheet's or the file's name."),
            )
        self.across = [one for one in self.across if not self._is_no_day(one)]
        for one in self.across:
            if one.span is not None and not self._day(one):
                return self._lacks(
                    _("{column} names no year, or no month, and nothing else does").format(column=called(one)),
                    _("Write it above the table, into the sheet's or the file's name: 2024年, 2024年5月."),
                )
        return None

    def _is_no_day(self, one: Across) -> bool:
        """Whether it is a day that the month does not have, as in columns drawn up for any month."""
        span, month = one.span, self.month
        known = span is not None and span.unit == "day" and not span.number and span.day in (29, 30, 31)
        return known and month is not None and not self._day(one)

    def _day(self, one: Across) -> str:
        """The day a column's lines are dated at, "" where it is open or the row says it."""
        if one.span is None:
            return "" if "date" in self.base else spans.when(self.texts) or ""
        year = int(self.month[:4]) if self.month else self.year or 0
        month = int(self.month[5:]) if self.month else 0
        day = one.span.last_day(year, month) if one.span.year or year else None
        return day.isoformat() if day else ""

    def _lacks(self, why: str, hint: str) -> Unrecognised:
        found = [word for cell in self.seen.rows[self.draft.row] if (word := text(cell))]
        return Unrecognised(found, self.draft.row, why=why, hint=hint)
