"""Libraries that only extras install."""

from importlib import import_module
from typing import Any

from channelctl.errors import RefusedError
from channelctl.i18n import _


def library(module: str, extra: str) -> Any:
    """A module that an extra of ours brings along.

    Raises:
        RefusedError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise RefusedError(
            _("this needs {library}, which is not installed here").format(library=module.partition(".")[0]),
            _('Install it: pip install "channelctl[{extra}]"').format(extra=extra),
        ) from error
