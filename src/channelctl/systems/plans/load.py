"""Planned customers from a sheet: what it leaves open is taken from the customer's file as it is now, and kept."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from channelctl.records.load import RecordLoader
from channelctl.systems.customers.tables import Customer


class PlanLoader(RecordLoader):
    """Loads planned customers, with class and core mark as they stand at this moment."""

    _file: dict[int, tuple[str | None, bool | None]] | None = None

    def complete(self, number: int, values: dict[str, Any]) -> None:
        """Class and core mark, where the row does not give them."""
        super().complete(number, values)
        if self._file is None:
            query = select(col(Customer.id), col(Customer.class_), col(Customer.core))
            self._file = {row[0]: (row[1], row[2]) for row in self.target.session.execute(query)}
        known = self._file.get(values["customer_id"])
        if known is not None:
            for name, value in zip(("class", "core"), known, strict=True):
                if values.get(name) is None and value is not None:
                    values[name] = value
