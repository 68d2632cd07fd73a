"""Which customers and products a rebate rule is about."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.keeping import once
from channelctl.records import kinds
from channelctl.records.bounds import offices_seen
from channelctl.records.resolve import Resolver
from channelctl.systems.catalog.tables import Product
from channelctl.systems.customers.tables import Customer
from channelctl.systems.rebates.rules import Rule


class Buyer(NamedTuple):
    """A customer as rules ask about it."""

    id: int
    code: str
    name: str
    channel: str | None
    class_: str | None


class Item(NamedTuple):
    """A product as rules ask about it."""

    id: int
    code: str
    name: str
    category: str | None


@dataclass
class Scopes:
    """The customers and products there are, and for each rule which of them it is about; words are looked up once.

    `whole` says whether these are all customers, and not a part that a login is held to.
    """

    session: Session
    buyers: dict[int, Buyer]
    items: dict[int, Item]
    whole: bool
    _resolvers: dict[str, Resolver] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Scopes":
        """All customers that are seen, and all products."""
        return cls(session, _buyers(session), _items(session), offices_seen(session) is None)

    def find(self, kind: str, word: str) -> int | None:
        """The customer or product of a code, alias or unique name."""
        if kind not in self._resolvers:
            self._resolvers[kind] = Resolver(self.session, kinds()[kind])
        found = self._resolvers[kind].find(word)
        return found if isinstance(found, int) else None

    def ids(self, kind: str, words: Sequence[str]) -> frozenset[int] | None:
        """Those that the words of a scope name; None where there is no word, for any."""
        if not words:
            return None
        return frozenset(id_ for word in words if (id_ := self.find(kind, word)) is not None)

    def by_customer(self, rules: Sequence[Rule]) -> dict[int, int]:
        """Of each customer the rules that are about it, a bit for each; without those of which none is."""
        named = [self.ids("customer", rule.customers) for rule in rules]
        channels = [_keys(rule.channels) for rule in rules]
        classes = [_keys(rule.classes) for rule in rules]
        bits: dict[tuple[str, str], int] = {}
        found: dict[int, int] = {}
        for buyer in self.buyers.values():
            asked = key(buyer.channel), key(buyer.class_)
            if asked not in bits:
                bits[asked] = sum(
                    1 << place
                    for place in range(len(rules))
                    if (not channels[place] or asked[0] in channels[place])
                    and (not classes[place] or asked[1] in classes[place])
                )
            mask = bits[asked]
            for place, ids in enumerate(named):
                if ids is not None and buyer.id not in ids:
                    mask &= ~(1 << place)
            if mask:
                found[buyer.id] = mask
        return found

    def by_product(self, rules: Sequence[Rule]) -> dict[int | None, int]:
        """Of each product the rules that are about it, a bit for each; of None those that are about any."""
        named = [self.ids("product", rule.products) for rule in rules]
        categories = [_keys(rule.categories) for rule in rules]

        def mask(product: int | None, category: str) -> int:
            return sum(
                1 << place
                for place in range(len(rules))
                if (named[place] is None or product in (named[place] or ()))
                and (not categories[place] or category in categories[place])
            )

        found: dict[int | None, int] = {item.id: mask(item.id, key(item.category)) for item in self.items.values()}
        return found | {None: mask(None, "")}

    def _words(self, name: str) -> frozenset[str]:
        """The channels or classes that customers have."""
        return _keys([word for word in {getattr(buyer, name) for buyer in self.buyers.values()} if word])

    def unknown(self, rule: Rule) -> Mapping[str, list[str]]:
        """The words of a rule's scope that mean nothing here, by field; of customers only where all are seen."""
        categories = {key(item.category) for item in self.items.values() if item.category}
        return self._unknown_customers(rule) | {
            "products": [word for word in rule.products if self.find("product", word) is None],
            "category": [word for word in rule.categories if key(word) not in categories],
        }

    def _unknown_customers(self, rule: Rule) -> dict[str, list[str]]:
        if not self.whole:
            return {}
        channels, classes = self._words("channel"), self._words("class_")
        return {
            "channel": [word for word in rule.channels if key(word) not in channels],
            "class": [word for word in rule.classes if key(word) not in classes],
            "customers": [word for word in rule.customers if self.find("customer", word) is None],
        }


@once
def _buyers(session: Session) -> dict[int, Buyer]:
    one = Customer
    query = select(col(one.id), col(one.code), col(one.name), col(one.channel), col(one.class_))
    # Of another office's customer only what it buys in one's own is seen: no measure of what it has earned.
    offices = offices_seen(session)
    if offices is not None:
        query = query.where(col(one.office_id).in_(offices))
    return {row[0]: Buyer(*row) for row in session.execute(query)}


@once
def _items(session: Session) -> dict[int, Item]:
    query = select(col(Product.id), col(Product.code), col(Product.name), col(Product.category))
    return {row[0]: Item(*row) for row in session.execute(query)}


def key(word: str | None) -> str:
    """A word as words are compared: without blanks, whatever the case and width of its letters."""
    return "".join(unicodedata.normalize("NFKC", word or "").split()).casefold()


def _keys(words: Sequence[str]) -> frozenset[str]:
    return frozenset(map(key, words))
