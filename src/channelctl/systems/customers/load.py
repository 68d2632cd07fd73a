"""Customers, the people there and their aliases from a sheet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from channelctl.i18n import _
from channelctl.records.load import RecordLoader
from channelctl.records.names import alias_key, name_key
from channelctl.sheets import wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.customers.tables import Contact


class CustomerLoader(RecordLoader):
    """Loads customers; the person that a row names becomes a contact, unless the customer has one of that name."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._people: set[tuple[int, str]] | None = None

    def _save(self, number: int, values: dict[str, Any]) -> None:
        person, phone = values.pop("contact", None), values.get("phone")
        code, name, rejected = values.get("code"), values.get("name"), self.target.counts.rejected
        super()._save(number, values)
        resolver = self.target.resolver("customer")
        if person is None or self.target.counts.rejected > rejected or resolver.aliased(code, name) is not None:
            return
        customer = resolver.of_code(code) if code is not None else resolver.find(name or "")
        if isinstance(customer, int):
            self._add_person(number, customer, person, phone)

    def _add_person(self, number: int, customer: int, name: str, phone: str | None) -> None:
        if self._people is None:
            table = self.target.session.execute(select(Contact.__table__.c["customer_id", "name_key"]))  # type: ignore[attr-defined]
            self._people = {(row[0], row[1]) for row in table}
        if (customer, name_key(name)) in self._people:
            return
        self._people.add((customer, name_key(name)))
        contacts = self.target.resolver("contact")
        contacts.created += 1
        contacts.add(None, name, {"customer_id": customer, "phone": phone}, (self.target.sheet_id, number))


class ContactLoader(RecordLoader):
    """Loads contacts; a row that names a customer and nobody there is only the customer's."""

    def _is_row(self, cells: list[Any]) -> bool:
        if not super()._is_row(cells):
            return False
        columns = self.target.layout.columns.items()
        words = {name: wording.text(cells[c.index]) for name, c in columns if c.index < len(cells)}
        code, customer = words.pop("customer_code", None), words.pop("customer", None)
        if any(words.values()) or self.target.resolver("customer").refusal(code, customer):
            return True
        self.target.resolver("customer").resolve(code, customer, trace=(self.target.sheet_id, None))
        self.target.counts.skipped += 1
        return False


class AliasLoader(RecordLoader):
    """Loads aliases; names that are compared as the same are the same alias."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._keys = ("key",)

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        """A row whose alias is the code of a customer is refused: the code would go on standing for that one."""
        resolver, alias, flaw = self.target.resolver("customer"), values["alias"], None
        if resolver.by_code.get(alias) is not None:
            text = _("“{name}” is the code of a customer, and cannot stand for another").format(name=alias)
            flaw = Flaw("E313", text)
        elif alias not in resolver.aliases.by_text:
            flaw = resolver.bounds.new(alias, True)
        if flaw is not None:
            self.target.report(flaw, number, "alias", alias)
            return None
        return super()._resolve(number, values)

    def complete(self, number: int, values: dict[str, Any]) -> None:
        """The key by which the alias is found."""
        values["key"] = alias_key(values["alias"])

    def _insert(self, number: int, values: dict[str, Any]) -> int:
        self.target.resolver("customer").aliases.add(values["alias"], values["customer_id"])
        return super()._insert(number, values)

    def _change(self, id_: int, values: Mapping[str, Any]) -> None:
        """Stand for another customer from now on; another way of writing the alias is no change."""
        self.target.resolver("customer").aliases.add(values["alias"], values["customer_id"])
        super()._change(id_, {"customer_id": values["customer_id"]})
