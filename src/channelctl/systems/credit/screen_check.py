"""How credit is put before a person: who stands how, what a check says, and releases."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from channelctl.errors import DONE, FINDINGS
from channelctl.i18n import _, listed, ngettext
from channelctl.money import show
from channelctl.report import Report, Table
from channelctl.systems.credit import screen_figures
from channelctl.systems.credit.rules_exposure import (
    HOLD,
    NEAR,
    NOTHING,
    OK,
    STATUSES,
    reason_text,
    status_text,
    verdict_text,
)
from channelctl.systems.credit.rules_release import OPEN, ReleaseRow
from channelctl.systems.credit.rules_status import CheckRow, PoolRow, StatusRow
from channelctl.systems.credit.store_exposure import Listed, Who
from channelctl.systems.credit.store_release import Given, Told

_PARTS = ("documents", "on_account", "uninvoiced", "open_orders")
_SUMS = ("exposure", *_PARTS, "overdue")


def status(found: Listed) -> Report:
    """Who stands how, or one customer with all that its exposure is made of."""
    customer, rows = found.whose.customer, found.rows
    words = [_("credit on {day}").format(day=found.day), *found.whose.labels]
    return Report(
        "credit_status",
        StatusRow,
        rows,
        " · ".join(words),
        params={"as_of": found.day, "office": None, **found.whose.params},
        totals={} if customer is not None else _sums(rows),
        notes=_unseen(len(found.unseen)) if rows else [_("nobody has a limit, an open document or a hold")],
        closing=_standing(rows[0], not found.unseen) if customer is not None and rows else _counted(rows),
        sections={"pools": Table(PoolRow, found.pools, _("pooled limits"), sheet=_("pools"))},
        card=customer is not None,
        only=_columns(rows),
        figures=screen_figures.status(rows, len(found.unseen)) if customer is None and rows else (),
    )


def _unseen(count: int) -> list[str]:
    """That of some customers it cannot be told what is left for them."""
    text = ngettext(
        "{count} customer shares a limit with customers of offices that this login does not see: what is left is blank",
        "{count} customers share a limit with customers of offices that this login does not see: what is left is blank",
        count,
    )
    return [text.format(count=f"{count:,}")] if count else []


def _sums(rows: Sequence[StatusRow]) -> dict[str, Decimal]:
    return {name: sum((getattr(row, name) for row in rows), NOTHING) for name in _SUMS} if rows else {}


def _columns(rows: Sequence[StatusRow]) -> list[str]:
    """The parts of exposure, where it is of more than documents; the pool, where anybody is in one."""
    told = {name for name in (*_PARTS, "pool") if any(getattr(row, name) for row in rows)}
    if told <= {"documents", "pool"}:
        told -= {"documents"}
    return [name for name in StatusRow._fields if name in told or name not in (*_PARTS, "pool", "office", "hold")]


def _counted(rows: Sequence[StatusRow]) -> list[str]:
    """How many stand how, the most severe last, as the last line is read first."""
    counts = Counter(row.status for row in rows)
    said = [f"{status_text(one)} {counts[one]:,}" for one in STATUSES if counts[one]]
    if not rows:
        return []
    text = ngettext("{count} customer: {said}", "{count} customers: {said}", len(rows))
    lines = [text.format(count=f"{len(rows):,}", said=listed(said))] if said else []
    short = [(_has_limit(row), -row.available) for row in rows if row.available is not None and row.available < 0]
    above, without = ([amount for limited, amount in short if limited is has] for has in (True, False))
    if without:
        text = ngettext(
            "{count} customer owes {amount} without credit",
            "{count} customers owe {amount} without credit",
            len(without),
        )
        lines.insert(0, text.format(count=f"{len(without):,}", amount=show(sum(without, NOTHING))))
    if above:
        text = ngettext(
            "{count} customer above the limit, {amount} in all",
            "{count} customers above their limits, {amount} in all",
            len(above),
        )
        lines.insert(0, text.format(count=f"{len(above):,}", amount=show(sum(above, NOTHING))))
    return lines


def _has_limit(row: StatusRow | CheckRow) -> bool:
    """Whether it has a limit of its own, or the one that it is up against is a pool's."""
    return row.limit is not None or row.pool is not None


