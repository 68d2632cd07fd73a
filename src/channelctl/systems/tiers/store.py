"""The sales that tiers are made of."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from channelctl import policy as policies
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.period import Period
from channelctl.records.resolve import lookup
from channelctl.systems.sales import store as sales
from channelctl.systems.sales import store_figures
from channelctl.systems.sales.rules import SalesPolicy, SourceLine
from channelctl.systems.tiers.rules import RAISABLE, CustomerSales, TierPolicy, check_method
from channelctl.systems.tiers.rules_basis import Purchases

BOUNDARIES = ("reach", "within")
_NOTHING = sales.CustomerNet(None, sales.ZERO, 0)


class Found(NamedTuple):
    """Customers with their net sales, and the lines that name no customer."""

    customers: list[CustomerSales]
    without_customer: sales.CustomerNet

    @property
    def net(self) -> Decimal:
        """Every line of the period, with a customer or without."""
        return sum((one.net_sales for one in self.customers), self.without_customer.net)

    @property
    def lines(self) -> int:
        """How many lines that is."""
        return sum(one.lines for one in self.customers) + self.without_customer.lines


class Behind(NamedTuple):
    """A customer, the lines behind its net sales, and those whose status is no sale."""

    code: str
    name: str
    lines: list[SourceLine]
    not_counted: list[SourceLine]


def last_date(session: Session) -> dt.date | None:
    """The last day with a sale, which is where the default period ends."""
    return sales.last_date(session, policies.section("sales", SalesPolicy).no_sale_statuses)


def policy(boundary: str | None = None, method: str = "abc", raise_by_share: bool = False) -> TierPolicy:
    """[tiers] as the policy file has it, with --boundary and --raise-by-share in its place if given.

    Raises:
        UsageError: a boundary or method that there is not, or --raise-by-share with a method that has no use for it.
    """
    check_method(method)
    given: dict[str, object] = {}
    if boundary is not None:
        if boundary not in BOUNDARIES:
            raise UsageError(
                _("“{value}” is not a boundary").format(value=boundary),
                _("One of: {choices}.").format(choices=listed(BOUNDARIES)),
            )
        given["boundary"] = boundary
    if raise_by_share:
        if method not in RAISABLE:
            raise UsageError(
                _("--raise-by-share does not go with --method {method}").format(method=method),
                _("It raises tiers of: {methods}.").format(methods=listed(RAISABLE)),
            )
        given["share_raises"] = True
    return policies.section("tiers", TierPolicy).model_copy(update=given)


def sales_by_customer(
    session: Session, period: Period, scope: sales.Scope, include_inactive: bool, method: str = "abc"
) -> Found:
    """Net sales and lines of every customer with a line in the period; with `include_inactive` of the others too.

    For the method rfm with their purchases.
    """
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    nets = {one.id: one for one in sales.net_by_customer(session, period, scope, no_sale)}
    without = nets.pop(None, _NOTHING)
    names = sales.customer_names(session)
    bought = _purchases(session, period, scope) if method == "rfm" else {}
    customers = [
        CustomerSales(*names[id_], one.net, one.lines, bought.get(id_)) for id_, one in nets.items() if id_ is not None
    ]
    if include_inactive:
        idle = [id_ for id_ in sales.customers_in(session, scope, period.end) if id_ not in nets]
        customers += [CustomerSales(*names[id_], sales.ZERO, 0) for id_ in idle]
    return Found(customers, without)


def _purchases(session: Session, period: Period, scope: sales.Scope) -> dict[int, Purchases]:
    """When and how often customers bought; days run to the period's end, or to the last day with sales if earlier."""
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    end = min(period.end, last_date(session) or period.end)
    before = store_figures.bought_before(session, period.start, no_sale)
    return {
        one.id: Purchases(one.last, (end - one.last).days, one.times, one.id not in before)
        for one in store_figures.purchases(session, period, scope, no_sale)
    }


def behind(session: Session, customer: str, period: Period, scope: sales.Scope) -> Behind:
    """The lines of the customer that a code or name means.

    Raises:
        UsageError: there is no such customer, or the name fits several.
    """
    id_ = lookup(session, "customer", customer)
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    lines = [sales.lines_of_customer(session, id_, period, scope, no_sale, counted) for counted in (True, False)]
    return Behind(*sales.customer_names(session)[id_], *lines)
