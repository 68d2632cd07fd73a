"""A kind of record, declared once: what its sheet, its table and its commands have in common."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module, util
from types import MappingProxyType
from typing import Any, NamedTuple

from channelctl.columns import Col, columns
from channelctl.i18n import either
from channelctl.systems import SYSTEMS


class Held(NamedTuple):
    """Why a record may not change: the problem's code in a sheet's row, what is said, what to do; the field amiss."""

    code: str
    reason: str
    hint: str
    field: str = ""


class Later(NamedTuple):
    """What a later batch did that stands on one, said in better words than that it changed a record of it."""

    batch: int
    text: str


class Concluded(NamedTuple):
    """What was worked out from the records of a batch and stays as it was: its table, batch and days, and that said."""

    kind: str
    batch: int
    first_day: dt.date
    last_day: dt.date
    said: str


class Told(NamedTuple):
    """What a customer is to be known for: a word for programs, and the text for people."""

    mark: str
    text: str


# Of a record's columns before and after, None where there is no record: why it may not change, None where it may.
Guard = Callable[[Mapping[str, Any] | None, Mapping[str, Any] | None], Held | None]


@dataclass(frozen=True)
class Kind:
    """A kind of sheet and of record.

    `table` is "module:Class"; `key` names the fields that tell one record from another (a code, or all of month, office
    and customer). `needs` are groups of fields: a sheet is of this kind only with a heading for one of each group;
    a field with ! is needed by a name of its own, not by one that only supports others (~).
    `loader` is "module:class" for a kind whose rows are not plain records, like sale lines; `tidy` a "module:function"
    that brings a row's words to the policy's and yields a Flaw and field for each unknown one. `groups` is the function
    that tells which field a heading over several columns of figures fills with its own word, "" for none.
    `aliases` is the "module:Class" of the table of other names for its records, `near` the function that says what the
    policy calls near names. `rekey` yields what else changes in rows that name another record from now on, `sums` what
    the rows come to by the customer they name, `nets` what they changed net sales by, batch by batch. `held` is the
    function that gives the Guard of its records, `later` yields what of later batches stands on one that is to be
    undone, `concluded` what was worked out from it and stays, `remarks` what is to be said of any batch that is
    imported or undone, `told` what customers are to be known for wherever they are shown. `verbs` is where its commands
    are, where that is not its name. `last` are kinds that stand on rows without codes: files of them are read last.
    `once` names further fields of which records of two that are merged may not have the same. A template of a kind that
    people fill in `on_paper` has a page to print.
    """

    name: str
    zh: str
    en: str
    row: type
    table: str
    key: tuple[str, ...] = ("code",)
    needs: tuple[tuple[str, ...], ...] = ()
    loader: str = ""
    tidy: str = ""
    groups: str = ""
    aliases: str = ""
    near: str = ""
    rekey: str = ""
    sums: str = ""
    nets: str = ""
    held: str = ""
    later: str = ""
    remarks: str = ""
    noted: str = ""
    concluded: str = ""
    told: str = ""
    verbs: str = ""
    last: bool = False
    once: tuple[str, ...] = ()
    on_paper: bool = False

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def label(self) -> str:
        """What such records are called, in the language in force."""
        return either(self.zh, self.en)

    @property
    def command(self) -> str:
        """The noun of its commands."""
        return self.name.replace("_", "-")

    @property
    def noun(self) -> str:
        """What stands before its verbs on the command line."""
        return self.verbs or self.command

    @property
    def one(self) -> str:
        """What one such record is called."""
        return either(self.zh, self.name.replace("_", " "))

    @property
    def columns(self) -> Mapping[str, Col]:
        """The fields of a row."""
        return columns(self.row)

    @property
    def named(self) -> bool:
        """Whether its records go by a code and a name."""
        return self.key == ("code",)

    def model(self) -> Any:
        """The table class."""
        return dotted(self.table)


def dotted(place: str) -> Any:
    """What stands at "module:name"."""
    module, _colon, name = place.partition(":")
    return getattr(import_module(module), name)


def remarks(session: Any, batch: int) -> list[str]:
    """What kinds have to say of a batch that was imported, or is to be undone."""
    return [one for kind in kinds().values() if kind.remarks for one in dotted(kind.remarks)(session, batch)]


def noted(session: Any, batch: int) -> list[str]:
    """What kinds have to say of a batch that has just been written."""
    own = [one for kind in kinds().values() if kind.noted for one in dotted(kind.noted)(session, batch)]
    return [*remarks(session, batch), *own]


def concluded(session: Any, batch: int) -> list[Concluded]:
    """What kinds have worked out from a batch that is to be undone, and keep."""
    return [one for kind in kinds().values() if kind.concluded for one in dotted(kind.concluded)(session, batch)]


def told(session: Any, day: dt.date, codes: Collection[str] | None = None) -> dict[str, Told]:
    """What kinds have to say of customers on a day, by code: of these, or of all."""
    found: dict[str, Told] = {}
    for kind in kinds().values():
        if kind.told:
            found |= dotted(kind.told)(session, day, codes)
    return found


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by name, those first that others refer to."""
    found: dict[str, Kind] = {}
    for system in SYSTEMS:
        place = f"channelctl.systems.{system}.sheets"
        if util.find_spec(place):
            for kind in import_module(place).KINDS:
                found[kind.name] = kind
    return MappingProxyType(found)


def kind_label(name: str | None) -> str:
    """What records of the kind of this name are called; of a kind that is no more, the name itself."""
    kind = kinds().get(name or "")
    return kind.label if kind else name or ""
