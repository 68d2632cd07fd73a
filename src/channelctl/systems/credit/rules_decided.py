"""What became of an application, as sheets say it."""

import unicodedata
from collections.abc import Sequence

from channelctl.i18n import _, either, listed
from channelctl.sheets.problems import Flaw

WORD = "E354"
APPROVED, REFUSED = "approved", "refused"
_WORDS: dict[str, tuple[str, ...]] = {
    APPROVED: ("批准", "已批准", "同意", "通过", "审批通过", "granted"),
    REFUSED: ("拒绝", "已拒绝", "不批准", "不同意", "驳回", "未通过", "rejected", "declined"),
}
_OPEN = ("待审批", "待批", "未审批", "审批中", "pending", "open")


def decision_text(decision: str | None) -> str:
    """What was decided, as a person reads it."""
    return {APPROVED: _("approved"), REFUSED: _("refused")}.get(decision or "", decision or "")


def offered_decisions() -> Sequence[str]:
    """The decisions, in the language in force."""
    return [either(words[0], decision_text(kept)) for kept, words in _WORDS.items()]


def decision_of(text: str) -> str | Flaw | None:
    """The decision that a word of a sheet means; None where it still waits."""
    plain = _plain(text)
    for kept, words in _WORDS.items():
        if plain in map(_plain, (kept, decision_text(kept), *words)):
            return kept
    if plain in _OPEN:
        return None
    known = listed(offered_decisions())
    return Flaw(WORD, _("“{word}” is no decision on an application: {known}").format(word=text, known=known))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
