"""How a customer has paid so far: how many documents late, and by how much."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.systems.credit.rules_exact import handed_out, mean_text
from channelctl.systems.credit.rules_paid import Tally


class RiskRow(NamedTuple):
    """A customer's own history; shares and means are None where too few documents were paid to tell.

    `mean_days_late` is over all paid documents, one in time counting 0; `days_when_late` over the late ones.
    """

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    documents: Annotated[int, Col("已结清单据", "Paid documents", kind="count")]
    late: Annotated[int, Col("逾期付清", "Paid late", kind="count")]
    late_share: Annotated[Decimal | None, Col("逾期占比", "Late share", kind="share")]
    mean_days_late: Annotated[Decimal | None, Col("平均逾期天数", "Mean days late", kind="quantity", words=mean_text)]
    days_when_late: Annotated[Decimal | None, Col("逾期时平均天数", "Days when late", kind="quantity", words=mean_text)]
    longest: Annotated[int, Col("最长逾期天数", "Longest", kind="count")]
    known: Annotated[bool, Col("样本足够", "Known", kind="flag")]


def row(code: str, name: str, paid: Tally, least: int) -> RiskRow:
    """A customer's history out of the documents that were paid; with fewer than `least` nothing can be told."""
    known = paid.documents >= max(least, 1)
    return RiskRow(
        code,
        name,
        paid.documents,
        paid.late,
        _mean(paid.late, paid.documents) if known else None,
        _mean(paid.days, paid.documents) if known else None,
        _mean(paid.days, paid.late) if known and paid.late else None,
        paid.longest,
        known,
    )


def in_order(rows: Iterable[RiskRow]) -> list[RiskRow]:
    """The largest share of late documents first; those of which too little is known last."""
    return sorted(rows, key=lambda one: (not one.known, -(one.late_share or 0), -(one.mean_days_late or 0), one[0]))


def _mean(units: int, count: int) -> Decimal:
    return handed_out(Decimal(units) / count)
