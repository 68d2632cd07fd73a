"""How closed months, and scores set by hand, are put before a person."""

from decimal import Decimal

from channelctl.i18n import _, ngettext
from channelctl.report import Report
from channelctl.report.cells import percent
from channelctl.systems.scores.rules import ScoreRow, change_text, region_total
from channelctl.systems.scores.rules_close import Closed
from channelctl.systems.scores.store import Scored
from channelctl.systems.scores.store_close import Closing
from channelctl.systems.scores.store_explain import Explained
from channelctl.systems.scores.store_marks import Marked


def done(closing: Closing) -> Report:
    """What was closed."""
    found = closing.found
    customers = sum(row.planned for row in found.everyone)
    title = [_("{month} closed").format(month=found.month), found.period.label]
    if found.last_day is not None:
        title.append(_("data to {day}").format(day=found.last_day))
    text = ngettext(
        "{offices} offices, {count} planned customer", "{offices} offices, {count} planned customers", customers
    )
    return Report(
        "score_close",
        ScoreRow,
        found.everyone,
        " · ".join(title),
        params={"month": found.month, "batch": closing.batch},
        notes=_uncovered(found),
        closing=[
            text.format(offices=len(found.everyone), count=customers),
            _("Batch {batch}. Open it again: channelctl batch undo {batch}").format(batch=closing.batch),
        ],
    )


def _uncovered(found: Scored) -> list[str]:
    """That the sales end before the month does."""
    end = found.period.end.isoformat()
    if found.last_day is None or found.last_day >= end:
        return []
    text = _("the sales reach to {day}, the month to {end}: what comes later does not change its scores")
    return [text.format(day=found.last_day, end=end)]


def closed_lines(found: Scored) -> list[str]:
    """That the figures are those of closing, and what they come to today."""
    if found.closed is None:
        return []
    text = _("These are the figures of closing. From what is stored today: {rate}")
    return [text.format(rate=_beside(found))]


def _beside(found: Scored) -> str:
    if found.office is not None:
        one = found.asked[0]
        if one.restated_rate is None or one.restated_change is None:
            return _("no plan any more")
        return _rate(one.restated_rate, one.restated_change)
    now, then = region_total(found.today), region_total(found.asked)
    if now is None or then is None:
        return _("no plan any more")
    codes = {row.office_code for row in found.asked}
    more = sum(row.office_code not in codes for row in found.today)
    if not more:
        return _rate(now, now - then)
    text = ngettext("{rate}, with {count} office more", "{rate}, with {count} offices more", more)
    return text.format(rate=_rate(now, now - then), count=more)


def _rate(rate: Decimal, change: Decimal) -> str:
    return f"{percent(rate)} ({change_text(change)})" if change else percent(rate)


def since_lines(told: Explained) -> list[str]:
    """Of a closed month: whether what is shown is what it was closed with."""
    closed = told.closed
    if closed is None:
        return []
    lines = [line for row in told.found.asked if (line := _since(closed, row))]
    if not told.changed and (told.one is not None or not lines):
        text = _("{month} is closed (batch {batch}), and nothing of this has changed since")
        return [text.format(month=closed.month, batch=closed.batch)]
    text = _("Batches after {known} came later; as it was known then: --known {known}")
    return [
        *lines,
        text.format(known=closed.known),
        _("{month} is closed (batch {batch}); this is what is stored today").format(
            month=closed.month, batch=closed.batch
        ),
    ]


def marked(done: Marked) -> Report:
    """A score set by hand, as it stands now."""
    row = done.row
    what = _("set") if done.changed else _("nothing to change: it is so already")
    title = f"{row.month} · {row.office} · {row.customer_code} {row.customer} · {what}"
    return Report("score_mark", type(row), [row], title, card=True)


def _since(closed: Closed, today: ScoreRow) -> str:
    """What an office was closed with, where it is other today."""
    kept = closed.offices.get(today.office_code)
    if kept is None:
        return _("{office}: not planned when the month was closed").format(office=today.office)
    now, then = (_rates(today), _rates(kept.row))
    if now == then:
        return ""
    return _("{office}: closed with {closed}, today {today}").format(office=today.office, closed=then, today=now)


def _rates(row: ScoreRow) -> str:
    text = _("cooperation rate {rate}, core quality {core_rate}")
    return text.format(rate=percent(row.cooperation_rate), core_rate=percent(row.core_quality or Decimal(0)))
