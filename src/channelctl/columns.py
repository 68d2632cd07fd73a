"""A field, said once: its headings in both languages, what it holds and how it is shown.

A row class (dataclass or NamedTuple) writes `amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]`;
validation, import, template, report, JSON schema and documentation all read that.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, get_args, get_type_hints

from channelctl.i18n import either

Kind = Literal["text", "code", "money", "quantity", "count", "share", "score", "date", "month", "flag", "tier"]


@dataclass(frozen=True, slots=True)
class Col:
    """One column.

    `kind` money and quantity are exact Decimals, share a fraction of 1, score a sum of such
    fractions, count a whole number, flag a yes or no.
    `ref` names the record kind whose code or name the field holds; `choices` the only words allowed; `words` says a
    value to people where that is not the value itself. `example` fills the template's example row, `note` (a message
    id) its comment, `offered` its drop-down where other words are right too. `bar` asks for a bar beside the figure,
    drawn to the largest or, with `whole`, to 1; `wide` leaves the column out of the table that people see. Of sums of
    money with and without tax in a sheet, `with_tax` takes the former.
    """

    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    kind: Kind = "text"
    required: bool = False
    ref: str = ""
    choices: tuple[str, ...] = ()
    example: str = ""
    note: str = ""
    words: Callable[[Any], str] | None = None
    offered: Callable[[], Sequence[str]] | None = None
    bar: bool = False
    whole: bool = False
    wide: bool = False
    with_tax: bool = False

    @property
    def label(self) -> str:
        """The heading in the language in force."""
        return either(self.zh, self.en)

    @property
    def is_number(self) -> bool:
        """Shown right-aligned and written as a number."""
        return self.kind in ("money", "quantity", "count", "share", "score")


@cache
def columns(row: type) -> Mapping[str, Col]:
    """The columns of a row class by field name, in order."""
    found: dict[str, Col] = {}
    for name, hint in get_type_hints(row, include_extras=True).items():
        for extra in get_args(hint)[1:]:
            if isinstance(extra, Col):
                found[name] = extra
    return MappingProxyType(found)


def values(row: Any, row_class: type) -> list[Any]:
    """The values of a row in column order."""
    return [getattr(row, name) for name in columns(row_class)]


def in_points(change: Decimal | None) -> str:
    """A change of a share in points, as a person reads it: ▲ 2.4."""
    if change is None:
        return ""
    said = (abs(change) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{'▲' if change > 0 else '▼'} {said}" if said else str(said)
