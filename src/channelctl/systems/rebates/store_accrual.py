"""What customers have earned by the rebate rules."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from sqlmodel import Session

from channelctl.keeping import once
from channelctl.money import from_units
from channelctl.period import Period
from channelctl.systems.rebates.rules import BEST, Base, Earned, Rule, entitlement
from channelctl.systems.rebates.rules_accrual import AccruedLine
from channelctl.systems.rebates.rules_days import edges, in_order, parts_of
from channelctl.systems.rebates.rules_taking import Node, Place, Takers, best_only, node, takers
from channelctl.systems.rebates.rules_windows import windows
from channelctl.systems.rebates.store_cells import Asked, Cell, Registered, cells, registered
from channelctl.systems.rebates.store_lines import lines, lines_of
from channelctl.systems.rebates.store_rules import in_force
from channelctl.systems.rebates.store_scope import Scopes, key

__all__ = ["AccruedLine", "Base", "Earned", "earned", "in_force", "lines", "lines_of"]


@once
def earned(
    session: Session,
    rules: Sequence[Rule],
    first: dt.date,
    last: dt.date,
    customer_id: int | None = None,
    through: dt.date | None = None,
) -> list[Earned]:
    """What each customer has earned by each rule in each window that touches first..last: whole windows.

    Of them what was sold and taken back up to `through` counts, by default up to `last`.
    By customer code, policy, version, rule and window; customers without sales that count are left out.
    """
    ordered = in_order(rules)
    known = _windows(ordered, first, last)
    if not any(known):
        return []
    books = _Books(session, ordered, known, through or last, customer_id)
    rows = best_only(books.rows(), books.rivals)
    return [row for row in rows if row.window.start <= last and row.window.end >= first]


def of_customers(rows: Sequence[Earned], customers: Collection[int] | None) -> list[Earned]:
    """What some customers have earned; None is all of them."""
    return [row for row in rows if customers is None or row.customer_id in customers]


def _windows(rules: Sequence[Rule], first: dt.date, last: dt.date) -> list[list[Period]]:
    """The windows of each rule; where only the best pays also those that touch the windows of such rules."""
    found = [windows(rule, first, last) for rule in rules]
    best = [place for place, rule in enumerate(rules) if rule.meeting == BEST]
    start, end = first, last
    while True:
        known = [one for place in best for one in found[place]]
        wider = min((one.start for one in known), default=start), max((one.end for one in known), default=end)
        wider = min(start, wider[0]), max(end, wider[1])
        if wider == (start, end):
            return found
        start, end = wider
        for place in best:
            found[place] = windows(rules[place], start, end)


class _Sums(NamedTuple):
    """What counts for a rule in a window, in 1/10,000ths."""

    quantity: int = 0
    amount: int = 0


class _Books:
    """Sums by rule, window and customer, out of cells of which each is small enough to count for the same rules."""

    def __init__(
        self,
        session: Session,
        rules: Sequence[Rule],
        known: Sequence[Sequence[Period]],
        last: dt.date,
        customer: int | None,
    ) -> None:
        self._rules, self._windows = rules, known
        self._marks = edges(chain.from_iterable(known), rules, last)
        self._parts = [[parts_of((one.start, one.end), self._marks, last) for one in own] for own in known]
        self._held = [{part for span in rule.spans for part in parts_of(span, self._marks, last)} for rule in rules]
        self._nodes = {
            Place(rule, place): node(rules[rule].policy, window)
            for rule, own in enumerate(known)
            for place, window in enumerate(own)
        }
        self._scopes = Scopes.of(session)
        self._buyers, items = self._scopes.by_customer(rules), self._scopes.by_product(rules)
        self._contracts = sum(1 << place for place, rule in enumerate(rules) if rule.contract and known[place])
        self._sums: dict[tuple[Place, int], _Sums] = {}
        self._picked: dict[tuple[int, int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._takers: dict[tuple[int, int, bool], Takers] = {}
        self.rivals: dict[int, set[tuple[Node, Node]]] = defaultdict(set)
        self._acts = registered(session, self._marks, last, customer) if self._contracts else []
        self._group(items)
        paid = any(rule.paid_only for rule in rules)
        asked = Asked(self._marks, last, self._groups, sorted(self._products), paid, customer)
        for cell in cells(session, asked):
            self._add(cell)

    def _group(self, items: Mapping[int | None, int]) -> None:
        """Products that count for the same rules are a group; each that was registered is one of its own."""
        alone = {one.product for one in self._acts if items.get(one.product, 0) & self._contracts}
        groups: dict[tuple[int, int], list[int]] = {}
        for product, mask in items.items():
            if product is not None and (product in alone or mask != items[None]):
                groups.setdefault((mask, product if product in alone else 0), []).append(product)
        self._groups = dict(enumerate(groups.values(), 1))
        self._masks = {0: items[None]} | {place: mask for place, (mask, _alone) in enumerate(groups, 1)}
        self._products = {place: product for place, (_mask, product) in enumerate(groups, 1) if product}

    def _add(self, cell: Cell) -> None:
        """Count a cell for the rules that take it."""
        mask = self._buyers.get(cell.customer, 0) & self._masks[cell.group]
        if not mask:
            return
        found = self._takers.get((mask, cell.part, cell.paid))
        if found is None:
            found = self._takers[mask, cell.part, cell.paid] = self._taken(mask, cell.part, cell.paid)
        for place in found.places:
            before = self._sums.get((place, cell.customer), _Sums())
            now = _Sums(before.quantity + cell.quantity, before.amount + cell.amount)
            self._sums[place, cell.customer] = now
        if cell.group in self._products:
            for rule in found.contracts:
                self._picked[rule, cell.customer, self._products[cell.group]][cell.part] += cell.quantity
        if found.rivals:
            self.rivals[cell.customer].update(found.rivals)

    def _taken(self, mask: int, part: int, paid: bool) -> Takers:
        scope = [place for place, rule in enumerate(self._rules) if mask >> place & 1 and (paid or not rule.paid_only)]
        within = {
            place: next((at for at, parts in enumerate(self._parts[place]) if part in parts), -1)
            for place in scope
            if part in self._held[place]
        }
        contracts = [place for place in scope if self._contracts >> place & 1]
        return takers(self._rules, scope, within, contracts, self._nodes)

    def rows(self) -> list[Earned]:
        """The sums as bases, with what they earn."""
        bases = {at: Base(from_units(one.quantity), from_units(one.amount)) for at, one in self._sums.items()}
        bases |= self._matched()
        at = sorted(bases, key=lambda one: (self._scopes.buyers[one[1]].code, one[0]))
        return [self._earned(place, customer, bases[place, customer]) for place, customer in at]

    def _earned(self, place: Place, customer: int, base: Base) -> Earned:
        rule, buyer = self._rules[place.rule], self._scopes.buyers[customer]
        window = self._windows[place.rule][place.window]
        return Earned(rule, window, customer, buyer.code, buyer.name, base, entitlement(rule, base))

    def _matched(self) -> dict[tuple[Place, int], Base]:
        """The bases of contract rules: by customer and product, what was registered against what was picked up."""
        found: dict[tuple[Place, int], Base] = {}
        for rule, acts in self._registered().items():
            for place, parts in enumerate(self._parts[rule]):
                sums: dict[int, list[int]] = {}
                for (customer, product), units in acts.items():
                    picked = self._picked[rule, customer, product]
                    base = sums.setdefault(customer, [0] * 4)
                    for position, figure in enumerate(_against(units, picked, parts)):
                        base[position] += figure
                for customer, figures in sums.items():
                    if any(figures):
                        at = Place(rule, place), customer
                        found[at] = Base(*map(from_units, (figures[0], 0, *figures[1:])))
        return found

    def _registered(self) -> dict[int, dict[tuple[int, int], dict[int, int]]]:
        """Of each contract rule the units registered by customer and product, by part."""
        found: dict[int, dict[tuple[int, int], dict[int, int]]] = {}
        products = {product: self._masks[group] for group, product in self._products.items()}
        for one in self._acts:
            mask = self._buyers.get(one.customer, 0) & products.get(one.product, 0) & self._contracts
            for place, rule in enumerate(self._rules):
                if mask >> place & 1 and _is_of(rule, one):
                    own = found.setdefault(place, {}).setdefault((one.customer, one.product), {})
                    own[one.part] = own.get(one.part, 0) + one.quantity
        return found


def _is_of(rule: Rule, act: Registered) -> bool:
    return not rule.plan or key(rule.plan) == key(act.plan)


def _against(units: Mapping[int, int], picked: Mapping[int, int], parts: range) -> tuple[int, int, int, int]:
    """Of some parts: units picked up, registered, matched; and what is unmatched at their end."""
    registered_by_end, matched_by_end = _by(units, picked, parts.stop)
    _earlier, matched_before = _by(units, picked, parts.start)
    inside = [sum(figure for part, figure in one.items() if part in parts) for one in (picked, units)]
    return inside[0], inside[1], matched_by_end - matched_before, registered_by_end - matched_by_end


def _by(units: Mapping[int, int], picked: Mapping[int, int], end: int) -> tuple[int, int]:
    """What was registered before a part, and how much of it units picked up stand against."""
    registered_, bought = (sum(figure for part, figure in one.items() if part < end) for one in (units, picked))
    return registered_, max(0, min(registered_, bought))