def _standing(row: StatusRow, whole: bool) -> list[str]:
    """What is said of one customer, of whose pool all or only some are seen."""
    if row.status is None:
        return []
    said, why = status_text(row.status), reason_text(row.reason)
    if row.status == NEAR:
        said = why
    elif row.status != OK:
        said = _("{status}, {why}").format(status=said, why=why)
    if row.hold:
        said = f"{said} ({row.hold})"
    if not whole:
        return [_("{code} is {status}; its pool is not seen whole").format(code=row.customer_code, status=said)]
    if row.available is None:
        return [_("{code} is {status}; it has no limit").format(code=row.customer_code, status=said)]
    if row.available >= 0:
        text = _("{code} is {status}; {amount} left")
        if row.pool is not None:
            text = _("{code} is {status}; {amount} left of the limit of pool {pool}")
    elif _has_limit(row):
        text = _("{code} is {status}; {amount} too much")
        if row.pool is not None:
            text = _("{code} is {status}; {amount} too much for the limit of pool {pool}")
    else:
        text = _("{code} is {status}; {amount} without credit")
    return [text.format(code=row.customer_code, status=said, amount=show(abs(row.available)), pool=row.pool)]


def check(found: Told, day: dt.date) -> Report:
    """What is said of a delivery."""
    row = found.row
    notes = []
    if found.unneeded is not None:
        notes.append(_("release {number} was not needed and is still unused").format(number=found.unneeded))
    return Report(
        "credit_check",
        CheckRow,
        [row],
        _("credit check on {day}").format(day=day),
        params={"as_of": day, "customer": row.customer_code, "batch": found.batch},
        notes=notes,
        closing=_answer(row, found.batch),
        card=True,
        exit_code=FINDINGS if row.verdict == HOLD else DONE,
    )


def _answer(row: CheckRow, batch: int | None) -> list[str]:
    """The verdict and the figures that it goes by, the way out of a hold before them."""
    lines = []
    if batch is not None:
        text = _("release {number} is used up: batch {batch}. Undo: channelctl batch undo {batch}")
        lines.append(text.format(number=row.release, batch=batch))
    if row.verdict == HOLD and row.amount:
        text = _("To let it through once: channelctl credit release {code} {amount} --until DAY --reason TEXT")
        lines.append(text.format(code=row.customer_code, amount=row.amount))
    what, why = verdict_text(row.verdict), reason_text(row.reason)
    said = _("{what}: {why}").format(what=what, why=why) if why else what
    if row.hold and row.verdict == HOLD:
        said = f"{said} ({row.hold})"
    figures = {"exposure": show(row.exposure), "amount": show(row.amount), "after": show(row.after)}
    if row.available is None:
        text = _("{said}; exposure {exposure} + {amount} = {after}, no limit")
    elif not _has_limit(row):
        text = _("{said}; exposure {exposure} + {amount} = {after}, limit: none")
    else:
        text = _("{said}; exposure {exposure} + {amount} = {after} of {limit}")
        if row.pool is not None:
            text = _("{said}; exposure of pool {pool} {exposure} + {amount} = {after} of {limit}")
        figures["limit"] = show(row.limit or NOTHING)
    return [*lines, text.format(said=said, pool=row.pool, **figures)]


def given(done: Given) -> Report:
    """A release, and by what number it is used."""
    row = done.row
    text = _(
        "{number} lets {amount} through once, up to {until}: channelctl credit check {code} {plain} --release {number}"
    )
    return Report(
        "credit_release",
        ReleaseRow,
        [row],
        _("release {number} · {code} {name}").format(number=row.number, code=row.customer_code, name=row.customer),
        params={"batch": done.batch, "exposure": done.exposure},
        closing=[
            _("Exposure with it and all that is released: {amount}").format(amount=show(done.exposure)),
            _("Batch {batch}. Take it back: channelctl batch undo {batch}").format(batch=done.batch),
            text.format(
                number=row.number, amount=show(row.amount), until=row.until, code=row.customer_code, plain=row.amount
            ),
        ],
        card=True,
    )


def releases(rows: Sequence[ReleaseRow], day: dt.date, customer: Who | None) -> Report:
    """The releases, the latest last."""
    waiting = [row for row in rows if row.state == OPEN]
    title = [_("releases on {day} · {count}").format(day=day, count=len(rows))]
    title += [f"{customer.code} {customer.name}"] if customer is not None else []
    text = ngettext("{count} release is unused: {amount}", "{count} releases are unused: {amount}", len(waiting))
    said = text.format(count=len(waiting), amount=show(sum((row.amount for row in waiting), NOTHING)))
    return Report(
        "credit_releases",
        ReleaseRow,
        rows,
        " · ".join(title),
        params={"as_of": day, "customer": customer.code if customer is not None else None},
        notes=[] if rows else [_("nothing was released yet")],
        closing=[said] if rows else [],
        only=[name for name in ReleaseRow._fields if name not in ("role", "used_by", "used_amount")],
    )
