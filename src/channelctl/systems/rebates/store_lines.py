"""The sheet rows behind what a customer has earned."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl.storage import Batch, SourceSheet
from channelctl.systems.catalog.tables import Product
from channelctl.systems.rebates.rules import PRIORITY, ZERO, Base, Earned, Rule, by_line, measured
from channelctl.systems.rebates.rules_accrual import AccruedLine
from channelctl.systems.rebates.rules_taking import first_by_priority
from channelctl.systems.rebates.store_cells import counted, is_named, named_days, named_paid
from channelctl.systems.rebates.store_rules import in_force
from channelctl.systems.rebates.store_scope import Scopes, key
from channelctl.systems.rebates.tables import Activation
from channelctl.systems.sales.store import LINE


def lines(session: Session, row: Earned, through: dt.date) -> list[AccruedLine]:
    """The sale lines behind one Earned as counted through a day, of a contract rule the activations matched."""
    return lines_of(session, [row], through)


def lines_of(session: Session, rows: Sequence[Earned], through: dt.date) -> list[AccruedLine]:
    """The lines behind several, one after the other; together they have what each earns, to the fen."""
    found = _Finder(session, through)
    return [line for row in rows for line in found.of(row)]


@dataclass
class _Finder:
    """Looks lines up; what rules are about is looked up once."""

    session: Session
    through: dt.date
    _scopes: Scopes | None = None
    _rules: list[Rule] | None = None
    _about: dict[tuple[Rule, ...], tuple[dict[int, int], dict[int | None, int]]] = field(default_factory=dict)

    def of(self, row: Earned) -> list[AccruedLine]:
        """The lines behind one."""
        found = list(self._activations(row) if row.rule.contract else self._sales(row))
        bases = [base for base, _line in found]
        parts = [ZERO] * len(bases) if row.instead else by_line(row.rule, bases)
        return [
            line._replace(counted=measured(row.rule, base), entitlement=part)
            for (base, line), part in zip(found, parts, strict=True)
        ]

    def _masks(self, rules: tuple[Rule, ...]) -> tuple[dict[int, int], dict[int | None, int]]:
        """The customers and products that rules are about."""
        if rules not in self._about:
            self._scopes = self._scopes or Scopes.of(self.session)
            self._about[rules] = self._scopes.by_customer(rules), self._scopes.by_product(rules)
        return self._about[rules]

    def _sales(self, row: Earned) -> Iterator[tuple[Base, AccruedLine]]:
        named = named_days(row.customer_id)
        day = func.coalesce(named.c.first, LINE.c.date)
        query = (
            select(
                LINE.c.date, day, LINE.c.document, LINE.c.original_document, col(Product.code), col(Product.name),
                LINE.c.quantity, LINE.c.amount, col(Batch.file_name), col(SourceSheet.name), LINE.c.row_no,
                LINE.c.batch_id, LINE.c.product_id, named_paid(named),
            )
            .select_from(LINE.outerjoin(named, is_named(named)))
            .join(Batch, LINE.c.batch_id == col(Batch.id))
            .outerjoin(SourceSheet, LINE.c.sheet_id == col(SourceSheet.id))
            .outerjoin(Product, LINE.c.product_id == col(Product.id))
            .where(*counted(row.customer_id, self.through), day.between(row.window.start, row.window.end))
            .order_by(day, LINE.c.date, LINE.c.document, LINE.c.id)
        )  # fmt: skip
        counts = self._counts(row)
        for *told, product, paid in self.session.execute(query):
            if counts(told[1], product, bool(paid)):
                quantity, amount = told[6], told[7]
                yield Base(quantity or ZERO, amount), _line(row, told)

    def _counts(self, row: Earned) -> Callable[[dt.date, int | None, bool], bool]:
        """Whether a line of a day and product, paid or not, counts for the rule, and not for one that comes before."""
        if row.rule.meeting == PRIORITY and self._rules is None:
            self._rules = in_force(self.session)
        others = [one for one in self._rules or () if one.meeting == PRIORITY and not one.contract and one != row.rule]
        rules = (row.rule, *(others if row.rule.meeting == PRIORITY else ()))
        buyers, items = self._masks(rules)

        def counts(day: dt.date, product: int | None, is_paid: bool) -> bool:
            mask = buyers.get(row.customer_id, 0) & items[product]
            if not mask & 1 or (row.rule.paid_only and not is_paid):
                return False
            within = (one for place, one in enumerate(rules) if mask >> place & 1)
            return row.rule.meeting != PRIORITY or first_by_priority(within, day, is_paid) == row.rule.policy

        return counts

    def _activations(self, row: Earned) -> Iterator[tuple[Base, AccruedLine]]:
        """Activations in the order of their days, of each product those that units picked up stand against."""
        before = row.window.start - dt.timedelta(days=1)
        _buyers, items = self._masks((row.rule,))
        query = (
            select(
                col(Activation.date), col(Activation.date), col(Activation.plan), col(Activation.plan),
                col(Product.code), col(Product.name), col(Activation.quantity), col(Activation.quantity),
                col(Batch.file_name), col(SourceSheet.name), col(Activation.row_no), col(Activation.batch_id),
                col(Activation.product_id),
            )
            .join(Batch, col(Activation.batch_id) == col(Batch.id))
            .join(Product, col(Activation.product_id) == col(Product.id))
            .outerjoin(SourceSheet, col(Activation.sheet_id) == col(SourceSheet.id))
            .where(
                col(Activation.customer_id) == row.customer_id,
                col(Activation.date) <= min(self.through, row.window.end),
            )
            .order_by(col(Activation.product_id), col(Activation.date), col(Activation.id))
        )  # fmt: skip
        by_product: dict[int, list[list[Any]]] = {}
        for *told, product in self.session.execute(query):
            if items[product] and (not row.rule.plan or key(row.rule.plan) == key(told[2])):
                by_product.setdefault(product, []).append([*told[:2], None, None, *told[4:7], None, *told[8:]])
        for product, acts in by_product.items():
            early = sum((told[6] for told in acts if told[0] <= before), ZERO)
            start = _matched(early, self._picked(row, product, before))
            end = _matched(sum((told[6] for told in acts), ZERO), self._picked(row, product, row.window.end))
            so_far = ZERO
            for told in acts:
                was, so_far = so_far, so_far + told[6]
                part = _within(so_far, start, end) - _within(was, start, end)
                if part or told[0] > before:
                    yield Base(activated=told[6], matched=part), _line(row, told)

    def _picked(self, row: Earned, product: int, until: dt.date) -> Decimal:
        """Net units of a product that the customer picked up to a day, as counted through the last."""
        named = named_days(row.customer_id)
        day = func.coalesce(named.c.first, LINE.c.date)
        where = [*counted(row.customer_id, self.through), LINE.c.product_id == product, day <= until]
        if row.rule.paid_only:
            where.append(named_paid(named) == 1)
        query = select(func.sum(LINE.c.quantity)).select_from(LINE.outerjoin(named, is_named(named))).where(*where)
        return self.session.execute(query).scalar() or ZERO


def _matched(registered: Decimal, picked: Decimal) -> Decimal:
    return max(ZERO, min(registered, picked))


def _within(figure: Decimal, start: Decimal, end: Decimal) -> Decimal:
    return min(max(figure, start), max(start, end))


def _line(row: Earned, told: Sequence[Any]) -> AccruedLine:
    """A line of an Earned from its columns; what it counts and earns is known later."""
    date, day, document, original, code, name, quantity, amount, file, sheet, number, batch = told
    return AccruedLine(
        row.rule.policy, row.rule.rule, row.window.label, row.customer_code, row.customer, date, day, document,
        original, code, name, quantity, amount, ZERO, ZERO, file, sheet or None, number, batch,
    )  # fmt: skip
