"""The names and codes there are, by which a word in a sheet or in its name is known for what it is."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlmodel import Session

from channelctl.records import kinds
from channelctl.records.names import name_key

Known = Mapping[str, frozenset[str]]


class Names(dict[str, frozenset[str]]):
    """The names on file by kind, and under “customer code” the codes, as `name_key` brings words to them.

    Each is read when it is first asked for.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def __missing__(self, asked: str) -> frozenset[str]:
        kind, _blank, code = asked.partition(" ")
        table = kinds()[kind].model().__table__
        words = self._session.execute(select(table.c.code if code else table.c.name_key)).scalars()
        self[asked] = frozenset(name_key(word, kind) for word in words if word)
        return self[asked]
