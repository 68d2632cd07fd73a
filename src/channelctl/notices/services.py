"""Notices to chats and other services, by apprise where it is installed."""

import logging
import re
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from importlib import util
from json import dumps
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.notices import Channel, Notice, UnsentError
from channelctl.notices.addresses import Address
from channelctl.notices.policy import NotifyPolicy
from channelctl.notices.trying import answered, hushed, unanswered, unreached
from channelctl.notices.wording import cut, file_name

if TYPE_CHECKING:
    import requests

# How much these take is counted in bytes, of what is sent or of its text.
_COUNTED: Mapping[str, Callable[[str], int]] = {
    "dingtalk": lambda text: len(dumps(text)),
    "feishu": lambda text: len(text.encode()),
    "wecombot": lambda text: len(text.encode()),
}
# Where these say no, under a good HTTP status.
_ANSWERS = {"dingtalk": ("errcode", "errmsg"), "feishu": ("code", "msg"), "wecombot": ("errcode", "errmsg")}
# What the title, and what stands around it, may take of that.
_ROOM = 200


def ready(address: Address, policy: NotifyPolicy) -> Channel:
    """What sends to an address.

    Raises:
        RefusedError: apprise is not installed.
        UsageError: it knows no service of that address.
    """
    if not util.find_spec("apprise"):
        raise RefusedError(
            _("{address} needs the extra “notify”, which is not installed").format(address=address.shown),
            _("Install channelctl[notify]; mailto: and json+https: go without it."),
        )
    with _quiet():
        from apprise import Apprise, AppriseAsset

        asset = AppriseAsset(async_mode=False, app_id="channelctl")
        # Where there is a limit to the whole beside those of each answer, it stands for nothing.
        asset._service_timeout = 0.0
        service = Apprise.instantiate(address.url, asset=asset)
    if service is None:
        raise UsageError(
            _("no service has such an address: {address}").format(address=address.shown),
            _("How they are written: https://appriseit.com/services/"),
        )
    service.socket_connect_timeout = service.socket_read_timeout = float(policy.timeout)
    return partial(_send, address, service, asset, policy.timeout)


def _send(address: Address, service: Any, asset: Any, timeout: int, notice: Notice) -> None:
    from apprise import Apprise

    takes_files = bool(service.attachment_support)
    text = notice.markdown if takes_files else f"{notice.markdown}\n\n{file_name(notice.file)}"
    size = _COUNTED.get(address.scheme, len)
    room = service.body_maxlen - size(notice.title) * 2 - _ROOM
    with _quiet() as warned, _heard() as heard:
        to = Apprise(asset=asset)
        to.add(service)
        went = to.notify(
            title=notice.title,
            body=cut(text, max(room, _ROOM), size),
            body_format="markdown",
            attach=str(notice.file) if takes_files else None,
        )
    faults = [_fault(one, address, timeout) for one in heard]
    found = next(filter(None, faults), None)
    if found is not None:
        raise UnsentError(found.reason, found.again and found is faults[0], found.after)
    if not went:
        raise UnsentError(hushed("; ".join(warned), _secrets(address)) or _("the service did not take it"))


def _fault(
    heard: "requests.Response | requests.RequestException", address: Address, timeout: int
) -> UnsentError | None:
    """What was wrong with an answer, or with its not coming; chats say no with a code of their own in a good answer."""
    import requests

    if isinstance(heard, requests.RequestException):
        reached = not isinstance(heard, requests.ConnectTimeout) and "NewConnectionError" not in repr(heard)
        return unanswered(_broken(heard), timeout) if reached else unreached(_broken(heard), timeout)
    if heard.status_code >= HTTPStatus.BAD_REQUEST:
        return answered(heard.status_code, heard.headers.get("Retry-After"))
    code, text = _ANSWERS.get(address.scheme, ("", ""))
    try:
        said = heard.json() if code else {}
    except ValueError:
        return None
    if not isinstance(said, dict) or not said.get(code):
        return None
    told = hushed(f"{said[code]} {said.get(text, '')}", _secrets(address))
    return UnsentError(_("the service answers {answer}").format(answer=told))


def _broken(error: "requests.RequestException") -> Exception:
    """What broke, without the library's words, in which the address stands."""
    import requests

    if isinstance(error, requests.Timeout):
        return TimeoutError()
    if isinstance(error, requests.exceptions.SSLError):
        return ssl.SSLError(0, "SSL")
    text = repr(error)
    if "NameResolutionError" in text:
        return socket.gaierror()
    return ConnectionRefusedError() if "refused" in text else ConnectionResetError()


def _secrets(address: Address) -> list[str]:
    """All parts of an address, any of which may be the secret."""
    rest = address.url.partition(":")[2]
    return [address.url, rest, *map(unquote, parts := re.split(r"[/?&=@:,]+", rest)), *parts]


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """What is warned of meanwhile, in place of its being told to everybody, for the address may stand in it."""
    warned: list[str] = []
    handler, logger = logging.Handler(logging.WARNING), logging.getLogger("apprise")
    handler.emit = lambda record: warned.append(record.getMessage())  # type: ignore[method-assign]
    others = logging.getLogger("urllib3")
    held = logger.propagate, others.level
    logger.propagate = False
    logger.addHandler(handler)
    others.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield warned
    finally:
        logger.removeHandler(handler)
        logger.propagate = held[0]
        others.setLevel(held[1])


@contextmanager
def _heard() -> "Iterator[list[requests.Response | requests.RequestException]]":
    """What services answer meanwhile: apprise itself tells no more than yes or no, and yes whatever a chat says."""
    import requests

    found: list[requests.Response | requests.RequestException] = []
    held = requests.Session.request

    def asked(*args: Any, **given: Any) -> requests.Response:
        try:
            answer = held(*args, **given)
        except requests.RequestException as error:
            found.append(error)
            raise
        found.append(answer)
        return answer

    requests.Session.request = asked  # type: ignore[method-assign]
    try:
        yield found
    finally:
        requests.Session.request = held  # type: ignore[method-assign]
