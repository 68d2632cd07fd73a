"""Records that refer to others of their own kind, in whatever order they stand in the sheet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from channelctl.i18n import _
from channelctl.records.names import name_key
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target


class Superiors:
    """Judges the words by which the rows of a sheet name records of their own kind."""

    def __init__(self, target: Target) -> None:
        self.target, self.kind = target, target.kind

    def sound(self, taken: Sequence[tuple[int, dict[str, Any]]]) -> Sequence[tuple[int, dict[str, Any]]]:
        """The rows without those that refer to a record of their own kind that is not to be had, or is not one."""
        if not any(name[0] == "~" for _number, values in taken for name in values):
            return taken
        resolver = self.target.resolver(self.kind.name)
        rows = [(values.get("code"), values.get("name")) for _number, values in taken]
        new = {(code, name) for code, name in rows if (code or name) and not (code and resolver.of_code(code))}
        codes = {code for code, _name in new if code}
        names = Counter(
            name_key(name, self.kind.name)
            for code, name in new
            if name and resolver.find(name) is None and (code or resolver.doubt(name) is None)
        )
        sound = []
        for number, values in taken:
            words = {
                name: word
                for name, word in values.items()
                if name[0] == "~" and (word not in codes or word == values.get("code"))
            }
            flaws = {
                name: flaw
                for name, word in words.items()
                if (flaw := self._its_own(word, values, names) or self._unfit(word, names))
            }
            for name, flaw in flaws.items():
                self.target.report(flaw, number, name[1:], values[name])
            if flaws:
                self.target.counts.rejected += 1
            else:
                sound.append((number, values))
        return sound

    def _its_own(self, word: str, values: Mapping[str, Any], names: Mapping[str, int]) -> Flaw | None:
        """Whether a word for a record's superior means the record itself, unless one of the two is an alias."""
        resolver = self.target.resolver(self.kind.name)
        code, name = values.get("code"), values.get("name")
        if any(resolver.aliased(*words) is not None for words in ((code, name), (None, word))):
            return None
        found, key = resolver.find(word), name_key(word, self.kind.name)
        coming = found is None and key == name_key(name or "", self.kind.name) and names.get(key, 0) == 1
        if word == code or coming or (isinstance(found, int) and found == resolver.find(code or name or "")):
            return Flaw("E303", _("a {kind} cannot be its own").format(kind=self.kind.one))
        return None

    def _unfit(self, word: str, names: Mapping[str, int]) -> Flaw | None:
        """What is wrong with a word for a record of this kind, `names` being those that come with the sheet."""
        resolver = self.target.resolver(self.kind.name)
        found, coming = resolver.find(word), names.get(name_key(word, self.kind.name), 0)
        if isinstance(found, Flaw):
            return found
        if coming > 1:
            return Flaw("E301", _("“{name}” fits several rows of this sheet").format(name=word))
        return resolver.unknown(word) if found is None and not coming else None
