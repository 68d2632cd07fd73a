"""Records that may be one: pairs by their names, or by codes that differ only by case."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from channelctl.records.near import PLACED, RANK, Nearness, sought


class Pair(NamedTuple):
    """Two records whose names are near each other, and by what the names differ ("" by nothing)."""

    one: int
    other: int
    way: str


def pairs(
    names: Mapping[int, Sequence[str]],
    nearness: Nearness,
    weight: Mapping[int, tuple[Any, ...]],
    codes: Mapping[int, str] = MappingProxyType({}),
) -> list[Pair]:
    """Each record that is near others beside the weightiest of them, by the closest way; `names` by what is the same.

    The first of a record's names, and its code, are compared as they are, as `names.name_key` has them.
    """
    groups: dict[str, dict[int, str]] = {}
    for id_, (key, *written) in names.items():
        groups.setdefault(f":{key}", {})[id_] = ""
        if id_ in codes:
            groups.setdefault(f"code:{codes[id_]}", {})[id_] = "code"
        for name in written:
            for form, way in nearness.forms(name).items():
                groups.setdefault(form, {})[id_] = way
    found: dict[tuple[int, int], str] = {}
    for form, group in groups.items():
        others = {} if form.startswith(PLACED) else groups.get(sought(form), {})
        if not others or (others is group and len(group) < 2):
            continue
        chief = max(others, key=lambda id_: weight[id_])
        for id_, way in group.items():
            if id_ != chief:
                pair = (id_, chief) if weight[id_] < weight[chief] else (chief, id_)
                found[pair] = min(way, found.get(pair, way), key=RANK.__getitem__)
    return [Pair(one, other, way) for (one, other), way in found.items()]
