"""Rows that name an office for the rows below them: as nobody reads these as such, the sheet is not to be taken."""

import re
from collections.abc import Sequence

from channelctl.i18n import _
from channelctl.records.names import name_key
from channelctl.sheets import places
from channelctl.sheets.problems import SECTION, Flaw
from channelctl.sheets.target import Target

# 一、 （二） 3. before the name of a group of rows, and what offices are called.
_NUMBERED = re.compile(r"^\s*[(（]?[一二三四五六七八九十\d]{1,3}(?:[)）]\s*[、.．]?|[、.．])\s*")
_OFFICE = re.compile(r"\S{1,20}(?:办事处|分公司|分部)\s*[:：]?")


class Sections:
    """Watches a sheet of sales that has no column for the office; complains once, at the first such row."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._watches = not {"office", "office_code"} & set(target.layout.columns)
        self._open: tuple[int, str] | None = None

    def see(self, number: int, words: Sequence[str]) -> None:
        """A row without figures, of these words."""
        if not self._watches or not words:
            return
        named = places.labelled([words])
        if not named and len({*words}) == 1:
            alone = _NUMBERED.sub("", words[0]).rstrip(":： ")
            known = isinstance(self._target.resolver("office").find(alone), int)
            named = alone if known or _OFFICE.fullmatch(alone) else ""
        if named and self._open is None and name_key(named, "office") != name_key(self._target.layout.office, "office"):
            self._open = number, named

    def pass_line(self, number: int) -> None:
        """A sale line: if a row above it named an office, it was of that."""
        if self._open is None or number < self._open[0]:
            return
        (row, named), self._open, self._watches = self._open, None, False
        text = _("the row names the office {office} for the rows below it; that is not read")
        self._target.report(Flaw(SECTION, text.format(office=named)), row, "")
