"""How the migration between two gradings is put before a person."""

from collections.abc import Mapping
from decimal import Decimal

from channelctl.columns import Col
from channelctl.i18n import _, either, listed, ngettext
from channelctl.money import show
from channelctl.report import Figure, Report, Table
from channelctl.report.charts import Heat
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers.rules_migration import (
    FELL,
    FROM,
    GONE,
    NEW,
    ROSE,
    TO,
    CustomersMoved,
    Matrix,
    MoveRow,
    SalesMoved,
    customer_rows,
    from_text,
    is_as_long,
    matrix,
    move_text,
    moves,
    sales_rows,
)
from channelctl.systems.tiers.store_migration import Side


def report(method: str, scope: Scope, before: Side, now: Side, names: Mapping[str, str]) -> Report:
    """Two matrices, customers and their later sales, then whose tier changed."""
    nothing = before.run is None and now.run is None and not _have_sales(before, now)
    found = matrix({}, {}) if nothing else matrix(before.tiers, now.tiers)
    rows = [] if nothing else moves(before.tiers, now.tiers, names)
    counts = {move: sum(row.move == move for row in rows) for move in (FELL, ROSE, NEW, GONE)}
    title = [_("migration of tiers"), f"{before.graded.label} → {now.graded.label}", *scope.labels]
    return Report(
        "tier_migration",
        MoveRow,
        rows,
        " · ".join(title),
        params={
            "method": method,
            "from": f"{before.month.start:%Y-%m}",
            "to": f"{now.month.start:%Y-%m}",
            **scope.params(),
            "from_batch": before.run.batch if before.run is not None else None,
            "to_batch": now.run.batch if now.run is not None else None,
        },
        totals={},
        notes=[_nothing(before, now)] if nothing else _remarks(before, now),
        closing=[] if nothing else [_closing(before, now, counts)],
        sections=_matrices(now, found),
        charts=[_heat(before, now, found)] if found.customers else (),
        figures=_figures(now, counts) if found.customers else (),
    )


def _have_sales(*sides: Side) -> bool:
    """Whether anybody of either grading bought anything."""
    return any(net for side in sides for _tier, net in side.tiers.values())


def _nothing(before: Side, now: Side) -> str:
    text = _("no customer has sales in {first} or in {second}: there are no tiers to compare")
    return text.format(first=before.graded.label, second=now.graded.label)


def _remarks(before: Side, now: Side) -> list[str]:
    """How the sides were counted."""
    return [*_counted(before, now), *_counted(now, before), *_unlike(before, now)]


def _matrices(now: Side, found: Matrix) -> dict[str, Table]:
    """The customers, and the net sales of all the days that the later tiers were made of."""
    head = _("Net sales, {month}").format(month=now.graded.label)
    return {
        "customers": Table(CustomersMoved, customer_rows(found) if found.customers else [], _("Customers")),
        "sales": Table(SalesMoved, sales_rows(found) if found.customers else [], head),
    }


def _figures(now: Side, counts: Mapping[str, int]) -> list[Figure]:
    """How many customers rose and fell, and by the sales of which days."""
    rose, fell = (
        Col("升级客户", "Customers up a tier", kind="count"),
        Col("降级客户", "Customers down a tier", kind="count"),
    )
    new, gone = (f"{counts[move]:,}" for move in (NEW, GONE))
    return [
        Figure("tiers_up", rose, counts[ROSE], said=" · ".join([now.graded.label, _("{count} new").format(count=new)])),
        Figure(
            "tiers_down", fell, counts[FELL], said=" · ".join([now.graded.label, _("{count} gone").format(count=gone)])
        ),
    ]


def _heat(before: Side, now: Side, found: Matrix) -> Heat:
    """Where the customers of each tier are now."""
    return Heat(
        _("Where they went"),
        _("Customers by tier in {first} (down) and in {second} (across).").format(
            first=before.graded.label, second=now.graded.label
        ),
        Col("原级", "From"),
        Col("现级", "To"),
        Col("客户数", "Customers", kind="count"),
        [from_text(tier) for tier in FROM],
        [move_text(tier) if tier == GONE else tier for tier in TO],
        [[found.customers.get((from_, to), 0) for to in TO] for from_ in FROM],
    )


def _counted(side: Side, other: Side) -> list[str]:
    """Over which period a side without a run was counted, and why that one."""
    if side.counted is None:
        return []
    if other.run is None:
        text = _("no run that ends in {month} was applied: counted now over the 12 months to {day}")
        return [text.format(month=side.month.label, day=side.month.end)]
    text = _("no run that ends in {month} was applied: counted now, as long as the run that ends in {other} ({period})")
    return [text.format(month=side.month.label, other=other.month.label, period=side.counted.label)]


def _unlike(before: Side, now: Side) -> list[str]:
    """That two runs are not of the same length, which moves customers by itself."""
    if before.run is None or now.run is None or is_as_long(before.run, now.run):
        return []
    text = _("the two runs are not equally long ({first}, {second}): that alone moves customers and sales")
    first, second = (f"{run.first_day} – {run.last_day}" for run in (before.run, now.run))
    return [text.format(first=first, second=second)]


def _closing(before: Side, now: Side, counts: Mapping[str, int]) -> str:
    both = len(before.tiers.keys() & now.tiers.keys())
    stayed = both - counts[FELL] - counts[ROSE]
    lost = sum((net for code, (_tier, net) in before.tiers.items() if code not in now.tiers), Decimal("0.00"))
    words = [
        ngettext("{count} customer stayed", "{count} customers stayed", stayed).format(count=f"{stayed:,}"),
        _("{count} fell").format(count=f"{counts[FELL]:,}"),
        _("{count} rose").format(count=f"{counts[ROSE]:,}"),
        _("{count} new").format(count=f"{counts[NEW]:,}"),
        _("{count} gone").format(count=f"{counts[GONE]:,}"),
    ]
    said = listed(words)
    if counts[GONE]:
        said += " " + _("(they had net sales of {net})").format(net=show(lost))
    return said + either("。", ".")
