"""Every read and write of sale lines."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, type_coerce
from sqlmodel import Session, col

from channelctl import policy
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.keeping import once
from channelctl.period import Period
from channelctl.records import kinds
from channelctl.records.bounds import office_seen, offices_seen
from channelctl.records.resolve import lookup
from channelctl.storage import BIG, Batch, SourceSheet
from channelctl.systems.catalog.tables import Product
from channelctl.systems.customers.rules import channel_of, channel_text
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.sales.rules import SalesPolicy, SourceLine, content
from channelctl.systems.sales.tables import SaleLine

_AT_ONCE = 500
# One part in so many of all days with sales is much.
_MUCH = 6
ZERO = Decimal("0.00")
LINE = SaleLine.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Scope:
    """Which sales are meant; None is all. Ids of region, office, rep and product; a channel, an industry.

    `offices` are all that a login sees, where it sees some. `words` are the options as the titles say them: (option,
    code, name).
    """

    region: int | None = None
    office: int | None = None
    rep: int | None = None
    product: int | None = None
    channel: str | None = None
    industry: str | None = None
    offices: tuple[int, ...] | None = None
    words: tuple[tuple[str, str, str], ...] = ()

    @property
    def labels(self) -> list[str]:
        """What a title says of the scope."""
        return [name for _option, _code, name in self.words]

    def params(self) -> dict[str, str]:
        """The scope by option: codes, channel and industry as they are."""
        return {option: code for option, code, _name in self.words}


def scope(session: Session, **asked: str | None) -> Scope:
    """The scope that the options name by codes and names; of a login that sees some offices, no others.

    Raises:
        UsageError: a code, name, channel or industry that there is not.
    """
    found: dict[str, Any] = {}
    words: list[tuple[str, str, str]] = []
    if "office" in asked:
        asked["office"] = office_asked(session, asked["office"], asked.get("region"))
    for option, word in asked.items():
        if word is None:
            continue
        if option in ("channel", "industry"):
            found[option] = _known_word(session, option, word)
            label = channel_text(found[option]) if option == "channel" else found[option]
            words.append((option, found[option], label))
        else:
            found[option] = office_seen(session, word) if option == "office" else lookup(session, option, word)
            table = kinds()[option].model().__table__
            code, name = session.execute(select(table.c.code, table.c.name).where(table.c.id == found[option])).one()
            words.append((option, code, name))
    own = offices_seen(session) if "office" in asked and "office" not in found else None
    if own is not None:
        # Its customers' sales elsewhere, which it sees, are no sales of its own.
        found["offices"] = tuple(own)
    return Scope(**found, words=tuple(words))


def office_asked(session: Session, word: str | None, region: str | None = None) -> str | None:
    """The office that a word means; without one the code of the one that a login sees, which need not name it.

    None where a region is asked for, and where a login sees several offices, or all.
    """
    own = offices_seen(session) if word is region is None else None
    return next(iter(own.values())) if own is not None and len(own) == 1 else word


def _known_word(session: Session, option: str, word: str) -> str:
    column = col(getattr(Customer, option))
    known = [row[0] for row in session.execute(select(column).where(column.is_not(None)).distinct().order_by(column))]
    meant = channel_of(word) if option == "channel" else None
    if meant is not None or word in known:
        return meant or word
    raise UsageError(
        _("no customer has the {option} “{word}”").format(option=option, word=word),
        _("There are: {words}").format(words=listed(known[:20])) if known else _("No customer has one yet."),
    )


@once
def last_date(session: Session, no_sale: Sequence[str], period: Period | None = None) -> dt.date | None:
    """The last day with a sale, of a period where one is given."""
    query = select(LINE.c.date).where(*conditions(period, Scope(), no_sale)).order_by(LINE.c.date.desc()).limit(1)
    return session.execute(query).scalar()


class CustomerNet(NamedTuple):
    """A customer's sales in a period; without a customer, id None."""

    id: int | None
    net: Decimal
    lines: int


def net_by_customer(session: Session, period: Period, scope: Scope, no_sale: Sequence[str]) -> list[CustomerNet]:
    """Net sales and number of lines per customer."""
    query = (
        select(LINE.c.customer_id, func.sum(LINE.c.amount), func.count())
        .where(*conditions(None, scope, no_sale), _day(session, period, scope).between(period.start, period.end))
        .group_by(LINE.c.customer_id)
    )
    return [CustomerNet(*row) for row in session.execute(_joined(query, scope)).all()]


def _day(session: Session, period: Period, scope: Scope) -> ColumnElement[Any]:
    """The day of a line, kept from the index of days where much of all sales falls into a period.

    The index of customers holds all that their nets are made of: to read it whole then costs a fraction of the lines.
    What was known earlier has no index of its own.
    """
    day: ColumnElement[Any] = LINE.c.date
    first, last = span(session)
    if first is None or last is None or scope != Scope() or "known" in session.info:
        return day
    within = (min(last, period.end) - max(first, period.start)).days + 1
    much = within * _MUCH > (last - first).days + 1
    return func.coalesce(day, day) if much else day


