"""Names that a sheet brings without a code, held against the names on file and against each other."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from channelctl.i18n import _, listed
from channelctl.records import Kind, dotted
from channelctl.records.names import name_key
from channelctl.records.near import Nearby, Nearness, way_text
from channelctl.sheets.problems import Flaw

_SAID = 3
_BARE = frozenset("@%+:,./_-")


class Known(NamedTuple):
    """A record and every name it goes by."""

    id: int
    code: str
    names: Sequence[str]


class Alike(NamedTuple):
    """A new record, the earlier new one whose name is near, and the row that brought it."""

    remark: Flaw
    row: int | None


class _Told:
    """What is remembered to be said once."""

    def __init__(self) -> None:
        self.alike: list[Alike] = []

    def told(self) -> list[Alike]:
        """What has been remembered since the last time."""
        found, self.alike = self.alike, []
        return found


class Doubts(_Told):
    """Which names without a code may mean a record on file; new ones near each other are remembered as `alike`."""

    def __init__(self, kind: Kind, on_file: Iterable[Known], new: Iterable[Known]) -> None:
        super().__init__()
        self._kind = kind
        nearness = Nearness(dotted(kind.near)())
        self._on_file, self._new = Nearby(nearness), Nearby(nearness)
        self._known: dict[int, Known] = {}
        for nearby, records in ((self._on_file, on_file), (self._new, new)):
            for known in records:
                self._known[known.id] = known
                for name in known.names:
                    nearby.add(known.id, name)

    def flaw(self, name: str) -> Flaw | None:
        """What is wrong with a name that no record has: it is near a record on file."""
        near = self._on_file.near(name)
        if not near:
            return None
        chosen = [(self._known[id_], way) for id_, way in list(near.items())[:_SAID]]
        names = listed(f"{known.code} {known.names[0]} ({way_text(way)})" for known, way in chosen)
        text = _("no {kind} “{name}”, but near {names}. The same: {same}  Another: {other}")
        same = f"channelctl {self._kind.noun} alias add {_typed(chosen[0][0].code, name)}"
        other = f"channelctl {self._kind.noun} add {_typed(_as_name(name))}"
        return Flaw("E312", text.format(kind=self._kind.one, name=name, names=names, same=same, other=other))

    def add(self, known: Known, row: int | None, coded: bool) -> None:
        """A record made just now; one with a code is another one for sure."""
        name = known.names[0]
        if not coded:
            for id_, way in list(self._new.near(name).items())[:1]:
                self.alike.append(Alike(self._remark(known, self._known[id_], way), row))
        self._known[known.id] = known
        self._new.add(known.id, name)

    def _remark(self, known: Known, other: Known, way: str) -> Flaw:
        text = _("“{name}” and “{other}” are both new and near each other ({way}). If they are the same: {merge}")
        merge = f"channelctl {self._kind.noun} merge {_typed(known.code, other.code)}"
        return Flaw("W110", text.format(name=known.names[0], other=other.names[0], way=way_text(way), merge=merge))


class Twins(_Told):
    """New codes that differ from another only by case or width are remembered as `alike`; their records are two."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind
        self._codes: dict[str, str] | None = None

    def see(self, code: str, name: str, row: int | None, names: Mapping[str, str]) -> None:
        """A new record's code; `names` are those of all others by code."""
        if self._codes is None:
            self._codes = {name_key(one): one for one in names}
        other = self._codes.setdefault(name_key(code), code)
        if other == code:
            return
        text = _("“{new}” ({name}) and “{code}” ({other}) differ only by case. If they are the same: {merge}")
        merge = f"channelctl {self._kind.noun} merge {_typed(code, other)}"
        said = text.format(new=code, name=name, code=other, other=names[other], merge=merge)
        self.alike.append(Alike(Flaw("W117", said), row))


def _as_name(name: str) -> str:
    """A name as `add` takes it for one, not for an option or FIELD=VALUE."""
    return f"name={name}" if name.startswith("-") or "=" in name else name


def _is_bare(sign: str) -> bool:
    """Whether a shell takes a sign as it is."""
    return sign.isalnum() or sign in _BARE or (not sign.isascii() and not sign.isspace())


def _typed(*words: str) -> str:
    """Words as they are typed in a shell."""
    quoted = [word if all(map(_is_bare, word)) else shlex.quote(word) for word in words]
    return " ".join([*(["--"] if any(word.startswith("-") for word in words) else []), *quoted])
