"""An office's score over its planned customers: cooperation rate and core quality, exact until they are handed out."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple, Self, TypeVar

from pydantic import BaseModel, Field, model_validator

from channelctl.columns import Col, in_points
from channelctl.i18n import _
from channelctl.systems.plans.rules import PlanPolicy, class_of, class_text, in_order
from channelctl.systems.scores.rules_exact import ALL, NOTHING, Exact, handed_out, rounded, total_of

OWN_TARGET, CLASS_TARGET, PURCHASE, HAND = "own_target", "class_target", "purchase", "hand"
PLAN = "plan"
Fraction01 = Annotated[Decimal, Field(ge=0, le=1)]


class ScorePolicy(BaseModel, extra="forbid", frozen=True):
    """[scores]: how sales against target become a score between 0 and 1.

    `mode` "ratio" is sales ÷ target, "binary" 1 where the target is reached, "stepped" the points of the highest of
    `steps` (ratio, points) that is reached; below `floor` the score is 0 in all of them. `core_base` "planned" divides
    core quality by all planned customers, "core" by the core ones. `sales_of` "office" counts the sales of the planning
    office only, "customer" the customer's sales in all offices. `covered` are the market levels whose coverage is told.
    """

    mode: Literal["ratio", "binary", "stepped"] = "ratio"
    floor: Fraction01 = Decimal(0)
    steps: tuple[tuple[Fraction01, Fraction01], ...] = (
        (Decimal("0.5"), Decimal("0.5")),
        (Decimal("0.8"), Decimal("0.8")),
        (Decimal(1), Decimal(1)),
    )
    core_base: Literal["planned", "core"] = "planned"
    sales_of: Literal["office", "customer"] = "office"
    covered: tuple[str, ...] = ("T1", "T2", "T3")

    @model_validator(mode="after")
    def _steps_ascend(self) -> Self:
        if not self.steps or self.steps[0][0] == 0:
            raise ValueError(_("steps needs at least one step, with a ratio above 0"))
        for (ratio, points), (next_ratio, next_points) in zip(self.steps, self.steps[1:], strict=False):
            if next_ratio <= ratio or next_points < points:
                raise ValueError(
                    _("steps must ascend: {after} after {before}").format(
                        before=f"[{ratio}, {points}]", after=f"[{next_ratio}, {next_points}]"
                    )
                )
        return self


SECTION = ScorePolicy


class PlannedSales(NamedTuple):
    """A planned customer (the fields of `PlannedCustomer`), its net sell-in of the month, and a score set by hand."""

    customer_code: str
    customer: str
    class_: str | None
    core: bool
    target: Decimal | None
    channel: str | None
    net_sales: Decimal
    mark: Decimal | None = None


def change_text(change: Decimal | None) -> str:
    """A change of a rate in points, as a person reads it: ▲ 2.4."""
    return in_points(change)


class ScoreRow(NamedTuple):
    """An office's month; `achieved` are sums of scores, the rates fractions of 1, all to 12 decimals.

    `on_month` and `on_year` are the change of the cooperation rate on last month and on that month of last year, None
    where there was no plan. Of a closed month the figures are those of closing: `restated_rate` is what the cooperation
    rate comes to today, None where the office has no plan any more.
    """

    office_code: Annotated[str, Col("编码", "Code", kind="code")]
    office: Annotated[str, Col("办事处", "Office")]
    month: Annotated[str, Col("月份", "Month", kind="month", wide=True)]
    planned: Annotated[int, Col("规划数", "Planned", kind="count")]
    achieved: Annotated[Decimal, Col("达成得分", "Achieved", kind="score")]
    cooperation_rate: Annotated[Decimal, Col("传统渠道合作率", "Cooperation rate", kind="share", bar=True, whole=True)]
    core_planned: Annotated[int, Col("核心规划数", "Core planned", kind="count", wide=True)]
    core_achieved: Annotated[Decimal, Col("核心达成", "Core achieved", kind="score", wide=True)]
    core_quality: Annotated[Decimal | None, Col("核心客户合作质量", "Core quality", kind="share")]
    core_only_quality: Annotated[
        Decimal | None, Col("核心客户合作质量（仅核心客户）", "Core quality over core only", kind="share", wide=True)
    ]
    rank: Annotated[int | None, Col("名次", "Rank", kind="count")]
    on_month: Annotated[Decimal | None, Col("比上月", "On month", kind="share", words=change_text, wide=True)] = None
    on_year: Annotated[Decimal | None, Col("比上年同月", "On year", kind="share", words=change_text, wide=True)] = None
    restated_rate: Annotated[Decimal | None, Col("重算合作率", "Restated", kind="share", wide=True)] = None
    restated_change: Annotated[
        Decimal | None, Col("重算差异", "Since closing", kind="share", words=change_text, wide=True)
    ] = None


def rule_text(rule: str) -> str:
    """The rule as a person reads it."""
    known = {OWN_TARGET: _("own target"), CLASS_TARGET: _("class target"), HAND: _("set by hand")}
    return known.get(rule, _("any purchase"))


class PlannedRow(NamedTuple):
    """How a planned customer scored; `target` is the one used, None where only a purchase counted.

    Of a closed month `restated` is the score that it would have today, None where it is on the plan no more.
    """

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    class_: Annotated[str | None, Col("等级", "Class")]
    core: Annotated[bool, Col("核心", "Core", kind="flag")]
    target: Annotated[Decimal | None, Col("目标", "Target", kind="money")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    achieved: Annotated[Decimal, Col("得分", "Score", kind="score")]
    rule: Annotated[str, Col("依据", "By", words=rule_text)]
    channel: str | None = None
    restated: Annotated[Decimal | None, Col("重算得分", "Restated", kind="score", wide=True)] = None


class PlannedPart(NamedTuple):
    """A planned customer and what it adds to its office: the parts of all its customers sum up to the two rates."""

    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    class_: Annotated[str | None, Col("等级", "Class", wide=True)]
    core: Annotated[bool, Col("核心", "Core", kind="flag", wide=True)]
    target: Annotated[Decimal | None, Col("目标", "Target", kind="money")]
    rule: Annotated[str, Col("依据", "By", kind="code", words=rule_text)]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    achieved: Annotated[Decimal, Col("得分", "Score", kind="score")]
    cooperation_part: Annotated[Decimal, Col("占合作率", "Rate", kind="share")]
    core_part: Annotated[Decimal, Col("占核心质量", "Core", kind="share")]


def place_text(what: str) -> str:
    """What stands in a row, as a person reads it."""
    return {CLASS_TARGET: _("class"), HAND: _("hand")}.get(what, _("plan"))


class PlanPlace(NamedTuple):
    """Where a plan row stands, and the class target or the score set by hand that counts for it.

    `changed_in` is the last batch to change it, `reason` why it was set by hand or approved so.
    """

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    what: Annotated[str, Col("内容", "What", words=place_text)]
    office: Annotated[str, Col("办事处", "At", kind="code")]
    class_: Annotated[str | None, Col("等级", "Class")]
    core: Annotated[bool | None, Col("核心", "Core", kind="flag")]
    month: Annotated[str, Col("月份", "Month", kind="month", wide=True)]
    target: Annotated[Decimal | None, Col("目标", "Target", kind="money")]
    file: Annotated[str | None, Col("文件", "File", kind="code")]
    sheet: Annotated[str | None, Col("工作表", "Sheet", kind="code")]
    row: Annotated[int | None, Col("行", "Row", kind="count")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]
    changed_in: Annotated[int | None, Col("更正批次", "Changed in", kind="count")]
    score: Annotated[Decimal | None, Col("手工得分", "Score", kind="score", wide=True)] = None
    reason: Annotated[str | None, Col("原因", "Reason", wide=True)] = None


class ClassRow(NamedTuple):
    """A class: the province's plan, who is planned, who is on file, who bought; no rate where nobody is planned."""

    class_: Annotated[str | None, Col("等级", "Class", words=class_text)]
    province_plan: Annotated[int | None, Col("全省规划", "Province plan", kind="count")]
    planned: Annotated[int, Col("规划", "Planned", kind="count")]
    customers: Annotated[int, Col("在册", "On file", kind="count")]
    buying: Annotated[int, Col("提货", "Buying", kind="count")]
    achieved: Annotated[Decimal, Col("达成得分", "Achieved", kind="score")]
    cooperation_rate: Annotated[Decimal | None, Col("合作率", "Cooperation rate", kind="share", bar=True, whole=True)]


