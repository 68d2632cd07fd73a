"""Planned customers from a sheet: what it leaves open comes from the customer's file of that moment, and stays."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from channelctl.records.load import RecordLoader
from channelctl.systems.customers.tables import Customer


class PlanLoader(RecordLoader):
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
