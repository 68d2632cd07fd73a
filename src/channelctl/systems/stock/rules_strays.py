"""Goods sold outside a customer's territory (窜货): places compared with its city, its office's, and its region."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col

# A name of two signs at least, up to what says what sort of place it is: the 市 of 市北区 is a part of its name.
_NAME = re.compile(
    r"(.{2,}?)(?:特别行政区|自治[区州县]|地区|办事处|分公司|[省市区县盟旗办]"
    r"|[,，、/·]|(?<=[\u3400-\u9fff])[\s\-–—]+(?=[\u3400-\u9fff])|$)"
)
_SORTS = tuple("省市区县盟旗州")
_SORT = re.compile(r"\b(?:province|region|city|county|district|office|branch)\b")


class StrayRow(NamedTuple):
    """Units of a product that a customer sold on where neither it nor its office is; `share` is of all it sold on."""

    customer_code: Annotated[str, Col("客户编码", "Customer code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    territory: Annotated[str, Col("所属区域", "Territory")]
    place: Annotated[str, Col("销往", "Sold to")]
    product_code: Annotated[str, Col("产品编码", "Product code", kind="code", wide=True)]
    product: Annotated[str, Col("型号", "Product")]
    units: Annotated[Decimal, Col("数量", "Units", kind="quantity")]
    share: Annotated[Decimal | None, Col("占其零售", "Share", kind="share")]


class Territory(NamedTuple):
    """Where a customer belongs: its city, its office's name and city, its region's name, as they are on file."""

    places: tuple[str, ...]
    region: str

    @property
    def said(self) -> str:
        """The places as people read them."""
        return " / ".join(dict.fromkeys(place for place in (*self.places, self.region) if place))

    @property
    def known(self) -> bool:
        """Whether anything is on file by which a place could be outside."""
        return bool(self.said)


def stems(place: str) -> list[str]:
    """The names in a place without what says what sort of place each is: 江东省南京市云浦县 is 江东, 南京, 云浦."""
    plain = " ".join(_SORT.sub(" ", place.casefold()).split())
    return [name for found in _NAME.findall(plain) if (name := found.strip())] or [plain] * bool(plain)


class _Place(NamedTuple):
    """The names in a place, and what sort of place it says that the last of them is."""

    names: tuple[str, ...]
    sort: str

    def fuller(self, other: "_Place") -> bool:
        """Whether this says more of the same place: 安徽省合肥市 more than 合肥市, and that more than 合肥."""
        ends = self.names[-len(other.names) :] == other.names or "".join(self.names) == "".join(other.names)
        same = ends and (self.sort == other.sort or not (self.sort and other.sort))
        return same and (len(self.names), self.sort != "") > (len(other.names), other.sort != "")


def _place(place: str) -> _Place:
    plain = place.strip()
    return _Place(tuple(stems(place)), plain[-1:] if plain.endswith(_SORTS) else "")


def same_places(wordings: Mapping[str, int]) -> dict[str, str]:
    """What each place goes by: of the wordings of the same place, told how often each stands there, the most frequent.

    A wording that may mean two places, as 鼓楼区 beside 南京市鼓楼区 and 徐州市鼓楼区, stands for itself.
    """
    places = {wording: _place(wording) for wording in wordings}
    kinds = dict.fromkeys(places.values())
    fullest = {one: [top for top in kinds if top.fuller(one)] for one in kinds}
    together: dict[_Place, list[str]] = {}
    for wording, one in places.items():
        tops = [top for top in fullest[one] if not fullest[top]]
        together.setdefault(tops[0] if len(tops) == 1 else one, []).append(wording)
    said: dict[str, str] = {}
    for same in together.values():
        best = min(same, key=lambda wording: (-wordings[wording], -len(wording), wording))
        said |= dict.fromkeys(same, best)
    return said


def strays(place: str, territory: Territory) -> bool:
    """Whether a place is outside: none of its names is one of the territory's, beside that of the region.

    The region alone is not outside; with a name of another place behind it, it is.
    """
    own = {stem for one in territory.places for stem in stems(one)}
    region = [stem for stem in stems(territory.region)[:1] if stem not in own]
    names = [name for name in (_without(one, region) for one in stems(place)) if name]
    return bool(names) and not any(name.startswith(stem) or stem.startswith(name) for name in names for stem in own)


def _without(name: str, region: Iterable[str]) -> str:
    """A name without the region's in front of it, as in 江东南京."""
    return next((name.removeprefix(one) for one in region if name.startswith(one)), name)


def in_order(rows: Iterable[StrayRow]) -> list[StrayRow]:
    """Most units first."""
    return sorted(rows, key=lambda row: (-row.units, row.customer_code, row.place, row.product_code))
