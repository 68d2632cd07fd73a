"""Names as they are compared and searched."""

import re
import unicodedata
from functools import lru_cache

_BLANK = re.compile(r"\s+")
_CODE = re.compile(r"[!-~]+")
_OFFICE_ENDING = re.compile(r"(?:办事处|分公司|办)$")


@lru_cache(maxsize=65536)
def name_key(name: str, kind: str = "") -> str:
    """Half-width, lower-case, without blanks; 杭州办事处 and 杭州 are one office."""
    plain = _BLANK.sub("", unicodedata.normalize("NFKC", name).casefold())
    return (_OFFICE_ENDING.sub("", plain) or plain) if kind == "office" else plain


def alias_key(alias: str) -> str:
    """What tells an alias from others: a code as it is, since codes differ by case; a name as names are compared."""
    return alias if _CODE.fullmatch(alias) else name_key(alias)


def get_ready() -> None:
    """Load the dictionary that `pinyin` looks words up in."""
    pinyin("准备")


def pinyin(name: str) -> tuple[str, str]:
    """The name in pinyin without tones, and its initials: 杭州苏宁 is hangzhousuning, hzsn; other text stays."""
    if name.isascii():
        words = re.findall(r"[a-z0-9]+", name.casefold())
        return "".join(words), "".join(word[0] for word in words)
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(unicodedata.normalize("NFKC", name).casefold(), style=Style.NORMAL, errors="default")
    words = [word for part in parts for word in re.findall(r"[a-zü0-9]+", part)]
    return "".join(words), "".join(word[0] for word in words)
