"""[tiers.rfm] and [tiers.segments]: how recency, frequency and money are scored, and what the scores mean."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise, product
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, Field, model_validator

from channelctl.i18n import _, listed
from channelctl.systems.tiers.rules_basis import NET_RETURNS, NO_SALES, Tier

SCORES = (1, 2, 3, 4, 5)
_CUTS = len(SCORES) - 1
Score = Annotated[int, Field(ge=SCORES[0], le=SCORES[-1])]
Scores = tuple[Score, Score]
Days = Annotated[int, Field(ge=0)]
Times = Annotated[int, Field(ge=1)]
Money = Annotated[Decimal, Field(gt=0)]


class Place(NamedTuple):
    """What a segment is chosen by: three scores, and whether it is a first-time buyer."""

    recency: int
    frequency: int
    monetary: int
    first_time: bool


PLACES = tuple(Place(*found) for found in product(SCORES, SCORES, SCORES, (True, False)))


class RfmCuts(BaseModel, extra="forbid", frozen=True):
    """[tiers.rfm]: four cuts each, ascending, make the scores 1 to 5; without them the customers' fifths do.

    `recency` in days: up to the first is 5. `frequency` in purchases and `monetary` in yuan: from the last on is 5.
    """

    recency: tuple[Days, ...] = ()
    frequency: tuple[Times, ...] = ()
    monetary: tuple[Money, ...] = ()

    @model_validator(mode="after")
    def _ascend(self) -> Self:
        given: tuple[tuple[str, tuple[int | Decimal, ...]], ...] = (
            ("recency", self.recency), ("frequency", self.frequency), ("monetary", self.monetary)
        )  # fmt: skip
        for name, cuts in given:
            if cuts and (len(cuts) != _CUTS or any(low >= high for low, high in pairwise(cuts))):
                raise ValueError(
                    _("{name} needs {count} cuts, each above the one before, or none").format(name=name, count=_CUTS)
                )
        return self


class Segment(BaseModel, extra="forbid", frozen=True):
    """[tiers.segments.NAME]: from which score to which, of which buyers, and the tier they get."""

    tier: Tier
    recency: Scores = (1, 5)
    frequency: Scores = (1, 5)
    monetary: Scores = (1, 5)
    buyers: Literal["any", "first", "repeat"] = "any"

    def takes(self, place: Place) -> bool:
        """Whether customers of that place belong here, if no segment before takes them."""
        spans = (self.recency, self.frequency, self.monetary)
        if not all(low <= score <= high for (low, high), score in zip(spans, place, strict=False)):
            return False
        return self.buyers == "any" or (self.buyers == "first") == place.first_time


Segments = dict[str, Segment]


def default_segments() -> Segments:
    """The segments where the policy names none."""
    return {
        "best": Segment(tier="A", recency=(4, 5), frequency=(4, 5), monetary=(4, 5)),
        "loyal": Segment(tier="A", recency=(3, 5), frequency=(4, 5)),
        "big": Segment(tier="A", recency=(3, 5), monetary=(5, 5)),
        "new": Segment(tier="B", recency=(3, 5), buyers="first"),
        "regular": Segment(tier="B", recency=(3, 5), buyers="repeat"),
        "win_back": Segment(tier="A", recency=(1, 2), frequency=(4, 5), monetary=(4, 5)),
        "at_risk": Segment(tier="B", recency=(1, 2), frequency=(3, 5)),
        "tried": Segment(tier="C", recency=(1, 2), buyers="first"),
        "quiet": Segment(tier="C", recency=(2, 2)),
        "lost": Segment(tier="C"),
    }


def segment_text(segment: str | None) -> str:
    """A segment as a person reads it; one of the policy's own by its name."""
    if segment is None:
        return ""
    words = {
        "best": _("best"),
        "loyal": _("loyal"),
        "big": _("big spender"),
        "new": _("new"),
        "regular": _("repeat buyer"),
        "win_back": _("win back"),
        "at_risk": _("at risk"),
        "tried": _("tried, not back"),
        "quiet": _("gone quiet"),
        "lost": _("lost"),
        NET_RETURNS: _("net returns"),
        NO_SALES: _("no sales"),
    }
    return words.get(segment, segment)


def segment_of(place: Place, segments: Mapping[str, Segment]) -> str | None:
    """The first segment that takes the place."""
    return next((name for name, segment in segments.items() if segment.takes(place)), None)


def checked(segments: Segments) -> Segments:
    """The segments, if every one can apply to some customer and every customer falls into one.

    Raises:
        ValueError: says which segment can never apply and why, or which customers fall into none.
    """
    for name in (NET_RETURNS, NO_SALES):
        if name in segments:
            raise ValueError(_("“{name}” is a segment of its own; give yours another name").format(name=name))
    found = [segment_of(place, segments) for place in PLACES]
    for name, segment in segments.items():
        if name not in found:
            raise ValueError(_never(name, segment, segments))
    if None in found:
        place = PLACES[found.index(None)]
        buyer = _("first-time buyers") if place.first_time else _("repeat buyers")
        raise ValueError(
            _(
                "no segment takes {buyers} with the scores {r}, {f}, {m}; add a last one with nothing but its tier"
            ).format(buyers=buyer, r=place.recency, f=place.frequency, m=place.monetary)
        )
    return segments


def _never(name: str, segment: Segment, segments: Segments) -> str:
    """Why a segment can never apply."""
    wanted = [place for place in PLACES if segment.takes(place)]
    if not wanted:
        return _("segment “{name}” can never apply: its scores run from high to low").format(name=name)
    found = {segment_of(place, segments) for place in wanted}
    takers = listed(f"“{other}”" for other in segments if other in found)
    return _("segment “{name}” can never apply: before it, {others} take all it would").format(name=name, others=takers)
