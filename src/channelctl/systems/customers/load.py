"""Aliases of customers from a sheet."""

from collections.abc import Mapping
from typing import Any

from channelctl.i18n import _
from channelctl.records.load import RecordLoader
from channelctl.records.names import alias_key
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target


class AliasLoader(RecordLoader):
    """Loads aliases; names that are compared as the same are the same alias."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._keys = ("key",)

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        """A row whose alias is the code of a customer is refused: the code would go on standing for that one."""
        if self.target.resolver("customer").by_code.get(values["alias"]) is not None:
            text = _("“{name}” is the code of a customer, and cannot stand for another").format(name=values["alias"])
            self.target.report(Flaw("E313", text), number, "alias", values["alias"])
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
