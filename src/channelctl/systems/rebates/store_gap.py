"""Who is short of a next break point on a day, with what is on the shelf and what was bought lately."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session

from channelctl import policy
from channelctl.keeping import once
from channelctl.period import Period
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.rebates import rules_gap, store_accrual
from channelctl.systems.rebates.rules import WHOLE, ZERO, Base, Earned, RebatePolicy, Rule, measured
from channelctl.systems.rebates.rules_gap import GapRow, Shelf
from channelctl.systems.rebates.rules_windows import before, windows
from channelctl.systems.rebates.store_scope import Scopes
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.stock.store import last_counts


class Gaps(NamedTuple):
    """The gaps of a day, those worth most first; `rules` are the rules there are, `running` those with a window open.

    `last` is the last day with sales, None where there is none.
    """

    day: dt.date
    last: dt.date | None
    scope: sales.Scope
    customer: str | None
    rows: list[GapRow]
    rules: int
    running: int


def gaps(
    session: Session,
    day: dt.date | None,
    customer: str | None = None,
    within: Decimal | None = None,
    **asked: str | None,
) -> Gaps:
    """Every customer and rule with a next break point in the window that a day is in; `asked` is the scope.

    Also customers without a base in it yet that had one in the window before.

    Raises:
        UsageError: there is no such customer, region, office or rep.
    """
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    last = sales.last_date(session, no_sale)
    scope = sales.scope(session, **asked)
    one = own_customer(session, customer) if customer is not None else None
    rules = store_accrual.in_force(session)
    on = day or last
    if on is None:
        return Gaps(dt.date.max, last, scope, None, [], len(rules), 0)
    running = [rule for rule in rules if any(first <= on <= end for first, end in rule.spans)]
    found = store_accrual.earned(session, rules, on, on, one)
    found += _idle(session, running, found, on, one)
    found = store_accrual.of_customers(found, sales.customers_of(session, scope))
    rows = _rows(session, found, running, on)
    if within is not None:
        rows = [row for row in rows if row.short_units is not None and row.short_units <= within]
    code = None if one is None else sales.customer_names(session)[one].code
    return Gaps(on, last, scope, code, rules_gap.in_order(rows), len(rules), len(running))


def _idle(
    session: Session, running: Sequence[Rule], found: Sequence[Earned], on: dt.date, customer: int | None
) -> list[Earned]:
    """Who has bought nothing yet that counts for a rule in its window, but did in the one before it: with base 0."""
    known = {(row.customer_id, _number(row.rule)) for row in found}
    open_ = {_number(rule): (rule, windows(rule, on, on)[0]) for rule in running}
    earlier: dict[Period, set[tuple[str, str, str]]] = defaultdict(set)
    for number, (rule, window) in open_.items():
        if (past := before(rule, window)) is not None:
            earlier[past].add(number)
    idle = []
    for past, numbers in earlier.items():
        # All rules at once, as by priority what counts for one does not for another.
        asked = [replace(one, days=((past.start, past.end),), window=WHOLE) for one in running]
        for row in store_accrual.earned(session, asked, past.start, past.end, customer):
            number = _number(row.rule)
            if number in numbers and (row.customer_id, number) not in known and measured(row.rule, row.base) > 0:
                rule, window = open_[number]
                idle.append(
                    row._replace(rule=rule, window=window, base=Base(), entitlement=ZERO, instead="", rival=ZERO)
                )
    return idle


def _number(rule: Rule) -> tuple[str, str, str]:
    """What tells a rule from any other."""
    return rule.policy, rule.version, rule.rule


def _rows(session: Session, found: Sequence[Earned], running: Sequence[Rule], day: dt.date) -> list[GapRow]:
    limits = policy.section("rebates", RebatePolicy)
    shelves = _Shelves(session, day, limits.purchase_days, running)
    made = (rules_gap.gap(row, shelves.of(row), day, limits.overstock_days) for row in found)
    return [one for one in made if one is not None]


class _Shelves:
    """The last counts of each product at each customer up to a day, and what they bought in the days before it."""

    def __init__(self, session: Session, day: dt.date, days: int, rules: Sequence[Rule]) -> None:
        self._days, self._places = days, {rule: place for place, rule in enumerate(rules)}
        self._masks = Scopes.of(session).by_product(rules)
        self._counts = last_counts(session, day)
        self._bought = _bought(session, Period(day - dt.timedelta(days=days - 1), day, ""))

    def of(self, row: Earned) -> Shelf:
        """What a customer has and buys of the products that a rule is for."""
        bit = 1 << self._places[row.rule]
        counts = [one for id_, one in self._counts.get(row.customer_id, {}).items() if self._masks.get(id_, 0) & bit]
        bought = [one for id_, one in self._bought.get(row.customer_id, {}).items() if self._masks.get(id_, 0) & bit]
        stock = sum((quantity for quantity, _day in counts), ZERO) if counts else None
        oldest = min((counted for _quantity, counted in counts), default=None)
        return Shelf(stock, sum(bought, ZERO) / self._days, oldest)


@once
def _bought(session: Session, period: Period) -> Mapping[int, Mapping[int | None, Decimal]]:
    """Net units bought in a period by customer and product."""
    line = sales.LINE.c
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    query = (
        select(line.customer_id, line.product_id, func.sum(line.quantity))
        .where(*sales.conditions(period, sales.Scope(), no_sale), line.customer_id.is_not(None))
        .group_by(line.customer_id, line.product_id)
    )
    found: dict[int, dict[int | None, Decimal]] = {}
    for owner, id_, quantity in session.execute(query):
        found.setdefault(owner, {})[id_] = quantity or ZERO
    return found
