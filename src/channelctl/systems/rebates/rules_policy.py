"""Rebate policies as they are told: their rules in words, their versions and what each changed."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _, listed
from channelctl.money import show, show_quantity
from channelctl.systems.customers.rules import channel_text
from channelctl.systems.rebates.rules import (
    ACTIVATION,
    AMOUNT,
    BOTH,
    FIXED,
    PERCENT,
    PRIORITY,
    STEPPED,
    Breakpoint,
    Rule,
)
from channelctl.systems.rebates.rules_days import Span, in_order, order
from channelctl.systems.rebates.rules_words import (
    basis_text,
    meeting_text,
    method_text,
    type_text,
    unit_text,
    window_text,
)

Versions = Mapping[tuple[str, str], Sequence[Rule]]


class PolicyRow(NamedTuple):
    """A version of a rebate policy: `counts` are the days on which no higher version holds."""

    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    version: Annotated[str, Col("版本", "Version", kind="code")]
    name: Annotated[str, Col("政策名称", "Name")]
    type_: Annotated[str, Col("返利类型", "Type")]
    from_: Annotated[dt.date, Col("开始日期", "From", kind="date")]
    to: Annotated[dt.date | None, Col("结束日期", "To", kind="date")]
    counts: Annotated[str, Col("有效期间", "Counts", wide=True)]
    scope: Annotated[str, Col("范围", "Scope")]
    rules: Annotated[int, Col("规则数", "Rules", kind="count")]


class RuleShown(NamedTuple):
    """A rule in words."""

    policy: Annotated[str, Col("政策", "Policy", kind="code", wide=True)]
    version: Annotated[str, Col("版本", "Version", kind="code", wide=True)]
    rule: Annotated[str, Col("规则", "Rule", kind="code")]
    type_: Annotated[str, Col("返利类型", "Type", words=type_text)]
    pays: Annotated[str, Col("返利", "Pays")]
    window: Annotated[str, Col("周期", "Window", words=window_text)]
    counts: Annotated[str, Col("有效期间", "Counts")]
    scope: Annotated[str, Col("范围", "Scope")]
    terms: Annotated[str | None, Col("条件", "Terms")]
    remark: Annotated[str | None, Col("备注", "Remark", wide=True)]


class VersionRow(NamedTuple):
    """A version of a policy, and how it differs from the one before."""

    policy: Annotated[str, Col("政策", "Policy", kind="code", wide=True)]
    version: Annotated[str, Col("版本", "Version", kind="code")]
    counts: Annotated[str, Col("有效期间", "Counts")]
    rule: Annotated[str, Col("规则", "Rule", kind="code")]
    change: Annotated[str, Col("变化", "Change")]


def by_version(rules: Iterable[Rule]) -> dict[tuple[str, str], list[Rule]]:
    """The rules by policy and version, in order."""
    found: dict[tuple[str, str], list[Rule]] = {}
    for rule in in_order(rules):
        found.setdefault((rule.policy, rule.version), []).append(rule)
    return found


def policies(rules: Iterable[Rule]) -> list[PolicyRow]:
    """A row for each version of each policy."""
    return [
        PolicyRow(
            policy,
            version,
            own[0].name,
            listed(dict.fromkeys(type_text(one.type_) for one in own)),
            min(one.valid_from for one in own),
            None if any(one.last_day is None for one in own) else max(one.last_day for one in own if one.last_day),
            days_text(span for one in own for span in one.spans),
            "; ".join(dict.fromkeys(scope_text(one) for one in own)),
            len(own),
        )
        for (policy, version), own in by_version(rules).items()
    ]


def shown(rules: Iterable[Rule]) -> list[RuleShown]:
    """Rules in words."""
    return [
        RuleShown(
            one.policy,
            one.version,
            one.rule,
            one.type_,
            pays_text(one),
            one.window,
            days_text(one.spans),
            scope_text(one),
            terms_text(one) or None,
            one.remark or None,
        )
        for one in rules
    ]


def pays_text(rule: Rule) -> str:
    """What a rule pays: from 400 units 20.00 a unit; from 1,000 units 80.00 a unit, on all of them."""
    brackets = [_bracket(rule, one) for one in rule.breakpoints]
    if rule.unit == FIXED or (len(brackets) == 1 and not rule.breakpoints[0].at):
        return "; ".join(brackets)
    how = _("each on what is above it") if rule.method == STEPPED else _("on all of it")
    return _("{brackets} ({how})").format(brackets="; ".join(brackets), how=how)


def _bracket(rule: Rule, one: Breakpoint) -> str:
    rate = _rate(rule, one)
    if not one.at:
        return rate
    texts = {AMOUNT: _("from {at} yuan {rate}"), ACTIVATION: _("from {at} registered {rate}")}
    text = texts.get(rule.basis, _("from {at} units {rate}"))
    return text.format(at=show(one.at) if rule.basis == AMOUNT else show_quantity(one.at), rate=rate)


def _rate(rule: Rule, one: Breakpoint) -> str:
    if rule.unit == PERCENT:
        return _("{rate} % of net sales").format(rate=show_quantity(one.rate * 100))
    if rule.unit == FIXED:
        return _("{rate} yuan in all").format(rate=show(one.rate))
    if rule.basis == ACTIVATION:
        return _("{rate} yuan a unit registered").format(rate=show(one.rate))
    return _("{rate} yuan a unit").format(rate=show(one.rate))


def scope_text(rule: Rule) -> str:
    """Whose purchases of what a rule is about."""
    channels = [channel_text(one) for one in rule.channels]
    parts = (channels, rule.classes, rule.customers, rule.products, rule.categories)
    return " · ".join(listed(one) for one in parts if one) or _("all")


def terms_text(rule: Rule) -> str:
    """What else must hold for a rule to pay, and how much at most."""
    found = [rule.plan] if rule.plan else []
    if rule.paid_only:
        found.append(_("paid documents only"))
    if rule.cap is not None:
        found.append(_("at most {cap}").format(cap=show(rule.cap)))
    if rule.minimum is not None:
        found.append(_("nothing below {minimum}").format(minimum=show(rule.minimum)))
    if rule.meeting == PRIORITY:
        found.append(_("by priority: {priority}").format(priority=rule.priority))
    elif rule.meeting != BOTH:
        found.append(meeting_text(rule.meeting))
    return "; ".join(found)


def days_text(spans: Iterable[Span]) -> str:
    """Days on which a rule counts, those that touch as one."""
    joined: list[Span] = []
    for first, last in sorted(set(spans)):
        if joined and (joined[-1][1] == dt.date.max or first <= joined[-1][1] + dt.timedelta(days=1)):
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return listed(map(_span, joined)) or _("never")


def _span(span: Span) -> str:
    first, last = span
    if last == dt.date.max:
        return _("from {first}").format(first=first)
    return _("{first} to {last}").format(first=first, last=last)


def versions(rules: Iterable[Rule]) -> list[VersionRow]:
    """The versions of a policy, each rule with what it changed in the one before."""
    found: list[VersionRow] = []
    earlier: dict[str, Rule] = {}
    for (policy, version), own in by_version(rules).items():
        now = {one.rule: one for one in own}
        counts = days_text(span for one in own for span in one.spans)
        for name in sorted({*earlier, *now}, key=order):
            change = _change(earlier.get(name), now.get(name), bool(earlier))
            if change:
                found.append(VersionRow(policy, version, counts, name, change))
        if all(row.version != version for row in found):
            found.append(VersionRow(policy, version, counts, "", _("only the days")))
        earlier = now
    return found


def _change(before: Rule | None, now: Rule | None, known: bool) -> str:
    """What became of a rule; empty where it is the same but for its days."""
    if now is None:
        return _("no more")
    if before is None:
        text = _("new: {pays}") if known else "{pays}"
        return text.format(pays="; ".join(filter(None, (pays_text(now), terms_text(now)))))
    found = []
    for label, text in _texts():
        old, new = text(before), text(now)
        if old != new:
            found.append(_("{field}: {old}, now {new}").format(field=label, old=old or _("none"), new=new or _("none")))
    return "; ".join(found)


def _texts() -> list[tuple[str, Any]]:
    """What two rules are compared by, in words."""
    return [
        (_("type"), lambda one: type_text(one.type_)),
        (_("pays"), pays_text),
        (_("window"), lambda one: window_text(one.window)),
        (_("counts"), lambda one: basis_text(one.basis)),
        (_("method"), lambda one: method_text(one.method)),
        (_("unit"), lambda one: unit_text(one.unit)),
        (_("scope"), scope_text),
        (_("terms"), terms_text),
    ]
