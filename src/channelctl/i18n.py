"""Two languages. English is the message id; the Chinese stands in the gettext catalogue.

The language is fixed before any module with user-facing text at its top is imported (see `cli.main`).
"""

import errno
import gettext
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

LANGUAGES = ("en", "zh")
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def use(language: str) -> None:
    """Make `language` ("en" or "zh") the language of everything said from now on."""
    global _catalogue, _language
    _language = language
    if language == "en":
        _catalogue = gettext.NullTranslations()
    else:
        _catalogue = gettext.translation("channelctl", Path(__file__).parent / "locale", [language], fallback=True)


def language() -> str:
    """The language in force: "en" or "zh"."""
    return _language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said within in another language."""
    before = _language
    use(language)
    try:
        yield
    finally:
        use(before)


def from_environment() -> str:
    """CHANNELCTL_LANG, else the locale's language, else English."""
    for name in ("CHANNELCTL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return _system_language() if os.name == "nt" else "en"


def _system_language() -> str:
    import locale

    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def _(message: str) -> str:
    """The message in the language in force."""
    return _catalogue.gettext(message) if message else message


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message for `count` things; both forms may hold `{count}`."""
    return _catalogue.ngettext(singular, plural, count)


def either(zh: str, en: str) -> str:
    """The one of two texts that the language in force asks for; for words said beside each other, like headings."""
    return zh if _language == "zh" else en


def listed(words: Iterable[str]) -> str:
    """Words one after another as the language in force lists them."""
    return either("、", ", ").join(words)


def reason(error: Exception) -> str:
    """Why the system refused something, in the language in force where it is one of the usual causes."""
    known = {
        errno.ENOENT: _("No such file or directory"),
        errno.EACCES: _("Permission denied"),
        errno.EPERM: _("Operation not permitted"),
        errno.EISDIR: _("Is a directory"),
        errno.ENOTDIR: _("Not a directory"),
        errno.EEXIST: _("File exists"),
        errno.ENOSPC: _("No space left on device"),
        errno.EROFS: _("Read-only file system"),
        errno.ENAMETOOLONG: _("File name too long"),
        errno.EIO: _("Input/output error"),
    }
    return known.get(getattr(error, "errno", None) or 0) or getattr(error, "strerror", None) or str(error)
