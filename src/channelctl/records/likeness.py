"""Records whose name, its sound or their code is something like a word."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from channelctl.records.names import name_key, pinyin

_SOUNDS_TRIED = 5_000


class Likeness(NamedTuple):
    """Records prepared for being searched by something like their name, its sound or their code; all by code."""

    names: Mapping[str, str]
    keys: Mapping[str, str]
    sounds: Mapping[str, str]
    codes: Mapping[str, str]

    @classmethod
    def of(cls, names: Mapping[str, str]) -> "Likeness":
        """From code -> name."""
        sounds = {code: pinyin(name)[0] for code, name in names.items()} if len(names) <= _SOUNDS_TRIED else {}
        keys = {code: name_key(name) for code, name in names.items()}
        return cls(names, keys, sounds, {code: code.casefold() for code in names})

    def nearest(self, word: str) -> list[str]:
        """Up to three names like the word, the likest first; codes where codes or equal names are what is like it."""
        from rapidfuzz import fuzz, process

        plain = name_key(word)
        best: dict[str, tuple[float, bool]] = {}
        for asked, choices, scorer, least in (
            (plain, self.keys, fuzz.WRatio, 60),
            (pinyin(word)[0], self.sounds, fuzz.ratio, 75),
            (plain, self.codes, fuzz.ratio, 75),
        ):
            if asked:
                for _text, score, code in process.extract(asked, choices, scorer=scorer, limit=3, score_cutoff=least):
                    best[code] = max(best.get(code, (0.0, False)), (score, choices is self.codes))
        shared = Counter(self.keys[code] for code in best)
        chosen = sorted(best, key=lambda code: (-best[code][0], code))[:3]
        return [code if best[code][1] or shared[self.keys[code]] > 1 else self.names[code] for code in chosen]
