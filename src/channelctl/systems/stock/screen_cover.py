"""How weeks of cover are put before a person."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from channelctl.columns import Col, columns
from channelctl.i18n import _, ngettext
from channelctl.money import show_figure, show_quantity
from channelctl.report import Figure, Report
from channelctl.report.charts import Bars
from channelctl.systems.stock import rules_cover
from channelctl.systems.stock.rules import ZERO, StockPolicy
from channelctl.systems.stock.rules_cover import (
    BY,
    DEAD,
    OUT,
    OVER,
    SELL_IN,
    STATES,
    CoverRow,
    GroupRow,
    state_text,
)
from channelctl.systems.stock.store import Asked
from channelctl.systems.stock.store_cover import Covered


def report(found: Covered, whose: Asked, day: dt.date | None, by: str | None, limits: StockPolicy) -> Report:
    """The stock of each product, or of each customer, product or office, and how long it lasts."""
    rows = found.rows
    listed: Sequence[Any] = rules_cover.grouped(rows, by, limits) if by is not None else rows
    kind = GroupRow if by is not None else CoverRow
    title = [_("Weeks of cover"), *([_("as of {day}").format(day=day)] if day is not None else []), *whose.labels]
    return Report(
        "stock_cover",
        kind,
        listed,
        " · ".join([*title, *([_by(by)] if by is not None else [])]),
        params={"as_of": day, "by": by, "weeks": limits.weeks, **whose.params()},
        totals=_totals(rows, limits) if rows else {},
        notes=_notes(found, day, limits),
        closing=_closing(rows, limits),
        only=_worth_seeing(kind, rows, day),
        charts=[_chart(rows)] if rows else [],
        figures=_figures(rows, limits),
    )


def _worth_seeing(kind: type, rows: Sequence[CoverRow], day: dt.date | None) -> list[str]:
    """The columns for people: the day of the count and what rates are of only where they differ."""
    same = {"counted_on"} if all(row.counted_on == day for row in rows) else set()
    same |= {"rate_of"} if len({row.rate_of for row in rows}) < 2 else set()
    return [name for name, col in columns(kind).items() if not col.wide and name not in same]


def _by(by: str) -> str:
    return dict(zip(BY, (_("by customer"), _("by product"), _("by office")), strict=True))[by]


def _sum(rows: Sequence[CoverRow], name: str) -> Decimal:
    return sum((getattr(row, name) for row in rows), ZERO)


def _totals(rows: Sequence[CoverRow], limits: StockPolicy) -> dict[str, Any]:
    """Sums, and how long all of it lasts."""
    stock, units = _sum(rows, "stock"), _sum(rows, "units")
    per_week = rules_cover.rate(units, limits.weeks)
    weeks = rules_cover.lasts(stock, units, limits.weeks)
    return {"stock": stock, "units": units, "per_week": per_week, "weeks": weeks, "excess": _sum(rows, "excess")}


def _notes(found: Covered, day: dt.date | None, limits: StockPolicy) -> list[str]:
    """Of what nobody knows the stock, by what rates go, and what cannot be right."""
    notes = []
    if not found.rows:
        text = ngettext(
            "no stock was counted in the {count} day before: channelctl stock list",
            "no stock was counted in the {count} days before: channelctl stock list",
            limits.count_days,
        )
        notes.append(text.format(count=limits.count_days))
    if found.unknown:
        text = ngettext(
            "{count} product that goes there has no count: its stock is not known",
            "{count} products that go there have no count: their stock is not known",
            found.unknown,
        )
        notes.append(text.format(count=f"{found.unknown:,}"))
    by_sell_in = len({row.customer_code for row in found.rows if row.rate_of == SELL_IN})
    if by_sell_in:
        text = ngettext(
            "of {count} customer no sell-out is known: what it buys is taken for it, and its last count for its stock",
            "of {count} customers no sell-out is known: what they buy is taken for it, and their last counts for stock",
            by_sell_in,
        )
        notes.append(text.format(count=f"{by_sell_in:,}"))
    if below := sum(row.below > 0 for row in found.rows):
        text = ngettext(
            "{count} stock would be below 0 by count, sell-in and sell-out: 0 is shown; channelctl stock check",
            "{count} stocks would be below 0 by count, sell-in and sell-out: 0 is shown; channelctl stock check",
            below,
        )
        notes.append(text.format(count=f"{below:,}"))
    if day is not None and found.last_sold is not None and found.last_sold < day:
        notes.append(_("the sell-out reaches to {last} only").format(last=found.last_sold))
    return notes


def _closing(rows: Sequence[CoverRow], limits: StockPolicy) -> list[str]:
    if not rows:
        return []
    each = ", ".join(f"{state_text(name)} {sum(row.state == name for row in rows)}" for name in STATES)
    weeks = rules_cover.lasts(_sum(rows, "stock"), _sum(rows, "units"), limits.weeks)
    lasts = _("{stock} units last {weeks} weeks").format(stock=show_quantity(_sum(rows, "stock")), weeks=_shown(weeks))
    over = _("{units} units are beyond {weeks} weeks").format(
        units=show_figure(_sum(rows, "excess")), weeks=show_quantity(limits.over)
    )
    return [each, f"{lasts}; {over}."]


def _shown(weeks: Decimal | None) -> str:
    return "–" if weeks is None else show_figure(weeks)


def _chart(rows: Sequence[CoverRow]) -> Bars:
    """How many products are in which state."""
    bars = [(state_text(name), sum(row.state == name for row in rows)) for name in STATES]
    text = ", ".join(f"{name}: {count}" for name, count in bars)
    title = _("Products at customers by the state of their stock")
    count = Col("品项数", "Products", kind="count")
    return Bars(title, f"{title}: {text}", Col("状态", "State"), count, bars)


def _figures(rows: Sequence[CoverRow], limits: StockPolicy) -> list[Figure]:
    out = [row for row in rows if row.state == OUT]
    customers = len({row.customer_code for row in out})
    text = ngettext("at {count} customer", "at {count} customers", customers).format(count=customers) if out else ""
    over = sum(row.state in (OVER, DEAD) for row in rows)
    weeks = rules_cover.lasts(_sum(rows, "stock"), _sum(rows, "units"), limits.weeks)
    shelves = Col("可销周数", "Weeks of cover", kind="quantity", words=show_figure)
    excess = Col("超储台数", "Over-stock, units", kind="quantity", words=show_figure)
    return [
        Figure("out_of_stock", Col("断货品项", "Out of stock", kind="count"), len(out), good="down", said=text),
        Figure("over_stock", excess, _sum(rows, "excess"), good="down", said=_products(over)),
        Figure("weeks_of_cover", shelves, weeks),
    ]


def _products(count: int) -> str:
    return ngettext("{count} product", "{count} products", count).format(count=count) if count else ""
