"""What the planned customers of a month bought, put together where the lines are: nobody else's is handed out."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, type_coerce
from sqlmodel import Session

from channelctl import policy
from channelctl.money import from_units
from channelctl.period import Period
from channelctl.records.bounds import offices_seen
from channelctl.storage import BIG
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans.rules import PlanPolicy, is_core
from channelctl.systems.plans.tables import PlanLine
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE, Scope, conditions
from channelctl.systems.scores.rules import PlannedSales, ScorePolicy
from channelctl.systems.scores.tables import ScoreMark

_PLAN, _OFFICE = PlanLine.__table__, Office.__table__  # type: ignore[attr-defined]
_CUSTOMER, _MARK = Customer.__table__, ScoreMark.__table__  # type: ignore[attr-defined]


class Planned(NamedTuple):
    """A plan row with its customer's net sales and score set by hand, as the database keeps them: whole units."""

    office_id: int
    office_code: str
    office: str
    customer_code: str
    customer: str
    class_: str | None
    core: int | None
    target: int | None
    channel: str | None
    net: int
    mark: int | None

    def sales(self, plan: PlanPolicy) -> PlannedSales:
        """The same as the rules take it."""
        core = is_core(self.class_, None if self.core is None else bool(self.core), plan)
        target, mark = _amount(self.target), _amount(self.mark)
        return PlannedSales(*self[3:6], core, target, self.channel, from_units(self.net), mark)


def planned(session: Session, month: str, period: Period) -> Iterator[Planned]:
    """Every office's planned customers of a month with their net sales of the period; no sales are 0.

    By the policy those of the planning office, where lines that name none count for the customer's own and, of a
    customer without one, for the office that plans it; or those of all offices.
    """
    by_office = policy.section("scores", ScorePolicy).sales_of == "office"
    nets = _nets(period, policy.section("sales", SalesPolicy).no_sale_statuses, by_office)
    own: list[ColumnElement[bool]] = [nets.c.customer_id == _PLAN.c.customer_id]
    if by_office:
        counted = func.coalesce(nets.c.office_id, _CUSTOMER.c.office_id, _PLAN.c.office_id)
        own.append(counted == _PLAN.c.office_id)
    by_hand = and_(*(_MARK.c[name] == _PLAN.c[name] for name in ("month", "office_id", "customer_id")))
    query = (
        select(
            _OFFICE.c.id, _OFFICE.c.code, _OFFICE.c.name, _CUSTOMER.c.code, _CUSTOMER.c.name, _PLAN.c["class"],
            type_coerce(_PLAN.c.core, BIG), type_coerce(_PLAN.c.target, BIG), _CUSTOMER.c.channel,
            func.coalesce(func.sum(nets.c.net), 0), type_coerce(_MARK.c.score, BIG),
        )
        .join_from(_PLAN, _OFFICE, _PLAN.c.office_id == _OFFICE.c.id)
        .join(_CUSTOMER, _PLAN.c.customer_id == _CUSTOMER.c.id)
        .outerjoin(_MARK, by_hand)
        .outerjoin(nets, and_(*own))
        .where(_PLAN.c.month == month)
        .group_by(
            _PLAN.c.id, _PLAN.c["class"], _PLAN.c.core, _PLAN.c.target, _OFFICE.c.id, _OFFICE.c.code, _OFFICE.c.name,
            _CUSTOMER.c.id, _CUSTOMER.c.code, _CUSTOMER.c.name, _CUSTOMER.c.channel, _MARK.c.id, _MARK.c.score,
        )
    )  # fmt: skip
    return (Planned(*row) for row in session.execute(query).all())


def partly_seen(session: Session, month: str, offices: Collection[str]) -> list[str]:
    """The codes of customers that some offices plan and a login sees only some sales of, though all would count.

    They are other offices', and what they buy elsewhere is seen there.
    """
    seen = offices_seen(session)
    if seen is None or policy.section("scores", ScorePolicy).sales_of == "office":
        return []
    query = (
        select(_CUSTOMER.c.code)
        .join_from(_PLAN, _CUSTOMER, _PLAN.c.customer_id == _CUSTOMER.c.id)
        .join(_OFFICE, _PLAN.c.office_id == _OFFICE.c.id)
        .where(_PLAN.c.month == month, _OFFICE.c.code.in_(offices))
        .where(or_(_CUSTOMER.c.office_id.is_(None), _CUSTOMER.c.office_id.not_in(seen)))
        .distinct()
    )
    return sorted(session.execute(query).scalars())


def _nets(period: Period, no_sale: Sequence[str], by_office: bool) -> Any:
    """Net sales by customer, and by office of the sale where those are to be told apart."""
    keys = [LINE.c.customer_id, *([LINE.c.office_id] if by_office else [])]
    net = func.sum(type_coerce(LINE.c.amount, BIG)).label("net")
    where = [*conditions(period, Scope(), no_sale), LINE.c.customer_id.is_not(None)]
    return select(*keys, net).where(*where).group_by(*keys).subquery("sold")


def _amount(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units)
