"""The program: mounts the systems, and turns every error into text and an exit code."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from channelctl import __version__

if TYPE_CHECKING:
    import typer

# Options that may stand anywhere on the line, and whether a value follows.
_ANYWHERE = {"--db": True, "--lang": True, "--policy": True, "--wait": True, "--debug": False}


def run(words: Sequence[str]) -> int:
    """Run a command line; returns its exit code."""
    from channelctl import errors, i18n, settings
    from channelctl.i18n import _

    i18n.use(i18n.from_environment())
    try:
        return command(_settle(list(words)))
    except errors.ChannelctlError as error:
        _complain(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _complain(_("interrupted; what was being written was rolled back"), "")
        return errors.INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None
        os.close(1)
        return errors.DONE
    except Exception as error:
        if settings.current.debug:
            raise
        return _bug(error)


def command(words: Sequence[str]) -> int:
    """Run one command; wrong usage raises."""
    import typer

    from channelctl.usage import said

    whole = typer.main.get_command(program())
    try:
        return whole.main(list(words) or ["--help"], prog_name="channelctl", standalone_mode=False) or 0
    except typer.exceptions.TyperException as error:
        raise said(error, words) from error


def program() -> "typer.Typer":
    """The whole program: its own commands, then every system's in order."""
    from importlib import import_module, util

    import typer

    from channelctl import helping
    from channelctl.commands import database, importing, knowing
    from channelctl.i18n import _
    from channelctl.systems import SYSTEMS

    app = typer.Typer(
        name="channelctl",
        help=_("Sales sheets in, tiers and office scores out."),
        epilog=_("Anywhere on the line: --db PATH, --lang en|zh, --policy FILE, --wait SECONDS, --debug."),
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.add_typer(importing.app)
    for system in SYSTEMS:
        place = f"channelctl.systems.{system}.cli"
        if util.find_spec(place):
            app.add_typer(import_module(place).app)
    app.add_typer(database.app)
    app.add_typer(knowing.app)
    helping.dress(app)
    return app


def _settle(words: list[str]) -> list[str]:
    """Take the options that may stand anywhere off the line and put them in force."""
    from channelctl import i18n, settings
    from channelctl.errors import UsageError
    from channelctl.i18n import _

    taken, rest = _split(words)
    language = taken.get("--lang")
    if language is not None:
        if language not in i18n.LANGUAGES:
            raise UsageError(_("--lang is en or zh, not “{value}”").format(value=language))
        i18n.use(language)
    for name, value in taken.items():
        if value is None:
            raise UsageError(_("option {option} needs a value").format(option=name))
    current = settings.current
    current.database = taken.get("--db") or ""
    current.policy = Path(taken["--policy"] or "") if "--policy" in taken else None
    current.debug = "--debug" in taken
    try:
        current.wait = float(taken["--wait"] or "") if "--wait" in taken else None
    except ValueError:
        raise UsageError(_("--wait takes seconds, not “{value}”").format(value=taken["--wait"])) from None
    return rest


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


def _say(text: str) -> None:
    """To stderr, whatever it can show, if it is there at all."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def _bug(error: Exception) -> int:
    """Something we did not foresee: one line for the person, the traceback into a file."""
    import tempfile
    import traceback

    from channelctl import errors
    from channelctl.i18n import _

    handle, name = tempfile.mkstemp(prefix="channelctl-bug-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(f"channelctl {__version__}\n")
        log.write("".join(traceback.format_exception(error)))
    _say(
        _("channelctl: this is a bug in channelctl ({kind}); please report it with the file {path}").format(
            kind=type(error).__name__, path=name
        )
    )
    return errors.BUG
