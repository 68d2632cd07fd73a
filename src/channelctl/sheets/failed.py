"""Cells that hold no value although something is in them: formulas that failed or were never worked out, cut codes."""

import re
from collections.abc import Iterable

from channelctl.i18n import _
from channelctl.sheets.problems import Flaw

# Stands in a row for a formula whose result the file does not hold.
UNSAVED = "=?"
_ERROR = re.compile(r"Err:\d{3}")
_CUT = re.compile(r"-?\d(?:\.\d+)?[Ee]\+\d{2,3}")


class _Failures(frozenset[str]):
    """The errors of spreadsheets, and besides these every number that one shows as 2.02405E+17."""

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or (isinstance(word, str) and bool(_CUT.fullmatch(word) or _is_error(word)))

    def isdisjoint(self, words: Iterable[object]) -> bool:
        found = list(words)
        if not super().isdisjoint(found):
            return False
        plain = "\n".join([word for word in found if isinstance(word, str)])
        return not ("E+" in plain or "e+" in plain or "Err:" in plain) or not any(word in self for word in found)


EXCEL_ERRORS = _Failures(
    (
        *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"),
        *("#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!"),
        UNSAVED,
    )
)


def excel_error(word: str) -> Flaw:
    """Why there is no value in a cell whose text is one of EXCEL_ERRORS."""
    if word == UNSAVED:
        return Flaw("E209", _("a formula whose result is not in the file; open it in Excel, save it, import it again"))
    if _CUT.fullmatch(word):
        return Flaw("E210", _("{value}: a number keeps 15 digits, the others are lost").format(value=word))
    return Flaw("E208", _("“{value}” is the error of a formula, not a value").format(value=word))


def failure(cell: object) -> Flaw | None:
    """Why a cell that should be a number, a date or the like is none, where a formula is to blame."""
    word = cell.strip() if isinstance(cell, str) else ""
    return excel_error(word) if word and (frozenset.__contains__(EXCEL_ERRORS, word) or _is_error(word)) else None


def cut(number: float) -> str:
    """A number with more digits than a spreadsheet keeps, as it shows it: 2.0240503E+17."""
    mantissa, _sign, exponent = f"{number:.14E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def _is_error(word: str) -> bool:
    """Err:502, as LibreOffice says it."""
    return _ERROR.fullmatch(word) is not None
