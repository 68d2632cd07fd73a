"""Sheets with months, days or products across: which column is which, and what the figures are."""

from collections.abc import Iterator
from decimal import Decimal

from channelctl.i18n import _, listed
from channelctl.sheets import headings
from channelctl.sheets.convert import text
from channelctl.sheets.recognise import WEAK, Column, Layout, Unrecognised, matched
from channelctl.sheets.shapes import measures, spans
from channelctl.sheets.shapes.across import NAMES, Across, Draft, called, draft
from channelctl.sheets.shapes.folding import Folding, folded
from channelctl.sheets.shapes.measures import Measure, Seen

_LEFT_OUT = ("document", "line_no", "date", "status", "returned", "returned_quantity", *measures.FIGURES)


def find(seen: Seen) -> Layout | Unrecognised | None:
    """How the sheet is read as a matrix, what it lacks to be one, or None where it is none."""
    best: tuple[Draft, dict[str, Column]] | None = None
    for row in range(len(seen.rows)):
        found = draft(seen, row)
        if found.across and (best is None or len(found.across) > len(best[0].across)):
            base = _base(seen, found)
            best = (found, base) if base else best
    if best is None or not _is_matrix(seen, best[0]):
        return None
    return _Reading(seen, *best).layout()


def _base(seen: Seen, found: Draft) -> dict[str, Column]:
    """The columns that describe a row, by field; none where they do not say whose the figures are."""
    columns, ranks = matched(seen.kind, found.base, seen.mapping, seen.title_factor(found.top))
    base = {name: column for name, column in columns.items() if name not in _LEFT_OUT or name == "unit_price"}
    if "date" in columns and not any(one.span for one in found.across):
        base["date"] = columns["date"]
    return base if any(name in base and ranks[name][0] < WEAK for name in NAMES) else {}


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
    said = seen.speaks_of(found.top, [*found.base.values(), *(one.heading for one in found.across)])
    both = {"quantity", "amount"} <= {one.measure.field for one in found.across if one.measure}
    return "sales" if both and not said else said


class _Reading:
    """A draft on its way to a layout."""

    def __init__(self, seen: Seen, draft: Draft, base: dict[str, Column]) -> None:
        self.seen, self.draft, self.base = seen, draft, base
        self.texts = seen.texts(draft.top)
        self.title = seen.title_factor(draft.top)
        self.across = [one for one in draft.across if not self._is_sum(one)]
        self.month = spans.month_said(self.texts)
        self.year = spans.year_said(self.texts)

    def _is_sum(self, one: Across) -> bool:
        """Whether a period only sums up others that stand beside it: a quarter, or 1-5月 beside the months."""
        span = one.span
        if span is None or not (span.running or span.unit in ("quarter", "half", "year")):
            return False
        plain = [other.span for other in self.draft.across if other.span is not None and not other.span.running]
        months = {other.number for other in plain if other.unit == "month"}
        if span.running:
            return bool(months - {1}) or (span.unit == "month" and any(other.unit == "day" for other in plain))
        return bool(months if span.unit in ("half", "year") else months & set(span.months))

    def layout(self) -> Layout | Unrecognised:
        """The layout, or why there is none."""
        if self.seen.mapping and (told := self._told()):
            self.across = [
                one._replace(measure=Measure(told, one.measure and one.measure.factor)) for one in self.across
            ]
        default = self._default()
        why = self._months_apart() or self._measured(default) or self._timed()
        if why is not None:
            return why
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
        return folded(self.seen, self.draft, self.base, Folding(self.across, places, default, running, figures))

    def _told(self) -> str:
        """The measure that --map gives one of the columns across."""
        told = (self.seen.told.get(headings.key(word), "") for one in self.across for word in one.heading.split())
        return next((name for name in told if name in measures.FIGURES), "")

    def _default(self) -> str:
        """The measure of the columns whose own headings do not say."""
        own = {one.measure.field for one in self.across if one.measure}
        if all(one.measure for one in self.across):
            return ""
        return own.pop() if len(own) == 1 else measures.said(self.texts)

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
        for one in self.across:
            if one.span is not None and not self._day(one):
                return self._lacks(
                    _("{column} names no year, or no month, and nothing else does").format(column=called(one)),
                    _("Write it above the table, into the sheet's or the file's name: 2024年, 2024年5月."),
                )
        return None

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
