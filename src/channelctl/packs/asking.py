"""The report that a command line gives, handed over in place of being shown."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from channelctl import settings
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.report import Report, catching

_FORMAT, _OUTPUT = "report_format", "report_output"
_OF_A_PACK = "--known"
# The verbs of commands that write whatever else a line says.
_WRITING = frozenset(
    (
        *("add", "apply", "approve", "close", "copy", "edit", "erase", "freeze", "import", "investigate", "load"),
        *("merge", "recover", "refuse", "release", "remove", "set", "settle", "unapply", "undo", "writeoff"),
    )
)


def ask(words: Sequence[str]) -> Report:
    """The report of a command line, which writes nothing.

    Raises:
        UsageError: there is no such command or option, or the command gives no report.
        ChannelctlError: whatever the command itself refuses.
    """
    from channelctl import cli

    options(words)
    with settings.reading(), catching() as found:
        cli.command(words)
    if not found:
        raise _silent(words)
    return replace(found[-1], exit_code=0)


def options(words: Sequence[str]) -> set[str]:
    """The options that the command of a line takes: --office, --month …

    Raises:
        UsageError: there is no such command, it gives no report or writes, or the line says what a pack says.
    """
    command = _command(words)
    parameters = {parameter.name: parameter.opts for parameter in getattr(command, "params", ())}
    if _FORMAT not in parameters or "--help" in words:
        raise _silent(words)
    if command.name in _WRITING:
        raise UsageError(
            _("nothing can be written in a pack of reports, under another policy, or from what was known earlier"),
            _("Run the command by itself, without --known."),
        )
    for word in words:
        if word.partition("=")[0] in (*parameters[_FORMAT], *parameters[_OUTPUT]):
            raise _of_a_pack(word, words)
    return {option for opts in parameters.values() for option in opts if option.startswith("--")}


def _of_a_pack(word: str, words: Sequence[str]) -> UsageError:
    """An option that no line of a pack may have."""
    return UsageError(
        _("{option} is said of a whole pack, not of a report in it").format(option=word),
        _("Take it out of “{line}”.").format(line=shlex.join(words)),
    )


def _silent(words: Sequence[str]) -> UsageError:
    """A line that gives nothing to gather."""
    return UsageError(
        _("“{line}” gives no report").format(line=shlex.join(words)), _("Name a command that shows a result.")
    )


def completed(words: Sequence[str], given: Mapping[str, str]) -> tuple[str, ...]:
    """A line with those of the options given that its command takes and that it does not name itself.

    Raises:
        UsageError: the line says from when its data are to be known, which is one for all of a pack.
    """
    known, own = options(words), {word.partition("=")[0] for word in words}
    for word in words:
        if word.partition("=")[0] == _OF_A_PACK:
            raise _of_a_pack(word, words)
    added = [word for name, value in given.items() if name in known - own for word in (name, value)]
    return (*words, *added)


def _command(words: Sequence[str]) -> Any:
    """The command that a line runs."""
    from channelctl import cli

    whole = found = cli.parser()
    for word in words:
        below = getattr(found, "commands", {}).get(word)
        if below is None:
            break
        found = below
    if found is whole:
        raise UsageError(
            _("“{line}” is no command").format(line=shlex.join(words)), _("channelctl --help lists them all.")
        )
    return found
