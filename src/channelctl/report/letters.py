"""[sender]: who sends what goes to customers on paper, and what a statement has around it."""

import datetime as dt
from typing import Any

from pydantic import BaseModel

from channelctl.i18n import _
from channelctl.report import Letter, Slip

_BOX = "□"


class SenderPolicy(BaseModel, extra="forbid", frozen=True):
    """[sender]: whose statements they are; what is blank is not printed."""

    company: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    account: str = ""

    def lines(self) -> list[str]:
        """The head of a letter, the name first."""
        said = (
            (self.company, "{value}"),
            (self.address, _("Address: {value}")),
            (self.phone, _("Phone: {value}")),
            (self.bank, _("Bank: {value}")),
            (self.account, _("Account: {value}")),
        )
        return [text.format(value=value.strip()) for value, text in said if value.strip()]


SECTION = SenderPolicy


def params(sender: SenderPolicy, issued: dt.date | None) -> dict[str, Any]:
    """Who sends it and the day it speaks for, for programs."""
    return {"sender": sender.model_dump(), "issued": issued}


def statement(sender: SenderPolicy, customer: str, about: str, issued: dt.date | None) -> Letter:
    """A statement's letter: room for stamp and signature, and a slip on which the customer agrees or differs."""
    signed = [_("Company stamp"), _("Signature"), _("Date")]
    lines = [
        _("To {company}").format(company=sender.company.strip()) if sender.company.strip() else "",
        _("{customer} on the {statement}:").format(customer=customer, statement=about),
        _("{box} The balance agrees with our books.").format(box=_BOX),
        _("{box} The balance differs. By our books it is as follows:").format(box=_BOX),
    ]
    return Letter(
        sender.lines(),
        _("Date of issue: {day}").format(day=issued) if issued is not None else "",
        signed,
        Slip(_("Reply slip"), [line for line in lines if line], [_("Balance by our books (CNY)"), *signed]),
    )
