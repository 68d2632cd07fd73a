"""The program: mounts the systems, and turns every error into text and an exit code."""

import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from channelctl import __version__

if TYPE_CHECKING:
    import typer

# Options that may stand anywhere on the line, and whether a value follows.
_ANYWHERE = {"--db": True, "--lang": True, "--policy": True, "--wait": True, "--debug": False}
_LONGEST_WAIT = 86_400
# A shorter one would be found in words that have nothing to do with it.
_SHORTEST_SECRET = 4


def run(words: Sequence[str]) -> int:
    """Run a command line; returns its exit code, whatever becomes of the streams meanwhile."""
    from channelctl import errors, i18n, settings, streams
    from channelctl.i18n import _, reason

    i18n.use(i18n.from_environment())
    streams.ready()
    try:
        code, lost = _answer(words), None
    except OSError as error:
        code, lost = errors.DONE, error
    for remark in settings.current.remarks:
        _remark(remark)
    lost = streams.let_go() or lost
    if lost is None or code or streams.has_left(lost):
        return code
    _complain(
        _("the result cannot be written: {reason}").format(reason=reason(lost)),
        _("What was stored stays stored. To see the result: --output FILE, on a disk with room."),
    )
    return errors.FINDINGS


def command(words: Sequence[str]) -> int:
    """Run one command; wrong usage raises."""
    import typer

    from channelctl.report import out
    from channelctl.usage import said

    whole = parser()
    try:
        # Not `whole.main`: it makes exit codes of its own out of Ctrl-C and of a pipe that closes.
        with whole.make_context("channelctl", list(words) or ["--help"]) as context:
            whole.invoke(context)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.exceptions.TyperException as error:
        if type(error).__name__ != "NoArgsIsHelpError":
            raise said(error, words, whole) from error
        out.say(f"{error.message}\n", sys.stdout)
    return 0


def _answer(words: Sequence[str]) -> int:
    """The exit code of a command line; raises only what a stream brought about."""
    from channelctl import errors, settings, streams
    from channelctl.i18n import _

    try:
        rest = _settle(list(words))
        return _version() if rest in (["--version"], ["-V"]) else command(rest)
    except errors.ChannelctlError as error:
        _complain(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _complain(_("interrupted; what was being written was rolled back"), "")
        return errors.INTERRUPTED
    except Exception as error:
        if errors.out_of_memory(error):
            _complain(_("there is not enough memory for this; what was being written was rolled back"), "")
            return errors.REFUSED
        if isinstance(error, OSError) and streams.failed(error):
            raise
        return _bug(error, settings.current.debug)


def _version() -> int:
    from channelctl.report import out

    out.say(f"channelctl {__version__}\n", sys.stdout)
    return 0


@cache
def parser() -> Any:
    """The program as it answers command lines: made once, for most of a short command's time goes into that."""
    import typer

    return typer.main.get_command(program())


def program() -> "typer.Typer":
    """The whole program: its own commands, then every system's in order."""
    from importlib import import_module, util

    import typer

    from channelctl import helping
    from channelctl.commands import (
        batch,
        database,
        exporting,
        importing,
        knowing,
        mapping,
        packing,
        planning,
        touring,
        whatif,
    )
    from channelctl.i18n import _
    from channelctl.systems import SYSTEMS

    app = typer.Typer(
        name="channelctl",
        help=_("Sales sheets in, tiers and office scores out."),
        epilog=_("Anywhere on the line: --db PATH, --lang en|zh, --policy FILE, --wait SECONDS, --debug."),
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    planning.mount()
    app.add_typer(importing.app)
    app.add_typer(exporting.app)
    for system in SYSTEMS:
        place = f"channelctl.systems.{system}.cli"
        if util.find_spec(place):
            app.add_typer(import_module(place).app)
    app.add_typer(whatif.app())
    app.add_typer(packing.app)
    app.add_typer(mapping.app)
    app.add_typer(batch.app)
    app.add_typer(database.app)
    app.add_typer(touring.app)
    app.add_typer(knowing.app)
    helping.dress(app)
    return app


def _settle(words: list[str]) -> list[str]:
    """Take the options that may stand anywhere off the line and put them in force."""
    from channelctl import i18n, places, settings
    from channelctl.errors import UsageError
    from channelctl.i18n import _

    settings.current.secrets = places.secrets([*words, os.environ.get("CHANNELCTL_DB", "")])
    taken, rest = _split(words)
    for name, value in taken.items():
        if not value and _ANYWHERE[name]:
            raise UsageError(_("option {option} needs a value").format(option=name))
    language = taken.get("--lang")
    if language is not None:
        if language not in i18n.LANGUAGES:
            raise UsageError(_("--lang is en or zh, not “{value}”").format(value=language))
        i18n.use(language)
    current = settings.current
    current.database = taken.get("--db") or ""
    current.policy = Path(taken["--policy"] or "") if "--policy" in taken else None
    current.debug = "--debug" in taken
    current.command = rest[:2]
    current.remarks = []
    if places.secrets(words):
        current.remarks.append(
            _(
                "the password in that URL can be seen by others on this machine, and stays in the shell's history: keep"
                " it in PGPASSFILE (~/.pgpass), a service file or the keyring"
            )
        )
    current.wait = _seconds(taken["--wait"] or "") if "--wait" in taken else None
    if rest[:2] != ["db", "copy"] and any(map(places.is_url, rest)):
        raise UsageError(_("the URL of a database stands behind --db"), "channelctl --db postgresql://… …")
    return rest


def _seconds(text: str) -> float:
    from channelctl.errors import UsageError
    from channelctl.i18n import _

    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST_WAIT:
        raise UsageError(_("--wait takes seconds, not “{value}”").format(value=text))
    return seconds


def _split(words: list[str]) -> tuple[dict[str, str | None], list[str]]:
    taken: dict[str, str | None] = {}
    rest: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            return taken, [*rest, word, *left]
        if name not in _ANYWHERE:
            rest.append(word)
        elif equals or not _ANYWHERE[name]:
            taken[name] = value
        else:
            taken[name] = left.pop(0) if left else None
    return taken, rest


def _complain(message: str, hint: str) -> None:
    from channelctl.i18n import _
    from channelctl.report import safe

    lines = [_("channelctl: error: {message}").format(message=message), *hint.splitlines()]
    _say("\n".join(safe.shown(line) for line in lines))


def _remark(text: str) -> None:
    from channelctl.report import safe

    _say(safe.shown(text))


def _say(text: str) -> None:
    """To stderr, whatever it can show, if it is there at all."""
    from channelctl.report import out

    out.remark(_without_secrets(text))


def _without_secrets(text: str) -> str:
    from channelctl import settings

    for secret in settings.current.secrets:
        text = text.replace(secret, "…") if len(secret) >= _SHORTEST_SECRET else text
    return text


def _bug(error: Exception, debug: bool) -> int:
    """Something we did not foresee: one line for the person, the traceback into a file, with --debug on the screen."""
    import tempfile
    import traceback

    from channelctl import errors
    from channelctl.i18n import _

    told = f"channelctl {__version__}\n{''.join(traceback.format_exception(error))}"
    if debug:
        _say(told)
        return errors.BUG
    kind = type(error).__name__
    line = _("channelctl: this is a bug in channelctl ({kind}); to see where, run it again with --debug")
    try:
        handle, name = tempfile.mkstemp(prefix="channelctl-bug-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(_without_secrets(told))
        line = _("channelctl: this is a bug in channelctl ({kind}); please report it with the file {path}")
        _say(line.format(kind=kind, path=name))
    except OSError:
        _say(line.format(kind=kind))
    return errors.BUG
