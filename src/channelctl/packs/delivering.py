"""Where packs go, and in which form."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from importlib import util
from pathlib import Path
from typing import NamedTuple

from channelctl import settings
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed, ngettext, reason
from channelctl.locking import locked
from channelctl.packs import FORMATS, Pack
from channelctl.report import UNITS, files, out, safe, table

_ENDINGS = {".txt": "text", **{f".{name}": name for name in FORMATS[1:]}, ".htm": "html"}
_WAIT_SECONDS = 5.0


class Target(NamedTuple):
    """What the options asked for, checked; `path` is a file, or with `many` the folder of them."""

    format: str
    path: Path | None
    unit: str
    many: bool


def target(format: str | None, output: Path | None, unit: str, many: bool) -> Target:
    """The options as a target.

    Raises:
        UsageError: no such format, ending or unit; a contradiction; no folder for many packs, a workbook to a terminal.
        RefusedError: the file cannot be written, or the library for the format is not installed.
    """
    if unit not in UNITS:
        raise UsageError(
            _("“{value}” is not a unit").format(value=unit), _("One of: {choices}.").format(choices=listed(UNITS))
        )
    if format is not None and format not in FORMATS:
        raise UsageError(
            _("“{value}” is not a format").format(value=format), _("One of: {choices}.").format(choices=listed(FORMATS))
        )
    if many:
        if output is None:
            raise UsageError(_("packs of all offices are files"), _("Name a folder: --output packs/"))
        chosen = format or "xlsx"
        _check_folder(output)
    else:
        chosen = format or (_by_ending(output) if output else "text")
        if output is not None:
            if format is not None and _ENDINGS.get(output.suffix.lower(), format) != format:
                raise UsageError(
                    _("--format {format} and the ending of {file}, which says {said}, contradict each other").format(
                        format=format, file=output, said=_ENDINGS[output.suffix.lower()]
                    )
                )
            files.check(output)
        elif chosen in ("xlsx", "pdf") and out.is_terminal(sys.stdout):
            raise UsageError(_("{format} cannot be shown on a terminal").format(format=chosen), _("Add --output FILE."))
    if chosen == "pdf" and not util.find_spec("weasyprint"):
        raise RefusedError(
            _("PDF needs the extra “pdf”, which is not installed"),
            _("Install channelctl[pdf], or write .html and print it to PDF from a browser."),
        )
    return Target(chosen, output, unit, many)


def show(pack: Pack, to: Target) -> None:
    """Write a pack to stdout, or to its file."""
    if to.path is not None:
        put(to, [(to.path, pack)])
    elif to.format in ("xlsx", "pdf"):
        out.put_bytes(content(pack, to))
    else:
        out.say(_text(pack, to, out.is_utf8(sys.stdout)), sys.stdout)


def put(to: Target, packs: Iterable[tuple[Path, Pack]]) -> list[Path]:
    """Write packs to their files, all of them or none; one run at a time."""
    where = to.path or Path()
    wait = _WAIT_SECONDS if settings.current.wait is None else settings.current.wait
    written: list[Path] = []

    def drafts() -> Iterator[tuple[Path, bytes]]:
        for path, pack in packs:
            written.append(path)
            yield path, content(pack, to)

    with _folder(where) if to.many else nullcontext(), locked(where, wait):
        files.write_all(drafts())
        if not written:
            raise RefusedError(_("there is nothing to report"))
    if out.is_terminal(sys.stderr):
        if to.many:
            text = ngettext("written: {count} file in {folder}", "written: {count} files in {folder}", len(written))
        else:
            text = _("written: {file}")
        out.remark(safe.shown(text.format(file=written[0], count=len(written), folder=where)))
    return written


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """A folder to write in; one that was made for it goes again if nothing comes into it."""
    made = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise RefusedError(
            _("cannot use the folder {path}: {reason}").format(path=folder, reason=reason(error)),
            _("Check the path and your rights to it."),
        ) from None
    try:
        yield
    except BaseException:
        if made:
            with suppress(OSError):
                folder.rmdir()
        raise


def content(pack: Pack, to: Target) -> bytes:
    """A pack as its file holds it."""
    if to.format in ("xlsx", "pdf"):
        made: bytes = _writer(to.format)(pack, to.unit)
        return made
    return _text(pack, to, utf8=True).encode()


def ending(to: Target) -> str:
    """How the names of files of the format end."""
    return ".txt" if to.format == "text" else f".{to.format}"


def _writer(format: str) -> Callable[[Pack, str], bytes]:
    if format == "xlsx":
        from channelctl.packs import xlsx

        return xlsx.render
    from channelctl.packs import pdf

    return pdf.render


def _text(pack: Pack, to: Target, utf8: bool) -> str:
    if to.format == "json":
        from channelctl.packs import jsonfile

        return jsonfile.render(pack, ascii_only=not utf8)
    if to.format == "md":
        from channelctl.packs import markdown

        return markdown.render(pack, to.unit)
    if to.format == "html":
        from channelctl.packs import html

        page = html.render(pack, to.unit)
        return page if utf8 else page.encode("ascii", "xmlcharrefreplace").decode("ascii")
    from channelctl.packs import text
    from channelctl.report import plot

    terminal = to.path is None and out.is_terminal(sys.stdout)
    page_of = table.Page(
        unit=to.unit,
        width=out.screen_width() if terminal else None,
        colour=to.path is None and out.has_colour(sys.stdout),
        signs=plot.signs(lambda signs: out.holds(signs, sys.stdout)) if terminal else None,
    )
    return text.render(pack, page_of)


def _check_folder(folder: Path) -> None:
    """Refuse a folder that files cannot be written to, before anything is worked out for it."""
    files.check((folder if folder.is_dir() else folder.parent) / f"{folder.name or 'packs'}.draft")
    if folder.exists() and not folder.is_dir():
        raise RefusedError(_("{file} is not a folder").format(file=folder), _("Name a folder: --output packs/"))


def _by_ending(path: Path) -> str:
    found = _ENDINGS.get(path.suffix.lower())
    if found is None:
        raise UsageError(
            _("the ending of {file} names no format").format(file=path),
            _("Endings: {endings}; or add --format.").format(endings=" ".join(_ENDINGS)),
        )
    return found
