"""The mail server: which one it is, and a connection to it that keeps a password to itself."""

import netrc
import os
import smtplib
import socket
import ssl
import stat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from channelctl.errors import RefusedError
from channelctl.i18n import _, reason
from channelctl.notices import UnsentError
from channelctl.notices.policy import NotifyPolicy
from channelctl.notices.trying import hushed, unreached

SERVER, PASSWORD = "CHANNELCTL_SMTP", "CHANNELCTL_SMTP_PASSWORD"
_PORTS = {"smtp": 587, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")


class Server(NamedTuple):
    """A mail server; `encrypted` is it from the first byte, otherwise as soon as it offers that."""

    host: str
    port: int
    user: str
    password: str
    encrypted: bool

    @property
    def secrets(self) -> tuple[str, str]:
        """What must not be told."""
        return self.user, self.password


def server(policy: NotifyPolicy) -> Server:
    """The server in force: CHANNELCTL_SMTP, else that of the policy.

    Raises:
        RefusedError: there is none, it is no address of one, or its password is not known.
    """
    url = os.environ.get(SERVER, "").strip() or policy.smtp
    example = _("{name}=smtp://USER@HOST:587, or smtps:// where it is encrypted from the start.").format(name=SERVER)
    if not url:
        raise RefusedError(
            _("no server is named to send mail by"), _("In the environment, or as smtp in [notify]: ") + example
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if parts.scheme not in _PORTS or not host:
        raise RefusedError(_("the mail server is not written as an address of one"), example)
    user = unquote(parts.username or "")
    password = ""
    if user:
        password = os.environ.get(PASSWORD, "") or unquote(parts.password or "") or _kept(policy.netrc, host, user)
        if not password:
            raise RefusedError(
                _("the password for the mail server is not known"),
                _("Set {name}, or name a file as netrc in [notify].").format(name=PASSWORD),
            )
    return Server(host, port or _PORTS[parts.scheme], user, password, parts.scheme == "smtps")


def connect(to: Server, timeout: int) -> smtplib.SMTP:
    """A connection that a mail can be handed to.

    Raises:
        UnsentError: there is none, or the server does not let us in.
    """
    try:
        if to.encrypted:
            mail: smtplib.SMTP = smtplib.SMTP_SSL(
                to.host, to.port, timeout=timeout, context=ssl.create_default_context()
            )
        else:
            mail = smtplib.SMTP(to.host, to.port, timeout=timeout)
    except smtplib.SMTPResponseException as error:
        raise answer(error.smtp_code, error.smtp_error, to.secrets) from None
    except (OSError, smtplib.SMTPException) as error:
        raise unreached(_plain(error), timeout) from None
    try:
        _enter(mail, to)
    except smtplib.SMTPResponseException as error:
        mail.close()
        raise answer(error.smtp_code, error.smtp_error, to.secrets) from None
    except smtplib.SMTPNotSupportedError:
        mail.close()
        raise UnsentError(_("the mail server takes no password in a way that is known here")) from None
    except (OSError, smtplib.SMTPException) as error:
        mail.close()
        raise unreached(_plain(error), timeout) from None
    except UnsentError:
        mail.close()
        raise
    return mail


def answer(code: int, text: bytes | str, secrets: tuple[str, ...]) -> UnsentError:
    """A server said no: with 4.. for now, with 5.. for good."""
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = _("the mail server answers {answer}").format(answer=f"{code} {hushed(told, secrets)}".strip())
    return UnsentError(line, again=400 <= code < 500)


def _enter(mail: smtplib.SMTP, to: Server) -> None:
    mail.ehlo_or_helo_if_needed()
    if not to.encrypted and mail.has_extn("starttls"):
        mail.starttls(context=ssl.create_default_context())
        mail.ehlo()
    elif not to.encrypted and to.user and to.host not in _HERE:
        raise UnsentError(_("the mail server offers no encryption, and the password is not sent without"))
    if to.user:
        mail.login(to.user, to.password)


def _plain(error: Exception) -> Exception:
    """The connection that broke, where the library has a word of its own for it."""
    if isinstance(error, smtplib.SMTPException):
        return error.__context__ if isinstance(error.__context__, OSError) else ConnectionResetError()
    return TimeoutError() if isinstance(error, socket.timeout) else error


def _kept(file: str, host: str, user: str) -> str:
    """The password that a netrc file has for a host and user, "" where it has none."""
    if not file:
        return ""
    where = Path(file).expanduser() if not file.startswith("~") or os.environ.get("HOME") else Path(file)
    try:
        if os.name != "nt" and stat.S_IMODE(where.stat().st_mode) & 0o077:
            raise RefusedError(
                _("{file} holds passwords, and others may read it").format(file=where), f"chmod 600 {where}"
            )
        found = netrc.netrc(str(where)).authenticators(host)
    except OSError as error:
        raise RefusedError(
            _("{file} cannot be read: {reason}").format(file=where, reason=reason(error)),
            _("Correct netrc in [notify], or set {name}.").format(name=PASSWORD),
        ) from None
    except (netrc.NetrcParseError, UnicodeDecodeError) as error:
        raise RefusedError(
            _("{file} is not written as netrc is, line {line}").format(file=where, line=getattr(error, "lineno", 1)),
            _("A line of it: machine HOST login USER password PASSWORD"),
        ) from None
    return (found[2] or "") if found is not None and found[0] == user else ""
