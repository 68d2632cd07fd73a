"""Rules of rebate policies and payouts from a sheet."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session

from channelctl.i18n import _, listed, ngettext
from channelctl.records.load import RecordLoader
from channelctl.sheets import wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.rebates.rules import BEST, PRIORITY, Rule
from channelctl.systems.rebates.rules_lint import unknown
from channelctl.systems.rebates.rules_read import FIRST, Unfit, refuse_fractions, rule_of
from channelctl.systems.rebates.rules_words import FIELDS, is_alone, is_endless, word_of
from channelctl.systems.rebates.store_scope import Scopes
from channelctl.systems.stock.load import AddingLoader

UNKNOWN, STRANGER = "W121", "E366"
# What a row says that lets only one policy pay, until its priority tells which.
_ALONE = "alone"


def _reader(field: str) -> Callable[[Any], Any]:
    """Reads the cells of a field that has words of its own."""

    def read(cell: Any) -> str | Flaw | None:
        text = wording.text(cell)
        return None if text is None else word_of(field, text)

    return read


def _meeting(cell: Any) -> str | Flaw | None:
    text = wording.text(cell)
    return _ALONE if text is not None and is_alone(text) else _reader("meeting")(cell)


def _or_endless(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Reads a last day; a word such as 长期 is a blank one."""

    def last_day(cell: Any) -> Any:
        text = wording.text(cell)
        return None if text is not None and is_endless(text) else read(cell)

    return last_day


class WordLoader(RecordLoader):
    """Loads rows whose words are brought to those that are kept."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers |= {name: _reader(name) for name in self.kind.columns if name in FIELDS}


class PayoutLoader(WordLoader):
    """Loads payouts, none of them to a customer that is not on file; what is wrong is told in the order of the rows."""

    def finish(self) -> None:
        """Save the payouts."""
        super().finish()
        self.target.problems.sort(key=lambda one: one.row or 0)

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        named = values.get("customer_code"), values.get("customer")
        resolver = self.target.resolver("customer")
        if resolver.refusal(*named) is not None or resolver.known(*named) is not None:
            return super()._resolve(number, values)
        word = named[1] or named[0]
        self.target.report(
            Flaw(STRANGER, _("there is no customer “{name}”").format(name=word)), number, "customer", word
        )
        return None


class ActivationLoader(AddingLoader):
    """Loads registrations; rows of a sheet with the same day, customer, product and plan add up."""

    def said(self, count: int) -> str:
        """What is said of so many rows that were added to others."""
        return ngettext(
            "{count} row (row {rows}) was added to one of the same day, customer, product and plan",
            "{count} rows (rows {rows}) were added to others of the same day, customer, product and plan",
            count,
        )


class RuleLoader(WordLoader):
    """Loads rules; one that cannot be read as a rule is refused. Without a version or number it is the first."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers |= {"meeting": _meeting, "last_day": _or_endless(self._readers["last_day"])}
        self._rules: list[tuple[int, Rule]] = []

    def finish(self) -> None:
        """Save the rules, and name the words of theirs that name nothing here."""
        super().finish()
        if self._rules:
            self.target.doubts[UNKNOWN] = self._name_unknown
            self._name_unknown(self.target.session)

    def _name_unknown(self, session: Session) -> None:
        scopes = Scopes.of(session)
        for number, rule in self._rules:
            words = scopes.unknown(rule)
            for field, said in unknown(words):
                column = "class_" if field == "class" else field
                self.target.report(Flaw(UNKNOWN, said), number, column, listed(words[field]))

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        if values.get("meeting") == _ALONE:
            values = {**values, "meeting": PRIORITY if values.get("priority") else BEST}
        return super()._resolve(number, {"version": FIRST, "rule": FIRST, **values})

    def fits(self, number: int, values: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
        """Whether it can be read as a rule."""
        try:
            rule_of({**record, **values})
            refuse_fractions({**record, **values})
        except Unfit as error:
            self.target.report(error.flaw, number, error.field, values.get(error.field.rstrip("_")))
            return False
        return True

    def _save(self, number: int, values: dict[str, Any]) -> None:
        record = self._records.get(self._by_key.get(self._key(values), 0), {})
        if self.fits(number, values, record):
            self._rules.append((number, rule_of({**record, **values})))
            super()._save(number, values)
        else:
            self.target.counts.rejected += 1
