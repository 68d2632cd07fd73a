"""What a plan is held against, and the scores that come of it."""

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from channelctl import policy
from channelctl.errors import RefusedError
from channelctl.i18n import _, listed
from channelctl.period import Period, day
from channelctl.records.resolve import lookup
from channelctl.systems.plans import store as plans
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.scores import rules
from channelctl.systems.scores.rules import PlannedRow, PlannedSales, ScorePolicy, ScoreRow


class Scored(NamedTuple):
    """A month's scores: every office with a plan ranked, those asked for, and what stands behind them."""

    month: str
    period: Period
    office: str | None
    everyone: list[ScoreRow]
    asked: list[ScoreRow]
    customers: dict[str, list[PlannedRow]]
    classes: list[rules.ClassRow]
    last_day: str | None
    over_core: bool


def scores(session: Session, office: str | None, month: str | None, as_of: str | None) -> Scored:
    """The scores of all offices with a plan for the month, one of them asked for.

    Without `month` it is the latest planned one that has begun by `as_of`, else by the last day with sales.

    Raises:
        RefusedError: there is no plan for the month, or none for the office.
    """
    asked = lookup(session, "office", office) if office is not None else None
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    cut, last = day(as_of) if as_of is not None else None, sales.last_date(session, no_sale)
    planned_months = plans.months(session)
    wanted = f"{Period.month(month).start:%Y-%m}" if month is not None else _begun(planned_months, cut, last)
    limits = policy.section("plans", PlanPolicy)
    found = plans.plans(session, wanted, limits)
    if not found or (asked is not None and all(plan.office_id != asked for plan in found)):
        raise _no_plan(wanted, office if found else None, planned_months, [plan.office for plan in found])
    period = Period.month(wanted).cut(cut)
    own = policy.section("scores", ScorePolicy)
    by_office = own.sales_of == "office"
    nets = planned_sales(session, found, period, no_sale, by_office)
    targets = plans.class_targets(session, wanted)
    results = {
        plan.office_id: rules.score_office(plan.office_code, plan.office, wanted, nets[plan.office_id], targets, own)
        for plan in found
    }
    everyone = rules.rank(row for row, _customers in results.values())
    chosen = [plan for plan in found if asked in (None, plan.office_id)]
    codes = {plan.office_code for plan in chosen}
    customers = {plan.office_code: results[plan.office_id][1] for plan in chosen}
    return Scored(
        wanted,
        period,
        chosen[0].office if asked is not None else None,
        everyone,
        [row for row in everyone if row.office_code in codes],
        customers,
        rules.by_class(
            [row for rows in customers.values() for row in rows],
            plans.customers_by_class(session, asked, period.end),
            limits,
        ),
        None if last is None else min(last, period.end).isoformat(),
        own.core_base == "core",
    )


def _begun(months: Sequence[str], cut: dt.date | None, last: dt.date | None) -> str:
    """The latest of the months that has begun by a day; where none has, the day's own month if it was asked for."""
    limit = cut or last
    begun = [month for month in months if limit is None or month <= f"{limit:%Y-%m}"]
    if begun:
        return begun[0]
    return f"{cut:%Y-%m}" if cut is not None else months[0] if months else ""


def planned_sales(
    session: Session, found: Sequence[plans.Plan], period: Period, no_sale: Sequence[str], by_office: bool
) -> dict[int, list[PlannedSales]]:
    """Each office's planned customers with their net sales of the period; no sales are 0."""
    nets = sales.net_of_customers(session, period, no_sale, by_office)
    return {
        plan.office_id: [
            PlannedSales(*planned, _net(nets, plan.office_id, id_, by_office)) for id_, planned in plan.customers
        ]
        for plan in found
    }


def _net(nets: Mapping[tuple[int | None, int], Decimal], office: int, customer: int, by_office: bool) -> Decimal:
    """By office, lines that name none, of a customer without one, count for the office that plans the customer."""
    without = nets.get((None, customer), sales.ZERO)
    return nets.get((office, customer), sales.ZERO) + without if by_office else without


def _no_plan(month: str, office: str | None, months: Sequence[str], offices: Sequence[str]) -> RefusedError:
    if not months:
        return RefusedError(
            _("there is no plan yet, so there is no score"),
            _("channelctl template plan makes a sheet of planned customers to fill in and import."),
        )
    if office is None:
        near = difflib.get_close_matches(month, months, 3, 0.6) or list(months[:3])
        return RefusedError(
            _("there is no plan for {month}, so there is no score").format(month=month),
            _("There are plans for: {months}").format(months=listed(near)),
        )
    return RefusedError(
        _("{office} has no plan for {month}, so there is no score").format(office=office, month=month),
        _("Offices with one: {offices}").format(offices=listed(offices[:10])),
    )
