"""Notices by mail, the file attached."""

import re
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from functools import partial
from urllib.parse import unquote

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, reason
from channelctl.notices import Channel, Notice, UnsentError
from channelctl.notices.addresses import Address
from channelctl.notices.mailserver import Server, answer, connect, server
from channelctl.notices.policy import NotifyPolicy
from channelctl.notices.trying import unanswered
from channelctl.notices.wording import file_name

_PERSON = re.compile(r"[^\s@<>,;:\"\\]+@[^\s@<>,;:\"\\]+")
_TYPES = {
    ".html": ("text", "html"),
    ".json": ("application", "json"),
    ".md": ("text", "markdown"),
    ".pdf": ("application", "pdf"),
    ".txt": ("text", "plain"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def ready(address: Address, policy: NotifyPolicy) -> Channel:
    """What sends mail to an address.

    Raises:
        UsageError: it names nobody who can get mail.
        RefusedError: it is not known by which server, or from whom.
    """
    people = [unquote(one) for one in address.url.partition(":")[2].split(",")]
    if not all(_PERSON.fullmatch(one) for one in people):
        raise UsageError(
            _("“{value}” is no address").format(value=address.shown), _("Write it as mailto:NAME@HOST,NAME@HOST.")
        )
    by = server(policy)
    sender = policy.sender or (by.user if _PERSON.fullmatch(by.user) else "")
    if not _PERSON.fullmatch(sender):
        raise RefusedError(
            _("it is not known from whom mail is to come"), _('In [notify] of the policy: sender = "NAME@HOST"')
        )
    return partial(_send, by, sender, people, policy.timeout)


def _send(by: Server, sender: str, people: Sequence[str], timeout: int, notice: Notice) -> None:
    message = _message(sender, people, notice)
    hidden = (*by.secrets, *people)
    mail = connect(by, timeout)
    try:
        refused = mail.send_message(message, sender, list(people))
    except smtplib.SMTPRecipientsRefused as error:
        code, text = max(error.recipients.values(), key=lambda one: one[0])
        raise answer(code, text, hidden) from None
    except smtplib.SMTPResponseException as error:
        raise answer(error.smtp_code, error.smtp_error, hidden) from None
    except smtplib.SMTPNotSupportedError:
        raise UnsentError(_("the mail server takes ASCII addresses only")) from None
    except (OSError, smtplib.SMTPException) as error:
        broken = error if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException) else None
        raise unanswered(broken or ConnectionResetError(), timeout) from None
    finally:
        with suppress(OSError, smtplib.SMTPException):
            mail.quit()
        mail.close()
    if refused:
        code, text = max(refused.values(), key=lambda one: one[0])
        left = _("{count} of {all} people do not get it").format(count=len(refused), all=len(people))
        raise UnsentError(f"{left}: {answer(code, text, hidden).reason}")


def _message(sender: str, people: Sequence[str], notice: Notice) -> EmailMessage:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["Subject"] = notice.title
    message["From"] = sender
    message["To"] = ", ".join(people)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(notice.plain + "\n")
    try:
        data = notice.file.read_bytes()
    except OSError as error:
        raise UnsentError(_("the file cannot be read: {reason}").format(reason=reason(error))) from None
    main, sub = _TYPES.get(notice.file.suffix.lower(), ("application", "octet-stream"))
    message.add_attachment(data, maintype=main, subtype=sub, filename=file_name(notice.file))
    return message
