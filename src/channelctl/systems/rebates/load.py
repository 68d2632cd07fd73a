"""Rules of rebate policies and payouts from a sheet."""

from collections.abc import Callable, Mapping
from typing import Any

from channelctl.records.load import RecordLoader
from channelctl.sheets import wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.rebates.rules_read import FIRST, Unfit, rule_of
from channelctl.systems.rebates.rules_words import FIELDS, word_of


def _reader(field: str) -> Callable[[Any], Any]:
    """Reads the cells of a field that has words of its own."""

    def read(cell: Any) -> str | Flaw | None:
        text = wording.text(cell)
        return None if text is None else word_of(field, text)

    return read


class WordLoader(RecordLoader):
    """Loads rows whose words are brought to those that are kept."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers |= {name: _reader(name) for name in self.kind.columns if name in FIELDS}


class RuleLoader(WordLoader):
    """Loads rules; one that cannot be read as a rule is refused. Without a version or number it is the first."""

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        return super()._resolve(number, {"version": FIRST, "rule": FIRST, **values})

    def fits(self, number: int, values: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
        """Whether it can be read as a rule."""
        try:
            rule_of({**record, **values})
        except Unfit as error:
            self.target.report(error.flaw, number, error.field, values.get(error.field.rstrip("_")))
            return False
        return True

    def _save(self, number: int, values: dict[str, Any]) -> None:
        if self.fits(number, values, self._records.get(self._by_key.get(self._key(values), 0), {})):
            super()._save(number, values)
        else:
            self.target.counts.rejected += 1
