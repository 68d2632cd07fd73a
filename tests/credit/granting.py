"""Customers, a policy with approvers, and commands run by one person or another."""

import os
from unittest import mock

from tests.conftest import Result, Run
from tests.making import policy, sheet

POLICY = """\
[credit]
authority = { manager = 300000, director = 2000000 }
approvers = { lisi = "manager", zhao = "director", wang = "manager" }
"""
SURVEYED = (
    "ownership=私营", "legal_representative=王强", "founded_on=2010-03-01", "registered_capital=1000000",
    "premises=门店两间", "staff=0", "brands=星河", "yearly_sales=8000000", "assets=3000000", "debts=0", "bank=工行",
    "bank_rating=A", "payment_record=良好", "other_suppliers=好", "litigation=无",
)  # fmt: skip


def begin(ch: Run, more: str = "") -> None:
    """Batch 1: customers K1, K2 and K3 of 杭州; policy with two managers and a director."""
    policy(POLICY + more)
    rows = [(f"K{number}", f"客户K{number}", "杭州") for number in (1, 2, 3)]
    assert ch("import", sheet("customers", "客户编码 客户名称 办事处", rows)).code == 0


def by(user: str, ch: Run, *words: object, on: str = "2024-06-03") -> Result:
    """A command of somebody, on a day."""
    with mock.patch.dict(os.environ, {"CHANNELCTL_USER": user, "CHANNELCTL_TODAY": on}):
        return ch(*words)


def surveyed(ch: Run, customer: str = "K1", on: str = "2024-06-03") -> None:
    """A survey by wang, 15 of 18 fields filled in: 83 %."""
    assert by("wang", ch, "credit", "investigate", customer, *SURVEYED, on=on).code == 0


def applied(ch: Run, customer: str, amount: object, *words: object, on: str = "2024-06-03") -> str:
    """An application by wang on a survey of that day; its number."""
    surveyed(ch, customer, on)
    done = by("wang", ch, "credit", "apply", customer, amount, *words, on=on)
    assert done.code == 0, done.err
    return done.out.partition(" ")[0]


def granted(ch: Run, customer: str, amount: object, *words: object, on: str = "2024-06-03") -> str:
    """An application by wang, approved by zhao; its number."""
    number = applied(ch, customer, amount, *words, on=on)
    done = by("zhao", ch, "credit", "approve", number, on=on)
    assert done.code == 0, done.err
    return number
