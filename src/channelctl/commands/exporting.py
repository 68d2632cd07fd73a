"""`channelctl export`."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from channelctl import options
from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.report import Report, emit, reports

app = typer.Typer()
KindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND",
        help=_(
            "sales, customer, customer-alias, contact, tier-mark, plan, class-target, office-target, score-mark,"
            " office, region, rep, calendar-day, product, price, stock-count, sell-out, rebate-rule, activation,"
            " rebate-payout, receivable, payment, payment-application, open-order, promise,"
            " credit-limit, credit-investigation, credit-application, credit-hold, credit-writeoff, credit-recovery."
            " Or facts: all that reports read, for other engines and warehouses, into the folder --output, with"
            " --format parquet or csv."
        ),
    ),
]


FACTS = "facts"


class FactsRow(NamedTuple):
    """A month of sale lines as it was exported; `net_sales` are those of lines whose status is a sale."""

    month: Annotated[str, Col("月份", "Month", kind="month")]
    lines: Annotated[int, Col("行数", "Lines", kind="count")]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]


def _or_facts(command: Callable[..., None]) -> Callable[..., None]:
    """Have `export facts` do what is said of it: its output is a folder, in formats of its own."""
    usual = {name: one.default for name, one in inspect.signature(command).parameters.items()}

    @wraps(command)
    def run(**given: Any) -> None:
        if given["kind"] != FACTS:
            return command(**given)
        output, format = given["report_output"], given["report_format"]
        of_facts = ("kind", "report_output", "report_format")
        if any(value != usual[name] for name, value in given.items() if name not in of_facts):
            raise UsageError(
                _("facts are exported whole, as they are known now"),
                _("Only these go with it: --output FOLDER --format parquet|csv"),
            )
        emit(_facts(output, format or "parquet"), all_rows=True)

    return run


def _facts(output: Path | None, format: str) -> Report:
    from channelctl import money, policy
    from channelctl.engines import facts, writing
    from channelctl.systems.sales.rules import SalesPolicy

    if format not in facts.FORMATS:
        raise UsageError(
            _("facts are not written as {format}").format(format=format),
            _("One of: {choices}.").format(choices=listed(facts.FORMATS)),
        )
    if output is None:
        raise UsageError(_("facts are files in a folder"), _("Name a folder: --output lake/"))
    lake = writing.export(output, format, policy.section("sales", SalesPolicy).no_sale_statuses)
    months = lake.tables[facts.LINES].months
    rows = [
        FactsRow(month, one.rows, money.from_units(one.amount), money.from_units(one.net_sales))
        for month, one in months.items()
    ]
    records = sum(table.rows for name, table in lake.tables.items() if name != facts.LINES)
    said = _("{lines:,} sale lines and {records:,} rows of {tables} other tables are in {folder}, as of {day}")
    return Report(
        "facts",
        FactsRow,
        rows,
        _("facts · {format}").format(format=format),
        totals={
            "lines": sum(row.lines for row in rows),
            "amount": sum((row.amount for row in rows), Decimal(0)),
            "net_sales": sum((row.net_sales for row in rows), Decimal(0)),
        },
        closing=[
            said.format(
                lines=lake.tables[facts.LINES].rows,
                records=records,
                tables=len(lake.tables) - 1,
                folder=output,
                day=lake.day,
            )
        ],
    )


@app.command("export", rich_help_panel=options.DAILY)
@_or_facts
@reports("export", "channelctl.systems.sales.sheets:SaleRow", known=True)
@options.choosing("all_time", "as_of")
def export(kind: KindArgument, chosen: options.Chosen) -> Report:
    """Write sales or records as a sheet that can be imported again.

    Example: channelctl export sales --month 2024-05 --output may.xlsx
    Example: channelctl export facts --output lake/ --format parquet
    """
    from channelctl import db
    from channelctl.records import kinds, store
    from channelctl.systems.sales import store as sales

    name = kind.replace("-", "_")
    if name not in kinds():
        raise UsageError(
            _("there is no kind “{value}”").format(value=kind),
            _("The kinds are: {names}").format(names=listed([*(one.command for one in kinds().values()), FACTS])),
        )
    found = kinds()[name]
    timed = any((chosen.month, chosen.quarter, chosen.year, chosen.from_, chosen.to))
    if name != "sales" and (timed or any(chosen.scope.values())):
        raise UsageError(
            _("a period or scope is for sales; {kind} are exported whole").format(kind=found.label),
            _("For some of them: channelctl {kind} list office=杭州 --output FILE").format(kind=found.command),
        )
    with db.session() as session:
        where = []
        title = [found.label]
        if name == "sales":
            period = replace(chosen, all_time=not timed).period(None)
            scope = sales.scope(session, **chosen.scope)
            where = sales.conditions(period, scope, ())
            title += [period.label, *scope.labels]
        rows = store.exported(session, found, where)
    return Report("export", found.row, rows, " · ".join(title), params={"kind": name})
