"""[credit]: what a business may change of terms, limits, ageing, approval and who answers for what is lost."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from channelctl.i18n import _

Days = Annotated[int, Field(ge=0)]
Age = Annotated[int, Field(ge=1, le=36500)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Money = Annotated[Decimal, Field(ge=0)]
_MOST_BUCKETS = 7


class CreditPolicy(BaseModel, extra="forbid", frozen=True):
    """[credit]: terms, what is a document, limits, ageing, approval, risk and liability.

    `buckets` and `dunning` are days past due: a bucket ends with its day, a level of reminders begins with its.
    `authority` says up to which limit a role may approve, `approvers` who has which role.
    """

    terms: str = "30"
    sale_documents: bool = False
    sale_documents_from: dt.date | None = None
    no_document_statuses: tuple[str, ...] = ("作废", "取消", "已取消", "void", "cancelled", "canceled")
    tax_rate: Share | None = None
    near: Share = Decimal("0.80")
    no_limit: Literal["cash", "unlimited"] = "cash"
    grace_days: Days = 0
    block_overdue_days: Days | None = None
    block_overdue_amount: Money | None = None
    buckets: tuple[Age, ...] = (30, 60, 90)
    dunning: tuple[Days, ...] = (1, 15, 30, 60)
    authority: dict[str, Money] = Field(default_factory=dict)
    approvers: dict[str, str] = Field(default_factory=dict)
    complete_from: Share = Decimal("0.80")
    investigation_days: Days = 90
    suggest_months: Annotated[int, Field(ge=1)] = 6
    risk_documents: Annotated[int, Field(ge=1)] = 5
    risk_unknown: Share = Decimal("0.50")
    risk_floor: Share = Decimal("0.20")
    handler_share: Share | None = None
    approver_share: Share | None = None

    @model_validator(mode="after")
    def _fit(self) -> Self:
        for name, days in (("buckets", self.buckets), ("dunning", self.dunning)):
            if not days or any(low >= high for low, high in pairwise(days)):
                raise ValueError(_("{name} needs days, each after the one before").format(name=name))
        if len(self.buckets) > _MOST_BUCKETS:
            raise ValueError(_("buckets takes at most {count} days").format(count=_MOST_BUCKETS))
        for user, role in self.approvers.items():
            if role not in self.authority:
                raise ValueError(
                    _("approvers: {user} is {role}, for which authority says no amount").format(user=user, role=role)
                )
        shares = [one for one in (self.handler_share, self.approver_share) if one is not None]
        if sum(shares) > 1:
            raise ValueError(_("handler_share and approver_share come to more than all of it"))
        return self


SECTION = CreditPolicy