class MeasureRow(NamedTuple):
    """A line of one office's score: what is measured, the sum of scores, what it is divided by, and the rate."""

    measure: Annotated[str, Col("指标", "Measure")]
    achieved: Annotated[Decimal, Col("达成得分", "Achieved", kind="score")]
    planned: Annotated[int, Col("规划", "Planned", kind="count")]
    score: Annotated[Decimal | None, Col("得分率", "Score", kind="share", bar=True, whole=True)]
    customers: Annotated[int | None, Col("在册", "On file", kind="count")]
    buying: Annotated[int | None, Col("提货", "Buying", kind="count")]


def achieved(
    net: Decimal, target: Decimal | None, class_target: Decimal | None, policy: ScorePolicy
) -> tuple[Decimal, str]:
    """A customer's score between 0 and 1, and the rule that gave it; a target of 0 or less counts as none."""
    score, _used, rule = _score(net, target, class_target, policy)
    return handed_out(*score), rule


def score_office(
    office_code: str,
    office: str,
    month: str,
    planned: Sequence[PlannedSales],
    class_targets: Mapping[str, Decimal],
    policy: ScorePolicy,
) -> tuple[ScoreRow, list[PlannedRow]]:
    """The office's row, not yet ranked, and its customers by code; an empty plan has no score and is refused."""
    if not planned:
        raise ValueError("an empty plan has no score")
    rows: list[PlannedRow] = []
    scores: list[Exact] = []
    for one in sorted(planned, key=lambda one: (one.customer_code, one.customer)):
        class_target = None if one.class_ is None else class_targets.get(one.class_)
        score, used, rule = _score(one.net_sales, one.target, class_target, policy)
        if one.mark is not None:
            score, rule = one.mark.as_integer_ratio(), HAND
        scores.append(score)
        rows.append(PlannedRow(*one[:4], used, one.net_sales, handed_out(*score), rule, one.channel))
    total, under = total_of(scores)
    core_total, core_under = total_of(score for score, row in zip(scores, rows, strict=True) if row.core)
    core_planned = sum(one.core for one in planned)
    core_only = handed_out(core_total, core_under * core_planned) if core_planned else None
    core_quality = core_only if policy.core_base == "core" else handed_out(core_total, core_under * len(planned))
    return ScoreRow(
        office_code=office_code,
        office=office,
        month=month,
        planned=len(planned),
        achieved=handed_out(total, under),
        cooperation_rate=handed_out(total, under * len(planned)),
        core_planned=core_planned,
        core_achieved=handed_out(core_total, core_under),
        core_quality=core_quality,
        core_only_quality=core_only,
        rank=None,
    ), rows


