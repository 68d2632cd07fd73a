"""Wrong usage, said in both languages: the command line library says it in English only."""

import difflib
from collections.abc import Sequence
from typing import Any

from channelctl.errors import ChannelctlError, UsageError
from channelctl.i18n import _


def said(error: Exception, words: Sequence[str]) -> Exception:
    """A usage error of the command line library as ours; anything else as it is."""
    from typer.exceptions import TyperException

    if isinstance(error, ChannelctlError) or not isinstance(error, TyperException):
        return error
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "channelctl"
    help_ = _("For help: {path} --help").format(path=path)
    option = getattr(error, "option_name", None)
    kind = type(error).__name__
    if kind == "NoSuchOption" and option:
        near = _near(option, _options(context)) or list(getattr(error, "possibilities", None) or ())[:1]
        message = _("no option {option}").format(option=option)
        if near:
            message += _(". Did you mean {names}?").format(names=", ".join(near))
        return UsageError(message, help_)
    if kind == "BadOptionUsage" and option:
        return UsageError(_("option {option} needs a value").format(option=option), help_)
    if kind == "MissingParameter":
        parameter: Any = getattr(error, "param", None)
        name = parameter.make_metavar(context) if parameter is not None and context is not None else ""
        return UsageError(_("{name} is missing").format(name=name), help_)
    if kind == "BadParameter":
        parameter = getattr(error, "param", None)
        name = parameter.opts[0] if parameter is not None and parameter.opts else ""
        return UsageError(_("{name}: {reason}").format(name=name, reason=error.message), help_)
    commands = getattr(getattr(context, "command", None), "commands", None)
    if commands:
        word = next((word for word in words if not word.startswith("-") and word not in path.split()), "")
        near = _near(word, list(commands))
        message = _("no command “{word}”").format(word=word)
        if near:
            message += _(". Did you mean {names}?").format(names=", ".join(near))
        return UsageError(message, help_)
    return UsageError(_("that cannot be understood: {reason}").format(reason=error.format_message()), help_)


def _options(context: Any) -> list[str]:
    return [option for parameter in context.command.params for option in parameter.opts] if context is not None else []


def _near(word: str, known: list[str]) -> list[str]:
    return difflib.get_close_matches(word, known, 1, 0.5)
