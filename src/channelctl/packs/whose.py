"""Whose pack it is and of when: what the options name, and what the database holds of it."""

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import __version__, clock, db, policy, settings
from channelctl.batches import last_import
from channelctl.errors import UsageError
from channelctl.i18n import _, either
from channelctl.keeping import once
from channelctl.packs.definition import PackPlan, filled, said
from channelctl.packs.making import Asked
from channelctl.period import Period, day
from channelctl.records import kinds
from channelctl.records.bounds import office_seen, offices_seen
from channelctl.records.resolve import lookup
from channelctl.systems.org.tables import Office, Region
from channelctl.systems.sales import store as sales

_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


@dataclass(frozen=True)
class Whose:
    """What the command line says, as it says it."""

    office: str | None = None
    region: str | None = None
    customer: str | None = None
    month: str | None = None
    as_of: str | None = None


@dataclass(frozen=True)
class Named:
    """A pack to be made, and what its file is called."""

    asked: Asked
    file: str


def named(plan: PackPlan, whose: Whose) -> Named:
    """What a pack of this is to be made of; of a login that sees one office, that of it.

    Raises:
        UsageError: a code or name that there is not; both an office and a region; no month, or --as-of before it.
    """
    if whose.office and whose.region:
        raise UsageError(_("{first} and {second} contradict each other").format(first="--office", second="--region"))
    with db.session() as session:
        moment = _moment(session, plan, whose)
        office = sales.office_asked(session, whose.office, whose.region or whose.customer)
        scope = [
            (kind, *_record(session, kind, word))
            for kind, word in (("office", office), ("region", whose.region), ("customer", whose.customer))
            if word is not None
        ]
        return _named(plan, moment, scope, _origin(session))


def of_all_offices(plan: PackPlan, whose: Whose) -> list[Named]:
    """A pack for each region, and one for each of its offices; without regions, one for all offices.

    Of a login that sees some offices, those, and the regions of which it sees all.
    """
    if whose.office:
        raise UsageError(
            _("{first} and {second} contradict each other").format(first="--office", second="--all-offices")
        )
    with db.session() as session:
        moment, origin = _moment(session, plan, whose), _origin(session)
        region = _record(session, "region", whose.region)[0] if whose.region else None
        regions = [(one.code, one.name) for one in session.execute(select(Region).order_by(col(Region.code))).scalars()]
        query = select(col(Office.code), col(Office.name), col(Region.code), col(Office.id))
        found = session.execute(
            query.join_from(Office, Region, col(Office.region_id) == col(Region.id), isouter=True).order_by(
                col(Office.code)
            )
        ).all()
        seen = offices_seen(session)
    own = [one for one in found if seen is None or one[3] in seen]
    unseen = {one[2] for one in found if one not in own}
    wholes = [("region", *one) for one in regions if region in (None, one[0]) and one[0] not in unseen]
    scopes = [[one] for one in wholes] if len(regions) > 1 or region else [] if unseen else [[]]
    scopes += [[("office", code, name)] for code, name, of, _id in own if region in (None, of)]
    return _apart([_named(plan, moment, scope, origin) for scope in scopes])


def set_apart() -> None:
    """Lay sale lines out by office, so that those of one are found without reading those of all."""
    with db.session() as session:
        _set_apart(session)


@once
def _set_apart(session: Session) -> None:
    db.set_apart(session, sales.LINE, ("office_id", "customer_id", "date"))


def _apart(packs: list[Named]) -> list[Named]:
    """Each with a file's name of its own, also where capitals are no other letters."""
    taken: set[str] = set()
    found = []
    for pack in packs:
        file, number = pack.file, 1
        while file.casefold() in taken:
            number += 1
            file = f"{pack.file}-{number}"
        taken.add(file.casefold())
        found.append(Named(pack.asked, file))
    return found


@dataclass(frozen=True)
class _Moment:
    """The day a pack is of, and its month."""

    month: Period
    day: dt.date
    label: str

    @property
    def code(self) -> str:
        """2024-05."""
        return f"{self.month.start:%Y-%m}"

    @property
    def previous(self) -> str:
        """The month before."""
        return f"{self.month.start - dt.timedelta(days=1):%Y-%m}"


def _moment(session: Session, plan: PackPlan, whose: Whose) -> _Moment:
    """By default the last day with sales, and its month."""
    cut = day(whose.as_of) if whose.as_of is not None else None
    today = clock.today()
    if whose.month is not None:
        month = Period.month(whose.month)
    else:
        last = cut or sales.span(session)[1] or today
        month = Period.month(f"{last:%Y-%m}")
    if cut is not None and cut < month.start:
        raise UsageError(
            _("--as-of {day} is before the period begins ({start})").format(day=cut, start=month.start),
            _("Without --as-of, or a period that begins up to that day."),
        )
    if cut is None:
        cut = month.end if plan.time == "month" and month.end <= today else _last(session, month)
    cut = min(cut, month.end)
    if plan.time == "day":
        return _Moment(month, cut, str(cut))
    return _Moment(month, cut, month.cut(cut).label)


def _last(session: Session, month: Period) -> dt.date:
    """The last day with sales up to the end of a month, none before its first; without any, today."""
    last = sales.span(session)[1]
    return max(month.start, min(last or clock.today(), month.end))


def _record(session: Session, kind: str, word: str) -> tuple[str, str]:
    """Code and name of what a word names."""
    table = kinds()[kind].model().__table__
    id_ = office_seen(session, word) if kind == "office" else lookup(session, kind, word)
    found = session.execute(select(table.c.code, table.c.name).where(table.c.id == id_)).one()
    return found.code, found.name


def _named(plan: PackPlan, moment: _Moment, scope: list[tuple[str, str, str]], origin: list[tuple[str, str]]) -> Named:
    codes = {kind: code for kind, code, _name in scope}
    whose = [name if kind != "customer" else f"{code} {name}" for kind, code, name in scope]
    given = {f"--{kind}": code for kind, code in codes.items()}
    given |= {"--month": moment.code, "--as-of": moment.day.isoformat()}
    if settings.current.asked:
        given["--known"] = settings.current.asked
    places = {**codes, "month": moment.code, "previous_month": moment.previous, "day": moment.day.isoformat()}
    title = " · ".join([filled(said(plan.title), places), *(whose or [_all()]), moment.label])
    stem = "-".join(
        [
            moment.day.isoformat() if plan.time == "day" else moment.code,
            *([f"{code}-{name}" for _kind, code, name in scope] or [either("全部", "all")]),
        ]
    )
    return Named(Asked(title, given, places, tuple(origin)), _UNFIT.sub("_", stem))


def _all() -> str:
    seen = settings.current.seen
    return seen.offices if seen else either("全部", "all offices")


def _origin(session: Session) -> list[tuple[str, str]]:
    """What the figures were made from."""
    last = sales.span(session)[1]
    batch = last_import(session)
    found = []
    if last is not None:
        found.append((_("Data"), _("sales to {day}").format(day=last)))
    known = settings.current.known
    if known is not None:
        found.append((_("As known"), _("on {day}, up to batch {batch}").format(day=known.day, batch=known.batch)))
    elif batch is not None:
        text = _("batch {batch}, {file}, on {day}")
        found.append((_("Last import"), text.format(batch=batch.id, file=batch.file_name, day=batch.at[:10])))
    if settings.current.seen:
        found.append((_("Seen"), settings.current.seen.remark))
    where = policy.file()
    found.append((_("Policy"), where.name if where else _("the defaults")))
    found.append((_("Made by"), f"channelctl {__version__}"))
    return found
