"""A webhook of one's own: title, text and the file's name as JSON."""

import base64
import http.client
import json
from functools import partial
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from channelctl import __version__
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.notices import Channel, Notice
from channelctl.notices.addresses import Address
from channelctl.notices.policy import NotifyPolicy
from channelctl.notices.trying import answered, unanswered, unreached
from channelctl.notices.wording import file_name

SCHEMES = ("json+https", "json+http")


class _Staying(HTTPRedirectHandler):
    """Goes nowhere else: what is posted would be lost on the way."""

    def redirect_request(self, *_args: Any) -> None:
        return None


def ready(address: Address, policy: NotifyPolicy) -> Channel:
    """What posts to an address.

    Raises:
        UsageError: the address names no host.
    """
    try:
        parts = urlsplit(address.url.partition("+")[2])
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise UsageError(
            _("“{value}” is no address").format(value=address.shown), _("Write it as json+https://HOST/PATH.")
        )
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"channelctl/{__version__}"}
    login, _at, place = parts.netloc.rpartition("@")
    if login:
        headers["Authorization"] = "Basic " + base64.b64encode(unquote(login).encode()).decode()
    path = quote(parts.path or "/", safe="/%:=&+$,;@!~*'()")
    query = quote(parts.query, safe="/%:=&+$,;@!~*'()?")
    url = f"{parts.scheme}://{place}{path}" + (f"?{query}" if query else "")
    return partial(_post, url, headers, policy.timeout)


def _post(url: str, headers: dict[str, str], timeout: int, notice: Notice) -> None:
    said = {"title": notice.title, "text": notice.markdown, "file": file_name(notice.file)}
    request = Request(url, json.dumps(said, ensure_ascii=False).encode(), headers, method="POST")  # noqa: S310
    try:
        with build_opener(_Staying).open(request, timeout=timeout):
            return
    except HTTPError as error:
        with error:
            raise answered(error.code, error.headers.get("Retry-After")) from None
    except URLError as error:
        raise unreached(error.reason if isinstance(error.reason, Exception) else error, timeout) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise unanswered(error, timeout) from None