def rate_of(
    planned: Iterable[tuple[int, int | None, str | None, Decimal | None]],
    class_targets: Mapping[str, int],
    policy: ScorePolicy,
) -> Decimal:
    """The cooperation rate alone, of (net sales, target, class, mark): amounts in whole units, all of the same."""
    scores = [
        mark.as_integer_ratio()
        if mark is not None
        else _score(net, target, None if class_ is None else class_targets.get(class_), policy)[0]
        for net, target, class_, mark in planned
    ]
    total, under = total_of(scores)
    return handed_out(total, under * len(scores))


def parts(office: ScoreRow, rows: Iterable[PlannedRow], policy: ScorePolicy) -> list[PlannedPart]:
    """What each planned customer adds to the rates of its office."""
    core_base = office.core_planned if policy.core_base == "core" else office.planned
    return [
        PlannedPart(
            office.office_code,
            office.office,
            *row[:5],
            row.rule,
            row.net_sales,
            row.achieved,
            rounded(Fraction(row.achieved) / office.planned),
            rounded(Fraction(row.achieved) / core_base) if row.core else Decimal(0),
        )
        for row in rows
    ]


def rank(rows: Iterable[ScoreRow]) -> list[ScoreRow]:
    """Best cooperation rate first; equal offices share a rank, the next rank counts them (1, 1, 3)."""
    by_code = sorted(rows, key=lambda row: row.office_code)
    ordered = sorted(by_code, key=lambda row: row.cooperation_rate, reverse=True)
    found: list[ScoreRow] = []
    for place, row in enumerate(ordered, 1):
        equal = found and found[-1].cooperation_rate == row.cooperation_rate
        found.append(row._replace(rank=found[-1].rank if equal else place))
    return found


