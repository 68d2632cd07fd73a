"""Taking a batch back whole, as if it had never been."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from channelctl import audit, batches, held
from channelctl.batches import MAP, OF_BATCHES, ContentRow
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, ngettext
from channelctl.records import Kind, Later, dotted, kinds
from channelctl.storage import Batch, Change, SavedMap

_SHOWN = 5


def undo(session: Session, batch: int) -> list[ContentRow]:
    """Take a batch back: what it made goes, what it changed or removed is as it was before.

    Raises:
        UsageError: there is no such batch, or it was undone before.
        RefusedError: later work builds on it; says what.
    """
    one = batches.one(session, batch)
    if one.undone_by is not None:
        raise UsageError(_("batch {batch} was undone before, by batch {by}").format(batch=batch, by=one.undone_by))
    if one.command == "batch undo":
        raise UsageError(_("an undoing cannot be undone"), _("Import the file again instead."))
    if one.command.endswith(" erase"):
        raise UsageError(_("an erasing cannot be undone"))
    if one.command in ("db grant", "db revoke"):
        raise UsageError(
            _("what a login may do is changed by other commands"), "channelctl db grant · channelctl db revoke"
        )
    if one.user != audit.user() and not held.may_everywhere(session, "write"):
        raise RefusedError(
            _("batch {batch} is {user}'s").format(batch=batch, user=one.user),
            _("It is undone by {user}, or by somebody who writes for all offices.").format(user=one.user),
        )
    for kind in kinds().values():
        kind.model()
    in_the_way = list(_later(session, batch))
    if in_the_way:
        shown = "\n".join(f"  {line}" for line in in_the_way[:_SHOWN])
        if len(in_the_way) > _SHOWN:
            shown += "\n" + _("  and {count} more").format(count=len(in_the_way) - _SHOWN)
        raise RefusedError(
            _("batch {batch} cannot be undone: later work builds on it").format(batch=batch),
            shown + "\n" + _("Undo those batches first, the latest first: channelctl batch undo N"),
        )
    before = batches.content(session, batch)
    by = audit.open_batch(session, "batch undo")
    _let_go(session, batch)
    for table in batches.documents():
        session.execute(sa.delete(table).where(table.c.batch_id == batch))
    for kind in reversed(list(kinds().values())):
        _unmake(session, kind, batch)
    try:
        _bring_back(session, batch)
    except sa.exc.IntegrityError as error:
        raise RefusedError(
            _("batch {batch} cannot be undone: what it changed or removed has been made anew since").format(
                batch=batch
            ),
            _("Remove the newer record first, or undo its batch: channelctl batch list"),
        ) from error
    _require_gone(session, batch)
    one.undone_by = by
    session.flush()
    return before


def _require_gone(session: Session, batch: int) -> None:
    """Refuse where a login is not let at all that its batch made, corrected or removed: half of it would stay."""
    if rows := held.left(session, batch):
        text = _("{count} rows of batch {batch} are of offices that this login does not write for")
        raise RefusedError(
            text.format(count=rows, batch=batch), _("It is undone by somebody who writes for all of them.")
        )


def _later(session: Session, batch: int) -> Iterable[str]:
    """What other batches did to the records that this one made or changed."""
    for kind in kinds().values():
        said = list(dotted(kind.later)(session, batch)) if kind.later else []
        yield from (one.text if isinstance(one, Later) else one for one in said)
        known = {one.batch for one in said if isinstance(one, Later)}
        table = kind.model().__table__
        own = sa.select(table.c.id).where(table.c.batch_id == batch)
        touched = sa.select(col(Change.record_id)).where(col(Change.kind) == kind.name, col(Change.batch_id) == batch)
        if session.execute(own.union_all(touched).limit(1)).first() is None:
            yield from _removed(session, kind, batch)
            continue
        if "ended_batch_id" in table.c:
            query = sa.select(table.c.ended_batch_id, sa.func.count()).where(
                sa.or_(table.c.batch_id == batch, table.c.id.in_(touched)), table.c.ended_batch_id > batch
            )
            for other, count in session.execute(query.group_by(table.c.ended_batch_id)):
                yield _("batch {other} corrected {count} of its {kind}").format(
                    other=other, count=count, kind=kind.label
                )
        amended = sa.select(col(Change.batch_id), sa.func.count()).where(
            col(Change.kind) == kind.name, col(Change.batch_id) > batch, _not_undone(col(Change.batch_id))
        )
        amended = amended.where(sa.or_(col(Change.record_id).in_(own), col(Change.record_id).in_(touched)))
        for other, count in session.execute(amended.group_by(col(Change.batch_id))):
            if other not in known:
                yield _("batch {other} changed {count} of its {kind}").format(other=other, count=count, kind=kind.label)
        yield from _removed(session, kind, batch)
        yield from _referring(session, kind, batch)
    ours = sa.select(col(Change.record_id)).where(col(Change.kind) == MAP, col(Change.batch_id) == batch)
    later = sa.select(col(Change.batch_id)).where(
        col(Change.kind) == MAP, col(Change.batch_id) > batch, _not_undone(col(Change.batch_id))
    )
    for (other,) in session.execute(later.where(col(Change.record_id).in_(ours)).distinct()):
        yield _("batch {other} changed a mapping of it").format(other=other)


def _removed(session: Session, kind: Kind, batch: int) -> Iterable[str]:
    """What later batches removed of what this one made: undone first, it would come back without its origin."""
    later = sa.select(col(Change.batch_id), col(Change.before)).where(
        col(Change.kind) == kind.name, col(Change.after).is_(None), _not_undone(col(Change.batch_id))
    )
    removed = session.execute(later.where(col(Change.batch_id) > batch).order_by(col(Change.batch_id)))
    for other, count in Counter(by for by, before in removed if json.loads(before).get("batch_id") == batch).items():
        yield _("batch {other} removed {count} of its {kind}").format(other=other, count=count, kind=kind.label)


def _not_undone(column: Any) -> Any:
    return column.in_(sa.select(col(Batch.id)).where(col(Batch.undone_by).is_(None)))


def _referring(session: Session, kind: Kind, batch: int) -> Iterable[str]:
    """Rows of other batches that refer to records that this one made, without those it made refer to them itself."""
    table = kind.model().__table__
    own = sa.select(table.c.id).where(table.c.batch_id == batch)
    for other in SQLModel.metadata.sorted_tables:
        if other.name in OF_BATCHES or "batch_id" not in other.c:
            continue
        for column in other.c:
            if any(key.column.table is table for key in column.foreign_keys):
                query = (
                    sa.select(other.c.batch_id, sa.func.count())
                    .where(column.in_(own), other.c.batch_id != batch, other.c.id.not_in(_changed(other, batch)))
                    .group_by(other.c.batch_id)
                )
                for by, count in session.execute(query):
                    text = ngettext(
                        "{count} row of batch {other} names {kind} that it made",
                        "{count} rows of batch {other} name {kind} that it made",
                        count,
                    )
                    yield text.format(count=count, other=by, kind=kind.label)


def _changed(table: Any, batch: int) -> Any:
    """The rows of a table that a batch changed: taking it back gives them their own references again."""
    names = [kind.name for kind in kinds().values() if kind.model().__table__ is table]
    return sa.select(col(Change.record_id)).where(col(Change.kind).in_(names), col(Change.batch_id) == batch)


def _let_go(session: Session, batch: int) -> None:
    """Give changed records the references back that they had, so that what the batch made can go."""
    tables = {kind.name: kind.model().__table__ for kind in kinds().values()}
    made = {table: sa.select(table.c.id).where(table.c.batch_id == batch) for table in tables.values()}
    filled = {table for table, query in made.items() if session.execute(query.limit(1)).first()}
    changes = sa.select(Change).where(col(Change.batch_id) == batch, col(Change.after).is_not(None))
    for change in session.execute(changes.order_by(col(Change.id).desc())).scalars() if filled else ():
        if (table := tables.get(change.kind)) is None:
            continue
        for name, value in json.loads(change.before).items():
            for own in filled & {key.column.table for key in table.c[name].foreign_keys}:
                ours = sa.and_(table.c.id == change.record_id, table.c[name].in_(made[own]))
                session.execute(sa.update(table).where(ours).values({name: value}))


def _unmake(session: Session, kind: Kind, batch: int) -> None:
    """Remove what the batch made, and let the versions that it ended hold again."""
    table = kind.model().__table__
    own_kind = [column for column in table.c if any(key.column.table is table for key in column.foreign_keys)]
    for column in own_kind:
        session.execute(sa.update(table).where(table.c.batch_id == batch).values({column.name: None}))
    session.execute(sa.delete(table).where(table.c.batch_id == batch))
    if "ended_batch_id" in table.c:
        session.execute(sa.update(table).where(table.c.ended_batch_id == batch).values(ended_batch_id=None))


def _bring_back(session: Session, batch: int) -> None:
    """Restore changed and removed records, those first that others refer to, the last change first."""
    changes = session.execute(
        sa.select(Change).where(col(Change.batch_id) == batch).order_by(col(Change.id).desc())
    ).scalars()
    tables: dict[str, Any] = {kind.name: kind.model().__table__ for kind in kinds().values()}
    tables[MAP] = SQLModel.metadata.tables[str(SavedMap.__tablename__)]
    order = list(tables)
    for change in sorted(changes, key=lambda one: order.index(one.kind)):
        table = tables[change.kind]
        values: dict[str, Any] = json.loads(change.before)
        plain = sa.table(table.name, *(sa.column(name) for name in values))
        if not values:
            audit.require(session.execute(sa.delete(table).where(table.c.id == change.record_id)), table)
        elif change.after is None:
            session.execute(sa.insert(plain).values(values))
        else:
            done = session.execute(sa.update(plain).where(sa.column("id") == change.record_id).values(values))
            audit.require(done, table)
