"""Orders, holds, applications and promises from a sheet: what cannot be is refused."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.records.load import RecordLoader
from channelctl.sheets import wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.credit.rules_decided import decision_of
from channelctl.systems.credit.rules_survey import answer

LIMIT, ENDED, DUE_BEFORE, NOTHING, ORDER = "E360", "E361", "E362", "E363", "E367"
DECIDED = "W137"
_ZERO = Decimal()


class SoundLoader(RecordLoader):
    """Loads records of which not every figure or day makes sense."""

    def amiss(self, values: Mapping[str, Any]) -> Iterator[tuple[Flaw, str]]:
        """What is wrong with a record as the row would have it, each with its field."""
        yield from ()

    def _save(self, number: int, values: dict[str, Any]) -> None:
        record = self._records.get(self._by_key.get(self._key(values), 0)) or {}
        flaws = list(self.amiss({**record, **values}))
        for flaw, name in flaws:
            self.target.report(flaw, number, name, values.get(name))
        if flaws:
            self.target.counts.rejected += 1
        else:
            super()._save(number, values)


def below_zero(values: Mapping[str, Any]) -> Iterator[tuple[Flaw, str]]:
    """A limit below 0."""
    limit = values.get("limit_amount")
    if limit is not None and limit < 0:
        yield Flaw(LIMIT, _("a limit is 0 or more, not {amount}").format(amount=show(limit))), "limit_amount"


def ends_before(values: Mapping[str, Any], begins: str) -> Iterator[tuple[Flaw, str]]:
    """A limit that has expired before the day in the field `begins`."""
    first, last = values.get(begins), values.get("expires_on")
    if first is not None and last is not None and last < first:
        said = _("the limit would end on {until}, before {since}")
        yield Flaw(ENDED, said.format(until=last.isoformat(), since=first.isoformat())), "expires_on"


class OrderLoader(SoundLoader):
    """Loads open orders."""

    def amiss(self, values: Mapping[str, Any]) -> Iterator[tuple[Flaw, str]]:
        """What is still to be delivered is not below 0."""
        amount = values["amount"]
        if amount < 0:
            yield Flaw(ORDER, _("what is undelivered is 0 or more, not {amount}").format(amount=show(amount))), "amount"


class HoldLoader(SoundLoader):
    """Loads holds."""

    def amiss(self, values: Mapping[str, Any]) -> Iterator[tuple[Flaw, str]]:
        """A hold does not end before it begins."""
        since, until = values["since"], values.get("until")
        if until is not None and until < since:
            said = _("the hold would end on {until}, before it begins on {since}")
            yield Flaw(ENDED, said.format(until=until.isoformat(), since=since.isoformat())), "until"


class PromiseLoader(SoundLoader):
    """Loads promises."""

    def amiss(self, values: Mapping[str, Any]) -> Iterator[tuple[Flaw, str]]:
        """Something is promised, for a day that is not over when it is."""
        made, due, amount = values["made_on"], values["due_on"], values["amount"]
        if due < made:
            said = _("it was promised on {made} to be paid by {due}, a day before that")
            yield Flaw(DUE_BEFORE, said.format(made=made.isoformat(), due=due.isoformat())), "due_on"
        if amount <= 0:
            yield Flaw(NOTHING, _("a promise is more than 0, not {amount}").format(amount=show(amount))), "amount"


class SurveyLoader(RecordLoader):
    """Loads surveys; that there is none (无) is an answer to what asks for a figure or a day as well."""

    def _reader(self, name: str, kind: str) -> Callable[[Any], Any]:
        read, column = super()._reader(name, kind), self.kind.columns[name]

        def answered(cell: Any) -> Any:
            return read(answer(column, cell) if isinstance(cell, str) else cell)

        return answered


class ApplicationLoader(SoundLoader):
    """Loads applications; one that says it is decided stays so, and no limit comes of it."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers["decision"] = _decision
        self._decided = 0

    def amiss(self, values: Mapping[str, Any]) -> Iterator[tuple[Flaw, str]]:
        """Nobody applies for a limit below 0, or one that is over."""
        yield from below_zero(values)
        yield from ends_before(values, "date")

    def _compose(self, values: dict[str, Any]) -> None:
        super()._compose(values)
        if "decision" not in values:
            values.pop("decided_on", None)
            values.pop("decided_by", None)

    def _insert(self, number: int, values: dict[str, Any]) -> int:
        self._decided += values.get("decision") is not None
        return super()._insert(number, values)

    def finish(self) -> None:
        """Save the applications, and say how many came with their decision."""
        super().finish()
        if self._decided:
            text = ngettext(
                "{count} application comes with its decision: it stays decided, and grants no limit here",
                "{count} applications come with their decisions: they stay decided, and grant no limits here",
                self._decided,
            )
            self.target.report(Flaw(DECIDED, text.format(count=self._decided)), None, "decision")


def _decision(cell: Any) -> Any:
    """Reads what was decided."""
    text = wording.text(cell)
    return None if text is None else decision_of(text)
