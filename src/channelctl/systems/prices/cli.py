"""`channelctl price`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

_RULES = "channelctl.systems.prices.rules"
_OWN = ("list", "show")

app = typer.Typer()
price_app = noun("price", "channelctl.systems.prices.sheets:PriceRow")
price_app.registered_commands = [one for one in price_app.registered_commands if one.name not in _OWN]
app.add_typer(price_app, name="price", help=_("The price list, and sales beside it."), rich_help_panel=options.DAILY)

DayOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help=_("The prices in force on that day; default: today."))
]
ModelOption = Annotated[
    str | None, typer.Option("--product", metavar="PRODUCT", help=_("Of this product: code or name."))
]


@price_app.command("list")
@reports("price_list", f"{_RULES}:ListedRow")
def list_(
    as_of: DayOption = None,
    product: ModelOption = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="CHANNEL", help=_("Rows of this channel: direct, 社会渠道 …"))
    ] = None,
) -> Report:
    """Show the price list in force on a day, a row for each product and channel.

    Example: channelctl price list --as-of 2024-05-31 --product X930
    """
    from channelctl import db
    from channelctl.records.resolve import lookup
    from channelctl.systems.prices import rules, screen, store

    day = options.day_of(as_of)
    wanted = rules.channel_named(channel) if channel is not None else None
    with db.session() as session:
        id_ = lookup(session, "product", product) if product is not None else None
        spans = [span for span in store.book(session).spans if id_ is None or span.row.product_id == id_]
    rows = [row for row in rules.in_force(spans, day) if wanted is None or row.channel == wanted]
    return screen.listed(rows, day, product, wanted)


@price_app.command("show")
@reports("price_show", f"{_RULES}:ListedRow")
def show(
    model: Annotated[str, typer.Argument(metavar="PRODUCT", help=_("A product: code or name."))],
    as_of: DayOption = None,
) -> Report:
    """Show all prices of a product, from when to when each holds.

    Example: channelctl price show X930
    """
    from channelctl import db
    from channelctl.records import kinds
    from channelctl.records import store as records
    from channelctl.systems.prices import rules, screen, store

    day = options.day_of(as_of)
    with db.session() as session:
        id_, product = records.one(session, kinds()["product"], [model])
        rows = rules.history(store.book(session).spans, id_)
    return screen.history(rows, product.code, product.name, day)


@price_app.command("lint")
@reports("price_lint", "channelctl.systems.prices.rules_lint:LintRow")
def lint() -> Report:
    """Find gaps, overlaps, missing and upside-down prices, sales without a price, and rises that were not announced.

    Example: channelctl price lint
    """
    from channelctl import db
    from channelctl.systems.prices import rules_lint, screen, store, store_audit

    with db.session() as session:
        book = store.book(session)
        rows = rules_lint.lint(book, store_audit.sold(session, book))
    return screen.lint(rows, book.limits)


@price_app.command("audit")
@reports("price_audit", "channelctl.systems.prices.rules_audit:AuditRow")
@options.choosing("year", "all_time", "region", "industry")
def audit(chosen: options.Chosen) -> Report:
    """List the sale lines off their list price, and what they brought more or less than it.

    Example: channelctl price audit --month 2024-05 --office 杭州
    """
    from channelctl import db
    from channelctl.systems.prices import screen, store_audit
    from channelctl.systems.sales import store as sales

    with db.session() as session:
        period = chosen.period(sales.last_date(session, store_audit.no_sale()))
        scope = sales.scope(session, **chosen.scope)
        found = store_audit.audit(session, period, scope)
    params = {"from": period.first, "to": period.last, **scope.params()}
    return screen.audit(found, period, scope.labels, params)


@price_app.command("protect")
@reports(
    "price_protect",
    "channelctl.systems.prices.rules_audit:ProtectRow",
    sections={"unknown": "channelctl.systems.prices.rules_audit:ProtectRow"},
)
def protect(
    date: Annotated[str, typer.Option("--date", metavar="DAY", help=_("The day on which prices fell: 2024-05-16."))],
    product: ModelOption = None,
) -> Report:
    """Say what falling prices cost customers: the stock they have not sold, times the fall of their price.

    Example: channelctl price protect --date 2024-05-16 --product X930
    """
    from channelctl import db
    from channelctl.period import day as day_named
    from channelctl.records.resolve import lookup
    from channelctl.systems.prices import rules_audit, screen, store, store_audit

    day = day_named(date)
    with db.session() as session:
        book = store.book(session)
        id_ = lookup(session, "product", product) if product is not None else None
        products = [one for one in rules_audit.falls(book, day) if id_ in (None, one)]
        days = book.limits.stock_days
        rows = rules_audit.protect(store_audit.holdings(session, products, day, days), book, day)
    return screen.protect(rows, day, product, days)
