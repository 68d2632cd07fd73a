"""`channelctl stock` and `channelctl sell-out`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.options import RECORDS
from channelctl.records.cli import noun
from channelctl.report import Report, reports

_SHEETS = "channelctl.systems.stock.sheets"

app = typer.Typer()
stock_app = noun("stock_count", f"{_SHEETS}:StockRow")
app.add_typer(
    stock_app,
    name="stock",
    help=_("What customers have on their shelves: counts, weeks of cover, and what does not add up."),
    rich_help_panel=RECORDS,
)
app.add_typer(
    noun("sell_out", f"{_SHEETS}:SellOutRow"),
    name="sell-out",
    help=_("What customers sold on."),
    rich_help_panel=RECORDS,
)

CustomerOption = Annotated[
    str | None, typer.Option("--customer", help=_("This customer: code or unique name."), metavar="CUSTOMER")
]
ByOption = Annotated[
    str | None,
    typer.Option("--by", help=_("Sum up by customer, product or office."), metavar="customer|product|office"),
]
_SPANS = ("quarter", "year", "all_time", "from_", "to")


@stock_app.command("check")
@reports("stock_check", "channelctl.systems.stock.rules_check:CheckRow")
@options.choosing(*_SPANS)
def check(chosen: options.Chosen, customer: CustomerOption = None) -> Report:
    """Hold counts against what came and went between them: stock before + sell-in - sell-out is what should be there.

    Example: channelctl stock check --month 2024-05 --office 杭州
    """
    from channelctl import clock, db
    from channelctl.period import day as day_named
    from channelctl.systems.stock import screen_check, store, store_check

    with db.session() as session:
        whose = store.asked(session, customer, **chosen.scope)
        last = store.last_day(session) or clock.today()
        month = chosen.period(last) if chosen.month is not None else None
        day = day_named(chosen.as_of) if chosen.as_of is not None else month.end if month is not None else last
        found = store_check.check(session, whose, day, month)
    return screen_check.report(found, whose, day, month)


@stock_app.command("cover")
@reports(
    "stock_cover", "channelctl.systems.stock.rules_cover:CoverRow", "channelctl.systems.stock.rules_cover:GroupRow"
)
@options.choosing("month", *_SPANS)
def cover(chosen: options.Chosen, customer: CustomerOption = None, by: ByOption = None) -> Report:
    """Say how many weeks stock lasts, and list what is out, low, over-stocked or dead.

    Example: channelctl stock cover --as-of 2024-05-31 --by office
    """
    from channelctl import clock, db, policy
    from channelctl.period import day as day_named
    from channelctl.systems.stock import rules_cover, screen_cover, store, store_cover
    from channelctl.systems.stock.rules import StockPolicy

    if by not in (None, *rules_cover.BY):
        raise UsageError(
            _("--by knows no “{word}”").format(word=by), _("There are: {words}").format(words=", ".join(rules_cover.BY))
        )
    limits = policy.section("stock", StockPolicy)
    with db.session() as session:
        whose = store.asked(session, customer, **chosen.scope)
        day = day_named(chosen.as_of) if chosen.as_of is not None else store.last_day(session) or clock.today()
        found = store_cover.cover(session, whose, day, limits)
    return screen_cover.report(found, whose, day, by, limits)


@stock_app.command("strays")
@reports("stock_strays", "channelctl.systems.stock.rules_strays:StrayRow")
@options.choosing("year", "all_time")
def strays(chosen: options.Chosen, customer: CustomerOption = None) -> Report:
    """List what customers sold on outside their territory: neither their city nor their office's, nor their region.

    Example: channelctl stock strays --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.stock import screen_strays, store, store_strays

    with db.session() as session:
        whose = store.asked(session, customer, **chosen.scope)
        period = chosen.period(store.last_sold_on(session))
        found = store_strays.strays(session, whose, period)
    return screen_strays.report(found, whose, period)
