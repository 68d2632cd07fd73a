"""A row of a policy's sheet as a rule: break points, scope, and what a blank cell means."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from channelctl.i18n import _
from channelctl.sheets.problems import Flaw
from channelctl.systems.customers.rules import channel_of
from channelctl.systems.rebates.rules import (
    ACTIVATION,
    ALL_UNITS,
    AMOUNT,
    BOTH,
    CONTRACT,
    MONTH,
    PER_UNIT,
    PERCENT,
    PRIORITY,
    QUANTITY,
    WHOLE,
    Breakpoint,
    Rule,
)

FIRST = "1"
BRACKETS, CONTRADICTION = "E342", "E343"
_PARTS = re.compile(r"[/、;|\n]")
_SCOPE = re.compile(r"[、,;/\n]")
_OF = "渠道|客户|经销商|型号|机型|产品|商品|品类|类别|等级|级别|计划|合约计划|套餐"
# 全部, 所有渠道, 全渠道, 渠道不限, all.
_ANY = re.compile(rf"(?:全部|所有|任意|不限|不限制)(?:的?(?:{_OF}))?|全(?:{_OF})|(?:{_OF})不限|all|any")
_FIGURE = re.compile(
    r"(?:≥|>=|>|满|达)?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(万)?\s*(?:台|元|部|以上|个)*\s*(%)?", re.ASCII
)
_WAN = 10_000
_PER_PIECE = re.compile(r"元/[台部个]")
# What a spreadsheet made of 10/20.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?: .*)?", re.ASCII)
_NEGATIVE = re.compile(r"[-−]\s*\d", re.ASCII)
# Below that a rate without a sign may well be a cell that Excel shows as percent: 0.02 for 2%.
_SURE = {PERCENT: Decimal("0.2"), PER_UNIT: Decimal("0.1")}


class Unfit(ValueError):
    """Why a row is no rule: the flaw, and the field it stands in."""

    def __init__(self, flaw: Flaw, field: str) -> None:
        super().__init__(flaw.message)
        self.flaw, self.field = flaw, field


def rule_of(row: Mapping[str, Any]) -> Rule:
    """The rule that a row says, by columns of its table.

    Raises:
        Unfit: its break points or rates cannot be read, or it contradicts itself.
    """
    rates, percent = _rates(row["rates"])
    unit = row.get("unit") or (PERCENT if percent else PER_UNIT)
    if percent and unit != PERCENT:
        raise _unfit(BRACKETS, _("the rates are in percent, the rebate is not"), "rates")
    basis = row.get("basis") or _basis(row["type"], unit)
    rule = Rule(
        policy=row["policy"],
        version=row.get("version") or FIRST,
        rule=row.get("rule") or FIRST,
        name=row.get("name") or row["policy"],
        type_=row["type"],
        valid_from=row["valid_from"],
        last_day=row.get("last_day"),
        window=row.get("window") or MONTH,
        basis=basis,
        method=row.get("method") or ALL_UNITS,
        unit=unit,
        breakpoints=_breakpoints(
            row.get("thresholds"), [one.scaleb(-2) for one in rates] if unit == PERCENT else rates, row["rates"]
        ),
        channels=tuple(channel_of(word) or word for word in words(row.get("channel"))),
        classes=tuple(word.upper() for word in words(row.get("class"))),
        customers=words(row.get("customers")),
        products=words(row.get("products")),
        categories=words(row.get("category")),
        plan=_plan(row.get("plan")),
        paid_only=bool(row.get("paid_only")),
        cap=row.get("cap"),
        minimum=row.get("minimum"),
        meeting=row.get("meeting") or BOTH,
        priority=_priority(row.get("priority")),
        remark=row.get("remark") or "",
    )
    _check(rule, row)
    return rule


def refuse_fractions(row: Mapping[str, Any]) -> None:
    """Refuse rates without a sign that are so small that they may be percentages kept as fractions.

    Raises:
        Unfit: one is; says how to write either.
    """
    unit, parts = row.get("unit") or PER_UNIT, _parts(row["rates"])
    rates = [figure for figure, _sign in _figures(row["rates"], "rates")]
    signed = ["%" in part or "元" in part for part in parts]
    if not any(0 < one < _SURE.get(unit, 0) for one, sign in zip(rates, signed, strict=True) if not sign):
        return
    said = _("“{value}” may be {percent}, kept by Excel as a fraction: write {percent}, or {other} if that is meant")
    percent, same, plain = (
        "/".join(f"{(one * factor).normalize():f}{sign}" for one in rates)
        for factor, sign in ((100, "%"), (1, "%"), (1, "元"))
    )
    other = same if unit == PERCENT else f"{plain}/台"
    raise _unfit(BRACKETS, said.format(value=row["rates"].strip(), percent=percent, other=other), "rates")


def words(text: str | None) -> tuple[str, ...]:
    """Several words of one cell, by 、 , ; / or a new line; each once. None where they say any."""
    plain = (text or "").replace("，", ",").replace("；", ";").replace("／", "/")
    found = tuple(dict.fromkeys(word.strip() for word in _SCOPE.split(plain) if word.strip()))
    return () if all(map(_is_any, found)) else found


def _is_any(word: str) -> bool:
    return _ANY.fullmatch("".join(word.split()).casefold()) is not None


def _plan(text: str | None) -> str:
    plain = (text or "").strip()
    return "" if _is_any(plain) else plain


def _basis(type_: str, unit: str) -> str:
    if type_ == CONTRACT:
        return ACTIVATION
    return AMOUNT if unit == PERCENT else QUANTITY


def _figures(text: str, field: str) -> list[tuple[Decimal, bool]]:
    """The figures of a cell such as 400/1,000 or 2%/4%, and whether each has a percent sign."""
    found = []
    if _DAY.fullmatch(text.strip()):
        said = _("“{value}” is a date: Excel makes one of 10/20; format the cell as text, or write 10、20")
        raise _unfit(BRACKETS, said.format(value=text.strip()), field)
    for part in _parts(text):
        read = _FIGURE.fullmatch(part)
        if read is None and _NEGATIVE.match(part):
            raise _unfit(BRACKETS, _("“{value}”: a figure here cannot be negative").format(value=text.strip()), field)
        if read is None:
            said = _("“{value}” is not a row of figures: write {example}")
            example = "400/1000" if field == "thresholds" else "20/80"
            raise _unfit(BRACKETS, said.format(value=text.strip(), example=example), field)
        whole, rest, wan, sign = read.groups()
        found.append((Decimal(f"{whole.replace(',', '')}{rest or ''}") * (_WAN if wan else 1), bool(sign)))
    return found


def _parts(text: str) -> list[str]:
    """The figures of a cell apart from each other: the stroke of 元/台 parts none, nor the comma of 1,000."""
    plain = _PER_PIECE.sub("元", unicodedata.normalize("NFKC", text.replace("，", "、")))
    return [part.strip() for part in _PARTS.split(plain)]


def _rates(text: str) -> tuple[list[Decimal], bool]:
    """The rates as they are written, and whether they are percentages."""
    found = _figures(text, "rates")
    signs = {sign for _figure, sign in found}
    if len(signs) > 1:
        said = _("some rates of “{value}” have a percent sign, others have none")
        raise _unfit(BRACKETS, said.format(value=text.strip()), "rates")
    return [figure for figure, _sign in found], signs == {True}


def _breakpoints(thresholds: str | None, rates: Sequence[Decimal], written: str) -> tuple[Breakpoint, ...]:
    """Break points and rates side by side, the lowest first; without break points one rate from the first unit.

    `written` is the cell of the rates.
    """
    if not thresholds:
        ats = [Decimal(0)]
    else:
        found = _figures(thresholds, "thresholds")
        if any(sign for _figure, sign in found):
            raise _unfit(BRACKETS, _("a threshold is no percentage: “{value}”").format(value=thresholds), "thresholds")
        ats = [figure for figure, _sign in found]
    if len(ats) != len(rates):
        text = _("{thresholds} thresholds, but {rates} rates")
        if "，" in f"{thresholds}{written}":
            text = _(
                "{thresholds} thresholds, but {rates} rates: “，” parts figures; a thousand is written 1,000 or 1000"
            )
        said = text.format(thresholds=len(ats) if thresholds else 0, rates=len(rates))
        raise _unfit(BRACKETS, said, "rates")
    if len({*ats}) < len(ats):
        raise _unfit(BRACKETS, _("the same threshold twice: “{value}”").format(value=thresholds), "thresholds")
    return tuple(Breakpoint(*pair) for pair in sorted(zip(ats, rates, strict=True)))


def _priority(text: str | None) -> int:
    plain = unicodedata.normalize("NFKC", text or "0").strip()
    if not plain.isdecimal():
        raise _unfit(
            CONTRADICTION, _("a priority is a whole number, 1 first: “{value}”").format(value=text), "priority"
        )
    return int(plain)


def _check(rule: Rule, row: Mapping[str, Any]) -> None:
    """Refuse a rule that contradicts itself."""
    if rule.last_day is not None and rule.last_day < rule.valid_from:
        said = _("it ends ({until}) before it begins ({since})")
        raise _unfit(CONTRADICTION, said.format(until=rule.last_day, since=rule.valid_from), "last_day")
    if rule.window == WHOLE and rule.last_day is None:
        raise _unfit(CONTRADICTION, _("a rule over the whole policy needs a last day"), "last_day")
    if rule.contract and rule.unit == PERCENT:
        raise _unfit(CONTRADICTION, _("registrations have no net sales of which to pay percent"), "unit")
    if rule.meeting == PRIORITY and not rule.priority:
        raise _unfit(CONTRADICTION, _("by priority, but without a priority: 1 comes first"), "priority")
    for field in ("cap", "minimum"):
        if (row.get(field) or 0) < 0:
            raise _unfit(CONTRADICTION, _("it cannot be negative"), field)


def _unfit(code: str, message: str, field: str) -> Unfit:
    return Unfit(Flaw(code, message), field)
