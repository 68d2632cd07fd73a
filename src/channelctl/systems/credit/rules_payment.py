"""What a payment is for by somebody's word, as it is told."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.systems.credit.rules_documents import type_text

NOTHING = Decimal("0.00")


class AppliedRow(NamedTuple):
    """A document that a payment is for, and what is open of it today."""

    number: Annotated[str, Col("单号", "Document", kind="code")]
    type_: Annotated[str, Col("类型", "Type", kind="code", words=type_text)]
    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    due_date: Annotated[dt.date, Col("到期日", "Due", kind="date")]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]
    applied: Annotated[Decimal, Col("本款核销", "From this payment", kind="money")]
    open: Annotated[Decimal, Col("未付", "Open", kind="money")]
