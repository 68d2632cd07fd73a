"""[notify]: where notices go by which name, and how they are sent."""

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer

from channelctl.i18n import _

# Of other addresses, what stands in the place of a host may be the secret itself.
_WITH_HOST = re.compile(r"(?:json\+https?|smtps?)://", re.IGNORECASE)


def masked(url: str) -> str:
    """An address as it may be shown: how it is sent and by which host; who and with which secret is left out."""
    scheme, colon, rest = url.partition(":")
    if not colon:
        return "…" if url else ""
    if scheme.lower() == "mailto" and not rest.startswith("//"):
        people = rest.partition("?")[0].split(",")
        return f"{scheme}:" + ",".join(dict.fromkeys(f"…{at}{host}" for _who, at, host in map(_parted, people)))
    if _WITH_HOST.match(url):
        return f"{scheme}://{_host(rest)}"
    return f"{scheme}://…"


def _parted(person: str) -> tuple[str, str, str]:
    """Who, and where; without @ it is nobody's mail."""
    return person.rpartition("@") if "@" in person else (person, "", "")


def _host(rest: str) -> str:
    """The host and port of what follows a scheme."""
    try:
        return urlsplit(f"//{rest.removeprefix('//').rpartition('@')[2]}").netloc
    except ValueError:
        return "…"


def _as_text(value: Any) -> Any:
    """A text; what else it is must not be told, for it may hold a secret."""
    if not isinstance(value, str):
        raise ValueError(_("an address is text in quotation marks"))
    return value


def _as_names(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(_('names are a section of their own: boss = "mailto:…"'))
    return value


Secret = Annotated[str, BeforeValidator(_as_text), PlainSerializer(masked, when_used="json")]


class NotifyPolicy(BaseModel, extra="forbid", frozen=True):
    """Names of addresses, the mail server, and how often and how long something is tried."""

    names: Annotated[dict[str, Secret], BeforeValidator(_as_names)] = {}
    smtp: Secret = ""
    sender: str = ""
    netrc: str = ""
    tries: int = Field(default=3, ge=1, le=10)
    pause: int = Field(default=5, ge=0, le=600)
    longest_pause: int = Field(default=60, ge=0, le=3600)
    timeout: int = Field(default=30, ge=1, le=600)
