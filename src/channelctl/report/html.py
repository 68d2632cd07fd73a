"""A report as one HTML page that needs nothing else: no script, no network."""

from pathlib import Path

from channelctl.report import Report, pages, safe


def render(report: Report, unit: str = "yuan") -> str:
    """The page."""
    body = pages.body(report, unit)
    title = safe.shown(report.title or report.name)
    return pages.page(Path(__file__).parent, "report.html.j2", title=title, body=body, across=body.across)
