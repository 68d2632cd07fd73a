"""The lines that are there when a file is imported, which its own may be, change or stand beside."""

import datetime as dt
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, func, or_, select, tuple_, type_coerce, update
from sqlmodel import Session, col

from channelctl.storage import BIG
from channelctl.systems.org.tables import Office
from channelctl.systems.sales.store import LINE

_AT_ONCE = 500
_KEYS_AT_ONCE = 5_000
# What one export of a line has and another may lack.
_TOLD_LATER = ("document", "office_id")
# What two lines have in common that are the same in two sheets of a file.
_CONTENT = ("date", "customer_id", "product_id", "quantity", "amount")


class Known(NamedTuple):
    """A stored line that an imported one may be."""

    id: int
    line_key: int | None
    content_key: int
    line_no: str | None
    rep_id: int | None
    unit_price: int | None
    amount_taxed: int | None
    tax: int | None
    cost: int | None
    status: str | None
    amount: int

    def version_of(self, line: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The line as its next version, None if it says nothing new; what its sheet leaves out stays as it was."""
        places = {
            9: self.rep_id,
            12: self.unit_price,
            14: self.amount_taxed,
            15: self.tax,
            16: self.cost,
            17: self.status,
        }
        changed = line[-1] != self.content_key or any(
            line[place] is not None and line[place] != value for place, value in places.items()
        )
        if not changed:
            return None
        merged = list(line)
        for place, value in places.items():
            merged[place] = value if merged[place] is None else merged[place]
        if merged[-2] is None:
            merged[-2], merged[5] = self.line_key, self.line_no
        return tuple(merged)


def has_lines(session: Session, batch_id: int) -> bool:
    """Whether there are lines of other batches."""
    query = select(LINE.c.id).where(LINE.c.batch_id != batch_id).limit(1)
    return session.execute(query).first() is not None


def lost_returns(session: Session, batch_id: int) -> list[tuple[int | None, int, str]]:
    """The sheet, row and original document of the lines of a batch whose customer does not have that document."""
    own = LINE.c.batch_id == batch_id, LINE.c.ended_batch_id.is_(None)
    naming = (*own, LINE.c.original_document.is_not(None), LINE.c.customer_id.is_not(None))
    named = LINE.alias("named")
    there = select(named.c.customer_id, named.c.document).where(
        named.c.ended_batch_id.is_(None),
        named.c.customer_id.is_not(None),
        named.c.document.in_(select(LINE.c.original_document).where(*naming)),
    )
    lost = tuple_(LINE.c.customer_id, LINE.c.original_document).not_in(there)
    query = select(LINE.c.sheet_id, LINE.c.row_no, LINE.c.original_document).where(*naming, lost).order_by(LINE.c.id)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def like_lines(
    session: Session,
    batch_id: int,
    line_keys: Sequence[int],
    content_keys: Sequence[int],
    days: tuple[str, str] | None = None,
) -> tuple[Mapping[int, list[Known]], Mapping[int, list[Known]]]:
    """The live lines of other batches by line key, and by content, in the order they came.

    The day is part of the content: with the first and the last of these `days` fewer lines are looked through.
    """
    by_line: dict[int, list[Known]] = {}
    by_content: dict[int, list[Known]] = {}
    then = () if days is None else (type_coerce(LINE.c.date, Text).between(*days),)
    asked = ((LINE.c.line_key, line_keys, by_line, ()), (LINE.c.content_key, content_keys, by_content, then))
    for column, keys, found, more in asked:
        distinct = list(dict.fromkeys(keys))
        for start in range(0, len(distinct), _KEYS_AT_ONCE):
            for known in _known(session, batch_id, column.in_(distinct[start : start + _KEYS_AT_ONCE]), *more):
                found.setdefault(known.line_key if column is LINE.c.line_key else known.content_key, []).append(known)  # type: ignore[arg-type]
    return by_line, by_content


def _known(session: Session, batch_id: int, *where: ColumnElement[bool]) -> Iterator[Known]:
    names = ("unit_price", "amount_taxed", "tax", "cost")
    units = [type_coerce(LINE.c[name], BIG) for name in names]
    own = (LINE.c.id, LINE.c.line_key, LINE.c.content_key, LINE.c.line_no, LINE.c.rep_id)
    query = (
        select(*own, *units, LINE.c.status, type_coerce(LINE.c.amount, BIG))
        .where(*where, LINE.c.ended_batch_id.is_(None), LINE.c.batch_id != batch_id)
        .order_by(LINE.c.id)
    )
    for row in session.execute(query):
        yield Known(*row)


def stand_beside(session: Session, batch_id: int, used: Collection[int], overlaps: bool) -> int:
    """How many lines of a batch fall on day, customer and product of an earlier line that its sheet did not hold.

    Such a line may be that one: with its figures and a document or office more, or less; or, in a sheet that overlaps
    with what is there, with other figures. Without a document and line number nobody can tell.
    """
    own = select(func.min(LINE.c.date), func.max(LINE.c.date)).where(LINE.c.batch_id == batch_id)
    first, last = session.execute(own).one()
    earlier = select(LINE.c.id).where(LINE.c.ended_batch_id.is_(None), LINE.c.batch_id != batch_id)
    if first is None or session.execute(earlier.where(LINE.c.date.between(first, last)).limit(1)).first() is None:
        return 0
    old = LINE.alias("old")
    keyless = and_(LINE.c.line_key.is_(None), old.c.line_key.is_(None))
    again = [or_(LINE.c[name].is_(None), old.c[name].is_(None), LINE.c[name] == old.c[name]) for name in _TOLD_LATER]
    again += [old.c[name].is_not_distinct_from(LINE.c[name]) for name in ("quantity", "amount")]
    alike = [and_(*again)]
    if overlaps:
        alike.append(and_(keyless, old.c.document.is_not_distinct_from(LINE.c.document)))
    query = (
        select(LINE.c.id, old.c.id)
        .join_from(LINE, old, and_(old.c.customer_id == LINE.c.customer_id, old.c.date == LINE.c.date))
        .where(
            LINE.c.batch_id == batch_id,
            old.c.batch_id != batch_id,
            or_(LINE.c.line_key.is_(None), old.c.line_key.is_(None)),
            old.c.ended_batch_id.is_(None),
            old.c.product_id.is_not_distinct_from(LINE.c.product_id),
            or_(*alike),
        )
    )
    return len({new for new, earlier in session.execute(query) if earlier not in used})


def same_lines(session: Session, sheet: int, others: Collection[int]) -> bool:
    """Whether a sheet's new lines are, whatever their document and office, those of other sheets together."""
    columns = [LINE.c[name] for name in _CONTENT]

    def lines(ids: Collection[int]) -> Counter[Any]:
        return Counter(tuple(row) for row in session.execute(select(*columns).where(LINE.c.sheet_id.in_(ids))))

    return lines([sheet]) == lines(others)


def sold_before(session: Session, batch_id: int, sheet_id: int | None, used: Collection[int]) -> int:
    """How many customers and months of a sheet's new lines have other sales, from earlier batches and not in `used`."""
    own = and_(LINE.c.batch_id == batch_id, LINE.c.sheet_id == sheet_id)
    old = LINE.alias("old")
    found: set[tuple[int, dt.date]] = set()
    for day in session.execute(select(LINE.c.date).where(own).distinct()).scalars().all():
        first = day.replace(day=1)
        last = day.replace(day=monthrange(day.year, day.month)[1])
        same = select(LINE.c.id).where(own, LINE.c.date == day, LINE.c.customer_id == old.c.customer_id).exists()
        live = and_(old.c.ended_batch_id.is_(None), old.c.batch_id != batch_id)
        query = select(old.c.id, old.c.customer_id).where(live, old.c.date.between(first, last), same)
        found.update((customer, first) for id_, customer in session.execute(query) if id_ not in used)
    return len(found)


def lines_within(
    session: Session,
    batch_id: int,
    first: dt.date,
    last: dt.date,
    offices: Collection[int | None],
    but: Collection[int],
) -> list[int]:
    """The live lines of other batches on these days, of these offices (None: of none), that are not among `but`."""
    office = LINE.c.office_id
    named = [one for one in offices if one is not None]
    where = or_(office.in_(named), office.is_(None)) if None in offices else office.in_(named)
    query = select(LINE.c.id).where(
        LINE.c.date.between(first, last), where, LINE.c.ended_batch_id.is_(None), LINE.c.batch_id != batch_id
    )
    return [row[0] for row in session.execute(query) if row[0] not in but]


def office_names(session: Session, offices: Collection[int]) -> list[str]:
    """The names of offices, by code."""
    query = select(col(Office.name)).where(col(Office.id).in_(offices)).order_by(col(Office.code))
    return [row[0] for row in session.execute(query)]


def units_of(session: Session, ids: Sequence[int], no_sale: Collection[str]) -> int:
    """The amounts of those of these lines that count."""
    amount, counts = type_coerce(LINE.c.amount, BIG), or_(LINE.c.status.is_(None), LINE.c.status.not_in(no_sale))
    parts = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    sums = (select(func.sum(amount)).where(LINE.c.id.in_(part), counts) for part in parts)
    return sum(session.execute(query).scalar() or 0 for query in sums)


def end_lines(session: Session, batch_id: int, ids: Sequence[int]) -> None:
    """End lines whose next version this batch brings."""
    for start in range(0, len(ids), _AT_ONCE):
        session.execute(
            update(LINE).where(LINE.c.id.in_(ids[start : start + _AT_ONCE])).values(ended_batch_id=batch_id)
        )
