"""How counts of stock beside sell-in and sell-out are put before a person."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from channelctl.columns import Col, columns
from channelctl.i18n import _, ngettext
from channelctl.money import show_quantity
from channelctl.period import Period
from channelctl.report import Figure, Report
from channelctl.systems.stock.rules import ZERO
from channelctl.systems.stock.rules_check import REMAINDER, CheckRow
from channelctl.systems.stock.store import Asked
from channelctl.systems.stock.store_check import Checked

_SUMS = ("before", "sell_in", "sell_out", "expected", "counted", "difference")
_TOLD = ("received", "not_ours")


def report(found: Checked, whose: Asked, day: dt.date, month: Period | None) -> Report:
    """Each product between two counts, those first that agree least, and what is missing and too many in all."""
    rows = found.rows
    when = month.label if month is not None else _("as of {day}").format(day=day)
    off = [row for row in rows if row.difference]
    told = [row for row in rows if row.not_ours is not None]
    params = {"as_of": day, "month": f"{month.start:%Y-%m}" if month is not None else None}
    hidden = (*_same(rows), *(() if told else _TOLD))
    return Report(
        "stock_check",
        CheckRow,
        rows,
        " · ".join([_("Stock against sell-in and sell-out"), when, *_span(rows), *whose.labels]),
        params={**params, **whose.params()},
        totals=_totals(rows, told) if rows else {},
        notes=_notes(found),
        closing=[*_closing(rows, off), *_claims(told)],
        only=[name for name, col in columns(CheckRow).items() if not col.wide and name not in hidden],
        figures=_figures(off),
        exit_code=1 if off else 0,
    )


def _same(rows: Sequence[CheckRow]) -> tuple[str, ...]:
    """The columns of the two days, where they are the same of all."""
    return ("from_", "to") if len({(row.from_, row.to) for row in rows}) == 1 else ()


def _span(rows: Sequence[CheckRow]) -> list[str]:
    """Those two days, for the title."""
    return [Period.between(rows[0].from_, rows[0].to).label] if _same(rows) else []


def _totals(rows: Sequence[CheckRow], told: Sequence[CheckRow]) -> dict[str, Any]:
    """The sums; what the sheets say came only where they say it of all rows, beside the same sell-in."""
    names = (*_SUMS, *_TOLD) if len(told) == len(rows) else _SUMS
    return {name: sum((getattr(row, name) for row in rows), ZERO) for name in names}


def _claims(told: Sequence[CheckRow]) -> list[str]:
    """What customers say they received that we did not sell them, and what we sold them that they do not say."""
    off = [row.not_ours for row in told if row.not_ours]
    if not off:
        return []
    text = ngettext(
        "of {count} product the stock sheet's received is not our sell-in: {more} units more, {less} fewer.",
        "of {count} products the stock sheets' received is not our sell-in: {more} units more, {less} fewer.",
        len(off),
    )
    more, less = sum((one for one in off if one > 0), ZERO), sum((one for one in off if one < 0), ZERO)
    return [text.format(count=f"{len(off):,}", more=show_quantity(more), less=show_quantity(-less))]


def _missing(off: Sequence[CheckRow]) -> Decimal:
    return -sum((row.difference for row in off if row.difference < 0), ZERO)


def _surplus(off: Sequence[CheckRow]) -> Decimal:
    return sum((row.difference for row in off if row.difference > 0), ZERO)


def _notes(found: Checked) -> list[str]:
    """What could not be compared, and what was worked out."""
    notes = []
    if not found.rows:
        notes.append(_("nothing was counted twice: channelctl stock list"))
    if found.alone:
        text = ngettext(
            "{count} product was counted once only: nothing to compare it with",
            "{count} products were counted once only: nothing to compare them with",
            found.alone,
        )
        notes.append(text.format(count=f"{found.alone:,}"))
    unknown = sum(row.sold_by == REMAINDER for row in found.rows)
    if unknown:
        text = ngettext(
            "of {count} product no sell-out is known: it is what the counts leave",
            "of {count} products no sell-out is known: it is what the counts leave",
            unknown,
        )
        notes.append(text.format(count=f"{unknown:,}"))
    return notes


def _closing(rows: Sequence[CheckRow], off: Sequence[CheckRow]) -> list[str]:
    if not rows:
        return []
    if not off:
        text = ngettext("{count} product: it agrees.", "{count} products: all agree.", len(rows))
        return [text.format(count=f"{len(rows):,}")]
    text = ngettext(
        "{off} of {count} product differs: {missing} units missing, {surplus} too many.",
        "{off} of {count} products differ: {missing} units missing, {surplus} too many.",
        len(rows),
    )
    said = {"missing": show_quantity(_missing(off)), "surplus": show_quantity(_surplus(off))}
    return [text.format(off=f"{len(off):,}", count=f"{len(rows):,}", **said)]


def _figures(off: Sequence[CheckRow]) -> list[Figure]:
    return [
        Figure("stock_differences", Col("账实不符", "Counts that differ", kind="count"), len(off), good="down"),
        Figure("stock_missing", Col("短少", "Units missing", kind="quantity"), _missing(off), good="down"),
    ]
