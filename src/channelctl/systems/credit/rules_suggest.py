"""A limit worked out of what a customer buys, how long it may take to pay, and how it has paid so far."""

import calendar
import datetime as dt
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.money import to_fen
from channelctl.period import Period
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_exact import handed_out
from channelctl.systems.credit.rules_terms import Terms, parse

_DAYS_A_MONTH = 30


class SuggestRow(NamedTuple):
    """A limit suggested, with every part: mean month × days / 30 × factor; `limit` None: none said, 0: cash only."""

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    sales: Annotated[Decimal, Col("含税净销售额", "Net sales with tax", kind="money")]
    month: Annotated[Decimal, Col("月均", "Mean month", kind="money")]
    terms: Annotated[str, Col("账期", "Terms")]
    days: Annotated[int, Col("账期天数", "Days", kind="count")]
    documents: Annotated[int, Col("已结清单据", "Paid documents", kind="count")]
    late: Annotated[int, Col("逾期付清", "Paid late", kind="count")]
    late_share: Annotated[Decimal | None, Col("逾期占比", "Late share", kind="share")]
    factor: Annotated[Decimal, Col("风险系数", "Risk factor", kind="share")]
    suggested: Annotated[Decimal, Col("建议额度", "Suggested limit", kind="money")]
    limit: Annotated[Decimal | None, Col("现有额度", "Limit in force", kind="money")]


class Buyer(NamedTuple):
    """What a suggestion is made from: sales with tax of the months, and the documents paid, with how many late."""

    code: str
    name: str
    sales: Decimal
    terms: str | None
    documents: int
    late: int
    limit: Decimal | None


def months_before(as_of: dt.date, count: int) -> Period:
    """The last whole calendar months by a day: one that ends with it is one of them.

    Raises:
        UsageError: there are not so many.
    """
    is_whole = as_of.day == calendar.monthrange(as_of.year, as_of.month)[1]
    (first_year, first), (year, last) = (
        divmod(as_of.year * 12 + as_of.month - 1 - back, 12) for back in ((count - is_whole), (1 - is_whole))
    )
    if first_year < dt.MINYEAR:
        raise UsageError(
            _("there are no {count} whole months up to {day}").format(count=count, day=as_of),
            _("Take a later day, or fewer months: [credit] suggest_months in the policy file"),
        )
    end = dt.date(year, last + 1, calendar.monthrange(year, last + 1)[1])
    return Period.between(dt.date(first_year, first + 1, 1), end)


def suggest(one: Buyer, policy: CreditPolicy) -> SuggestRow:
    """The limit that a customer's sales, terms and record lead to; less than nothing bought leads to 0.

    Raises:
        RefusedError: the policy's terms cannot be read.
    """
    words, terms = _terms(one.terms, policy)
    known = one.documents >= policy.risk_documents
    late = Decimal(one.late) / one.documents if known else None
    factor = max(policy.risk_floor, 1 - late) if late is not None else policy.risk_unknown
    month = max(Decimal(), one.sales) / policy.suggest_months
    return SuggestRow(
        one.code, one.name, one.sales, to_fen(one.sales / policy.suggest_months), words, terms.mean_days,
        one.documents, one.late, handed_out(late) if late is not None else None, handed_out(factor),
        to_fen(month * terms.mean_days / _DAYS_A_MONTH * factor), one.limit,
    )  # fmt: skip


def _terms(own: str | None, policy: CreditPolicy) -> tuple[str, Terms]:
    """The customer's terms, where they can be read; else the policy's."""
    for words in (own, policy.terms):
        found = parse(words) if words is not None else None
        if words is not None and isinstance(found, Terms):
            return words, found
    raise RefusedError(
        _("policy: credit.terms “{text}” cannot be read").format(text=policy.terms),
        _("Write 30, 月结, 月结30天, 次月25日, 每月25日 or 现款."),
    )
