"""Where notices go: addresses, and names of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.notices.policy import masked

OFFICE = "{office}"
_MAIL = re.compile(r"[^\s:/@,]+@[^\s:/@,]+")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


@dataclass(frozen=True)
class Address:
    """Where a notice goes; it may hold a secret, and only `shown` is for people."""

    url: str = field(repr=False)
    name: str = ""

    @property
    def scheme(self) -> str:
        """How it is sent: mailto, json+https, dingtalk …"""
        return self.url.partition(":")[0].lower()

    @property
    def is_mail(self) -> bool:
        """Whether it is mail that we send ourselves; with // after it, it is a service's."""
        return self.scheme == "mailto" and not self.url[7:].startswith("//")

    @property
    def shown(self) -> str:
        """Its name, and what of it is no secret."""
        hidden = masked(self.url)
        return f"{self.name} ({hidden})" if self.name else hidden


def is_of_offices(word: str, names: Mapping[str, str]) -> bool:
    """Whether an address, or what a name stands for, is another for each office."""
    return OFFICE in word or OFFICE in names.get(word, "")


def resolve(word: str, office: str | None, names: Mapping[str, str]) -> Address:
    """The address that is written or named, an office's code in the place of {office}.

    Raises:
        UsageError: it is none; it is another for each office, and no office is asked for.
    """
    if office is None and is_of_offices(word, names):
        raise UsageError(
            _("an address with {place} needs an office").format(place=OFFICE),
            _("Add --office or --all-offices, or name another address."),
        )
    filled = word.replace(OFFICE, office or "")
    url, name = (names[filled], filled) if filled in names else (word, "")
    url = url.replace(OFFICE, quote(office or "", safe=""))
    if _MAIL.fullmatch(url):
        url = f"mailto:{url}"
    if not _URL.fullmatch(url):
        raise _no_address(filled, names, is_name=bool(name))
    return Address(url, name)


def _no_address(word: str, names: Mapping[str, str], is_name: bool) -> UsageError:
    if is_name:
        text = _("what [notify] names {name} is no address").format(name=word)
    elif ":" in word:
        text = _("“{value}” is no address").format(value=masked(word))
    else:
        text = _("“{value}” is neither an address nor the name of one").format(value=word)
    hint = _("Addresses: mailto:NAME@HOST, json+https://HOST/PATH, dingtalk://TOKEN, wecombot://KEY, feishu://TOKEN …")
    if names:
        hint += "\n" + _("Names in [notify]: {names}").format(names=listed(names))
    return UsageError(text, hint)
