"""`channelctl customer` and `contact`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

_SHEETS = "channelctl.systems.customers.sheets"

app = typer.Typer()
customer_app = noun("customer", f"{_SHEETS}:CustomerRow")
alias_app = typer.Typer(no_args_is_help=True)
customer_app.add_typer(alias_app, name="alias", help=_("Other names and codes that stand for a customer."))
app.add_typer(customer_app, name="customer", help=_("Customers and their files."), rich_help_panel=options.RECORDS)
app.add_typer(
    noun("contact", f"{_SHEETS}:ContactRow"),
    name="contact",
    help=_("People at customers."),
    rich_help_panel=options.RECORDS,
)

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer's code or unique name."))]
AliasArgument = Annotated[str, typer.Argument(metavar="ALIAS", help=_("A name or code."))]


@alias_app.command("add")
@reports("customer_alias", f"{_SHEETS}:AliasRow")
def alias_add(customer: CustomerArgument, alias: AliasArgument) -> Report:
    """Let a name or code stand for a customer, in sheets and wherever one is typed.

    Example: channelctl customer alias add C00001 恒达通讯
    """
    from channelctl import db
    from channelctl.systems.customers import screen, store

    with db.session(write=True) as session:
        row, new = store.add_alias(session, customer, alias)
    return screen.alias(row, _("added") if new else _("nothing to change: it is so already"))


@alias_app.command("list")
@reports("customer_alias", f"{_SHEETS}:AliasRow", known=True)
def alias_list(
    customer: Annotated[
        str | None, typer.Argument(metavar="[CUSTOMER]", help=_("Only those of this customer: code or name."))
    ] = None,
) -> Report:
    """List the aliases, of all customers or of one."""
    from channelctl import db
    from channelctl.records import kinds
    from channelctl.records import store as records

    kind = kinds()["customer_alias"]
    asked = {"customer": customer} if customer is not None else {}
    with db.session() as session:
        rows = records.filtered(session, kind, asked)
    return Report(kind.name, kind.row, rows, f"{kind.label} · {len(rows)}", params=asked)


@alias_app.command("remove")
@reports("customer_alias", f"{_SHEETS}:AliasRow")
def alias_remove(alias: AliasArgument) -> Report:
    """Let an alias stand for nobody."""
    from channelctl import db
    from channelctl.systems.customers import screen, store

    with db.session(write=True) as session:
        row = store.remove_alias(session, alias)
    return screen.alias(row, _("removed"))


@customer_app.command("merge")
@reports("customer_merge", "channelctl.records.merging:MovedRow")
def merge(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("The one that goes: code or unique name."))],
    into: Annotated[str, typer.Argument(metavar="INTO", help=_("The one it becomes a part of."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Say what would move; change nothing."))] = False,
) -> Report:
    """Make one customer of two: all that the first has becomes the second's, and its code and name stand for that.

    Example: channelctl customer merge N00007 C00001
    """
    from channelctl import db
    from channelctl.records import kinds, merging

    with db.session(write=True) as session:
        done = merging.merge(session, kinds()["customer"], customer, into, dry_run)
    return merging.report(done, dry_run)


@customer_app.command("duplicates")
@reports("customer_duplicates", "channelctl.systems.customers.rules:SuspectRow")
def duplicates(
    office: Annotated[
        str | None,
        typer.Option(
            "--office", metavar="OFFICE", help=_("Only where one of the two is of this office: code or name.")
        ),
    ] = None,
) -> Report:
    """List customers that may be one, by their names.

    Example: channelctl customer duplicates --office 杭州
    """
    from channelctl import db
    from channelctl.records import bounds
    from channelctl.systems.customers import screen, store

    with db.session() as session:
        chosen = bounds.office_seen(session, office) if office is not None else None
        rows = store.suspects(session, chosen)
    return screen.duplicates(rows, {"office": office} if office is not None else {})