def conditions(
    period: Period | None, scope: Scope, no_sale: Sequence[str], ended: bool = False
) -> list[ColumnElement[bool]]:
    """What a sale line must meet to count, or with `ended` to have counted once."""
    found: list[ColumnElement[bool]] = [] if ended else [LINE.c.ended_batch_id.is_(None)]
    if period is not None:
        found.append(LINE.c.date.between(period.start, period.end))
    if no_sale:
        found.append(or_(LINE.c.status.is_(None), LINE.c.status.not_in(no_sale)))
    if scope.region is not None:
        offices = select(col(Office.id)).where(col(Office.region_id) == scope.region)
        own = and_(LINE.c.region_id.is_(None), _of_customers_in(offices))
        found.append(or_(LINE.c.region_id == scope.region, LINE.c.office_id.in_(offices), own))
    if scope.office is not None:
        found.append(or_(LINE.c.office_id == scope.office, _of_customers_in([scope.office])))
    if scope.offices is not None:
        found.append(or_(LINE.c.office_id.in_(scope.offices), _of_customers_in(scope.offices)))
    if scope.product is not None:
        found.append(LINE.c.product_id == scope.product)
    if scope.rep is not None:
        found.append(func.coalesce(LINE.c.rep_id, Customer.__table__.c.rep_id) == scope.rep)  # type: ignore[attr-defined]
    if scope.channel is not None:
        found.append(col(Customer.channel) == scope.channel)
    if scope.industry is not None:
        found.append(col(Customer.industry) == scope.industry)
    return found


def _of_customers_in(offices: Select[Any] | Sequence[int]) -> ColumnElement[bool]:
    """A line that names no office counts for the customer's own."""
    customers = select(col(Customer.id)).where(col(Customer.office_id).in_(offices))
    return and_(LINE.c.office_id.is_(None), LINE.c.customer_id.in_(customers))


def _joined(query: Select[Any], scope: Scope) -> Select[Any]:
    """With the customer beside the line where the scope asks for it."""
    if scope.rep is None and scope.channel is None and scope.industry is None:
        return query
    return query.join_from(LINE, Customer, LINE.c.customer_id == col(Customer.id), isouter=True)


class Person(NamedTuple):
    """A customer's code and name."""

    code: str
    name: str


@once
def customer_names(session: Session) -> dict[int, Person]:
    """Every customer's code and name by id."""
    table = Customer.__table__  # type: ignore[attr-defined]
    query = select(table.c.id, table.c.code, table.c.name)
    return {id_: Person(code, name) for id_, code, name in session.execute(query).all()}


def customers_in(session: Session, scope: Scope, day: dt.date) -> list[int]:
    """The ids of the customers on file at the end of a day that a scope takes in: opened by then, not yet closed."""
    opened, closed = col(Customer.opened_on), col(Customer.closed_on)
    query = select(col(Customer.id)).where(
        *own_customers(scope), or_(opened.is_(None), opened <= day), or_(closed.is_(None), closed > day)
    )  # fmt: skip
    return [row[0] for row in session.execute(query)]


def customers_of(session: Session, scope: Scope) -> set[int] | None:
    """The ids of the customers that a scope takes in, also of those closed; None where it takes in all."""
    own = own_customers(scope)
    return set(session.execute(select(col(Customer.id)).where(*own)).scalars()) if own else None


def customers_seen(session: Session) -> set[int] | None:
    """The ids of the customers of the offices that a login sees, with all that hangs on them; None for all."""
    return customers_of(session, scope(session, office=None))


def own_customers(scope: Scope) -> list[ColumnElement[bool]]:
    """What a customer must meet to be one of the scope's by its own office, rep and so on.

    A login sees who else buys in its offices; such a customer is none of theirs.
    """
    found: list[ColumnElement[bool]] = []
    if scope.offices is not None:
        found.append(col(Customer.office_id).in_(scope.offices))
    for column, value in (
        (Customer.office_id, scope.office),
        (Customer.rep_id, scope.rep),
        (Customer.channel, scope.channel),
        (Customer.industry, scope.industry),
    ):
        if value is not None:
            found.append(col(column) == value)
    if scope.region is not None:
        offices = select(col(Office.id)).where(col(Office.region_id) == scope.region)
        found.append(col(Customer.office_id).in_(offices))
    return found


def net_of_customers(
    session: Session, period: Period, no_sale: Sequence[str], by_office: bool
) -> dict[tuple[int | None, int], Decimal]:
    """Net sales by (office of the sale, customer), or by (None, customer) whatever the office.

    A line that names no office counts for the customer's own.
    """
    customer, office, amount = LINE.c.customer_id, LINE.c.office_id, func.sum(LINE.c.amount)
    where = [*conditions(period, Scope(), no_sale), customer.is_not(None)]
    if not by_office:
        query = select(customer, amount).where(*where).group_by(customer)
        return {(None, id_): net for id_, net in session.execute(query).all()}
    # To look a customer up for each line takes longer than all the rest.
    sums = session.execute(select(office, customer, amount).where(*where).group_by(office, customer)).all()
    own = _offices(session) if any(named is None for named, _customer, _net in sums) else {}
    found = {(named, id_): net for named, id_, net in sums if named is not None}
    for named, id_, net in sums:
        if named is None:
            key = own[id_], id_
            found[key] = found.get(key, ZERO) + net
    return found


