"""Targets from a sheet, and planned customers: what is left open comes from the customer's file of that moment."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from channelctl.i18n import _
from channelctl.money import show
from channelctl.records.load import RecordLoader
from channelctl.sheets.problems import Flaw
from channelctl.systems.customers.tables import Customer
from channelctl.systems.plans.rules_spread import LEVELS, Levels, level_below


class TargetLoader(RecordLoader):
    """Loads rows with targets; one with a target below 0 is refused."""

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        below = [name for name in Levels._fields if name in values and values[name] < 0]
        for name in below:
            said = _("a target cannot be negative: {value}").format(value=show(values[name]))
            self.target.report(Flaw("E332", said), number, name, str(values[name]))
        return None if below else super()._resolve(number, values)


class OfficeTargetLoader(TargetLoader):
    """Loads offices' targets; one of which a higher level would be the smaller one is refused."""

    def _save(self, number: int, values: dict[str, Any]) -> None:
        record = self._records.get(self._by_key.get(self._key(values), 0), {})
        now = {**record, **values}
        said = level_below(Levels(now["target"], now.get("sprint"), now.get("challenge")))
        if said is None:
            super()._save(number, values)
            return
        self.target.report(Flaw(LEVELS, said), number, "target", str(now["target"]))
        self.target.counts.rejected += 1


class PlanLoader(TargetLoader):
    """Loads planned customers; a line that stands already keeps its class and core mark where the sheet is blank."""

    _file: dict[int, tuple[str | None, bool | None]] | None = None

    def _insert(self, number: int, values: dict[str, Any]) -> int:
        """A new line, with the class and core mark that the customer has now where the row gives none."""
        if self._file is None:
            query = select(col(Customer.id), col(Customer.class_), col(Customer.core))
            self._file = {row[0]: (row[1], row[2]) for row in self.target.session.execute(query)}
        class_, core = self._file.get(values["customer_id"], (None, None))
        from_file = {name: value for name, value in (("class", class_), ("core", core)) if value is not None}
        return super()._insert(number, from_file | values)
