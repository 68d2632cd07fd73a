"""A closed month: what is kept of it, by codes and never by customers' names, and what has changed since."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _, listed
from channelctl.systems.scores.rules import PlannedRow, ScoreRow

WHOLE = ""
_KEPT = ("customer_code", "class_", "core", "target", "net_sales", "achieved", "rule", "channel")
_TELLING = ("target", "net_sales", "class_", "core", "rule")
Counts = Mapping[str | None, int]


class OnFile(NamedTuple):
    """How many customers were on file: per class, and beside those planned per market level."""

    classes: Counts
    levels: Counts


class Kept(NamedTuple):
    """What is kept of an office: its row, its customers with their market levels, who was on file."""

    row: ScoreRow
    customers: list[PlannedRow]
    levels: Mapping[str, str | None]
    on_file: OnFile


def together(offices: Iterable[Kept]) -> OnFile:
    """Who was on file in several offices."""
    classes: dict[str | None, int] = {}
    levels: dict[str | None, int] = {}
    for one in offices:
        for sums, counts in ((classes, one.on_file.classes), (levels, one.on_file.levels)):
            for name, count in counts.items():
                sums[name] = sums.get(name, 0) + count
    return OnFile(classes, levels)


class Closed(NamedTuple):
    """A closed month; `known` is the last batch before its closing, `whole` who was on file in all offices."""

    month: str
    batch: int
    day: str
    known: int
    policy: Mapping[str, Any]
    last_day: str | None
    whole: OnFile
    offices: Mapping[str, Kept]

    @property
    def rows(self) -> list[ScoreRow]:
        """The offices by rank."""
        return sorted((kept.row for kept in self.offices.values()), key=lambda row: (row.rank or 0, row.office_code))


def change_words(what: str) -> str:
    """Which fields changed, as a person reads it."""
    known = {
        "target": _("target"),
        "net_sales": _("net sales"),
        "class": _("class"),
        "core": _("core"),
        "rule": _("rule"),
        "planned": _("newly planned"),
        "removed": _("no longer planned"),
        "policy": _("policy"),
    }
    return listed(known[word] for word in what.split())


class ChangedRow(NamedTuple):
    """A planned customer whose score or figures are others today than at closing; None where it was not planned."""

    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    what: Annotated[str, Col("变化", "Changed", kind="code", words=change_words)]
    closed_target: Annotated[Decimal | None, Col("关账时目标", "Target at closing", kind="money", wide=True)]
    target: Annotated[Decimal | None, Col("目标", "Target", kind="money", wide=True)]
    closed_net_sales: Annotated[Decimal | None, Col("关账时净额", "Net at closing", kind="money")]
    net_sales: Annotated[Decimal | None, Col("净额", "Net today", kind="money")]
    closed_achieved: Annotated[Decimal | None, Col("关账时得分", "Closed", kind="score")]
    achieved: Annotated[Decimal | None, Col("得分", "Today", kind="score")]


def changed(
    office: ScoreRow,
    closed: Sequence[PlannedRow],
    today: Sequence[PlannedRow],
    now: Mapping[str, str],
) -> list[ChangedRow]:
    """What became of an office's planned customers; `now` is the code that stands for a kept one today."""
    current = {row.customer_code: row for row in today}
    found: list[ChangedRow] = []
    left = set(current)
    for old in closed:
        code = now.get(old.customer_code, old.customer_code)
        new = current.get(code)
        left.discard(code)
        if what := _differences(old, new):
            found.append(_changed(office, old.customer_code, old, what, old, new))
    found += [_changed(office, code, current[code], "planned", None, current[code]) for code in sorted(left)]
    return found


def _differences(old: PlannedRow, new: PlannedRow | None) -> str:
    """Which figures differ; a score that differs by none of them was counted by another policy."""
    if new is None:
        return "removed"
    names = [name.rstrip("_") for name in _TELLING if getattr(old, name) != getattr(new, name)]
    return " ".join(names) if names or old.achieved == new.achieved else "policy"


def _changed(
    office: ScoreRow, code: str, named: PlannedRow, what: str, old: PlannedRow | None, new: PlannedRow | None
) -> ChangedRow:
    figures = [
        getattr(row, name) if row else None for name in ("target", "net_sales", "achieved") for row in (old, new)
    ]
    return ChangedRow(office.office_code, office.office, code, named.customer, what, *figures)


def restated(closed: Iterable[ScoreRow], today: Mapping[str, ScoreRow]) -> list[ScoreRow]:
    """The closed rows, each with what its cooperation rate comes to today."""
    found = []
    for row in closed:
        new = today.get(row.office_code)
        if new is not None:
            rate = new.cooperation_rate
            row = row._replace(restated_rate=rate, restated_change=rate - row.cooperation_rate)
        found.append(row)
    return found


# What is kept, as text: exact figures, blanks as null.


def figures_text(row: ScoreRow, on_file: OnFile) -> str:
    """An office's row and who was on file."""
    kept = {name: _plain(value) for name, value in row._asdict().items() if not name.startswith("restated")}
    return _text({"row": kept, **_counts(on_file)})


def whole_text(last_day: str | None, on_file: OnFile) -> str:
    """What is kept of all offices together."""
    return _text({"last_day": last_day, **_counts(on_file)})


def customers_text(rows: Iterable[PlannedRow], levels: Mapping[str, str | None]) -> str:
    """An office's planned customers, by their codes."""
    return _text(
        [
            {**{name: _plain(getattr(row, name)) for name in _KEPT}, "level": levels.get(row.customer_code)}
            for row in rows
        ]
    )


def read_whole(figures: str) -> tuple[str | None, OnFile]:
    """What `whole_text` kept."""
    kept = json.loads(figures)
    return kept["last_day"], _on_file(kept)


def read_office(figures: str, customers: str, names: Mapping[str, str]) -> Kept:
    """What was kept of an office; customers take the names that they have today."""
    kept = json.loads(figures)
    rows = json.loads(customers)
    return Kept(
        ScoreRow(**{name: _value(name, value) for name, value in kept["row"].items()}),
        [_customer(row, names) for row in rows],
        {row["customer_code"]: row["level"] for row in rows},
        _on_file(kept),
    )


def _customer(kept: Mapping[str, Any], names: Mapping[str, str]) -> PlannedRow:
    fields = {name: _value(name, kept[name]) for name in _KEPT}
    return PlannedRow(**fields, customer=names.get(kept["customer_code"], kept["customer_code"]))


def _counts(on_file: OnFile) -> dict[str, Any]:
    return {name: list(counts.items()) for name, counts in on_file._asdict().items()}


def _on_file(kept: Mapping[str, Any]) -> OnFile:
    return OnFile(*({name: count for name, count in kept[place]} for place in ("classes", "levels")))


_WORDS = ("office_code", "office", "month", "customer_code", "class_", "rule", "channel")


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value


def _value(name: str, value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) and name not in _WORDS else value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
