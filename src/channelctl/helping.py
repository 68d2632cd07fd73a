"""The help pages: ours, because the command line library's know only English and cut Chinese in the wrong places."""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from channelctl.errors import UsageError
from channelctl.i18n import _, either
from channelctl.report import out
from channelctl.report.width import pad, width

_LEFT, _GAP, _LEAST = 26, 2, 60
# What a line may be broken behind: a word, or one wide character, with the punctuation that belongs to it.
_PIECE = re.compile(r"[“（《]*(?:[^\s\u2e80-\uffef“”]+|[\u2e80-\uffef])[”，。；：、）》！？]*(?:\s…)?\s*|\S\s*")
_BOLD, _OFF = "\x1b[1m", "\x1b[0m"


class Command(TyperCommand):
    """A command with a help page of ours; no option's value is given twice."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _once(self, ctx, args)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))


class Group(TyperGroup):
    """A group of commands with a help page of ours; no option's value is given twice."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _once(self, ctx, args)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))


def dress(app: typer.Typer) -> None:
    """Give every command and group of a program its help page; the docstrings are translated there."""
    app.info.cls = Group
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            dress(group.typer_instance)


def _once(command: Any, context: Any, words: Sequence[str]) -> None:
    """Refuse an option whose last value would win over the others unseen."""
    order = command.make_parser(context).parse_args(list(words))[2]
    counts = Counter(
        one.opts[0] for one in order if one.param_type_name == "option" and not (one.multiple or one.is_flag)
    )
    for option, count in counts.items():
        if count > 1:
            raise UsageError(
                _("{option} is given {count} times").format(option=option, count=count), _("Give it once.")
            )


def own_texts(command: Any) -> Iterator[str]:
    """Every text on a command's help page as it was written, those of commands below it left out."""
    yield from (cleandoc(text) for text in (command.help, command.epilog) if text)
    for parameter in command.params:
        yield from (text for text in (parameter.help, parameter.metavar) if text and not _is_choice(text))


def named(parameter: Any) -> str:
    """What an argument or an option's value is called."""
    metavar = parameter.metavar or (parameter.name or "").upper()
    return metavar if _is_choice(metavar) else _(metavar)


def _is_choice(metavar: str) -> bool:
    """abc|share is typed as it stands."""
    return "|" in metavar and metavar == metavar.lower()


def _page(command: Any, context: Any) -> str:
    cells = max(out.screen_width(), _LEAST)
    blocks = [[_usage(command, context)]]
    blocks += [_paragraph(text, cells) for text in _(cleandoc(command.help or "")).split("\n\n")]
    sections = _sections(command, context)
    names = [width(name) for rows in sections.values() for name, _text in rows]
    left = max((wide for wide in names if wide <= _LEFT), default=0)
    blocks += [_section(title, rows, left, cells) for title, rows in sections.items()]
    if command.epilog:
        blocks.append(_wrapped(_(command.epilog), cells))
    page = "\n\n".join("\n".join(lines) for lines in blocks if any(lines))
    return out.fitting(page, getattr(sys.stdout, "encoding", None) or "utf-8")[0]


def _usage(command: Any, context: Any) -> str:
    parts = [context.command_path]
    if hasattr(command, "commands"):
        word = _("COMMAND ...")
        parts.append(f"[{word}]" if command.invoke_without_command else word)
    else:
        parts += [_argument(parameter) for parameter in command.params if parameter.param_type_name == "argument"]
    return _("Usage: {line} [OPTIONS]").format(line=" ".join(parts))


def _argument(parameter: Any) -> str:
    name = named(parameter)
    return name if parameter.required or name.startswith("[") else f"[{name}]"


def _sections(command: Any, context: Any) -> dict[str, list[tuple[str, str]]]:
    """What a page lists, by heading: commands, arguments, options."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in command.list_commands(context) if hasattr(command, "commands") else ():
        below = command.get_command(context, name)
        first = _(cleandoc(below.help or "")).partition("\n\n")[0]
        title = _(below.rich_help_panel) if below.rich_help_panel else _("Commands")
        found.setdefault(title, []).append((name, first))
    for parameter in command.get_params(context):
        if parameter.param_type_name == "argument":
            found.setdefault(_("Arguments"), []).append((named(parameter), _(parameter.help or "")))
    found.setdefault(_("Options"), [])
    for parameter in command.get_params(context):
        if parameter.param_type_name == "option":
            title = _(parameter.rich_help_panel) if parameter.rich_help_panel else _("Options")
            found.setdefault(title, []).append(_option(parameter, context))
    return found


def _option(parameter: Any, context: Any) -> tuple[str, str]:
    names = ", ".join(sorted(parameter.opts, key=len))
    if set(parameter.opts) & set(context.help_option_names):
        return names, _("Show this page.")
    said = _(parameter.help or "")
    if parameter.is_flag:
        return names, said
    if parameter.default and parameter.show_default:
        said += either("", " ") + _("(default: {value})").format(value=parameter.default)
    return f"{names} {named(parameter)}", said


def _section(title: str, rows: Sequence[tuple[str, str]], left: int, cells: int) -> list[str]:
    indent = " " * (_GAP + left + _GAP)
    lines = [f"{_BOLD}{title}{_OFF}" if out.has_colour(sys.stdout) else title]
    for name, text in rows:
        start = " " * _GAP + pad(name, left)
        right = _wrapped(text, cells - len(indent))
        if width(name) > left:
            lines += [start, *(indent + line for line in right)]
        else:
            lines += [(start + " " * _GAP + right[0]).rstrip(), *(indent + line for line in right[1:])]
    return lines


def _paragraph(text: str, cells: int) -> list[str]:
    """Lines that are set in stand as they are; others are filled up."""
    lines = text.splitlines()
    if any(line.startswith("  ") for line in lines):
        return lines
    return _wrapped(" ".join(lines), cells)


def _wrapped(text: str, cells: int) -> list[str]:
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and width(lines[-1] + piece.rstrip()) > cells:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece
    return [*lines[:-1], lines[-1].rstrip()]
