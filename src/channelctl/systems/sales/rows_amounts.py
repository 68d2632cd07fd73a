"""The amount of a line without tax: given, or worked out; returns that stand in columns of their own are taken off."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from channelctl import money
from channelctl.i18n import _, ngettext
from channelctl.sheets import convert, headings
from channelctl.sheets.layout import TOLD
from channelctl.sheets.problems import COUNTED, UNIT, Flaw
from channelctl.sheets.target import Target
from channelctl.systems.sales.rows_fields import Column, first_rows
from channelctl.systems.sales.rules import without_tax

_FEN = 100
_ONE = 10_000
Flaws = dict[int, dict[str, Flaw]]


class Amounts:
    """Completes the figures of lines, and counts what a person should know of them."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._named = named = target.layout.columns
        taxed = ["税" in named[name].heading for name in ("unit_price", "amount") if name in named]
        self._same_tax = len(taxed) == 2 and taxed[0] == taxed[1]
        self._net = {name for name in ("amount", "quantity") if name in named and _is_net(named[name].heading)}
        factor = named["amount"].factor if "amount" in named else None
        self._factor = factor if factor and factor > 1 and {"quantity", "unit_price"} <= {*named} else None
        # Returned quantities say nothing of what the amounts beside them are, unless a price does.
        whole = {"amount", "amount_taxed"} & {*named}
        self._counts = "returned_quantity" in named and "returned" not in named and bool(whole) and not self._net
        self._return_sign = 0
        self._unequal = self._deducted = self._by_rate = self._left = self._multiplied = self._off_unit = 0
        self._counted: list[int] = []
        self._first_counted: int | None = None
        self._contrary: list[int] = []
        self._contraries: list[int] = []

    def complete(self, columns: dict[str, Column], flaws: Flaws, suspects: set[int]) -> dict[str, Column]:
        """With the amount without tax: given, else taxed − tax, else taxed, else quantity × price; cost from profit."""
        amounts, taxed, taxes = list(columns["amount"]), columns["amount_taxed"], columns["tax"]
        prices, paid = columns["unit_price"], self._paid(columns)
        made = {"quantity"} if "returned_quantity" in self._named else set()
        if None in amounts:
            made.add("amount")
            for place, amount in enumerate(amounts):
                if amount is not None:
                    continue
                rate = columns["tax_rate"][place]
                if taxed[place] is not None:
                    amounts[place] = taxed[place] - (taxes[place] or 0)
                    if taxes[place] is None and rate is not None:
                        amounts[place] = without_tax(taxed[place], rate)
                        self._by_rate += place not in suspects
                elif paid[place] is not None and prices[place] is not None and "amount" not in flaws.get(place, {}):
                    amounts[place] = _product(paid[place], prices[place])
                elif columns["returned"][place] is not None:
                    amounts[place] = 0
                else:
                    flaws.setdefault(place, {}).setdefault("amount", Flaw("E201", _("the amount is blank")))
        self._compare(columns, amounts, paid, suspects)
        self._contrary = [
            place
            for place, (quantity, amount) in enumerate(zip(columns["quantity"], amounts, strict=True))
            if quantity and amount and quantity ^ amount < 0
        ]
        self._counted = self._without_amounts(columns, amounts, paid) if self._counts else []
        columns["amount"] = amounts
        self._deduct(columns, suspects)
        profits = columns.pop("profit")
        if "profit" in self._named and "cost" not in self._named:
            columns["cost"] = [
                None if profit is None or amount is None else amount - profit
                for amount, profit in zip(columns["amount"], profits, strict=True)
            ]
            made.add("cost")
        made |= {"amount", "amount_taxed"} if "returned" in self._named else set()
        for name in made:
            _check_size(columns[name], name, flaws)
        return columns

    def _paid(self, columns: Mapping[str, Column]) -> Column:
        """The quantities that a price makes amounts of: without what came back, where only its quantity is known."""
        quantities, returned = columns["quantity"], columns["returned_quantity"]
        if "returned_quantity" not in self._named or "returned" in self._named or "quantity" in self._net:
            return quantities
        sign = self._sign(returned)
        return [(own or 0) - sign * back if back else own for own, back in zip(quantities, returned, strict=True)]

    def _sign(self, returned: Column) -> int:
        """1 where the sheet writes what came back as positive figures, -1 where as negative ones."""
        self._return_sign = self._return_sign or next((1 if value > 0 else -1 for value in returned if value), 0)
        return self._return_sign

    def _compare(self, columns: Mapping[str, Column], amounts: Column, paid: Column, suspects: set[int]) -> None:
        """Count the lines whose amount is not quantity × price, or is that only without the unit in its heading."""
        if "quantity" not in self._named or not (self._same_tax or self._factor):
            return
        quantities, prices, written = columns["quantity"], columns["unit_price"], columns["amount"]
        for place, (amount, quantity, price) in enumerate(zip(amounts, quantities, prices, strict=True)):
            if amount is None or quantity is None or price is None or place in suspects:
                continue
            product = quantity * price
            off = abs(product - amount * _ONE) > _ONE * _FEN
            if self._factor and product and written[place]:
                self._multiplied += 1
                if off and _is_times(amount * _ONE, product, self._factor):
                    self._off_unit += 1
                    continue
            if _is_contrary(quantity, amount):
                continue
            if off and self._same_tax and abs((paid[place] or 0) * price - amount * _ONE) > _ONE * _FEN:
                self._unequal += 1

    def _without_amounts(self, columns: Mapping[str, Column], amounts: Column, paid: Column) -> list[int]:
        """The rows with a returned quantity beside an amount of which nothing says whether it is without it."""
        returned, prices = columns["returned_quantity"], columns["unit_price"]
        written, taxed = columns["amount"], columns["amount_taxed"]
        return [
            place
            for place, back in enumerate(returned)
            if back
            and (written[place] is not None or taxed[place] is not None)
            and amounts[place] >= 0
            and (prices[place] is None or abs(paid[place] * prices[place] - amounts[place] * _ONE) > _ONE * _FEN)
        ]

    def note(self, numbers: Sequence[int | None]) -> None:
        """Say where a returned quantity has no amount, once a sheet; the rows that are no lines have no number."""
        self._contraries += [number for place in self._contrary if (number := numbers[place]) is not None]
        places = [place for place in self._counted if numbers[place] is not None]
        if places and self._named["returned_quantity"].matched in TOLD:
            self._left += len(places)
        elif places and self._first_counted is None:
            self._first_counted = numbers[places[0]]
            said = _("it says how much came back, and no column says for how much money")
            self.target.report(Flaw(COUNTED, said), self._first_counted, "returned_quantity")

    def _deduct(self, columns: dict[str, Column], suspects: set[int]) -> None:
        """Take returns that stand in columns of their own off; a column of net sales has them off already."""
        targets: dict[str, tuple[str, ...]] = {"returned_quantity": ("quantity",), "returned": ("amount",)}
        if "amount" not in self._named:
            targets["returned"] = ("amount", "amount_taxed") if "amount_taxed" in self._named else ("amount",)
        for name, into in targets.items():
            if name not in self._named or into[0] in self._net:
                continue
            returned = columns[name]
            sign = self._sign(returned)
            for field in into:
                columns[field] = values = list(columns[field])
                for place, value in enumerate(returned):
                    if value:
                        values[place] = (values[place] or 0) - sign * value
            if name == "returned":
                self._deducted += sum(1 for place, value in enumerate(returned) if value and place not in suspects)

    def say_made(self) -> None:
        """That all amounts were worked out, and of those that were read whether their unit can be."""
        report = self.target.report
        if self._off_unit and 2 * self._off_unit > self._multiplied:
            text = ngettext(
                "in {count} line the amount is quantity × price only without the unit that the heading names",
                "in {count} lines the amount is quantity × price only without the unit that the heading names",
                self._off_unit,
            )
            report(Flaw(UNIT, text.format(count=f"{self._off_unit:,}")), None, "amount")
        else:
            self._unequal += self._off_unit if self._same_tax else 0
        if not {"amount", "amount_taxed", "returned"} & {*self._named} and self.target.counts.rows:
            report(Flaw("W106", _("no amount column was read: amounts are quantity × price")), None, "unit_price")

    def say(self) -> None:
        """Which returns were taken off, and which amounts the tax rate made."""
        report = self.target.report
        if count := self._deducted:
            text = ngettext(
                "{count} line with a return in a column of its own: taken off the amount",
                "{count} lines with returns in a column of their own: taken off the amounts",
                count,
            )
            report(Flaw("W112", text.format(count=count)), None, "returned")
        if count := self._left:
            text = ngettext(
                "{count} line with a returned quantity: taken off the quantity, the amount left as it stands",
                "{count} lines with returned quantities: taken off the quantities, the amounts left as they stand",
                count,
            )
            report(Flaw("W112", text.format(count=count)), None, "returned_quantity")
        if count := self._by_rate:
            text = ngettext(
                "{count} amount without tax worked out from the tax rate, to the fen",
                "{count} amounts without tax worked out from the tax rate, to the fen",
                count,
            )
            report(Flaw("W114", text.format(count=count)), None, "tax_rate")

    def say_unequal(self) -> None:
        """How many amounts are not quantity × price, and which have another sign than their quantity."""
        if contrary := self._contraries:
            text = ngettext(
                "in {count} line the signs of quantity and amount contradict each other (row {rows});"
                " the amount counts as it stands",
                "in {count} lines the signs of quantity and amount contradict each other (rows {rows});"
                " the amounts count as they stand",
                len(contrary),
            )
            said = text.format(count=f"{len(contrary):,}", rows=first_rows(contrary))
            self.target.report(Flaw("W123", said), contrary[0], "quantity")
        if count := self._unequal:
            text = ngettext(
                "{count} line whose amount is not quantity × price",
                "{count} lines whose amount is not quantity × price",
                count,
            )
            self.target.report(Flaw("W104", text.format(count=count)), None, "amount")


