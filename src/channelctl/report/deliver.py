"""Where a report goes, and in which form."""

import sys
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from channelctl import i18n, settings
from channelctl.errors import UsageError
from channelctl.i18n import _, listed, ngettext
from channelctl.report import FORMATS, UNITS, Report, Table, files, out, safe

ENDINGS = {
    ".txt": "table",
    ".json": "json",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".md": "md",
}
_TABLES_ONLY = ("html", "md", "xlsx")
# What has no place for notes: they are said on stderr.
_NOTES_BESIDE = ("table", "csv")


class Target(NamedTuple):
    """What the options asked for, checked."""

    format: str
    path: Path | None
    all_rows: bool
    unit: str


def target(format: str | None, output: Path | None, all_rows: bool, unit: str) -> Target:
    """The options as a target.

    Raises:
        UsageError: no such format, ending or unit; a workbook to a terminal.
        RefusedError: the output's folder does not exist.
    """
    if format is not None and format not in FORMATS:
        raise _unknown(_("“{value}” is not a format").format(value=format), format, FORMATS)
    if unit not in UNITS:
        raise _unknown(_("“{value}” is not a unit").format(value=unit), unit, UNITS)
    path = Path(output) if output is not None else None
    if format is not None and path is not None:
        _check_ending(format, path)
    chosen = format or (_by_ending(path) if path else "table")
    if path:
        files.check(path)
    elif chosen == "xlsx" and out.is_terminal(sys.stdout):
        raise UsageError(_("a workbook cannot be shown on a terminal"), _("Add --output FILE.xlsx"))
    return Target(chosen, path, all_rows, unit)


def deliver(report: Report, to: Target) -> None:
    """Write the report; remarks that its form does not hold go to stderr."""
    if report.panel and to.format in _TABLES_ONLY:
        report = _tabled(report, to.unit)
    if settings.current.seen and to.format not in _NOTES_BESIDE:
        report = replace(report, notes=[*report.notes, settings.current.seen.remark])
    if to.path:
        files.write_whole(to.path, _file(report, to))
        _remarks(report, to.format)
        text = ngettext("written: {file} ({count} row)", "written: {file} ({count} rows)", len(report.rows))
        out.remark(safe.shown(text.format(file=to.path, count=len(report.rows))))
    elif to.format == "table":
        _show(report, to)
    elif to.format == "xlsx":
        from channelctl.report import xlsx

        out.put_bytes(xlsx.render(report))
    else:
        whole = out.say(_text(report, to, out.is_utf8(sys.stdout)), sys.stdout)
        _remarks(report, to.format, whole)


def _tabled(report: Report, unit: str) -> Report:
    """With its panel as a table."""
    from channelctl.report import panel

    lines = Table(panel.LineRow, panel.rows(report.panel, unit))
    return replace(report, panel=(), sections={"lines": lines, **report.sections})


def _show(report: Report, to: Target) -> None:
    from channelctl.report import plot, table

    terminal = out.is_terminal(sys.stdout)
    page = table.Page(
        unit=to.unit,
        limit=table.SCREEN_ROWS if terminal and not to.all_rows else None,
        width=out.screen_width() if terminal else None,
        colour=out.has_colour(sys.stdout),
        signs=plot.signs(lambda signs: out.holds(signs, sys.stdout)) if terminal else None,
        height=out.screen_height() if terminal and not to.all_rows else None,
    )
    whole = out.say(table.body(report, page), sys.stdout)
    _remarks(report, "table", whole)
    out.say(table.ending(report), sys.stdout)


def _file(report: Report, to: Target) -> bytes:
    if to.format == "xlsx":
        from channelctl.report import xlsx

        return xlsx.render(report)
    text = _text(report, to, utf8=True)
    if to.format == "csv":
        return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    return text.encode()


def _text(report: Report, to: Target, utf8: bool) -> str:
    """The text forms; where the stream is not UTF-8, JSON and HTML escape what it may lack and so lose nothing."""
    if to.format == "json":
        from channelctl.report import jsonfile

        return jsonfile.render(report, ascii_only=not utf8)
    if to.format == "csv":
        from channelctl.report import csvfile

        return csvfile.render(report)
    if to.format == "html":
        from channelctl.report import html

        page = html.render(report, to.unit)
        return page if utf8 else page.encode("ascii", "xmlcharrefreplace").decode("ascii")
    if to.format == "md":
        from channelctl.report import markdown

        return markdown.render(report, to.unit)
    from channelctl.report import table

    return table.body(report, table.Page(unit=to.unit)) + table.ending(report)


def _remarks(report: Report, format: str, whole: bool = True) -> None:
    if not whole:
        said = _lossy()
        if out.fitting(said, getattr(sys.stderr, "encoding", None) or "utf-8")[1]:
            with i18n.speaking("en"):
                said = _lossy()
        out.remark(said)
    if format in _NOTES_BESIDE:
        for note in report.notes:
            out.remark(safe.shown(note))


def _lossy() -> str:
    text = _("some characters cannot be written in {encoding} and are shown as ?; --output FILE keeps them")
    return text.format(encoding=sys.stdout.encoding)


def _by_ending(path: Path) -> str:
    found = ENDINGS.get(path.suffix.lower())
    if found is None:
        raise UsageError(
            _("the ending of {file} names no format").format(file=path),
            _("Endings: {endings}; or add --format.").format(endings=" ".join(ENDINGS)),
        )
    return found


def _check_ending(format: str, path: Path) -> None:
    """Refuse a file whose ending says another format: the program it is opened with would find it broken."""
    ending = path.suffix.lower()
    said = ENDINGS.get(ending, format)
    if said != format:
        endings = listed(other for other, name in ENDINGS.items() if name == format)
        raise UsageError(
            _("--format {format} and the ending of {file}, which says {said}, contradict each other").format(
                format=format, file=path, said=said
            ),
            _("Leave --format out, or give the file the ending {endings}.").format(endings=endings),
        )


def _unknown(message: str, word: str, known: tuple[str, ...]) -> UsageError:
    near = get_close_matches(word, known, 1)
    if near:
        return UsageError(message, _("Did you mean {word}?").format(word=near[0]))
    return UsageError(message, _("One of: {choices}.").format(choices=listed(known)))
