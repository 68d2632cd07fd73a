"""Targets of offices and of planned customers out of a year's total."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import audit
from channelctl import policy as policies
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.records import kinds, remarks
from channelctl.records.bounds import office_seen
from channelctl.records.resolve import next_id
from channelctl.records.store import typed
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans import rules_spread
from channelctl.systems.plans.rules_spread import MONTHS, Buyer, CustomerTarget, Levels, MonthTarget
from channelctl.systems.plans.store_versions import KIND as PLAN
from channelctl.systems.plans.store_versions import refuse_frozen
from channelctl.systems.plans.tables import OfficeTarget, PlanLine
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy

KIND = "office_target"


class Asked(NamedTuple):
    """What is to be spread, as it was typed: a total or a growth on last year, and the weights."""

    total: str | None
    growth: str | None
    sprint: str | None
    challenge: str | None
    weights: str


class Spread(NamedTuple):
    """What a year's total comes to by month and customer; `batch` wrote it, None where nothing was written.

    `partial` are the days of last year that sales cover, None where that is all of it or it was not gone by; `remarks`
    what is to be said of the batch.
    """

    office_id: int
    office_code: str
    office: str
    year: int
    levels: Levels
    last_year: Decimal | None
    months: list[MonthTarget]
    customers: list[CustomerTarget]
    lines: Mapping[int, Decimal]
    batch: int | None
    partial: Period | None = None
    remarks: Sequence[str] = ()


def spread(session: Session, year: str, office: str, asked: Asked, customers: bool) -> Spread:
    """A year's target of an office over its months, and with `customers` over those planned in each.

    Raises:
        UsageError: no such office, or a word that is no year, amount, percentage or list of weights.
        RefusedError: there is nothing to spread or to spread by, or the plan of a month is frozen.
    """
    number = Period.year(year).start.year
    office_id = office_seen(session, office)
    code, name = session.execute(select(col(Office.code), col(Office.name)).where(col(Office.id) == office_id)).one()
    weights = rules_spread.weights_of(asked.weights)
    growth = rules_spread.growth_of(asked.growth) if asked.growth is not None else None
    nets = _last_year(session, office_id, number - 1) if weights is None or growth is not None else None
    if nets is not None and sum(nets) <= 0:
        raise RefusedError(
            _("{office} has no net sales in {year} to go by").format(office=name, year=number - 1),
            _("Say how much and by which weights: --total 12000000 --weights 8,7,8,8,9,9,8,8,9,9,8,9"),
        )
    if growth is not None and nets is not None:
        total = rules_spread.grown(sum(nets, Decimal("0.00")), growth)
    else:
        total = _amount("target", asked.total) or Decimal("0.00")
    levels = Levels(total, _amount("sprint", asked.sprint), _amount("challenge", asked.challenge))
    rules_spread.check_levels(levels)
    standing = _standing(session, office_id, number)
    before = [one.target if one is not None else None for one in standing]
    found = rules_spread.months(number, levels, weights or rules_spread.sales_weights(nets or ()), before)
    for month, one in zip(found, standing, strict=True):
        if one is not None:
            rules_spread.check_month(month, Levels(month.target, one.sprint, one.challenge), code)
    parts: list[CustomerTarget] = []
    lines: dict[int, Decimal] = {}
    if customers:
        buyers = _buyers(session, office_id, number)
        refuse_frozen(session, [(month, office_id) for month in buyers])
        for place, month in enumerate(found):
            mine = buyers.get(month.month, [])
            found[place] = month._replace(customers=len(mine))
            targets = rules_spread.of_customers(month.month, month.target, mine) if mine else []
            parts += targets
            lines |= {one.line: part.target for one, part in zip(mine, targets, strict=True)}
    return Spread(
        office_id, code, name, number, levels, sum(nets, Decimal("0.00")) if nets is not None else None, found, parts,
        lines, None, _partial(session, number - 1) if nets is not None else None,
    )  # fmt: skip


def write(session: Session, found: Spread) -> Spread:
    """Keep the targets; where they are so already, nothing is written."""
    batch = audit.open_batch(session, "target spread")
    changed = _write_months(session, batch, found) + _write_customers(session, batch, found.lines)
    if not changed:
        session.rollback()
        return found
    return found._replace(batch=batch, remarks=remarks(session, batch))


def _write_months(session: Session, batch: int, found: Spread) -> int:
    """How many rows of months were made or changed; a level that was not given stays as it is."""
    table: Any = OfficeTarget.__table__  # type: ignore[attr-defined]
    changes: dict[int, dict[str, Any]] = {}
    new, first = 0, next_id(session, KIND)
    for month, row in zip(found.months, _standing(session, found.office_id, found.year), strict=True):
        levels = {"target": month.target, "sprint": month.sprint, "challenge": month.challenge}
        if row is None:
            session.add(
                OfficeTarget(
                    id=first + new, batch_id=batch, month=month.month, office_id=found.office_id,
                    target=month.target, sprint=month.sprint, challenge=month.challenge,
                )
            )  # fmt: skip
            new += 1
            continue
        given = {name: value for name, value in levels.items() if value is not None}
        if any(getattr(row, name) != value for name, value in given.items()):
            changes[row.id or 0] = given
    session.flush()
    audit.amend_all(session, batch, KIND, table, changes)
    return new + len(changes)


def _write_customers(session: Session, batch: int, lines: Mapping[int, Decimal]) -> int:
    table: Any = PlanLine.__table__  # type: ignore[attr-defined]
    query = select(col(PlanLine.id), col(PlanLine.target)).where(col(PlanLine.id).in_(lines))
    now = {row[0]: row[1] for row in session.execute(query)}
    changes = {id_: {"target": target} for id_, target in lines.items() if now[id_] != target}
    audit.amend_all(session, batch, PLAN, table, changes)
    return len(changes)


def _amount(field: str, word: str | None) -> Decimal | None:
    """An amount as typed: 1200000, 120万."""
    if word is None:
        return None
    found: Decimal | None = typed(kinds()[KIND], field, word)
    return found


def _standing(session: Session, office_id: int, year: int) -> Sequence[OfficeTarget | None]:
    """The targets that an office has, month by month."""
    first, last = f"{year}-01", f"{year}-{MONTHS}"
    query = select(OfficeTarget).where(
        col(OfficeTarget.office_id) == office_id, col(OfficeTarget.month).between(first, last)
    )
    known = {row.month: row for row in session.execute(query).scalars()}
    return [known.get(f"{year}-{place:02}") for place in range(1, MONTHS + 1)]


def _last_year(session: Session, office_id: int, year: int) -> list[Decimal]:
    """An office's net sales of each month of a year."""
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    scope = sales.Scope(office=office_id)
    periods = [Period.month(f"{year}-{place:02}") for place in range(1, MONTHS + 1)]
    return [
        sum((one.net for one in sales.net_by_customer(session, period, scope, no_sale)), Decimal("0.00"))
        for period in periods
    ]