def _is_net(heading: str) -> bool:
    """Whether a column of amounts says that returns are off already."""
    plain = headings.key(heading)
    return "净" in plain or plain == "netsales"


def _is_contrary(quantity: int | None, amount: int | None) -> bool:
    """Whether one of them is of goods sold and the other of goods that came back."""
    return bool(quantity and amount and quantity ^ amount < 0)


def _is_times(amount: int, product: int, factor: Decimal) -> bool:
    """Whether an amount is so many times quantity × price, with tax or without, and nothing that a discount makes."""
    return amount * product > 0 and abs(product) * factor < abs(amount) * 2 < abs(product) * factor * 4


def _check_size(values: Sequence[int | None], name: str, flaws: Flaws) -> None:
    """A figure worked out from others can be too large where none of them is."""
    if max(map(abs, filter(None, values)), default=0) <= convert.LARGEST:
        return
    for place, value in enumerate(values):
        if value is not None and abs(value) > convert.LARGEST:
            said = money.show(money.from_units(value))
            flaws.setdefault(place, {})[name] = Flaw("E205", _("{value} is too large").format(value=said))


def _product(quantity: int, price: int) -> int:
    """Quantity × price in 1/10,000, half away from zero."""
    exact = abs(quantity * price)
    whole = (exact + 5_000) // 10_000
    return whole if quantity * price >= 0 else -whole
