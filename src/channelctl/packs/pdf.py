"""A pack as PDF: its page as it is printed."""

from typing import Any

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.packs import Pack, html

# Smaller and smaller, in points, until a pack of one page is one; None is what the page itself would take.
_TYPES = (None, 7.0, 6.0, 5.0, 4.5, 4.0)


def render(pack: Pack, unit: str = "yuan") -> bytes:
    """The file, the same for the same pack.

    Raises:
        RefusedError: no font on this machine has the characters of the pack; a library it is drawn with is missing.
    """
    document = _laid_out(pack, unit)
    made: bytes = document.write_pdf(pdf_tags=True)
    missing = _missing(document)
    if missing:
        raise RefusedError(
            _("PDF: no font on this machine has “{signs}”").format(signs=missing),
            _("Install a font with Chinese characters, such as Noto Sans CJK; or write .html and print it."),
        )
    return made


def _laid_out(pack: Pack, unit: str) -> Any:
    """The pages; what is to be one page is set smaller until it is one."""
    for size in _TYPES if pack.one_page else _TYPES[:1]:
        document = _document(html.render(pack, unit, still=True, type=size))
        if len(document.pages) == 1:
            break
    return document


def _document(page: str) -> Any:
    """A page laid out; nothing is fetched, whatever it names."""
    import logging

    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        raise RefusedError(
            _("PDF needs the libraries of Pango, which this machine has not"),
            _("Install Pango, or write .html and print it to PDF from a browser."),
        ) from None
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=())).render()


def _missing(document: Any) -> str:
    """Some letters that stand in it and that no font has."""
    codes = {code for font in document.fonts.values() for code in getattr(font, "missing", ())}
    return "".join(sign for sign in map(chr, sorted(codes)) if sign.isalpha())[:5]
