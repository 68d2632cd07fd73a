"""Customers that may be one, and what stands for them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records import aliases, dotted, kinds
from channelctl.records import store as records
from channelctl.records.names import name_key
from channelctl.records.near import Nearness, way_text
from channelctl.records.resolve import is_generated, lookup
from channelctl.records.suspects import Pair, pairs
from channelctl.systems.customers.rules import SuspectRow, nearness
from channelctl.systems.customers.tables import Customer, CustomerAlias
from channelctl.systems.org.tables import Office

_ZERO = Decimal("0.00")
_KIND = "customer_alias"


def add_alias(session: Session, customer: str, alias: str) -> tuple[Any, bool]:
    """Let a name or code stand for a customer from now on; False where it does already.

    Raises:
        UsageError: it stands for another customer, or is the name of another and of no other but that.
    """
    id_ = lookup(session, "customer", customer)
    known = aliases.one(session, kinds()["customer"], alias)
    if known is not None and known[1] != id_:
        raise UsageError(
            _("“{alias}” stands for another customer: {code}").format(alias=alias, code=_code(session, known[1])),
            _("channelctl customer alias remove takes it from that one."),
        )
    if known is not None:
        return records.one(session, kinds()[_KIND], [known[0]])[1], False
    bearers = select(col(Customer.id)).where(col(Customer.name_key) == name_key(alias))
    others = [row[0] for row in session.execute(bearers)]
    if others and id_ not in others:
        raise UsageError(
            _("“{alias}” is the name of another customer: {code}").format(alias=alias, code=_code(session, others[0])),
            _("If both are the same: {command}").format(
                command=f"channelctl customer merge {_code(session, others[0])} {_code(session, id_)}"
            ),
        )
    return records.add(session, kinds()[_KIND], {"alias": alias, "customer_code": _code(session, id_)}).row, True


def remove_alias(session: Session, alias: str) -> Any:
    """Let an alias stand for nobody; returns what it was."""
    known = aliases.one(session, kinds()["customer"], alias)
    return records.remove(session, kinds()[_KIND], [known[0] if known is not None else alias]).row


def _code(session: Session, id_: int) -> str:
    return str(session.execute(select(col(Customer.code)).where(col(Customer.id) == id_)).scalar_one())


def suspects(session: Session, office: int | None = None) -> list[SuspectRow]:
    """Customers that are near each other by one of their names, those with the most sales first.

    Of the two, the one whose code was generated is to be merged into the other, else the one with less sales.
    """
    files = _files(session)
    sums = _sums(session)
    weight = {
        id_: (not is_generated(one["code"]), sums.get(id_, _ZERO), -place)
        for place, (id_, one) in enumerate(files.items())
    }
    codes = {id_: name_key(one["code"]) for id_, one in files.items()}
    found = pairs({id_: one["names"] for id_, one in files.items()}, Nearness(nearness()), weight, codes)
    rows = [_suspect(pair, files, sums) for pair in found if office in (None, *_offices(pair, files))]
    return sorted(rows, key=lambda row: (-max(row.net_sales, row.other_net_sales), row.other_code, row.code))


def _files(session: Session) -> dict[int, dict[str, Any]]:
    """Each customer's code, names (the key first) and office by id."""
    query = select(
        col(Customer.id), col(Customer.code), col(Customer.name), col(Customer.name_key), col(Customer.office_id),
        col(Office.name),
    ).outerjoin(Office, col(Office.id) == col(Customer.office_id)).order_by(col(Customer.code))  # fmt: skip
    files: dict[int, dict[str, Any]] = {
        id_: {"code": code, "name": name, "names": [key, name], "office_id": office_id, "office": office}
        for id_, code, name, key, office_id, office in session.execute(query)
    }
    for id_, alias in session.execute(select(col(CustomerAlias.customer_id), col(CustomerAlias.alias))):
        files[id_]["names"].append(alias)
    return files


def _offices(pair: Pair, files: Mapping[int, Mapping[str, Any]]) -> tuple[int | None, int | None]:
    return files[pair.one]["office_id"], files[pair.other]["office_id"]


def _suspect(pair: Pair, files: Mapping[int, Mapping[str, Any]], sums: Mapping[int, Decimal]) -> SuspectRow:
    one, other = files[pair.one], files[pair.other]
    return SuspectRow(
        one["code"],
        one["name"],
        one["office"],
        sums.get(pair.one, _ZERO),
        other["code"],
        other["name"],
        other["office"],
        sums.get(pair.other, _ZERO),
        way_text(pair.way),
        f"channelctl customer merge {one['code']} {other['code']}",
    )


def _sums(session: Session) -> dict[int, Decimal]:
    """What each customer bought from us, by the kinds that say so."""
    found: dict[int, Decimal] = {}
    for kind in kinds().values():
        if kind.sums:
            for id_, value in dotted(kind.sums)(session).items():
                found[id_] = found.get(id_, _ZERO) + value
    return found
