"""Tiers set by hand from a sheet."""

import unicodedata
from typing import Any

from channelctl.i18n import _
from channelctl.records.load import RecordLoader
from channelctl.sheets import wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.tiers.rules import TIERS


def tier_of(cell: Any) -> str | Flaw | None:
    """A, B or C, however it is written (a, Ａ, A级, A类)."""
    word = wording.text(cell)
    if word is None:
        return None
    plain = unicodedata.normalize("NFKC", word).strip().removesuffix("级").removesuffix("类").strip().upper()
    return plain if plain in TIERS else Flaw("E211", _("“{value}” is not a tier: A, B or C").format(value=word))


class TierMarkLoader(RecordLoader):
    """Loads tiers set by hand; one that ends before it begins is refused."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers["tier"] = tier_of

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        since, until = values["since"], values["until"]
        if until < since:
            text = _("it ends ({until}) before it begins ({since})").format(until=until, since=since)
            self.target.report(Flaw("E315", text), number, "until", until.isoformat())
            return None
        return super()._resolve(number, values)
