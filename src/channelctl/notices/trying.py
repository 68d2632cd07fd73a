"""Sending again what was not taken, after a while; and why it was not."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus

from channelctl.i18n import _, ngettext, reason
from channelctl.notices import UnsentError
from channelctl.notices.policy import NotifyPolicy
from channelctl.report import safe


def persist(send: Callable[[], None], policy: NotifyPolicy) -> None:
    """Send, and again where nothing was taken.

    Raises:
        UnsentError: it did not go, for good.
    """
    pause = float(policy.pause)
    for number in range(1, policy.tries + 1):
        try:
            return send()
        except UnsentError as error:
            wait = pause if error.after is None else error.after
            if not error.again or number == policy.tries or wait > policy.longest_pause:
                tries = ngettext("{count} try", "{count} tries", number).format(count=number)
                raise UnsentError(f"{error.reason} ({tries})" if number > 1 else error.reason) from None
            time.sleep(wait)
            pause = min(2 * pause, policy.longest_pause)
    return None


def unreached(error: Exception, seconds: float) -> UnsentError:
    """Nobody could be reached: nothing was taken; a certificate does not become good by waiting."""
    return UnsentError(cause(error, seconds), again=not isinstance(error, ssl.SSLError))


def unanswered(error: Exception, seconds: float) -> UnsentError:
    """All was said, and no answer came: sent again, it might arrive twice."""
    return UnsentError(_("{reason}; it may have arrived all the same").format(reason=cause(error, seconds)))


def answered(code: int, after: str | None) -> UnsentError:
    """A service answered that it did not take it; of a moment that it names by its date we know nothing."""
    seconds = float(after) if after and after.strip().isdecimal() else None
    phrase = next((one.phrase for one in HTTPStatus if one == code), "")
    text = _("the service answers {answer}").format(answer=f"{code} {phrase}".strip())
    return UnsentError(text, again=code == HTTPStatus.TOO_MANY_REQUESTS or code >= 500, after=seconds)


def cause(error: Exception, seconds: float) -> str:
    """Why a connection did not come about, or broke."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("the server's certificate is not trusted: {reason}").format(reason=error.verify_message)
    if isinstance(error, ssl.SSLError):
        return _("no encrypted connection: {reason}").format(reason=error.reason or type(error).__name__)
    if isinstance(error, ConnectionRefusedError):
        return _("the connection was refused")
    if isinstance(error, TimeoutError):
        return _("no answer within {seconds} seconds").format(seconds=f"{seconds:g}")
    if isinstance(error, socket.gaierror):
        return _("there is no such host")
    if isinstance(error, ConnectionError):
        return _("the connection was broken off")
    return reason(error) if isinstance(error, OSError) and error.strerror else type(error).__name__


def hushed(text: str, secrets: Iterable[str]) -> str:
    """What somebody else said, on one line, without the secrets that may be quoted in it."""
    for secret in sorted({one for one in secrets if len(one) > 2}, key=len, reverse=True):
        text = text.replace(secret, "…")
    return safe.shown(" ".join(text.split()))[:300]
