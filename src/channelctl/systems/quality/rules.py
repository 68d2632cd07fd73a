"""How old data are, and what is amiss with them."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, either, listed

OK, WARN, ERROR = "ok", "warn", "error"
_LIMIT = re.compile(r"(\d{1,4})\s*(d|wd|w)")


class QualityPolicy(BaseModel, extra="forbid", frozen=True):
    """[quality]: after how many days without a sale an office counts as silent."""

    silent_after: int = Field(default=3, ge=1, le=366)


SECTION = QualityPolicy


class Limit(NamedTuple):
    """An age, in days or in work days."""

    days: int
    work_days: bool

    def passed(self, last: dt.date | None, today: dt.date, worked: Callable[[dt.date, dt.date], int]) -> bool:
        """Whether what ends on `last` is older; what there is nothing of is older than any age."""
        if last is None:
            return True
        age = worked(last + dt.timedelta(days=1), today) if self.work_days else (today - last).days
        return age > self.days


def limit(text: str, option: str) -> Limit:
    """2d, 3wd (work days) or 1w."""
    found = _LIMIT.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(
            _("{option} takes an age, not “{value}”").format(option=option, value=text),
            _("2d is two days, 3wd three work days, 1w a week."),
        )
    count = int(found[1])
    return Limit(count * 7 if found[2] == "w" else count, found[2] == "wd")


def in_work_days(*limits: Limit | None) -> bool:
    """Whether an age is counted in work days."""
    return any(one is not None and one.work_days for one in limits)


def watched(words: str, by: str, known: Collection[str]) -> list[str]:
    """The kinds of data that are watched: named with commas between; by office it is the sales.

    Raises:
        UsageError: no such kind, or no such way to sum up.
    """
    if by not in ("kind", "office"):
        raise UsageError(_("--by is kind or office, not “{value}”").format(value=by))
    found = [word.strip().replace("-", "_") for word in words.replace("，", ",").split(",") if word.strip()]
    if not found or (by == "office" and found != ["sales"]):
        raise UsageError(
            _("--kind {value}: by office it is the sales that are watched").format(value=words)
            if found
            else _("--kind names no data"),
            _("There are: {words}").format(words=listed(known)),
        )
    for word in found:
        if word not in known:
            raise UsageError(
                _("“{value}” is no kind of data with days").format(value=word),
                _("There are: {words}").format(words=listed(known)),
            )
    return found


def state_text(state: str | None) -> str:
    """What a state is called."""
    names = {OK: either("正常", "fresh"), WARN: either("偏旧", "getting old"), ERROR: either("过期", "stale")}
    return names.get(state or "", "")


class FreshRow(NamedTuple):
    """How old the data of a kind are, or of an office; `state` of those that are watched."""

    kind: Annotated[str, Col("类型", "Kind", kind="code", wide=True)]
    name: Annotated[str, Col("数据", "Data")]
    office_code: Annotated[str | None, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str | None, Col("办事处", "Office")]
    last_day: Annotated[dt.date | None, Col("截至", "Up to", kind="date")]
    days: Annotated[int | None, Col("距今天数", "Days ago", kind="count")]
    imported_on: Annotated[dt.date | None, Col("最近导入", "Last imported", kind="date")]
    batch: Annotated[int | None, Col("批次", "Batch", kind="count")]
    state: Annotated[str | None, Col("状态", "State", words=state_text)]


class Dated(NamedTuple):
    """The last day of the data of a kind or office, and when and with which batch they were last imported."""

    kind: str
    name: str
    office_code: str | None
    office: str | None
    last_day: dt.date | None
    imported_on: dt.date | None
    batch: int | None


def fresh(
    found: Sequence[Dated],
    today: dt.date,
    watched: Sequence[str],
    warn: Limit | None,
    error: Limit | None,
    worked: Callable[[dt.date, dt.date], int],
) -> list[FreshRow]:
    """Each with its age and, where it is watched, its state."""
    rows = []
    for one in found:
        state = None
        if one.kind in watched and (warn or error):
            state = OK
            if warn is not None and warn.passed(one.last_day, today, worked):
                state = WARN
            if error is not None and error.passed(one.last_day, today, worked):
                state = ERROR
        days = (today - one.last_day).days if one.last_day is not None else None
        rows.append(
            FreshRow(
                one.kind, one.name, one.office_code, one.office, one.last_day, days, one.imported_on, one.batch, state
            )
        )
    return rows


class QualityRow(NamedTuple):
    """Something that is amiss: how many lines or records, what their sales come to, and the part of all."""

    name: Annotated[str, Col("名称", "Name", kind="code", wide=True)]
    what: Annotated[str, Col("问题", "What is amiss")]
    found: Annotated[int, Col("数量", "Count", kind="count")]
    of: Annotated[int | None, Col("总数", "Of", kind="count")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share")]
    net_sales: Annotated[Decimal | None, Col("净销售额", "Net sales", kind="money")]
    remedy: Annotated[str, Col("怎么办", "What to do")]


def row(
    name: str, what: str, found: int, of: int | None = None, net: Decimal | None = None, remedy: str = ""
) -> QualityRow:
    """A row; its share is of the count of all."""
    share = Decimal(found) / of if of else None
    return QualityRow(name, what, found, of, share, net, remedy)
