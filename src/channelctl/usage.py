"""Wrong usage, said in both languages: the command line library says it in English only."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from channelctl.errors import ChannelctlError, UsageError
from channelctl.i18n import _, listed

_FEW = 8


def said(error: Exception, words: Sequence[str], program: Any) -> Exception:
    """A usage error of the command line library as ours; anything else as it is."""
    from typer.exceptions import TyperException

    if isinstance(error, ChannelctlError) or not isinstance(error, TyperException):
        return error
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else _path(words, program)
    return UsageError(_what(error, context, path, words), _("For help: {path} --help").format(path=path))


def _what(error: Any, context: Any, path: str, words: Sequence[str]) -> str:
    from channelctl.helping import named

    kind = type(error).__name__
    option = getattr(error, "option_name", "")
    parameter: Any = getattr(error, "param", None)
    if kind == "NoSuchOption":
        known = [name for parameter in context.command.params for name in parameter.opts] if context is not None else []
        below = next((word for word in words if word.startswith(option) and _is_number(word)), None)
        if below is not None and context is not None and any(map(_is_amount, context.command.params)):
            return _("the amount must be 0 or more, not {value}").format(value=below)
        near = _near(option, known)
        return _("no option {option}").format(option=option) + _meant(near)
    if kind == "BadOptionUsage":
        if any(word.startswith(f"{option}=") for word in words):
            return _("option {option} takes no value").format(option=option)
        return _("option {option} needs a value").format(option=option)
    if kind == "MissingParameter" and parameter is not None:
        name = named(parameter).removesuffix("...")
        if parameter.param_type_name == "option":
            return _("{option} is missing").format(option=f"{parameter.opts[0]} {name}")
        return _("{name} is missing").format(name=name)
    if kind == "BadParameter" and parameter is not None:
        name = parameter.opts[0] if parameter.param_type_name == "option" else named(parameter)
        if "integer" in error.message:
            return _("{name} is a whole number, such as 42").format(name=name)
        if "a valid number" in error.message:
            return _("{name} is a number, such as 42.5").format(name=name)
        if error.message == "Input should be greater than or equal to 0":
            return _("{name} cannot be negative").format(name=name)
        if re.fullmatch(r"Input should be (greater|less) than or equal to \d+", error.message):
            least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
            if least is not None and most is not None:
                return _("{name} is a whole number from {least} to {most}").format(name=name, least=least, most=most)
        return _("{name}: {reason}").format(name=name, reason=error.message)
    commands = getattr(getattr(context, "command", None), "commands", None)
    if commands:
        typed = [word for word in words if not word.startswith("-")]
        rest = typed[len(path.split()) - 1 :] or [words[-1]]
        place = next((place for place, word in enumerate(rest) if repr(word) in error.message), 0)
        near = _near(rest[place], commands)
        if near or not context.command.invoke_without_command:
            return _("no command “{word}”").format(word=rest[place]) + (_meant(near) or _there_are(commands))
        return _("not expected here: {words}").format(words=" ".join(rest[place:]))
    _before, bracket, extra = error.format_message().partition("unexpected extra argument(s) (")
    if bracket:
        return _("not expected here: {words}").format(words=extra.removesuffix(")"))
    return _("that cannot be understood: {reason}").format(reason=error.format_message())


def _is_amount(parameter: Any) -> bool:
    return (parameter.metavar or "").strip("[]") == "AMOUNT"


def _is_number(word: str) -> bool:
    return re.fullmatch(r"-[0-9][0-9,]*(\.[0-9]*)?", word) is not None


def _meant(near: Sequence[str]) -> str:
    return _(". Did you mean {names}?").format(names=listed(near)) if near else ""


def _there_are(commands: Iterable[str]) -> str:
    """The commands of a group, where they are few."""
    known = list(commands)
    return _(". There are: {names}").format(names=listed(known)) if len(known) <= _FEW else ""


def _path(words: Sequence[str], program: Any) -> str:
    """The command that the words name, as far as they do."""
    path = ["channelctl"]
    for word in words:
        below = getattr(program, "commands", {}).get(word)
        if below is not None:
            path.append(word)
            program = below
    return " ".join(path)


def _near(word: str, known: Iterable[str]) -> list[str]:
    """The one of several options or commands that a mistyped one is likest to; letters like no other letter."""
    plain = {name.lstrip("-"): name for name in known if len(name.lstrip("-")) > 1}
    return [plain[name] for name in difflib.get_close_matches(word.lstrip("-"), plain, 1, 0.6)]