def by_class(
    planned: Iterable[PlannedRow], on_file: Mapping[str | None, int], plan_policy: PlanPolicy
) -> list[ClassRow]:
    """The policy's classes in order, then other ones, then None for no class.

    Distribution customers without a class stand under "distribution", in `on_file` as well.
    """
    groups: dict[str | None, list[PlannedRow]] = {}
    for row in planned:
        groups.setdefault(class_of(row.class_, row.channel), []).append(row)
    order = in_order({*groups, *on_file}, plan_policy)
    return [_class_row(name, groups.get(name, []), on_file.get(name, 0), plan_policy) for name in order]


def region_total(rows: Iterable[ScoreRow]) -> Decimal | None:
    """The cooperation rate over all planned customers of all offices; None without an office."""
    counted = list(rows)
    planned = sum(row.planned for row in counted)
    return rounded(sum(Fraction(row.achieved) for row in counted) / Fraction(planned)) if planned else None


def together(rates: Iterable[tuple[Decimal, int]]) -> Decimal | None:
    """One rate of several, each over so many planned customers; None without any."""
    counted = list(rates)
    planned = sum(count for _rate, count in counted)
    achieved = sum((Fraction(rate) * count for rate, count in counted), Fraction(0))
    return rounded(achieved / planned) if planned else None


def _class_row(name: str | None, rows: Sequence[PlannedRow], customers: int, plan_policy: PlanPolicy) -> ClassRow:
    total = Fraction(sum((row.achieved for row in rows), Decimal(0)))
    return ClassRow(
        class_=name,
        province_plan=None if name is None else plan_policy.province.get(name),
        planned=len(rows),
        customers=customers,
        buying=sum(row.net_sales > 0 for row in rows),
        achieved=rounded(total),
        cooperation_rate=rounded(total / len(rows)) if rows else None,
    )


Amount = TypeVar("Amount", Decimal, int)


def _score(
    net: Amount, target: Amount | None, class_target: Amount | None, policy: ScorePolicy
) -> tuple[Exact, Amount | None, str]:
    """The exact score, the target used and the rule."""
    if target is not None and target > 0:
        return _points(net, target, policy), target, OWN_TARGET
    if class_target is not None and class_target > 0:
        return _points(net, class_target, policy), class_target, CLASS_TARGET
    return ALL if net > 0 else NOTHING, None, PURCHASE


def _points(net: Amount, target: Amount, policy: ScorePolicy) -> Exact:
    """The points of net ÷ target, held between 0 and 1: a negative ratio is below any floor."""
    if net <= 0:
        return NOTHING
    if net >= target:
        held = ALL
    else:
        (over, times), (target_over, target_times) = net.as_integer_ratio(), target.as_integer_ratio()
        held = over * target_times, times * target_over
    if policy.floor and not _reaches(held, policy.floor):
        return NOTHING
    if policy.mode == "binary":
        return held if held == ALL else NOTHING
    if policy.mode == "stepped":
        reached = [points for needed, points in policy.steps if _reaches(held, needed)]
        return reached[-1].as_integer_ratio() if reached else NOTHING
    return held


def _reaches(share: Exact, needed: Decimal) -> bool:
    over, under = needed.as_integer_ratio()
    return share[0] * under >= over * share[1]
