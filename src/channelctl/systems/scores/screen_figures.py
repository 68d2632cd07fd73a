"""The figure that stands for a score, and what is to be known before it is believed."""

from collections.abc import Sequence

from channelctl.columns import Col
from channelctl.i18n import _, listed, ngettext
from channelctl.report import Figure
from channelctl.systems.scores.rules import region_total
from channelctl.systems.scores.store import Scored


def partly_seen(codes: Sequence[str]) -> list[str]:
    """That scores are too low, as planned customers of other offices buy where it is not seen."""
    text = ngettext(
        "{codes}: a planned customer of another office; this login does not see all that it buys, which would count",
        "{codes}: planned customers of other offices; this login does not see all that they buy, which would count",
        len(codes),
    )
    return [text.format(codes=listed(codes))] if codes else []


def figures(found: Scored) -> list[Figure]:
    """The cooperation rate of the office, with its rank and last month's; else of all asked for together."""
    name = Col("传统渠道合作率", "Cooperation rate", kind="share")
    if found.office is None:
        count = len(found.asked)
        said = ngettext("{count} office with a plan", "{count} offices with a plan", count).format(count=count)
        return [Figure("score", name, region_total(found.asked), found.before, "up", said)]
    one = found.asked[0]
    before = None if one.on_month is None else one.cooperation_rate - one.on_month
    said = _("rank {rank} of {offices}").format(rank=one.rank, offices=len(found.everyone))
    return [Figure("score", name, one.cooperation_rate, before, "up", said)]
