"""Who owes how much of which limit, the pools of limits included."""

import datetime as dt
from collections.abc import Collection, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.keeping import once
from channelctl.records import kinds
from channelctl.records import store as records
from channelctl.records.bounds import in_unseen_pools
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_exposure import NOTHING, POOL, Ceiling, Parts, Standing, ceilings
from channelctl.systems.credit.rules_status import PoolRow, StatusRow, by_severity, status_row
from channelctl.systems.credit.store_limit import limits
from channelctl.systems.credit.store_parts import holds, parts
from channelctl.systems.credit.store_whose import Whose
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office

_ALL = 10_000


class Who(NamedTuple):
    """A customer as reports name it, with the name of its office."""

    code: str
    name: str
    office: str | None


class Listed(NamedTuple):
    """The customers that credit has anything to say of, the most severe first, and the pools that they are in.

    `unseen` are the codes of those that share a limit with customers that are not seen.
    """

    rows: list[StatusRow]
    pools: list[PoolRow]
    day: dt.date
    whose: Whose
    unseen: set[str]


class _Read(NamedTuple):
    """Customers by id, and the pools by the customer whose limit they are."""

    standings: dict[int, Standing]
    pools: dict[int, PoolRow]


def policy() -> CreditPolicy:
    """The policy's values."""
    return policies.section("credit", CreditPolicy)


def amount(word: str) -> Decimal:
    """The money that a person typed.

    Raises:
        UsageError: it is no amount.
    """
    value: object = None
    with suppress(UsageError):
        value = records.typed(kinds()["open_order"], "amount", word)
    if isinstance(value, Decimal):
        return value
    raise UsageError(_("“{value}” is not an amount").format(value=word), _("Write it as 50000 or 50,000.00."))


def listed(session: Session, as_of: dt.date, whose: Whose) -> Listed:
    """Every customer with a limit, an open item or a hold on a day; or the one asked for."""
    found = _read(session, as_of, policy(), whose.ids if whose.customer is not None else None)
    standings = {id_: one for id_, one in found.standings.items() if whose.ids is None or id_ in whose.ids}
    inside = {ceiling.code for one in standings.values() for ceiling in one.ceilings if ceiling.kind == POOL}
    return Listed(
        by_severity(status_row(one, policy()) for one in standings.values()),
        sorted(row for row in found.pools.values() if row.customer_code in inside),
        as_of,
        whose,
        {one.code for one in standings.values() if not one.whole},
    )


def one(session: Session, as_of: dt.date, customer: str) -> Standing:
    """How a customer stands on a day.

    Raises:
        UsageError: there is no such customer.
        RefusedError: it shares a limit with customers that are not seen.
    """
    id_ = own_customer(session, customer)
    found = _read(session, as_of, policy(), {id_}).standings[id_]
    if not found.whole:
        raise RefusedError(
            _("{customer} shares a limit with customers of offices that this login does not see").format(
                customer=f"{found.code} {found.name}"
            ),
            _("Only a login that sees all of them can tell what is left of it: ask there."),
        )
    return found


def named(session: Session, customer: str) -> Who:
    """A customer by the code or name that a person typed.

    Raises:
        UsageError: there is none.
    """
    id_ = own_customer(session, customer)
    return names(session, {id_})[id_]


def names(session: Session, ids: Collection[int]) -> dict[int, Who]:
    """How customers are called."""
    query = select(col(Customer.id), col(Customer.code), col(Customer.name), col(Office.name)).outerjoin(
        Office, col(Office.id) == col(Customer.office_id)
    )
    if len(ids) <= _ALL:
        query = query.where(col(Customer.id).in_(ids))
    return {row[0]: Who(*row[1:]) for row in session.execute(query)}


@once
def _read(session: Session, as_of: dt.date, rule: CreditPolicy, wanted: Collection[int] | None) -> _Read:
    """The customers wanted, or all that there is anything to say of."""
    parents = _parents(session)
    near = None if wanted is None else {id_ for one in wanted for id_ in _chain(parents, one)}
    granted = limits(session, as_of, near)
    pooled = {id_: one.amount for id_, one in granted.items() if one.pooled and one.amount is not None}
    inside = {id_: above for id_ in _inside(parents, pooled) if (above := _pools_above(parents, pooled, id_))}
    owed = parts(session, as_of, rule, None if wanted is None else {*wanted, *inside})
    stopped, unseen = holds(session, as_of, wanted), in_unseen_pools(session, as_of)
    ids = {*granted, *stopped, *(id_ for id_, own in owed.items() if not own.is_nothing)} if wanted is None else wanted
    who = names(session, {*ids, *pooled})
    pools = _pools(pooled, inside, owed, who)
    found: dict[int, Standing] = {}
    for id_ in ids:
        own, limit = owed.get(id_, Parts()), granted[id_].amount if id_ in granted else None
        over = [_ceiling(pools[pool]) for pool in inside.get(id_, ())]
        under = () if id_ in unseen else ceilings(who[id_].code, limit, id_ in pooled, own, over, rule)
        found[id_] = Standing(*who[id_], as_of, limit, own, under, stopped.get(id_), id_ not in unseen)
    return _Read(found, pools)


def _ceiling(pool: PoolRow) -> Ceiling:
    return Ceiling(POOL, pool.customer_code, pool.limit, pool.exposure)


def _pools(
    pooled: Mapping[int, Decimal], inside: Mapping[int, list[int]], owed: Mapping[int, Parts], who: Mapping[int, Who]
) -> dict[int, PoolRow]:
    """What the pools come to: the exposure of the customer whose limit it is and of all below it."""
    exposure, members = dict.fromkeys(pooled, NOTHING), dict.fromkeys(pooled, 0)
    for id_, above in inside.items():
        for pool in above:
            exposure[pool] += owed[id_].exposure if id_ in owed else NOTHING
            members[pool] += 1
    return {
        id_: PoolRow(*who[id_][:2], members[id_], limit, exposure[id_], limit - exposure[id_])
        for id_, limit in pooled.items()
    }


def _parents(session: Session) -> dict[int, int]:
    """Which customer is above which."""
    query = select(col(Customer.id), col(Customer.parent_id)).where(col(Customer.parent_id).is_not(None))
    return {row[0]: row[1] for row in session.execute(query)}


def _chain(parents: Mapping[int, int], id_: int) -> list[int]:
    """A customer and those above it, the nearest first."""
    found = [id_]
    while (above := parents.get(found[-1])) is not None and above not in found:
        found.append(above)
    return found


def _inside(parents: Mapping[int, int], pooled: Mapping[int, Decimal]) -> set[int]:
    """Who may be in a pool: nobody where there is none."""
    return {*parents, *pooled} if pooled else set()


def _pools_above(parents: Mapping[int, int], pooled: Mapping[int, Decimal], id_: int) -> list[int]:
    return [one for one in _chain(parents, id_) if one in pooled]
