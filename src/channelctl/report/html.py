"""A report as one HTML page that needs nothing else: no script, no network."""

from dataclasses import replace
from pathlib import Path

from channelctl.report import Letter, Report, pages, safe


def render(report: Report, unit: str = "yuan") -> str:
    """The page."""
    body = pages.body(report, unit)
    title = safe.shown(report.title or report.name)
    letter = _shown(report.letter) if report.letter is not None else None
    return pages.page(
        Path(__file__).parent, "report.html.j2", title=title, body=body, across=body.across, letter=letter
    )


def _shown(letter: Letter) -> Letter:
    """With every text made harmless."""
    head, blanks = map(safe.shown, letter.head), map(safe.shown, letter.blanks)
    slip = letter.slip and replace(letter.slip, lines=[safe.shown(line) for line in letter.slip.lines])
    return Letter(list(head), safe.shown(letter.issued), list(blanks), slip)
