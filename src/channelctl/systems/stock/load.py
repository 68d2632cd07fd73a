"""Sell-out and stock from a sheet: rows that add up, and movements held against the count."""

from decimal import Decimal
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.money import show_quantity
from channelctl.records.load import RecordLoader
from channelctl.sheets.problems import Flaw
from channelctl.systems.sales.rows_fields import first_rows

ADDED, AMISS = "W134", "W150"
_ZERO = Decimal("0.00")


class AddingLoader(RecordLoader):
    """Loads records of which several rows of a sheet with the same key are one: their figures add up."""

    figures: tuple[str, ...] = ("quantity",)

    def said(self, count: int) -> str:
        """What is said of so many rows that were added to others; {count} and {rows} are filled in."""
        raise NotImplementedError

    def finish(self) -> None:
        """Save the sums, and say how many rows are in those of others."""
        sums: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
        added: list[int] = []
        for number, values in self._taken:
            _first, whole = sums.setdefault(self._key(values), (number, values))
            if whole is not values:
                self._add(whole, values)
                added.append(number)
        self._taken = [*sums.values()]
        if added:
            said = self.said(len(added)).format(count=f"{len(added):,}", rows=first_rows(added))
            self.target.report(Flaw(ADDED, said), None, "quantity")
        super().finish()

    def _add(self, whole: dict[str, Any], values: dict[str, Any]) -> None:
        """Add a row's figures; what one of the two does not say is not known of both."""
        for name in self.figures:
            if name in whole and name in values:
                whole[name] += values[name]
            else:
                whole.pop(name, None)


class SellOutLoader(AddingLoader):
    """Loads sell-out; rows of a sheet with the same day, customer, product and place add up."""

    figures = ("quantity", "amount")

    def said(self, count: int) -> str:
        """What is said of so many rows that were added to others."""
        return ngettext(
            "{count} row (row {rows}) was added to one of the same day, customer, product and place",
            "{count} rows (rows {rows}) were added to others of the same day, customer, product and place",
            count,
        )

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        found = super()._resolve(number, values)
        return None if found is None else {"place": "", **found}


class StockLoader(RecordLoader):
    """Loads counts; where the sheet says what came and went as well, each row is held against its own identity."""

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        found = super()._resolve(number, values)
        if found is not None:
            self._compare(number, found)
        return found

    def _compare(self, number: int, values: dict[str, Any]) -> None:
        """Opening + received - sold is the count; a blank beside an opening figure is 0."""
        if "opening" not in values or not {"received", "sold"} <= self.target.layout.columns.keys():
            return
        came, went = values.get("received", _ZERO), values.get("sold", _ZERO)
        due = values["opening"] + came - went
        if due == values["quantity"]:
            return
        text = _("{opening} + {received} - {sold} is {due}, and the count says {quantity}: {difference}")
        difference = values["quantity"] - due
        shown = {"opening": values["opening"], "received": came, "sold": went, "due": due}
        figures = {name: show_quantity(figure) for name, figure in shown.items()}
        sign = "+" if difference > 0 else "-"
        said = text.format(
            **figures, quantity=show_quantity(values["quantity"]), difference=f"{sign}{show_quantity(abs(difference))}"
        )
        self.target.report(Flaw(AMISS, said), number, "quantity", values["quantity"])