def _partial(session: Session, year: int) -> Period | None:
    """The days of a year from the first with a sale to the last; None where they are the whole year."""
    whole, (first, last) = Period.year(str(year)), sales.span(session)
    if first is None or last is None or (first <= whole.start and last >= whole.end):
        return None
    return Period.between(max(first, whole.start), min(last, whole.end))


def _buyers(session: Session, office_id: int, year: int) -> dict[str, list[Buyer]]:
    """The planned customers of an office by month, with what each bought of it in the year before."""
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    nets = sales.net_of_customers(session, Period.year(str(year - 1)), no_sale, by_office=True)
    query = (
        select(col(PlanLine.month), col(PlanLine.id), col(Customer.id), col(Customer.code), col(Customer.name),
               col(PlanLine.target))
        .join(Customer, col(Customer.id) == col(PlanLine.customer_id))
        .where(col(PlanLine.office_id) == office_id,
               col(PlanLine.month).between(f"{year}-01", f"{year}-{MONTHS}"))
        .order_by(col(PlanLine.month), col(Customer.code))
    )  # fmt: skip
    found: dict[str, list[Buyer]] = {}
    for month, line, customer, code, name, target in session.execute(query):
        net = nets.get((office_id, customer), sales.ZERO) + nets.get((None, customer), sales.ZERO)
        found.setdefault(month, []).append(Buyer(line, code, name, net, target))
    return found
