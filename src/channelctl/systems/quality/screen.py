"""How ages, and what is amiss, are put before a person."""

import datetime as dt
from collections.abc import Sequence

from channelctl.columns import Col, columns
from channelctl.errors import DONE, FINDINGS
from channelctl.i18n import _, listed, ngettext
from channelctl.report import Figure, Report
from channelctl.systems.quality.rules import ERROR, WARN, FreshRow, QualityRow
from channelctl.systems.quality.store_amiss import Looked

_AGE = Col("数据距今天数", "Days since the last sale", kind="count")
_LINES = Col("无客户的行", "Lines without a customer", kind="share")
_REFUSED = Col("导入被拒的行", "Rows refused", kind="count")


def freshness(rows: Sequence[FreshRow], today: dt.date, by: str, notes: Sequence[str]) -> Report:
    """How old the data are; stale ones are a finding."""
    names = {
        state: [row.office or row.name for row in rows if row.state == state] for state in (WARN, ERROR)
    }  # fmt: skip
    closing = []
    if names[WARN]:
        closing.append(_("Getting old: {names}").format(names=listed(names[WARN])))
    if names[ERROR]:
        closing.append(_("Stale: {names}").format(names=listed(names[ERROR])))
    hidden = {"office"} if by == "kind" else {"imported_on", "batch"}
    if all(row.state is None for row in rows):
        hidden.add("state")
    shown = [name for name, col in columns(FreshRow).items() if name not in hidden and not col.wide]
    age = next((row.days for row in rows if row.kind == "sales"), None)
    return Report(
        "freshness",
        FreshRow,
        rows,
        _("How fresh the data are · on {day}").format(day=today),
        params={"as_of": today, "by": by},
        notes=notes,
        closing=closing,
        exit_code=FINDINGS if names[ERROR] else DONE,
        only=shown,
        figures=[Figure("days_since_last_sale", _AGE, age, good="down")] if by == "kind" else [],
    )


def quality(looked: Looked) -> Report:
    """What is amiss; nothing amiss is said too."""
    amiss = [row for row in looked.rows if row.found]
    found = {row.name: row for row in looked.rows}
    refused = found.get("rows_refused")
    lacking = found["lines_without_customer"]
    figures = [Figure("lines_without_customer", _LINES, lacking.share, good="down")] if lacking.of else []
    if refused is not None:
        figures.append(Figure("rows_refused", _REFUSED, refused.found, good="down"))
    text = ngettext("{count} thing to look at", "{count} things to look at", len(amiss))
    return Report(
        "quality",
        QualityRow,
        amiss,
        " · ".join([_("Quality of the data"), looked.period.label, *looked.scope.labels]),
        params={"from": looked.period.first, "to": looked.period.last, **looked.scope.params()},
        notes=_notes(looked, amiss),
        closing=[text.format(count=len(amiss))] if amiss else [],
        figures=figures,
        wrapped=True,
    )


def _notes(looked: Looked, amiss: Sequence[QualityRow]) -> list[str]:
    """That there is nothing to look at, or nothing amiss with what there is."""
    if not looked.lines:
        return [_("there are no sale lines: {period}").format(period=looked.period.label)]
    return [] if amiss else [_("nothing is amiss")]
