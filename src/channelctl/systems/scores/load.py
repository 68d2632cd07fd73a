"""Scores set by hand from a sheet."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from channelctl.i18n import _
from channelctl.records.load import RecordLoader
from channelctl.sheets import convert, wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.scores import store_marks

_PERCENT = re.compile(r"\s*%$")


def score_of(cell: Any) -> Decimal | Flaw | None:
    """A score from 0 to 1; 80 % is 0.8, and 80 without the sign is none."""
    plain, hundredth = cell, Decimal(1)
    if isinstance(cell, str):
        plain, signs = _PERCENT.subn("", unicodedata.normalize("NFKC", cell).strip())
        hundredth = Decimal("0.01") if signs else hundredth
    value = convert.number(plain)
    if value is None or isinstance(value, Flaw):
        return value
    value *= hundredth
    if not value.is_finite() or not 0 <= value <= 1:
        said = _("{value} is no score: it goes from 0 to 1, or from 0% to 100%")
        return Flaw("E212", said.format(value=wording.text(cell)))
    return value


class MarkLoader(RecordLoader):
    """Loads scores set by hand: only for customers on the plan."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._readers["score"] = score_of
        self._planned: dict[str, set[tuple[int, int]]] = {}

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        """A row whose customer is not on the plan is refused, and makes neither an office nor a customer."""
        office, customer = (self._meant(name, values) for name in ("office", "customer"))
        if not isinstance(office, Flaw) and not isinstance(customer, Flaw):
            month = values["month"]
            if month not in self._planned:
                self._planned[month] = store_marks.planned(self.target.session, month)
            if (office, customer) not in self._planned[month]:
                named = values.get("customer") or values.get("customer_code")
                text = _("{customer} is not on the plan of {office} for {month}, so it has no score there")
                said = text.format(customer=named, office=values.get("office"), month=month)
                self.target.report(Flaw("E322", said), number, "customer", named)
                return None
        return super()._resolve(number, values)

    def _meant(self, name: str, values: dict[str, Any]) -> int | Flaw | None:
        resolver, code = self._resolver(name), values.get(f"{name}_code")
        return resolver.of_code(code) if code is not None else resolver.find(values[name])
