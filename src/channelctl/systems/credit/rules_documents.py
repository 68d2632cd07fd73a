"""What a receivable is: the words of sheets for it, and how it is said back."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from channelctl.i18n import _, either, listed
from channelctl.sheets.problems import Flaw

WORD = "E356"
INVOICE, CREDIT_NOTE, OPENING = "invoice", "credit_note", "opening"
# What a limit that was there before the tool comes from, and from when on it runs where the sheet does not say.
BEFORE, FIRST_DAY = "opening", dt.date(1901, 1, 1)
# A sale document on the day that an invoice took its place.
INVOICED = "invoiced"
# The number of an opening balance that has none.
OPENING_NUMBER = "期初"
_FEN = Decimal("0.0001")
_SPACE = re.compile(r"[\s_-]+")
_WORDS: dict[str, tuple[str, ...]] = {
    INVOICE: (
        "发票", "销售发票", "增值税发票", "增值税专用发票", "专用发票", "普通发票", "蓝字发票", "蓝字", "蓝票", "正票",
        "应收", "应收单", "其他应收单", "销售", "销售单", "销售出库", "赊销", "invoice", "inv", "in", "bill",
        "debit note", "debit",
    ),
    CREDIT_NOTE: (
        "红字发票", "红票", "红字", "贷项", "贷项通知单", "贷项凭证", "贷项单", "红字应收单", "负数发票", "退货",
        "退货单", "销售退货", "折让", "credit note", "credit memo", "credit", "cn", "cm", "return",
    ),
    OPENING: (
        "期初", "期初余额", "期初应收", "上期结转", "上年结转", "结转", "opening", "opening balance",
        "balance forward", "brought forward",
    ),
}  # fmt: skip


def type_of(text: str) -> str | Flaw:
    """The type that a word of a sheet means."""
    plain = _plain(text)
    for kept, words in _WORDS.items():
        if plain in map(_plain, (kept, type_text(kept), *words)):
            return kept
    known = listed(offered_types())
    return Flaw(WORD, _("“{word}” is no type of a receivable: {known}").format(word=text, known=known))


def is_opening_number(number: str | None) -> bool:
    """Whether a document is called 期初, opening balance or the like."""
    return number is not None and _plain(number) in map(_plain, _WORDS[OPENING])


def made_number(date: dt.date, amount: Decimal, place: int) -> str:
    """The number of a payment that has none: of equal ones of a customer, each in its place."""
    figure = f"{amount.quantize(_FEN):f}".rstrip("0").rstrip(".")
    return f"{date.isoformat()}/{figure}" + (f"#{place}" if place > 1 else "")


def is_made_number(number: str, date: dt.date) -> bool:
    """Whether a payment of a day has its number from day and amount."""
    return number.startswith(f"{date.isoformat()}/")


def offered_types() -> Sequence[str]:
    """The types, in the language in force."""
    return [either(words[0], type_text(kept)) for kept, words in _WORDS.items()]


def type_text(type_: str | None) -> str:
    """What a document is, as a person reads it."""
    known = {
        INVOICE: _("invoice"),
        CREDIT_NOTE: _("credit note"),
        OPENING: _("opening balance"),
        "sale": _("sale"),
        INVOICED: _("sale document invoiced"),
        "refund": _("refund or returned payment"),
        "payment": _("payment"),
        "writeoff": _("write-off"),
        "received": _("received before"),
        "settled": _("settled"),
    }
    return known.get(type_ or "", type_ or "")


def since_text(day: dt.date | None) -> str:
    """The day from which a limit runs, as a person reads it."""
    if day is None:
        return ""
    return _("from the beginning") if day == FIRST_DAY else day.isoformat()


def source_text(source: str | None) -> str:
    """What a limit comes from, as a person reads it: an application's number, or that it was there before."""
    return _("opening limit") if source == BEFORE else source or ""


def source_of(word: str) -> str:
    """The source that a word of a sheet means."""
    return BEFORE if _plain(word) in map(_plain, (BEFORE, "期初额度", "期初", source_text(BEFORE))) else word


def _plain(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()
