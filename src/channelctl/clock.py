"""The only reader of the clock."""

import datetime as dt
import os

from channelctl import settings
from channelctl.errors import UsageError
from channelctl.i18n import _


def today() -> dt.date:
    """The day of --known, else CHANNELCTL_TODAY (YYYY-MM-DD) if set, else the date here."""
    if settings.current.known is not None:
        return settings.current.known.day
    fixed = os.environ.get("CHANNELCTL_TODAY", "").strip()
    if not fixed:
        return dt.datetime.now().astimezone().date()
    try:
        return dt.date.fromisoformat(fixed)
    except ValueError:
        raise UsageError(
            _("CHANNELCTL_TODAY is “{value}”, not a date").format(value=fixed), _("Write it as 2024-05-31.")
        ) from None


def now() -> str:
    """This moment as ISO text in UTC, to the second; its date follows CHANNELCTL_TODAY."""
    moment = dt.datetime.now(dt.UTC)
    if os.environ.get("CHANNELCTL_TODAY", "").strip():
        moment = dt.datetime.combine(today(), dt.time(), dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
