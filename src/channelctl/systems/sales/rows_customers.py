"""Customers whose names say that the row holds another's returns."""

import re

from channelctl.i18n import _
from channelctl.sheets import headings
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target

_APART = r"[\s_\-—–:：/、]*"
_WORD = r"(?:销售)?(?:退货|退回|销退|退机|返货|红字|红冲|冲红)(?:额|金额)?"
_BEHIND = re.compile(rf"(.*?){_APART}(?:{_WORD}|[(\[【]{_WORD}[)\]】])")
_BEFORE = re.compile(rf"(?:{_WORD}{_APART[:-1]}+|[(\[【]{_WORD}[)\]】])(.+)")


def returning(target: Target, name: str | None) -> Flaw | None:
    """What is wrong with a customer called 恒达退货, unless there is one of that name."""
    plain = headings.simplify(name or "")
    found = _BEHIND.fullmatch(plain) or _BEFORE.fullmatch(plain)
    if found is None or isinstance(target.resolver("customer").find(name or ""), int):
        return None
    text = _(
        "the customer is called {name}: these are returns of {customer}; write that name, and 退货 into a column"
        " 单据类型 or the figures with a minus"
    )
    if not found[1]:
        text = _("the customer is called {name}: these are returns; write whose they are")
    return Flaw("E314", text.format(name=name, customer=found[1]))