def _offices(session: Session) -> dict[int, int | None]:
    """Every customer's own office."""
    query = select(col(Customer.id), col(Customer.office_id))
    return {id_: office for id_, office in session.execute(query).all()}


def lines_of_customer(
    session: Session, customer: int, period: Period, scope: Scope, no_sale: Sequence[str], counted: bool = True
) -> list[SourceLine]:
    """The lines behind a customer's net sales, by day and document; else those whose status is no sale."""
    return lines_where(session, LINE.c.customer_id == customer, period, scope, no_sale, counted)


def lines_where(
    session: Session, which: ColumnElement[bool], period: Period, scope: Scope, no_sale: Sequence[str], counted: bool
) -> list[SourceLine]:
    """The lines that are meant, which may be told by their customer and office too."""
    return list(_source_lines(session, [which, *_counted(period, scope, no_sale, counted)]))


def lines_of_planned(
    session: Session,
    customers: Sequence[int],
    office: int | None,
    period: Period,
    no_sale: Sequence[str],
    counted: bool = True,
) -> list[SourceLine]:
    """The lines behind the net sales of planned customers, in their order: those of an office, None for any.

    A line that names no office counts for the customer's own, of a customer without one for the office that plans it.
    """
    where = _counted(period, Scope(), no_sale, counted)
    if office is not None:
        own = func.coalesce(LINE.c.office_id, col(Customer.office_id))
        where.append(or_(own == office, own.is_(None)))
    found: list[SourceLine] = []
    for start in range(0, len(customers), _AT_ONCE):
        some = LINE.c.customer_id.in_(customers[start : start + _AT_ONCE])
        found += _source_lines(session, [some, *where])
    return found


def _counted(period: Period, scope: Scope, no_sale: Sequence[str], counted: bool) -> list[ColumnElement[bool]]:
    """The conditions of lines that count, or of those that only their status keeps from counting."""
    if counted:
        return conditions(period, scope, no_sale)
    return [*conditions(period, scope, ()), LINE.c.status.in_(no_sale)]


def _source_lines(session: Session, where: Sequence[ColumnElement[bool]]) -> Iterator[SourceLine]:
    own = func.coalesce(LINE.c.office_id, col(Customer.office_id))
    query = (
        select(
            col(Customer.code), col(Customer.name), LINE.c.date, col(Office.name), LINE.c.document, LINE.c.line_no,
            col(Product.code), col(Product.name), LINE.c.quantity, LINE.c.amount, LINE.c.status,
            col(Batch.file_name), col(SourceSheet.name), LINE.c.row_no, LINE.c.batch_id, LINE.c.cost,
        )
        .join_from(LINE, Batch, LINE.c.batch_id == col(Batch.id))
        .outerjoin(SourceSheet, LINE.c.sheet_id == col(SourceSheet.id))
        .outerjoin(Customer, LINE.c.customer_id == col(Customer.id))
        .outerjoin(Product, LINE.c.product_id == col(Product.id))
        .outerjoin(Office, own == col(Office.id))
        .where(*where)
        .order_by(col(Customer.code), LINE.c.date, LINE.c.document, LINE.c.id)
    )  # fmt: skip
    for row in session.execute(query):
        found = SourceLine(*row)
        yield found if found.sheet else found._replace(sheet=None)


def rekeyed(session: Session, changes: Mapping[int, Mapping[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The content keys of lines that name another customer, office or product from now on, by id."""
    names = ("document", "date", "office_id", "customer_id", "product_id", "quantity", "amount")
    chosen = [type_coerce(LINE.c[name], BIG) if name in ("quantity", "amount") else LINE.c[name] for name in names]
    ids = list(changes)
    for start in range(0, len(ids), _AT_ONCE):
        query = select(LINE.c.id, *chosen).where(LINE.c.id.in_(ids[start : start + _AT_ONCE]))
        for id_, *values in session.execute(query):
            now = {**dict(zip(names, values, strict=True)), **changes[id_]}
            yield id_, {"content_key": content(*now.values())}


def net_by_any_customer(session: Session) -> dict[int, Decimal]:
    """All net sales there are, by customer."""
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    rows = net_by_customer(session, Period.all_time(), Scope(), no_sale)
    return {row.id: row.net for row in rows if row.id is not None}


@once
def span(session: Session) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day with a sale."""
    live = select(LINE.c.date).where(LINE.c.ended_batch_id.is_(None)).limit(1)
    first, last = (session.execute(live.order_by(end)).scalar() for end in (LINE.c.date, LINE.c.date.desc()))
    return first, last
