"""A report as Markdown, with tables as GitHub reads them."""

from collections.abc import Sequence

from channelctl.report import Report, Table, cells
from channelctl.report.safe import markdown as esc
from channelctl.report.safe import markdown_line as esc_line


def render(report: Report, unit: str = "yuan") -> str:
    """Title, sections, main table, remarks, last lines."""
    blocks = [f"# {esc_line(report.title)}"]
    for section in report.sections.values():
        blocks += _section(section, unit)
    if report.card:
        blocks += [_card(cells.card(report.row, record, unit)) for record in report.rows]
    elif report.rows and not report.data_only:
        found = cells.lanes(report.row, report.rows, unit, only=report.only, totals=report.totals)
        blocks.append(_table(found))
    if report.notes:
        blocks.append("\n".join(f"- {esc_line(note)}" for note in report.notes))
    blocks += [esc_line(line) for line in report.closing]
    return "\n\n".join(blocks) + "\n"


def _section(section: Table, unit: str) -> list[str]:
    if section.data_only or not section.rows:
        return []
    table = _table(cells.lanes(section.row, section.rows, unit, only=section.only))
    return [f"## {esc_line(section.title)}", table] if section.title else [table]


def _table(found: Sequence[cells.Lane]) -> str:
    lines = [
        _line([esc(lane.heading) for lane in found]),
        _line(["---:" if lane.col.is_number else "---" for lane in found]),
    ]
    lines += [_line(row) for row in zip(*([esc(text) for text in lane.cells] for lane in found), strict=True)]
    if any(lane.total for lane in found):
        lines.append(_line([f"**{esc(lane.total)}**" if lane.total else "" for lane in found]))
    return "\n".join(lines)


def _card(pairs: Sequence[tuple[str, str]]) -> str:
    rows = [[esc(label), esc(text)] for label, text in pairs]
    return "\n".join(map(_line, [["", ""], ["---", "---"], *rows]))


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"
