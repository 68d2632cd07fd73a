"""Rows that name an office for the rows below them: as nobody reads these as such, the sheet is not to be taken."""

from collections.abc import Sequence

from channelctl.i18n import _
from channelctl.records.names import name_key
from channelctl.sheets import places
from channelctl.sheets.problems import SECTION, Flaw
from channelctl.sheets.target import Target


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
        if not named and len(words) == 1 and isinstance(self._target.resolver("office").find(words[0]), int):
            named = words[0]
        if named and name_key(named, "office") != name_key(self._target.layout.office, "office"):
            self._open = number, named

    def pass_line(self, number: int) -> None:
        """A sale line: if a row above it named an office, it was of that."""
        if self._open is None or number < self._open[0]:
            return
        (row, named), self._open, self._watches = self._open, None, False
        text = _("the row names the office {office} for the rows below it; that is not read")
        self._target.report(Flaw(SECTION, text.format(office=named)), row, "")
